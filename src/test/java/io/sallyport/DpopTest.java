package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.ServletContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** DPoP on the wire: what passes, and how what does not is answered (RFC 9449). */
@TestInstance(Lifecycle.PER_CLASS)
final class DpopTest {
  private static final String AUDIENCE = "https://api.example.com";
  private static final String URI = "http://localhost/orders";
  private static final String ALGS = "algs=\"RS256 PS256 ES256 EdDSA Ed25519\"";
  private static final String PUBLIC = "https://api.example.com";

  private final TestKey issuer = TestKey.generate("key-1", "ES256");
  private final TestKey client = TestKey.generate("client", "ES256");
  private final KeyServer server = new KeyServer();
  private final Sight sight = new Sight();
  private final List<Container> started = new ArrayList<>();
  private int auto;
  private int dpop;
  private int nonces;
  private int proxied;
  private int verbose;

  @BeforeAll
  void start() throws Exception {
    server.publish(issuer);
    auto = start(b -> b.publicPaths("/open/*"));
    dpop = start(b -> b.senderConstraint("dpop"));
    nonces = start(b -> b.dpopNonce("required"));
    verbose = start(b -> b.diagnostics("verbose"));
    proxied = start(b -> b.publicOrigin(PUBLIC));
  }

  private int start(UnaryOperator<SallyportFilter.Builder> more) throws Exception {
    return run(context -> register(context, more.apply(builder()).build()));
  }

  private int run(Container.Application application) throws Exception {
    Container container = Container.start(application);
    started.add(container);
    return container.port();
  }

  private void register(ServletContext context, SallyportFilter filter) {
    Container.filter(context, filter, "/*");
    Container.servlet(context, sight, "/*");
  }

  private SallyportFilter.Builder builder() {
    return SallyportFilter.builder()
        .issuer(server.issuer())
        .allowHttp(true)
        .realm("orders")
        .audience(AUDIENCE)
        .allowedScopes("orders:read orders:write")
        .requiredScopes("orders:read");
  }

  @AfterAll
  void stop() {
    started.forEach(Container::close);
    server.close();
  }

  private TestToken unbound() {
    return Tokens.good(server.issuer(), AUDIENCE, "orders:read", Instant.now());
  }

  private TestToken bound() {
    return unbound().claim("cnf", Proofs.bindingTo(client));
  }

  private String token() {
    return bound().mintedBy(issuer);
  }

  private TestToken proof(String token) {
    return Proofs.good(client, "GET", URI, token, Instant.now());
  }

  private static Http.Answer get(int port, String scheme, String token, String... proofs) {
    return getAt("/orders", port, scheme, token, proofs);
  }

  private static Http.Answer getAt(
      String path, int port, String scheme, String token, String... proofs) {
    List<String> lines = new ArrayList<>(List.of("Authorization: " + scheme + " " + token));
    for (String proof : proofs) lines.add("DPoP: " + proof);
    return Http.get(port, path, lines.toArray(String[]::new));
  }

  private Http.Answer withGoodProof(int port, String token) {
    return get(port, "DPoP", token, proof(token).mintedBy(client));
  }

  private static void assertChallenges(Http.Answer answer, String bearer, String dpop) {
    String scope = ", scope=\"orders:read\"";
    assertThat(answer.fields("WWW-Authenticate"))
        .containsExactly(
            "Bearer realm=\"orders\"" + bearer + scope,
            "DPoP realm=\"orders\"" + dpop + scope + ", " + ALGS);
  }

  @Test
  @Tag("T49")
  void RFC_9449_section_7_1_a_bound_token_with_its_proof_reaches_the_handler_which_sees_neither() {
    String token = token();
    Http.Answer answer = get(auto, "dPoP", token, proof(token).mintedBy(client));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("subject=ann\n", "auth=DPoP\n", "credentials=[]\n");
    assertThat(answer.fields("DPoP-Nonce")).isEmpty();
  }

  @Test
  void an_unbound_token_goes_with_the_scheme_Bearer_as_before() {
    String token = unbound().mintedBy(issuer);
    assertThat(get(auto, "Bearer", token).body()).contains("auth=Bearer\n");
    assertThat(get(auto, "Bearer", token, "no proof").status())
        .as("a proof that nobody asked for")
        .isEqualTo(200);
  }

  @Test
  void RFC_9449_section_11_1_a_proof_that_is_sent_again_is_answered_401() {
    String token = token();
    String proof = proof(token).mintedBy(client);
    assertThat(get(auto, "DPoP", token, proof).status()).isEqualTo(200);
    Http.Answer again = get(auto, "DPoP", token, proof);
    assertThat(again.status()).isEqualTo(401);
    assertChallenges(
        again,
        "",
        ", error=\"invalid_dpop_proof\","
            + " error_description=\"The DPoP proof has been used before\"");
  }

  @Test
  void RFC_9449_section_7_1_a_missing_proof_is_answered_with_a_challenge_of_its_scheme() {
    Http.Answer answer = get(auto, "DPoP", token());
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.field("Cache-Control")).hasValue("no-store");
    assertThat(answer.body()).contains("\"error\":\"invalid_dpop_proof\"");
    assertChallenges(
        answer,
        "",
        ", error=\"invalid_dpop_proof\", error_description=\"The DPoP proof is missing\"");
  }

  @Test
  void RFC_9449_section_7_2_a_bound_token_as_a_bearer_token_is_answered_by_both_schemes() {
    String token = token();
    String told =
        ", error=\"invalid_token\", error_description=\"The access token is bound to a key\"";
    assertChallenges(get(auto, "Bearer", token), told, told);
    Http.Answer withProof = get(auto, "Bearer", token, proof(token).mintedBy(client));
    assertThat(withProof.status()).isEqualTo(401);
    assertChallenges(withProof, told, told);
  }

  @Test
  void RFC_9449_section_7_1_an_unbound_token_is_refused_with_the_scheme_DPoP() {
    String token = unbound().mintedBy(issuer);
    String told =
        ", error=\"invalid_token\","
            + " error_description=\"The access token is not bound to its sender\"";
    Http.Answer answer = withGoodProof(auto, token);
    assertThat(answer.status()).isEqualTo(401);
    assertChallenges(answer, told, told);
  }

  @Test
  void every_refusal_of_the_scheme_DPoP_has_both_challenges() {
    TestToken expired = bound().claim("exp", Instant.now().getEpochSecond() - 31);
    Http.Answer answer = withGoodProof(auto, expired.mintedBy(issuer));
    String told = ", error=\"invalid_token\", error_description=\"The access token expired\"";
    assertThat(answer.status()).isEqualTo(401);
    assertChallenges(answer, told, told);

    answer = withGoodProof(auto, bound().claim("scope", "orders:write").mintedBy(issuer));
    told =
        ", error=\"insufficient_scope\","
            + " error_description=\"The access token lacks a required scope\"";
    assertThat(answer.status()).isEqualTo(403);
    assertChallenges(answer, told, told);

    assertThat(get(auto, "DPoP", "a.b.c", "proof").fields("WWW-Authenticate")).hasSize(2);
  }

  @Test
  void without_credentials_DPoP_is_named_where_a_key_may_be_demanded_and_Bearer_always_first() {
    assertThat(Http.get(auto, "/orders").fields("WWW-Authenticate"))
        .containsExactly("Bearer realm=\"orders\", scope=\"orders:read\"");
    assertChallenges(Http.get(dpop, "/orders"), "", "");
    String token = token();
    assertThat(withGoodProof(dpop, token).status()).isEqualTo(200);
    assertThat(get(dpop, "Bearer", unbound().mintedBy(issuer)).status()).isEqualTo(401);
  }

  @Test
  @Tag("T87")
  void until_its_own_signature_holds_every_bad_proof_is_answered_alike() {
    String token = token();
    TestToken good = proof(token);
    TestKey other = TestKey.generate("other", "ES256");
    Map<String, String[]> bad = new LinkedHashMap<>();
    bad.put("twice", new String[] {good.mintedBy(client), good.mintedBy(client)});
    bad.put("text", new String[] {"proof"});
    bad.put("typ", new String[] {good.header("typ", "JWT").mintedBy(client)});
    bad.put("alg", new String[] {good.header("alg", "none").mintedBy(client)});
    bad.put("jwk", new String[] {good.header("jwk", Map.of("kty", "EC")).mintedBy(client)});
    bad.put("signature", new String[] {good.mintedBy(other)});
    bad.put("too long", new String[] {"a".repeat(8193)});
    Set<String> answers = new LinkedHashSet<>();
    bad.forEach(
        (name, proofs) -> {
          Http.Answer answer = get(auto, "DPoP", token, proofs);
          assertThat(answer.status()).as(name).isEqualTo(401);
          answers.add(answer.text().replaceAll("Date:.*|\"correlation\":\"[0-9a-f]{16}\"", "-"));
        });
    assertThat(answers).hasSize(1);
    assertThat(answers.iterator().next())
        .contains("error_description=\"The DPoP proof is malformed or not verifiable\"");
  }

  @Test
  @Tag("T25")
  void a_forged_token_learns_nothing_of_its_proof() {
    String forged = bound().mintedBy(TestKey.generate("key-1", "ES256"));
    assertThat(get(auto, "DPoP", forged).text()).contains("error=\"invalid_token\"");
    assertThat(get(auto, "DPoP", forged).text()).doesNotContain("proof");
  }

  @Test
  void RFC_9449_section_4_3_check_9_htu_is_the_origin_that_clients_see_where_it_is_set() {
    String token = token();
    TestToken proof = proof(token);
    String seen = proof.claim("htu", PUBLIC + "/orders").mintedBy(client);
    assertThat(get(proxied, "DPoP", token, seen).status()).isEqualTo(200);
    assertThat(get(proxied, "DPoP", token, proof(token).mintedBy(client)).status())
        .as("the proxy's own")
        .isEqualTo(401);
    assertThat(get(auto, "DPoP", token, proof.claim("htu", PUBLIC + "/orders").mintedBy(client)))
        .as("where it is not set")
        .returns(401, Http.Answer::status);
    TestToken other = proof(token).claim("htu", PUBLIC + "/orders");
    assertThat(getAt("/orders?page=2", proxied, "DPoP", token, other.mintedBy(client)).status())
        .as("a query does not count")
        .isEqualTo(200);
  }

  @Test
  @Tag("T47")
  void what_a_client_says_of_the_way_it_came_does_not_change_the_address() {
    String token = token();
    Http.Answer answer =
        Http.get(
            auto,
            "/orders",
            "Authorization: DPoP " + token,
            "X-Forwarded-Host: api.example.com",
            "X-Forwarded-Proto: https",
            "Forwarded: host=api.example.com;proto=https",
            "DPoP: " + proof(token).claim("htu", PUBLIC + "/orders").mintedBy(client));
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void RFC_9449_section_9_a_proof_without_a_nonce_is_given_one_and_every_success_the_next() {
    String token = token();
    Http.Answer first = withGoodProof(nonces, token);
    assertThat(first.status()).isEqualTo(401);
    assertChallenges(
        first,
        "",
        ", error=\"use_dpop_nonce\","
            + " error_description=\"The DPoP proof needs the nonce of this answer\"");
    assertThat(first.fields("DPoP-Nonce")).as("section 8: not more than one").hasSize(1);
    String nonce = first.field("DPoP-Nonce").orElseThrow();
    Http.Answer second =
        get(nonces, "DPoP", token, proof(token).claim("nonce", nonce).mintedBy(client));
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.field("DPoP-Nonce")).isPresent();
    assertThat(second.field("Cache-Control")).hasValue("no-store");
    Http.Answer bearer = get(nonces, "Bearer", unbound().mintedBy(issuer));
    assertThat(bearer.status()).isEqualTo(200);
    assertThat(bearer.field("DPoP-Nonce")).as("which needs none").isEmpty();
  }

  @Test
  void a_route_of_its_own_takes_the_one_proof_together_with_its_parent() throws Exception {
    for (boolean routeFirst : List.of(true, false)) {
      int port =
          run(
              context -> {
                SallyportFilter parent = builder().build();
                if (routeFirst) Container.filter(context, parent.requiring("orders:read"), "/*");
                Container.filter(context, parent, "/*");
                if (!routeFirst) Container.filter(context, parent.requiring("orders:read"), "/*");
                Container.filter(context, parent.requiring("orders:write"), "/write");
                Container.servlet(context, sight, "/*");
              });
      String token = token();
      assertThat(withGoodProof(port, token).status())
          .as("route first: " + routeFirst)
          .isEqualTo(200);
      TestToken toWrite = proof(token).claim("htu", "http://localhost/write");
      assertThat(getAt("/write", port, "DPoP", token, toWrite.mintedBy(client)).status())
          .isEqualTo(403);
    }
  }

  @Test
  void a_public_path_refuses_a_bound_token_without_its_proof_too() {
    String token = token();
    assertThat(getAt("/open/a", auto, "Bearer", token).status()).isEqualTo(401);
    TestToken proof = proof(token).claim("htu", "http://localhost/open/a");
    assertThat(getAt("/open/a", auto, "DPoP", token, proof.mintedBy(client)).body())
        .contains("subject=ann\n");
  }

  @Test
  void where_it_cannot_be_known_whether_a_proof_was_used_the_client_may_try_again()
      throws Exception {
    int port =
        start(
            b ->
                b.replayGuard(
                    (proof, until) -> {
                      throw new IllegalStateException("out of reach");
                    }));
    Http.Answer answer = withGoodProof(port, token());
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.field("Retry-After")).isPresent();
    assertThat(answer.fields("WWW-Authenticate")).isEmpty();
  }

  @Test
  void several_nodes_that_share_a_guard_take_a_proof_once() throws Exception {
    Set<String> store = ConcurrentHashMap.newKeySet();
    int one = start(b -> b.replayGuard((proof, until) -> store.add(proof)));
    int other = start(b -> b.replayGuard((proof, until) -> store.add(proof)));
    String token = token();
    String proof = proof(token).mintedBy(client);
    assertThat(get(one, "DPoP", token, proof).status()).isEqualTo(200);
    assertThat(get(other, "DPoP", token, proof).status()).isEqualTo(401);
  }

  @Test
  @Tag("T84")
  void no_answer_and_no_log_line_holds_any_of_a_token_or_a_proof() {
    String token = token();
    TestToken good = proof(token);
    List<String> proofs =
        List.of(
            good.claim("htm", token).mintedBy(client),
            good.claim("htu", "https://" + token).mintedBy(client),
            good.claim("htu", URI + "/" + token).mintedBy(client),
            good.claim("jti", token).claim("iat", 1).mintedBy(client),
            good.claim("ath", token).mintedBy(client),
            good.claim("nonce", token).header("kid", token).mintedBy(issuer),
            good.header("alg", token).mintedBy(client),
            good.header("typ", token).mintedBy(client));
    try (LogLines log = LogLines.of("io.sallyport", Level.TRACE)) {
      StringBuilder told = new StringBuilder();
      for (String proof : proofs) {
        Http.Answer answer = get(verbose, "DPoP", token, proof);
        assertThat(answer.status()).isEqualTo(401);
        told.append(answer.text()).append('\n');
        assertThat(Trial.pieces(told + log.text(), proof)).isEmpty();
      }
      assertThat(log.lines("refused SP-6")).hasSize(proofs.size());
      assertThat(Trial.pieces(told + log.text(), token)).isEmpty();
    }
  }
}
