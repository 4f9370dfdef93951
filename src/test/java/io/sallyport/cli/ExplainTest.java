package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.sallyport.cli.Command.Result;
import io.sallyport.testkit.Outage;
import io.sallyport.testkit.TestIssuer;
import io.sallyport.testkit.TestKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a 401 without a reason to its cause. */
final class ExplainTest {
  @TempDir Path folder;

  private TestIssuer issuer;

  @BeforeEach
  void start() {
    issuer = TestIssuer.start("ES256");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private Path config(String... more) throws IOException {
    String text =
        """
        issuer=%s
        allowHttp=true
        audience=%s
        allowedScopes=orders:read orders:write
        """
            .formatted(issuer.issuer(), TestIssuer.AUDIENCE);
    return Files.writeString(
        folder.resolve("orders.properties"), text + String.join("\n", more) + "\n");
  }

  private Result explain(String input, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("explain", "--config", config().toString()));
    words.addAll(List.of(more));
    return Command.reading(input).run(words.toArray(String[]::new));
  }

  /** With nothing but the issuer. */
  private Result half(String input, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("explain", "-s", "issuer=" + issuer.issuer(), "-s", "allowHttp=true"));
    words.addAll(List.of(more));
    return Command.reading(input).run(words.toArray(String[]::new));
  }

  private String good() {
    return issuer.mint("orders:read");
  }

  @Test
  void a_good_token_passes_every_check() throws IOException {
    Result result = explain(good() + "\n");
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.complaints()).isEmpty();
    assertThat(result.out())
        .contains("admitted: subject 'ann', scopes orders:read, until ")
        .doesNotContain("FAIL", "not reached", "UNVERIFIED");
  }

  @Test
  void an_expired_token_is_told_of_with_both_instants_the_distance_and_the_skew()
      throws IOException {
    Instant exp = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(100);
    String token =
        issuer
            .token()
            .scope("orders:read")
            .claim("iat", exp.getEpochSecond() - 300)
            .claim("exp", exp.getEpochSecond())
            .mint();
    Instant at = exp.plusSeconds(75);
    Result result = explain(token, "--at", at.toString());
    assertThat(result.code()).isOne();
    assertThat(result.out())
        .containsPattern("(?m)^  FAIL  .*")
        .contains(exp.toString(), at.toString(), "75 s", "30 s")
        .contains("refused: SP-305 expired\n  Now is at or after exp plus clockSkewSeconds.\n")
        .contains("  What helps: Have the client refresh its token")
        .contains("  The client was told: 401\n    WWW-Authenticate: Bearer realm=\"127.0.0.1\"")
        .contains("error=\"invalid_token\", error_description=\"The access token expired\"")
        .contains("  See docs/refusals.md#sp-305\n")
        .contains("note: Judged as at " + at);
    assertThat(explain(token, "--at", exp.minusSeconds(1).toString()).code()).isZero();
    assertThat(explain(token, "--at", Long.toString(exp.getEpochSecond() - 1)).code()).isZero();
    assertThat(explain(token, "--at", exp.plusSeconds(7200) + "").code()).isOne();
  }

  /**
   * What Nimbus says in one sentence, "another algorithm expected, or no matching key(s) found".
   */
  @Test
  void an_algorithm_a_key_and_a_signature_are_told_apart() throws IOException {
    Result algorithm =
        explain(
            issuer.token().scope("orders:read").mintedBy(TestKey.generate("rs256-1", "RS256")),
            "-s",
            "algorithms=ES256");
    assertThat(algorithm.out())
        .contains("refused: SP-205 algorithm not allowed")
        .contains("it says    alg 'RS256', kid 'rs256-1'");
    Result key = explain(issuer.token().header("kid", "elsewhere").scope("orders:read").mint());
    assertThat(key.out())
        .contains("refused: SP-206 unknown key")
        .contains("kid 'elsewhere'", "(UNVERIFIED)");
    Result unfit = explain(withAlg(good(), "PS256"));
    assertThat(unfit.out()).contains("refused: SP-207 unfit key");
    Result signature = explain(withSubject(good(), "mallory"));
    assertThat(signature.out()).contains("refused: SP-209 invalid signature");
    for (Result each : List.of(algorithm, key, unfit, signature)) {
      assertThat(each.code()).isOne();
      assertThat(each.out())
          .contains("error=\"invalid_token\"")
          .containsOnlyOnce("FAIL")
          .contains("not reached");
    }
  }

  private static String withAlg(String token, String alg) {
    return replaced(token, 0, "\"alg\":\"ES256\"", "\"alg\":\"" + alg + "\"");
  }

  private static String withSubject(String token, String subject) {
    return replaced(token, 1, "\"ann\"", "\"" + subject + "\"");
  }

  private static String replaced(String token, int segment, String text, String other) {
    String[] segments = token.split("\\.");
    String json =
        new String(Base64.getUrlDecoder().decode(segments[segment]), StandardCharsets.UTF_8);
    assertThat(json).contains(text);
    segments[segment] =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.replace(text, other).getBytes(StandardCharsets.UTF_8));
    return String.join(".", segments);
  }

  @Test
  void an_audience_that_is_not_ours_is_shown_beside_ours() throws IOException {
    Result result =
        explain(issuer.token().audience("https://stock.example").scope("orders:read").mint());
    assertThat(result.code()).isOne();
    assertThat(result.out())
        .contains("refused: SP-304 other audience", TestIssuer.AUDIENCE, "https://stock.example")
        .contains("not reached");
  }

  @Test
  void a_scope_that_is_missing_is_a_403_that_names_what_it_takes() throws IOException {
    Result result = explain(issuer.mint("stock:read"));
    assertThat(result.code()).isOne();
    assertThat(result.out())
        .contains("refused: SP-405 missing scope", "The client was told: 403")
        .contains("error=\"insufficient_scope\"", "scope=\"orders:read orders:write\"");
  }

  @Test
  void a_bound_token_is_told_of_with_both_challenges() throws IOException {
    TestKey key = TestKey.generate("mine", "ES256");
    Result result = explain("DPoP " + issuer.token().scope("orders:read").boundTo(key).mint());
    assertThat(result.code()).isOne();
    assertThat(result.out())
        .contains("refused: SP-310 bound token")
        .contains("    WWW-Authenticate: Bearer realm=", "    WWW-Authenticate: DPoP realm=")
        .contains("note: The proof that goes with the scheme DPoP belongs to a request");
  }

  @Test
  void without_a_configuration_a_token_is_shown_and_nothing_is_decided() {
    String token = issuer.token().claim("tenant", "acme\u001b[31m\u202e").mint();
    Result result = Command.reading(token).run("explain");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out())
        .startsWith("UNVERIFIED: ")
        .containsPattern("(?m)^    alg +\"ES256\"$")
        .containsPattern("(?m)^    sub +\"ann\"$")
        .contains("undecided: no configuration was given")
        .doesNotContain("\u001b", "\u202e");
    Map<String, ?> json = Command.reading(token).run("explain", "--json").json();
    assertThat(json.get("verdict")).isEqualTo("undecided");
    assertThat(((Map<?, ?>) json.get("UNVERIFIED")).get("claims").toString()).contains("sub=ann");
    assertThat(Command.reading("no.token").run("explain").out())
        .contains("header: not one JSON object in base64url");
  }

  @Test
  void the_issuer_alone_decides_all_but_audience_and_scopes() {
    Result good = half(good());
    assertThat(good.code()).as(good.err()).isEqualTo(2);
    assertThat(good.out())
        .contains(
            "undecided: nothing else is wrong with it, but nobody gave audience and allowedScopes")
        .contains("not judged: nobody gave audience")
        .doesNotContain("FAIL");
    Result expired = half(issuer.token().expiresIn(Duration.ofMinutes(-5)).mint());
    assertThat(expired.code()).isOne();
    assertThat(expired.out()).contains("refused: SP-305 expired");
    assertThat(half(issuer.mint("orders:*")).out()).contains("refused: SP-402 too broad a scope");
    assertThat(half(good(), "--json").json().toString())
        .contains("verdict=undecided", "assumed=[audience, allowedScopes]");
    assertThat(half(good(), "-s", "audience=" + TestIssuer.AUDIENCE).out())
        .contains("nobody gave allowedScopes");
    assertThat(
            half(good(), "-s", "audience=" + TestIssuer.AUDIENCE, "-s", "allowedScopes=orders:read")
                .code())
        .isZero();
  }

  /** Whatever stands in a setting may refer to files and variables. */
  @ParameterizedTest
  @ValueSource(strings = {"${file:%s}", "a${file:%s}", "${HOME} ${file:%s}", "* x"})
  void an_audience_out_of_the_token_refers_to_nothing(String audience) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "hush-hush");
    String token = issuer.token().audience(audience.formatted(secret)).scope("a").mint();
    for (Result result : List.of(half(token), half(token, "--json"))) {
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.out() + result.err()).doesNotContain("hush-hush");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer %s", "bearer   %s", "Authorization: Bearer %s", " %s \r\n", "DPoP %s"})
  void a_scheme_and_white_space_around_a_token_are_taken_off(String form) throws IOException {
    Result result = explain(form.formatted(good()));
    assertThat(result.code()).as(result.out()).isZero();
    assertThat(result.out().contains("The scheme before the token has been taken off"))
        .isEqualTo(form.strip().length() > 2);
  }

  @Test
  void a_scheme_that_is_demanded_has_to_be_there_and_one_is_taken_off() throws IOException {
    assertThat(explain("Bearer " + good(), "--scheme").code()).isZero();
    Result none = explain(good(), "--scheme");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("does not begin with a scheme", "Allowed: ", "Example: ");
    assertThat(explain("Bearer Bearer " + good()).out()).contains("SP-113 not a b64token");
  }

  @Test
  void a_token_that_did_not_come_is_told_of() throws IOException {
    Result none = explain(" \n");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("No token came on standard input", "unset variable");
    Result much = explain("x".repeat(1024 * 1024 + 1));
    assertThat(much.err()).contains("More than 1048576 bytes came on standard input");
  }

  @Test
  void a_token_as_an_argument_is_refused_with_the_reason() throws IOException {
    String token = good();
    Result result = explain(good(), token);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("shell's history", "list of processes", "Example: printf %s")
        .doesNotContain(token, token.split("\\.")[1]);
  }

  @Test
  void keys_that_cannot_be_had_are_told_of_with_why() throws IOException {
    String token = good();
    issuer.outage(Outage.REFUSED);
    Result result = explain(token);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out())
        .contains("undecided: SP-501 no keys\n", "  Why: ", "no connection")
        .contains("The client was told: 503\n")
        .doesNotContain("WWW-Authenticate");
    assertThat(explain(token, "--json").json().get("whyNoKeys").toString())
        .contains("no connection");
  }

  @Test
  void keys_out_of_a_file_need_no_issuer() throws Exception {
    String token = good();
    Path keys = Files.writeString(folder.resolve("keys.json"), fetched(issuer.jwksUri()));
    issuer.outage(Outage.REFUSED);
    assertThat(explain(token, "--jwks", keys.toString()).code()).isZero();
    String other =
        Json.text(
            Map.of(
                "keys",
                List.of(
                    new ECKeyGenerator(Curve.P_256)
                        .keyID("z")
                        .algorithm(JWSAlgorithm.ES256)
                        .generate()
                        .toPublicJWK()
                        .toJSONObject())));
    Path strange = Files.writeString(folder.resolve("other.json"), other);
    assertThat(explain(token, "--jwks", strange.toString()).out()).contains("SP-206");
    Result none = explain(token, "--jwks", folder.resolve("none.json").toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("the setting 'jwks' is '");
  }

  private static String fetched(String address) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void a_configuration_that_no_gate_can_be_made_of_is_quoted() throws IOException {
    Result result = explain(good(), "-s", "clockSkewSeconds=minute");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("orders.properties: Sallyport cannot start: the setting 'clockSkewSeconds'");
  }

  @Test
  void what_stops_a_start_for_other_reasons_does_not_stop_an_explanation() throws IOException {
    Path config = config("hostExposure=refuse", "failOnUnreachableKeys=true");
    Result result = Command.reading(good()).run("explain", "--config", config.toString());
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void a_filter_is_chosen_where_there_are_several() throws IOException {
    String filter =
        """
        <filter><filter-name>%s</filter-name>
          <filter-class>io.sallyport.SallyportFilter</filter-class>
          <init-param><param-name>audience</param-name><param-value>%s</param-value></init-param>
        </filter>
        """;
    String text =
        """
        <web-app>
        <context-param><param-name>sallyport.issuer</param-name><param-value>%s</param-value>
        </context-param>
        <context-param><param-name>sallyport.allowHttp</param-name><param-value>true</param-value>
        </context-param>
        <context-param><param-name>sallyport.allowedScopes</param-name>
        <param-value>orders:read</param-value></context-param>
        %s %s</web-app>
        """
            .formatted(
                issuer.issuer(),
                filter.formatted("orders", TestIssuer.AUDIENCE),
                filter.formatted("stock", "https://stock.example"));
    String webXml = Files.writeString(folder.resolve("web.xml"), text).toString();
    Result both = Command.reading(good()).run("explain", "--web-xml", webXml);
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("There are several Sallyport filters", "filter orders of");
    Command explain = Command.reading(good());
    assertThat(explain.run("explain", "--web-xml", webXml, "--filter", "orders").code()).isZero();
    assertThat(explain.run("explain", "--web-xml", webXml, "--filter", "stock").code()).isOne();
  }

  @ParameterizedTest
  @CsvSource({"rules, GET /orders/* orders:read", "publicPaths, /health"})
  void what_hangs_on_a_path_is_noted(String setting, String value) throws IOException {
    assertThat(explain(good(), "-s", setting + "=" + value).out())
        .contains("note: The configuration has " + setting + ", which are judged with --request");
  }

  @Test
  void a_request_is_judged_by_its_rule() throws IOException {
    String[] rules = {
      "-s", "rules=GET /orders/* orders:read\n* /* deny", "-s", "publicPaths=/health"
    };
    assertThat(explainRequest("GET /orders/1", rules).code()).isZero();
    Result denied = explainRequest("POST /orders/1", rules);
    assertThat(denied.code()).isOne();
    assertThat(denied.out()).contains("refused: SP-406 denied path").doesNotContain("note: ");
    assertThat(explainRequest("GET /health", rules).code()).isZero();
    Result wrong = explainRequest("/orders/1", rules);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--request takes a method and a path", "Example: ");
  }

  private Result explainRequest(String request, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("--request", request));
    words.addAll(List.of(more));
    return explain(good(), words.toArray(String[]::new));
  }

  @Test
  void json_has_reason_answer_and_checks() throws IOException {
    Map<String, ?> admitted = explain(good(), "--json").json();
    assertThat(admitted.get("verdict")).isEqualTo("admitted");
    Map<String, ?> refused = explain(issuer.mint("stock:read"), "--json").json();
    assertThat(refused.get("verdict")).isEqualTo("refused");
    assertThat(refused.get("status")).isEqualTo(403L);
    assertThat(refused.get("reason").toString())
        .contains("code=SP-405", "name=SCOPE_MISSING", "document=docs/refusals.md#sp-405");
    assertThat(refused.get("challenges").toString()).contains("Bearer realm=");
    assertThat(refused.get("checks").toString()).contains("verdict=failed", "verdict=passed");
  }
}
