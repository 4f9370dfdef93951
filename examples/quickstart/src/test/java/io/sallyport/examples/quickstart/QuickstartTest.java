package io.sallyport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuickstartTest {
  static final List<String> ALGORITHMS = Wish.ALGORITHMS;

  private static final Pattern CURL =
      Pattern.compile(
          "curl( -X (?<method>\\w+))?( -H \"Authorization: (?<authorization>[^\"]+)\")?"
              + " (?<address>\\S+)  # (?<status>\\d{3})");
  private static final HttpClient client = HttpClient.newHttpClient();
  private static Quickstart quickstart;

  @BeforeAll
  static void start() throws Exception {
    quickstart = Quickstart.start(List.of(0));
  }

  @AfterAll
  static void stop() throws Exception {
    quickstart.stop();
  }

  @Test
  void the_three_lines_for_a_shell_are_answered_200_401_and_403() throws Exception {
    for (String line : quickstart.curls()) {
      Matcher curl = CURL.matcher(line);
      assertThat(curl.matches()).as(line).isTrue();
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(curl.group("address")));
      if (curl.group("method") != null) {
        request.method(curl.group("method"), BodyPublishers.noBody());
      }
      if (curl.group("authorization") != null) {
        request.header("Authorization", curl.group("authorization"));
      }
      assertThat(answer(request).statusCode())
          .as(line)
          .isEqualTo(Integer.parseInt(curl.group("status")));
    }
    assertThat(quickstart.curls())
        .map(line -> line.replaceAll(".*# ", ""))
        .containsExactly("200", "401", "403");
  }

  @ParameterizedTest
  @FieldSource("ALGORITHMS")
  void an_honest_token_of_each_algorithm_is_admitted(String algorithm) throws Exception {
    Map<String, Object> wish = wish("orders:read orders:write");
    wish.put("algorithm", algorithm);
    Map<String, Object> token = post("/dev/mint", wish);

    assertThat(send("GET", token, "")).containsEntry("status", 200L);
    assertThat(send("POST", token, "")).containsEntry("status", 201L);
  }

  @Test
  void the_handler_sees_claims_and_allowed_scopes_but_no_credentials() throws Exception {
    Map<String, Object> token = post("/dev/mint", wish("orders:read profile"));

    Map<String, Object> handler = handler(send("GET", token, ""));

    assertThat(handler)
        .containsEntry("subject", "ann")
        .containsEntry("scopes", List.of("orders:read"))
        .containsEntry("mayWrite", false)
        .containsEntry("authorization", null);
    assertThat((List<?>) handler.get("headerNames")).noneMatch("Authorization"::equals);
    assertThat(JSONObjectUtils.getJSONObject(handler, "claims"))
        .containsEntry("scope", "orders:read");
  }

  @Test
  void a_token_to_read_with_does_not_write() throws Exception {
    Map<String, Object> answer = send("POST", post("/dev/mint", wish("orders:read")), "");

    assertThat(answer).containsEntry("status", 403L);
    assertThat(logged(answer)).containsEntry("code", "SP-405");
    assertThat((String) answer.get("challenge")).contains("scope=\"orders:write\"");
  }

  @ParameterizedTest
  @EnumSource
  void every_attack_is_refused_for_its_own_reason(Attack attack) throws Exception {
    Map<String, Object> honest = post("/dev/mint", wish("orders:read"));
    long runs = (long) handler(send("GET", honest, "")).get("runs");

    Map<String, Object> wish = wish("orders:read");
    wish.put("attack", attack.id());
    Map<String, Object> answer = send("GET", post("/dev/mint", wish), attack.id());

    assertThat(answer).containsEntry("status", (long) attack.reason().kind().status());
    Map<String, Object> logged = logged(answer);
    assertThat(logged).containsEntry("code", attack.reason().code());
    assertThat((String) logged.get("remedy")).isEqualTo(attack.reason().remedy());
    assertThat((String) answer.get("response")).contains("Content-Type: application/problem+json");
    assertThat(handler(send("GET", honest, "")))
        .as("the handler ran for the honest token alone")
        .containsEntry("runs", runs + 1);
  }

  @ParameterizedTest
  @EnumSource
  void the_shown_request_has_no_whole_token(Attack attack) throws Exception {
    Map<String, Object> wish = wish("orders:read");
    wish.put("attack", attack.id());
    Map<String, Object> token = post("/dev/mint", wish);

    assertThat((String) send("GET", token, attack.id()).get("request"))
        .doesNotContain((String) token.get("token"))
        .contains("…")
        .startsWith("GET /orders");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/assets/page.css", "/assets/page.js", "/assets/icon.svg"})
  void the_page_needs_no_token_and_takes_nothing_from_elsewhere(String path) throws Exception {
    HttpResponse<String> answer = answer(request(path));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
    assertThat(answer.body().replace("http://www.w3.org/2000/svg", "")).doesNotContain("://");
  }

  @Test
  void what_is_not_there_needs_a_token_first() throws Exception {
    assertThat(answer(request("/elsewhere")).statusCode()).isEqualTo(401);
    assertThat(answer(request("/assets/elsewhere")).statusCode()).isEqualTo(404);
  }

  @Test
  void a_form_of_another_site_mints_nothing() throws Exception {
    HttpRequest.Builder form =
        request("/dev/mint")
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString(JSONObjectUtils.toJSONString(wish("orders:read"))));

    assertThat(answer(form).statusCode()).isEqualTo(415);
  }

  @Test
  void a_token_that_would_end_the_header_line_is_not_sent() throws Exception {
    Map<String, Object> send = Map.of("method", "GET", "token", "a\r\nb", "attack", "");

    assertThat(answer(posted("/dev/send", send)).statusCode()).isEqualTo(400);
  }

  @Test
  void a_port_that_is_taken_is_passed_over_or_told_of() throws Exception {
    int taken = URI.create(quickstart.origin()).getPort();

    assertThatThrownBy(() -> Quickstart.start(List.of(taken))).isInstanceOf(IOException.class);
    Quickstart second = Quickstart.start(List.of(taken, 0));
    try {
      assertThat(second.origin()).isNotEqualTo(quickstart.origin());
    } finally {
      second.stop();
    }
  }

  private static Map<String, Object> wish(String scope) {
    Map<String, Object> wish = new HashMap<>();
    wish.put("subject", "ann");
    wish.put("scope", scope);
    wish.put("audience", Quickstart.AUDIENCE);
    wish.put("lifetime", 300);
    wish.put("algorithm", "ES256");
    wish.put("attack", "");
    return wish;
  }

  private static Map<String, Object> send(String method, Map<String, Object> minted, String attack)
      throws Exception {
    return post(
        "/dev/send", Map.of("method", method, "token", minted.get("token"), "attack", attack));
  }

  private static Map<String, Object> handler(Map<String, Object> answer) throws Exception {
    Map<String, Object> body = JSONObjectUtils.parse((String) answer.get("body"));
    return JSONObjectUtils.getJSONObject(body, "handler");
  }

  private static Map<String, Object> logged(Map<String, Object> answer) throws Exception {
    Object correlation = JSONObjectUtils.parse((String) answer.get("body")).get("correlation");
    return JSONObjectUtils.parse(answer(request("/dev/log?correlation=" + correlation)).body());
  }

  private static Map<String, Object> post(String path, Map<String, ?> json) throws Exception {
    HttpResponse<String> answer = answer(posted(path, json));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSONObjectUtils.parse(answer.body());
  }

  private static HttpRequest.Builder posted(String path, Map<String, ?> json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSONObjectUtils.toJSONString(json)));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(quickstart.origin() + path));
  }

  private static HttpResponse<String> answer(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
