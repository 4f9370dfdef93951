package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the resource says of itself, and who may ask for it (RFC 9728). */
final class MetadataInContainerTest extends InEveryContainer {
  private static final String RESOURCE = "https://api.example.com/mcp";
  private static final String PATH = "/.well-known/oauth-protected-resource/mcp";
  private static final String ADDRESS =
      ", resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource/mcp\"";

  private void start(String... more) throws Exception {
    start(
        context -> {
          Container.filter(context, settings(more), "/*");
          Container.servlet(context, sight, "/*");
        });
  }

  @Test
  void RFC_9728_section_3_2_the_document_is_JSON_with_what_is_configured() throws Exception {
    start("resource", RESOURCE, "rules", "* /* deny");
    Http.Answer answer = Http.get(own.port(), PATH);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type").orElseThrow()).startsWith("application/json");
    assertThat(JSONObjectUtils.parse(answer.body()))
        .isEqualTo(
            Map.of(
                "resource", RESOURCE,
                "authorization_servers", List.of(server.issuer()),
                "scopes_supported", List.of("orders:read", "orders:write"),
                "bearer_methods_supported", List.of("header"),
                "dpop_signing_alg_values_supported",
                    List.of("RS256", "PS256", "ES256", "EdDSA", "Ed25519")));
    assertThat(answer.field("Cache-Control")).hasValue("public, max-age=3600");
    assertThat(answer.field("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(answer.field("WWW-Authenticate")).isEmpty();
  }

  @Test
  void RFC_9728_section_2_the_document_says_how_tokens_have_to_be_bound() throws Exception {
    start("resource", RESOURCE, "senderConstraint", "dpop", "algorithms", "ES256");
    assertThat(JSONObjectUtils.parse(Http.get(own.port(), PATH).body()))
        .containsEntry("dpop_signing_alg_values_supported", List.of("ES256"))
        .containsEntry("dpop_bound_access_tokens_required", true)
        .doesNotContainKey("tls_client_certificate_bound_access_tokens");
  }

  @Test
  void RFC_9728_section_2_the_document_says_that_tokens_may_be_bound_to_certificates()
      throws Exception {
    start("resource", RESOURCE, "senderConstraint", "any");
    assertThat(JSONObjectUtils.parse(Http.get(own.port(), PATH).body()))
        .containsEntry("tls_client_certificate_bound_access_tokens", true)
        .doesNotContainKey("dpop_bound_access_tokens_required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "dpop", "mtls", "any"})
  void RFC_9728_section_3_2_a_member_without_values_is_left_out(String constraint)
      throws Exception {
    start("resource", RESOURCE, "senderConstraint", constraint, "algorithms", "ES384");
    assertThat(JSONObjectUtils.parse(Http.get(own.port(), PATH).body()).values())
        .doesNotContain(List.of(), "", false)
        .doesNotContainNull();
  }

  @Test
  void HEAD_has_the_fields_of_GET_and_no_body() throws Exception {
    start("resource", RESOURCE);
    Http.Answer get = Http.get(own.port(), PATH);
    Http.Answer head = Http.send(own.port(), "HEAD", PATH);
    assertThat(head.status()).isEqualTo(200);
    for (String name : List.of("Content-Type", "Content-Length", "Cache-Control")) {
      assertThat(head.field(name)).as(name).isEqualTo(get.field(name)).isNotEmpty();
    }
  }

  @Test
  void OPTIONS_lets_the_script_of_any_page_ask() throws Exception {
    start("resource", RESOURCE);
    Http.Answer answer =
        Http.send(
            own.port(),
            "OPTIONS",
            PATH,
            "Origin: https://inspector.example",
            "Access-Control-Request-Method: GET",
            "Access-Control-Request-Headers: mcp-protocol-version");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.field("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(answer.field("Access-Control-Allow-Methods")).hasValue("GET, HEAD, OPTIONS");
    assertThat(answer.field("Access-Control-Allow-Headers")).hasValue("*");
    assertThat(answer.field("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(answer.field("Allow")).hasValue("GET, HEAD, OPTIONS");
  }

  @Test
  void RFC_9728_section_3_1_another_method_is_no_query_and_is_guarded() throws Exception {
    start("resource", RESOURCE);
    int before = sight.calls();
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "PROPFIND", "get")) {
      Http.Answer answer = Http.send(own.port(), method, PATH);
      assertThat(answer.status()).as(method).isGreaterThanOrEqualTo(400);
      assertThat(answer.body()).as(method).doesNotContain("authorization_servers");
    }
    assertThat(sight.calls()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/",
        "/.well-known/oauth-protected-resource/mcp/",
        "/.well-known/oauth-protected-resource/mcp/x",
        "/.well-known/oauth-protected-resource/mcp2",
        "/.well-known/oauth-protected-resource/MCP",
        "/.well-known/oauth-protected-resource/%6dcp",
        "/.well-known/oauth-protected-resource//mcp",
        "/.well-known/oauth-protected-resource/./mcp",
        "/.well-known/oauth-protected-resource/x/../mcp",
        "/.well-known/oauth-protected-resource/mcp;x",
        "/.well-known/oauth-protected-resource;x/mcp",
        "/.well-known/oauth-protected-resource%2fmcp",
        "//.well-known/oauth-protected-resource/mcp",
        "/x/.well-known/oauth-protected-resource/mcp",
        "/%2ewell-known/oauth-protected-resource/mcp",
        "/mcp/.well-known/oauth-protected-resource/mcp"
      })
  @Tag("T44")
  @Tag("T45")
  void any_other_spelling_of_the_path_is_guarded(String path) throws Exception {
    start("resource", RESOURCE);
    int before = sight.calls();
    Http.Answer answer = Http.get(own.port(), path);
    assertThat(answer.status()).isBetween(400, 404);
    assertThat(answer.body()).doesNotContain("authorization_servers");
    assertThat(sight.calls()).isEqualTo(before);
  }

  @Test
  void RFC_9728_section_5_1_every_challenge_names_the_address() throws Exception {
    start("resource", RESOURCE, "realm", "r", "rules", "GET /a orders:write\n* /b deny");
    String a = "Bearer realm=\"r\"";
    assertThat(Http.get(own.port(), "/a").challenge())
        .isEqualTo(a + ", scope=\"orders:write\"" + ADDRESS);
    assertThat(Http.get(own.port(), "/other").challenge())
        .as("nothing is required, so any of the allowed would do")
        .isEqualTo(a + ", scope=\"orders:read orders:write\"" + ADDRESS);
    assertThat(Http.get(own.port(), "/a", "Authorization: Bearer").challenge())
        .isEqualTo(
            a
                + ", error=\"invalid_request\","
                + " error_description=\"The Authorization field carries no token\""
                + ADDRESS);
    assertThat(Http.get(own.port(), "/a", "Authorization: Bearer opaque").challenge())
        .isEqualTo(
            a
                + ", error=\"invalid_token\","
                + " error_description=\"The access token is malformed or not verifiable\""
                + ADDRESS);
    assertThat(Http.get(own.port(), "/a", bearer(token("orders:read"))).challenge())
        .isEqualTo(
            a
                + ", error=\"insufficient_scope\","
                + " error_description=\"The access token lacks a required scope\","
                + " scope=\"orders:write\""
                + ADDRESS);
    assertThat(Http.get(own.port(), "/b", bearer(token("orders:read"))).challenge())
        .contains("insufficient_scope")
        .endsWith(ADDRESS);
  }

  @Test
  void a_verified_token_that_is_refused_is_told_the_scopes_of_the_route() throws Exception {
    start("resource", RESOURCE, "realm", "r");
    String other =
        Tokens.good(server.issuer(), "other-api", "orders:read", Instant.now()).mintedBy(key);
    assertThat(Http.get(own.port(), "/a", bearer(other)).challenge())
        .isEqualTo(
            "Bearer realm=\"r\", error=\"invalid_token\","
                + " error_description=\"The access token is for another audience\","
                + " scope=\"orders:read orders:write\""
                + ADDRESS);
  }

  @Test
  @Tag("T47")
  void nothing_that_a_request_says_of_its_host_gets_into_an_address() throws Exception {
    start("resource", RESOURCE, "realm", "r", "publicOrigin", "https://edge.example.com:8443");
    String[] hostile = {
      "X-Forwarded-Host: evil.example",
      "X-Forwarded-Proto: gopher",
      "X-Forwarded-Prefix: /evil",
      "Forwarded: host=evil.example"
    };
    String expected =
        ", resource_metadata=\"https://edge.example.com:8443"
            + "/.well-known/oauth-protected-resource/mcp\"";
    assertThat(Http.get(own.port(), "/a", hostile).challenge()).endsWith(expected);
    assertThat(Http.get(own.port(), PATH, hostile).text())
        .contains("\"resource\":\"" + RESOURCE + "\"")
        .doesNotContain("evil", "edge");
    String host = "Host: evil.example";
    assertThat(Http.get(own.port(), "/a", host).challenge()).endsWith(expected);
    assertThat(Http.get(own.port(), PATH, host).status()).isEqualTo(200);
    assertThat(Http.get(own.port(), PATH, host).text()).doesNotContain("evil");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://api.example.com", "https://api.example.com/"})
  void RFC_9728_section_3_1_a_resource_without_a_path_has_the_bare_well_known_one(String resource)
      throws Exception {
    start("resource", resource, "realm", "r");
    String path = "/.well-known/oauth-protected-resource";
    assertThat(Http.get(own.port(), path).body()).contains("\"resource\":\"" + resource + "\"");
    assertThat(Http.get(own.port(), "/a").challenge())
        .endsWith(", resource_metadata=\"https://api.example.com" + path + "\"");
    assertThat(Http.get(own.port(), PATH).status()).isEqualTo(401);
  }

  @Test
  void a_token_for_the_resource_is_admitted_without_any_other_audience() throws Exception {
    Map<String, String> settings = settings("resource", RESOURCE);
    settings.remove("audience");
    start(
        context -> {
          Container.filter(context, settings, "/*");
          Container.servlet(context, sight, "/*");
        });
    String good =
        Tokens.good(server.issuer(), RESOURCE, "orders:read", Instant.now()).mintedBy(key);
    assertThat(Http.get(own.port(), "/a", bearer(good)).status()).isEqualTo(200);
    assertThat(Http.get(own.port(), "/a", bearer(token("orders:read"))).status()).isEqualTo(401);
  }

  @Test
  void without_a_resource_the_path_is_one_like_any_other() throws Exception {
    start();
    assertThat(Http.get(own.port(), PATH).status()).isEqualTo(401);
    assertThat(Http.get(own.port(), PATH).challenge()).doesNotContain("resource_metadata");
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "/app,/app",
    "/my app,/my%20app",
    "/my%20app,/my%20app",
    "/é\"\\,/%C3%A9%22%5C"
  })
  void a_context_path_is_written_as_in_a_URI(String context, String written) {
    ResourceMetadata metadata =
        new ResourceMetadata(URI.create("https://api.example.com"), null, Map.of());
    assertThat(metadata.address(context))
        .isEqualTo("https://api.example.com" + written + "/.well-known/oauth-protected-resource");
  }

  @Test
  void a_credential_that_comes_along_is_not_looked_at() throws Exception {
    start("resource", RESOURCE);
    assertThat(Http.get(own.port(), PATH, bearer("opaque")).status()).isEqualTo(200);
    assertThat(Http.get(own.port(), PATH + "?x=1").status()).isEqualTo(200);
  }

  @Test
  void the_filter_of_a_single_route_answers_too() throws Exception {
    SallyportFilter parent = builder().build();
    start(
        context -> {
          Container.filter(context, parent.requiring("orders:read"), "/*");
          Container.servlet(context, sight, "/*");
        });
    assertThat(Http.get(own.port(), PATH).status()).isEqualTo(200);
    assertThat(Http.get(own.port(), "/a").challenge()).endsWith(ADDRESS);
  }

  private SallyportFilter.Builder builder() {
    return SallyportFilter.builder()
        .issuer(server.issuer())
        .allowHttp(true)
        .resource(RESOURCE)
        .allowedScopes("orders:read");
  }

  @Test
  @Tag("T61")
  void once_destroyed_it_is_503_as_everything_is() throws Exception {
    SallyportFilter filter = builder().build();
    start(
        context -> {
          Container.filter(context, filter, "/*");
          Container.servlet(context, sight, "/*");
        });
    assertThat(Http.get(own.port(), PATH).status()).isEqualTo(200);
    filter.destroy();
    Http.Answer answer = Http.get(own.port(), PATH);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.field("Retry-After")).isPresent();
    assertThat(answer.field("Cache-Control")).hasValue("no-store");
  }
}
