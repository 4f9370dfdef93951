package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several issuers behind a running container: their servers, their outages, their answers. */
final class IssuersInServiceTest {
  private static final String AUDIENCE = "https://api.example.com";

  private final TestKey corpKey = TestKey.generate("k", "ES256");
  private final TestKey partnerKey = TestKey.generate("k", "ES256");
  private final KeyServer corp = new KeyServer().publish(corpKey);
  private final KeyServer partner = new KeyServer().publish(partnerKey);
  private final Sight sight = new Sight();
  private Container container;

  @AfterEach
  void stop() {
    if (container != null) container.close();
    corp.close();
    partner.close();
  }

  private Map<String, String> settings(String... more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("issuers", "corp partner");
    settings.put("allowHttp", "true");
    settings.put("audience", AUDIENCE);
    settings.put("corp.issuer", corp.issuer());
    settings.put("corp.allowedScopes", "orders:read orders:write");
    settings.put("partner.issuer", partner.issuer());
    settings.put("partner.allowedScopes", "orders:read stock:read");
    for (int i = 0; i < more.length; i += 2) settings.put(more[i], more[i + 1]);
    return settings;
  }

  private SallyportFilter.Builder coded() {
    return SallyportFilter.builder()
        .allowHttp(true)
        .audience(AUDIENCE)
        .issuer(
            "corp", own -> own.issuer(corp.issuer()).allowedScopes("orders:read", "orders:write"))
        .issuer(
            "partner",
            own -> own.issuer(partner.issuer()).allowedScopes("orders:read", "stock:read"));
  }

  private void start(Map<String, String> settings) throws Exception {
    container =
        Container.start(
            context -> {
              Container.filter(context, settings, "/*");
              serve(context);
            });
  }

  private void start(Filter filter, Consumer<ServletContext> more) throws Exception {
    container =
        Container.start(
            context -> {
              Container.filter(context, filter, "/*");
              more.accept(context);
              serve(context);
            });
  }

  private void serve(ServletContext context) {
    Container.servlet(context, sight, "/orders", "/stock", "/error");
    for (String way : Going.WAYS) Container.servlet(context, new Going(way), "/" + way);
  }

  private static String token(KeyServer issuer, String scope, TestKey key) {
    return Tokens.good(issuer.issuer(), AUDIENCE, scope, Instant.now())
        .claim("sub", "of " + issuer.port())
        .mintedBy(key);
  }

  private Http.Answer get(String path, String token) {
    return Http.get(container.port(), path, "Authorization: Bearer " + token);
  }

  private void isServed(KeyServer issuer, TestKey key) {
    Http.Answer answer = get("/orders", token(issuer, "orders:read", key));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("subject=of " + issuer.port() + "\n");
  }

  @Test
  void both_are_served_by_init_params() throws Exception {
    start(settings());
    isServed(corp, corpKey);
    isServed(partner, partnerKey);
    assertThat(corp.paths()).containsExactly(KeyServer.OPENID, KeyServer.KEYS);
    assertThat(partner.paths()).containsExactly(KeyServer.OPENID, KeyServer.KEYS);
  }

  @Test
  void both_are_served_by_a_builder() throws Exception {
    start(coded().build(), context -> {});
    isServed(corp, corpKey);
    isServed(partner, partnerKey);
  }

  @Test
  void context_params_stand_behind_init_params_with_the_names_of_issuers_too() throws Exception {
    Map<String, String> own = settings("partner.allowedScopes", "orders:read");
    own.remove("partner.issuer");
    own.remove("audience");
    container =
        Container.start(
            context -> {
              context.setInitParameter("sallyport.partner.issuer", partner.issuer());
              context.setInitParameter("sallyport.partner.allowedScopes", "nothing");
              context.setInitParameter("sallyport.audience", AUDIENCE);
              Container.filter(context, own, "/*");
              serve(context);
            });
    isServed(corp, corpKey);
    isServed(partner, partnerKey);
  }

  @Test
  @Tag("T90")
  void a_context_param_of_an_issuer_is_known_or_stops_the_start() {
    for (Map.Entry<String, String> row :
        Map.of(
                "sallyport.corp.isuer", "Did you mean 'sallyport.corp.issuer'?",
                "sallyport.corq.issuer", "Did you mean 'corp'?",
                "sallyport.corp.realm", "realm is the filter's and no issuer's")
            .entrySet()) {
      assertThatThrownBy(
              () ->
                  Container.start(
                      context -> {
                        context.setInitParameter(row.getKey(), "https://id.example.com");
                        Container.filter(context, settings(), "/*");
                      }))
          .as(row.getKey())
          .hasStackTraceContaining(row.getValue());
    }
  }

  /** An answer without what differs between any two: date and correlation, of a fixed length. */
  private static String masked(Http.Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    return answer
        .text()
        .replaceFirst("(?m)^Date: .*$", "Date")
        .replaceFirst("\"correlation\":\"[0-9a-f]{16}\"", "correlation");
  }

  @Test
  @Tag("T26")
  @Tag("T27")
  @Tag("T87")
  void whatever_is_wrong_before_the_signature_the_answer_is_the_same_byte_for_byte()
      throws Exception {
    start(settings("diagnostics", "verbose"));
    isServed(corp, corpKey);
    isServed(partner, partnerKey);
    TestKey stranger = TestKey.generate("k", "ES256");
    TestToken good = Tokens.good(corp.issuer(), AUDIENCE, "orders:read", Instant.now());
    String twice = good.claimsJson().replaceFirst("\\{", "{\"iss\":\"x\",");
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("a bad signature", good.mintedBy(stranger));
    tokens.put("crossed", token(corp, "orders:read", partnerKey));
    tokens.put("crossed the other way", token(partner, "orders:read", corpKey));
    tokens.put("an unknown key", good.mintedBy(corpKey.as("other", "ES256")));
    tokens.put("another issuer", good.claim("iss", "https://evil.example").mintedBy(corpKey));
    tokens.put("nearly an issuer", good.claim("iss", corp.issuer() + "/").mintedBy(corpKey));
    tokens.put("no iss", good.without("iss").mintedBy(corpKey));
    tokens.put("iss null", good.claim("iss", null).mintedBy(corpKey));
    tokens.put("iss an array", good.claim("iss", List.of(corp.issuer())).mintedBy(corpKey));
    tokens.put("iss twice", TestToken.signed(good.headerJson(corpKey), twice, corpKey));
    tokens.put("no JSON", TestToken.signed(good.headerJson(corpKey), "no JSON", corpKey));
    tokens.put("no signed JWT", "a.b");
    Set<String> answers = new HashSet<>();
    int before = sight.calls();
    tokens.forEach(
        (name, token) -> {
          answers.add(masked(get("/orders", token)));
          assertThat(answers).as(name).hasSize(1);
        });
    assertThat(sight.calls()).isEqualTo(before);
    assertThat(answers.iterator().next())
        .contains("error=\"invalid_token\"", "malformed or not verifiable")
        .doesNotContain("diagnosis");
  }

  @Test
  @Tag("T69")
  void an_outage_of_one_is_a_503_for_its_tokens_and_nothing_to_the_other() throws Exception {
    partner.die();
    start(settings());
    isServed(corp, corpKey);
    Http.Answer answer = get("/orders", token(partner, "orders:read", partnerKey));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.field("Retry-After")).isPresent();
    assertThat(get("/orders", token(partner, "orders:read", corpKey)).status()).isEqualTo(503);
    isServed(corp, corpKey);
    partner.comeBack();
    eventually(() -> isServed(partner, partnerKey));
    isServed(corp, corpKey);
  }

  @Test
  @Tag("T70")
  @Tag("T83")
  void one_that_hangs_delays_neither_the_requests_nor_the_rotation_of_the_other() throws Exception {
    partner.answer(KeyServer.KEYS, Answer.json("{}").stalledInBody());
    start(settings("keyRefreshSeconds", "1"));
    isServed(corp, corpKey);
    eventually(() -> assertThat(partner.fetches()).isEqualTo(1));
    TestKey rotated = TestKey.generate("rotated", "ES256");
    corp.publish(rotated);
    isServed(corp, rotated);
    eventually(
        () ->
            assertThat(corp.fetches())
                .as("one thread for both would fetch from the one as often as from the other")
                .isGreaterThan(2 + 2 * partner.fetches()));
  }

  @Test
  @Tag("T59")
  void the_end_comes_within_2_seconds_though_all_of_them_hang() {
    List<KeyServer> hanging = Stream.generate(KeyServer::new).limit(4).toList();
    hanging.forEach(
        server -> server.answer(KeyServer.OPENID, Answer.json("{}").stalledBeforeHeader()));
    TokenVerifier verifier = verifierOf(hanging);
    eventually(() -> assertThat(hanging).allMatch(server -> server.paths().size() == 1));
    long start = System.nanoTime();
    verifier.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    hanging.forEach(KeyServer::close);
  }

  private static TokenVerifier verifierOf(List<KeyServer> servers) {
    TokenVerifier.Builder builder =
        TokenVerifier.builder().allowHttp(true).audience(AUDIENCE).allowedScopes("a");
    for (KeyServer server : servers) {
      builder.issuer("i" + server.port(), own -> own.issuer(server.issuer()));
    }
    return builder.build();
  }

  @Test
  @Tag("T83")
  void each_issuer_has_one_daemon_thread_of_its_own() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (TokenVerifier verifier = verifierOf(List.of(corp, partner))) {
      for (int i = 0; i < 20; i++) {
        verifier.verify(token(corp, "a", corpKey.as("kid-" + i, "ES256")));
        verifier.verify(token(partner, "a", partnerKey));
        verifier.verify(token(partner, "a", corpKey));
      }
      assertThat(fetching())
          .filteredOn(thread -> !before.contains(thread))
          .hasSize(2)
          .allMatch(Thread::isDaemon);
    }
    eventually(
        () -> assertThat(fetching()).filteredOn(thread -> !before.contains(thread)).isEmpty());
  }

  private static Stream<Thread> fetching() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sallyport-keys"))
        .filter(Thread::isAlive);
  }

  @Test
  void failOnUnreachableKeys_stops_the_start_and_names_whoever_cannot_be_reached() {
    partner.answer(KeyServer.OPENID, Answer.status(500));
    partner.answer(KeyServer.OAUTH, Answer.status(500));
    assertThatThrownBy(() -> start(settings("failOnUnreachableKeys", "true")))
        .hasStackTraceContaining("the keys of " + partner.issuer() + " cannot be had (")
        .hasStackTraceContaining("answered 500")
        .satisfies(e -> assertThat(trace(e)).doesNotContain("the keys of " + corp.issuer()));
    corp.answer(KeyServer.KEYS, Answer.status(404));
    assertThatThrownBy(() -> start(settings("failOnUnreachableKeys", "true")))
        .hasStackTraceContaining("the keys of " + corp.issuer() + " cannot be had (")
        .hasStackTraceContaining("), the keys of " + partner.issuer() + " cannot be had (");
  }

  private static String trace(Throwable e) {
    StringBuilder trace = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      trace.append(cause.getMessage()).append('\n');
    }
    return trace.toString();
  }

  @Test
  void all_of_them_reachable_the_start_goes_on() throws Exception {
    start(settings("failOnUnreachableKeys", "true"));
    isServed(corp, corpKey);
    isServed(partner, partnerKey);
  }

  @Test
  @Tag("T43")
  void a_challenge_names_what_the_token_s_own_issuer_has_to_give() throws Exception {
    start(
        settings(
            "realm", "api",
            "corp.requiredScopes", "orders:read orders:write",
            "partner.requiredScopes", "orders:read stock:read"));
    assertThat(Http.get(container.port(), "/orders").challenge())
        .as("what all of them need")
        .isEqualTo("Bearer realm=\"api\", scope=\"orders:read\"");
    for (int i = 0; i < 2; i++) { // the second time it is remembered
      assertThat(get("/orders", token(corp, "orders:read", corpKey)).challenge())
          .endsWith("scope=\"orders:read orders:write\"");
      assertThat(get("/orders", token(partner, "orders:read", partnerKey)).challenge())
          .endsWith("scope=\"orders:read stock:read\"");
    }
    assertThat(get("/orders", token(corp, "orders:read orders:write", corpKey)).status())
        .isEqualTo(200);
  }

  @Test
  void a_rule_is_held_against_the_scopes_that_are_allowed_to_the_token_s_own_issuer()
      throws Exception {
    start(settings("rules", "GET /stock stock:read\n* /orders orders:read\n* /* deny"));
    assertThat(get("/stock", token(partner, "stock:read", partnerKey)).status()).isEqualTo(200);
    assertThat(get("/stock", token(corp, "stock:read orders:read", corpKey)).status())
        .as("no scope that is allowed to this one")
        .isEqualTo(403);
    isServed(corp, corpKey);
    isServed(partner, partnerKey);
  }

  @Test
  void a_route_of_its_own_takes_a_scope_that_some_issuer_is_allowed() throws Exception {
    SallyportFilter filter = coded().build();
    start(filter, context -> Container.filter(context, filter.requiring("stock:read"), "/stock"));
    assertThat(get("/stock", token(partner, "stock:read", partnerKey)).status()).isEqualTo(200);
    Http.Answer refused = get("/stock", token(corp, "stock:read orders:read", corpKey));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.challenge()).endsWith("scope=\"stock:read\"");
    assertThatThrownBy(() -> filter.requiring("stock:write"))
        .hasMessageContaining("'stock:write' is not one of allowedScopes");
  }

  @Test
  @Tag("T53")
  void other_dispatches_inherit_what_was_decided_by_any_of_them() throws Exception {
    start(settings());
    for (String way : Going.WAYS) {
      assertThat(get("/" + way, token(partner, "orders:read", partnerKey)).body())
          .as(way)
          .contains("subject=of " + partner.port() + "\n");
      assertThat(get("/" + way, token(corp, "orders:read", corpKey)).body())
          .as(way)
          .contains("subject=of " + corp.port() + "\n");
    }
  }
}
