package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a method and a path have to bring. */
final class RoutesTest {
  private static Routes routes(String... settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("issuer", "https://id.example.com");
    all.put("audience", "api");
    all.put("allowedScopes", "a b c");
    for (int i = 0; i < settings.length; i += 2) all.put(settings[i], settings[i + 1]);
    return Policy.of(all).routes;
  }

  private static HttpServletRequest request(String method, String raw, String path) {
    HttpServletRequest request = mock(HttpServletRequest.class);
    when(request.getMethod()).thenReturn(method);
    when(request.getRequestURI()).thenReturn(raw);
    when(request.getServletPath()).thenReturn(path);
    return request;
  }

  private static HttpServletRequest get(String path) {
    return request("GET", path, path);
  }

  private static String verdict(Routes routes, HttpServletRequest request) {
    Demand demand = routes.demandOf(request);
    if (demand == null) return "public";
    if (demand.refusal() != null) return demand.refusal().reason().toString();
    return demand.required().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "/health, true",
    "/health/, false",
    "/health/x, false",
    "/healthy, false",
    "/HEALTH, false",
    "/assets, true",
    "/assets/, true",
    "/assets/a, true",
    "/assets/a/b.css, true",
    "/assets2, false",
    "/assets.css, false",
    "/Assets/a, false",
    "/, false",
    "'', false"
  })
  @Tag("T44")
  void a_public_path_is_matched_exactly_or_segment_by_segment(String path, boolean open) {
    Routes routes = routes("publicPaths", "/health /assets/*");
    assertThat(verdict(routes, request("GET", path.isEmpty() ? "/" : path, path)))
        .isEqualTo(open ? "public" : "[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/a;x",
        "/assets/a;x=y",
        ";/assets/a",
        "/assets;/a",
        "/assets//a",
        "//assets/a",
        "/assets/./a",
        "/assets/.",
        "/./assets/a",
        "/assets/../a",
        "/assets/..",
        "/x/../assets/a",
        "/..",
        "/.",
        "/assets\\a",
        "/assets/\\..\\a",
        "\\assets\\a",
        "/assets/%2e",
        "/assets/%2E%2e/a",
        "/assets/.%2e/a",
        "/assets/%2f",
        "/assets%2Fa",
        "/assets/%5c",
        "/assets/%5Ca",
        "/assets/%25",
        "/assets/%252e",
        "/assets/%00",
        "/assets/a%00.css",
        "/assets/%0a",
        "/assets/%0A",
        "/assets/%0d",
        "/assets/%0D%0a",
        "/assets/%09",
        "/assets/%1f",
        "/assets/%7f",
        "/assets/%80",
        "/assets/%ff",
        "/assets/%c3",
        "/assets/%c0%ae%c0%ae/a",
        "/assets/..%c0%afa",
        "/assets/%e0%80%ae",
        "/assets/%ed%a0%80",
        "/assets/%f4%90%80%80",
        "/assets/%ef%bf%bd",
        "/assets/[a]",
        "/assets/{a}",
        "/assets/<a>",
        "/assets/\"a\"",
        "/assets/`a",
        "/assets/^a",
        "/assets/|a",
        "/assets/#a",
        "/assets/a b",
        "/assets/\u00e9",
        "/assets/\u2215a",
        "/assets/\uff0fa",
        "/assets/\u0000",
        "/assets/\u007f",
        "/assets/\t",
        "/assets/\n",
        "/assets/%",
        "/assets/%2",
        "/assets/%zz",
        "/assets/%u002e",
        "/assets/%c0%ae%",
        "/assets/%\uff12e",
        "assets/a",
        "http://x/assets/a",
        "*",
        "",
        "/assets/..;/a",
        "/assets/.;/a",
        "/assets/;a",
        "/a/;/../assets/a",
        "/assets/%2e%2e%2f",
        "/assets/%2e/",
        "/assets/a/..",
        "/assets/a/.",
        "/assets///",
        "/assets/a//"
      })
  @Tag("T45")
  void a_path_that_containers_read_in_different_ways_is_never_public_nor_judged(String raw) {
    Routes open = routes("publicPaths", "/assets/*");
    assertThat(verdict(open, request("GET", raw, "/assets/a"))).isEqualTo("[]");
    Routes everything = routes("publicPaths", "/*");
    assertThat(verdict(everything, request("GET", raw, "/assets/a"))).isEqualTo("[]");
    Routes judged = routes("rules", "GET /assets/* a");
    assertThat(verdict(judged, request("GET", raw, "/assets/a")))
        .isEqualTo(Reason.PATH_AMBIGUOUS.toString());
  }

  @Test
  @Tag("T45")
  @Tag("T86")
  void a_container_that_cannot_decode_an_ambiguous_path_is_not_asked_to() {
    HttpServletRequest request = request("GET", "/assets/%2fa", "/assets//a");
    when(request.getServletPath()).thenThrow(new IllegalArgumentException("Ambiguous URI"));
    Routes judged = routes("publicPaths", "/assets/*", "rules", "GET /assets/* a");
    assertThat(verdict(judged, request)).isEqualTo(Reason.PATH_AMBIGUOUS.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/a",
        "/assets/a.b",
        "/assets/..a",
        "/assets/a..",
        "/assets/...",
        "/assets/.well-known",
        "/assets/%20",
        "/assets/%c3%a9",
        "/assets/%E2%82%AC",
        "/assets/~a",
        "/assets/a,b",
        "/assets/a=b",
        "/assets/a:b",
        "/assets/@",
        "/assets/a+b",
        "/assets/",
        "/assets/(a)",
        "/assets/a!b'c",
        "/assets/$&*_-",
        "/assets/%f0%9f%98%80+%2b"
      })
  void an_ordinary_path_is_not_taken_for_an_ambiguous_one(String raw) {
    Routes open = routes("publicPaths", "/assets/*");
    assertThat(verdict(open, request("GET", raw, "/assets/a"))).isEqualTo("public");
  }

  @Test
  @Tag("T44")
  void the_path_is_servletPath_and_pathInfo() {
    HttpServletRequest request = request("GET", "/app/api/open/x", "/api");
    when(request.getPathInfo()).thenReturn("/open/x");
    assertThat(verdict(routes("publicPaths", "/api/open/*"), request)).isEqualTo("public");
    assertThat(verdict(routes("publicPaths", "/app/*"), request)).isEqualTo("[]");
  }

  @Test
  void the_first_rule_that_matches_wins_and_the_rest_need_requiredScopes() {
    Routes routes =
        routes(
            "requiredScopes", "c",
            "publicPaths", "/open",
            "rules", "* /admin/* deny\nGET,PUT /x a b\n* /x b\nGET /y/* a");
    assertThat(verdict(routes, get("/admin"))).isEqualTo("PATH_DENIED");
    assertThat(verdict(routes, get("/admin/x"))).isEqualTo("PATH_DENIED");
    assertThat(verdict(routes, get("/adminx"))).isEqualTo("[c]");
    assertThat(verdict(routes, get("/x"))).isEqualTo("[a, b]");
    assertThat(verdict(routes, request("HEAD", "/x", "/x"))).isEqualTo("[a, b]");
    assertThat(verdict(routes, request("PUT", "/x", "/x"))).isEqualTo("[a, b]");
    assertThat(verdict(routes, request("POST", "/x", "/x"))).isEqualTo("[b]");
    assertThat(verdict(routes, request("get", "/x", "/x"))).isEqualTo("[b]");
    assertThat(verdict(routes, get("/x/z"))).isEqualTo("[c]");
    assertThat(verdict(routes, get("/y/z"))).isEqualTo("[a]");
    assertThat(verdict(routes, request("HEAD", "/y/z", "/y/z"))).isEqualTo("[a]");
    assertThat(verdict(routes, request("OPTIONS", "/y/z", "/y/z"))).isEqualTo("[c]");
    assertThat(verdict(routes, get("/open"))).isEqualTo("public");
  }

  @Test
  @Tag("T44")
  void without_paths_and_rules_every_request_takes_what_requiredScopes_says() {
    assertThat(verdict(routes(), get("/x"))).isEqualTo("[]");
    assertThat(verdict(routes("requiredScopes", "a b"), get("/x;y"))).isEqualTo("[a, b]");
  }

  @Test
  @Tag("T47")
  void a_preflight_is_OPTIONS_with_both_its_fields_and_passes_only_by_setting() {
    HttpServletRequest request = request("OPTIONS", "/x", "/x");
    Routes open = routes("corsPreflight", "pass");
    assertThat(verdict(open, request)).isEqualTo("[]");
    when(request.getHeader("Origin")).thenReturn("https://app.example.com");
    assertThat(verdict(open, request)).isEqualTo("[]");
    when(request.getHeader("Access-Control-Request-Method")).thenReturn(" ");
    assertThat(verdict(open, request)).isEqualTo("[]");
    when(request.getHeader("Access-Control-Request-Method")).thenReturn("PUT");
    assertThat(verdict(open, request)).isEqualTo("public");
    assertThat(verdict(routes(), request)).isEqualTo("[]");
    when(request.getMethod()).thenReturn("GET");
    assertThat(verdict(open, request)).isEqualTo("[]");
  }

  @Test
  void a_demand_names_the_required_scopes_or_else_the_allowed_ones() {
    Set<String> allowed = Set.of("a", "b");
    assertThat(Demand.of(Set.of("a"), allowed).takes()).containsExactly("a");
    assertThat(Demand.of(Set.of(), allowed).takes()).isEqualTo(allowed);
  }
}
