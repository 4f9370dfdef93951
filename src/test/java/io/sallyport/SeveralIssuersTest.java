package io.sallyport;

import static io.sallyport.Trial.AUDIENCE;
import static io.sallyport.Trial.CLOCK;
import static io.sallyport.Trial.EC;
import static io.sallyport.Trial.ED;
import static io.sallyport.Trial.ISSUER;
import static io.sallyport.Trial.NOW;
import static io.sallyport.Trial.RSA;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.KeySource;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of several issuers before one gate, each judged by its own issuer's keys and rules. */
final class SeveralIssuersTest {
  private static final String PARTNER = "https://login.example.org/tenant";

  /** Of the same kid and algorithm as the other issuer's. */
  private static final TestKey TWIN = TestKey.generate(EC.kid(), EC.alg());

  @TempDir Path folder;

  private static TokenVerifier.Builder settings() {
    return TokenVerifier.builder().audience(AUDIENCE).clock(CLOCK);
  }

  private static TokenVerifier.Builder gate(
      Consumer<IssuerBuilder> corp, Consumer<IssuerBuilder> partner) {
    return settings()
        .issuer(
            "corp",
            own -> corp.accept(own.issuer(ISSUER).keySource(Trial.fixed(EC.jwk(), RSA.jwk()))))
        .issuer(
            "partner",
            own -> partner.accept(own.issuer(PARTNER).keySource(Trial.fixed(TWIN.jwk()))));
  }

  /** Two issuers that differ in their keys alone. */
  private static TokenVerifier.Builder gate() {
    return gate(own -> {}, own -> {}).allowedScopes("orders:read", "orders:write");
  }

  private static TestToken good(String issuer) {
    return Tokens.good(issuer, AUDIENCE, "orders:read", NOW);
  }

  private static Reason reason(TokenVerifier gate, String token) {
    return gate.verify(token) instanceof Decision.Refused refused
        ? refused.refusal().reason()
        : null;
  }

  private static VerifiedToken admitted(TokenVerifier gate, String token) {
    return ((Decision.Admitted) gate.verify(token)).token();
  }

  private static Refusal refusal(TokenVerifier gate, String token) {
    return ((Decision.Refused) gate.verify(token)).refusal();
  }

  // ---- keys

  @ParameterizedTest
  @ValueSource(ints = {0, 10_000})
  @Tag("T27")
  void a_token_of_one_under_a_key_of_the_other_is_refused_though_the_kids_are_equal(int cacheSize) {
    TokenVerifier gate = gate().tokenCacheSize(cacheSize).build();
    String corp = good(ISSUER).mintedBy(EC);
    String partner = good(PARTNER).mintedBy(TWIN);
    for (int i = 0; i < 3; i++) { // once their headers are known, and once the good ones are too
      assertThat(reason(gate, good(ISSUER).mintedBy(TWIN))).isEqualTo(Reason.SIGNATURE_INVALID);
      assertThat(reason(gate, good(PARTNER).mintedBy(EC))).isEqualTo(Reason.SIGNATURE_INVALID);
      assertThat(reason(gate, good(PARTNER).mintedBy(RSA))).isEqualTo(Reason.KEY_UNKNOWN);
      assertThat(admitted(gate, corp).issuer()).isEqualTo(ISSUER);
      assertThat(admitted(gate, partner).issuer()).isEqualTo(PARTNER);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10_000})
  @Tag("T27")
  void the_claims_of_one_under_header_and_signature_of_the_other_are_refused(int cacheSize) {
    TokenVerifier gate = gate().tokenCacheSize(cacheSize).build();
    String[] corp = good(ISSUER).mintedBy(EC).split("\\.");
    String[] partner = good(PARTNER).mintedBy(TWIN).split("\\.");
    assertThat(reason(gate, String.join(".", corp))).isNull();
    assertThat(reason(gate, String.join(".", partner))).isNull();
    assertThat(corp[0]).as("one header").isEqualTo(partner[0]);
    assertThat(reason(gate, corp[0] + "." + corp[1] + "." + partner[2]))
        .isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(reason(gate, corp[0] + "." + partner[1] + "." + corp[2]))
        .isEqualTo(Reason.SIGNATURE_INVALID);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10_000})
  @Tag("T27")
  void ten_thousand_tokens_alternately_each_come_to_their_own_issuer(int cacheSize) {
    TokenVerifier gate = gate().tokenCacheSize(cacheSize).build();
    List<String> corp = tokens(ISSUER, EC);
    List<String> partner = tokens(PARTNER, TWIN);
    List<String> forged = tokens(PARTNER, EC);
    int rounds = cacheSize == 0 ? 500 : 5_000;
    for (int i = 0; i < rounds; i++) {
      int at = i % corp.size();
      assertThat(admitted(gate, corp.get(at)).issuer()).isEqualTo(ISSUER);
      assertThat(admitted(gate, partner.get(at)).issuer()).isEqualTo(PARTNER);
      assertThat(admitted(gate, partner.get(at)).subject()).isEqualTo("ann-" + at);
      if (i % 10 == 0) {
        assertThat(reason(gate, forged.get(at))).isEqualTo(Reason.SIGNATURE_INVALID);
      }
    }
  }

  private static List<String> tokens(String issuer, TestKey key) {
    return IntStream.range(0, 50)
        .mapToObj(i -> good(issuer).claim("sub", "ann-" + i).mintedBy(key))
        .toList();
  }

  /** Keys that somebody takes away. */
  private static final class Withdrawable implements KeySource {
    private final KeySource keys;
    private boolean withdrawn;
    private boolean fails;

    Withdrawable(TestKey key) {
      this.keys = Trial.fixed(key.jwk());
    }

    @Override
    public Answer find(JWSHeader header) {
      if (fails) throw new IllegalStateException("a source that fails");
      return withdrawn ? new Unavailable() : keys.find(header);
    }

    @Override
    public boolean holds(Key key) {
      if (fails) throw new IllegalStateException("a source that fails");
      return !withdrawn && keys.holds(key);
    }
  }

  @Test
  @Tag("T74")
  @Tag("T78")
  void keys_that_go_take_the_tokens_of_their_issuer_along_and_no_others() {
    Withdrawable corpKeys = new Withdrawable(EC);
    Withdrawable partnerKeys = new Withdrawable(TWIN);
    TokenVerifier gate =
        settings()
            .allowedScopes("orders:read")
            .issuer("corp", own -> own.issuer(ISSUER).keySource(corpKeys))
            .issuer("partner", own -> own.issuer(PARTNER).keySource(partnerKeys))
            .build();
    String corp = good(ISSUER).mintedBy(EC);
    String partner = good(PARTNER).mintedBy(TWIN);
    assertThat(Arrays.asList(reason(gate, corp), reason(gate, partner))).containsOnlyNulls();
    corpKeys.withdrawn = true;
    assertThat(reason(gate, corp)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(reason(gate, partner)).isNull();
    corpKeys.withdrawn = false;
    partnerKeys.fails = true;
    assertThat(reason(gate, corp)).isNull();
    assertThat(reason(gate, partner)).isEqualTo(Reason.KEYS_UNAVAILABLE);
  }

  @Test
  void the_application_s_own_sources_are_left_open() {
    List<String> closed = new ArrayList<>();
    KeySource own =
        new KeySource() {
          private final KeySource keys = Trial.fixed(EC.jwk());

          @Override
          public Answer find(JWSHeader header) {
            return keys.find(header);
          }

          @Override
          public boolean holds(Key key) {
            return keys.holds(key);
          }

          @Override
          public void close() {
            closed.add("closed");
          }
        };
    TokenVerifier gate =
        settings()
            .allowedScopes("orders:read")
            .issuer("corp", corp -> corp.issuer(ISSUER).keySource(own))
            .issuer("partner", partner -> partner.issuer(PARTNER).jwksUri(PARTNER + "/keys"))
            .build();
    gate.close();
    assertThat(closed).isEmpty();
    assertThat(reason(gate, good(ISSUER).mintedBy(EC))).isEqualTo(Reason.GATE_CLOSED);
  }

  @Test
  @Tag("T15")
  void a_shared_secret_of_one_meets_no_public_key_of_the_other() throws Exception {
    byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    Path file = Files.write(folder.resolve("secret"), secret);
    TokenVerifier gate =
        settings()
            .allowedScopes("orders:read")
            .issuer("corp", own -> own.issuer(ISSUER).keySource(Trial.fixed(EC.jwk())))
            .issuer(
                "partner",
                own -> own.issuer(PARTNER).hmacSecretFile(file.toString()).algorithms("HS256"))
            .build();
    String header = "{\"alg\":\"HS256\"}";
    for (int i = 0; i < 2; i++) {
      assertThat(reason(gate, good(ISSUER).mintedBy(EC))).isNull();
      assertThat(reason(gate, mac(header, good(PARTNER), secret))).isNull();
      assertThat(reason(gate, mac(header, good(ISSUER), secret)))
          .isEqualTo(Reason.ALGORITHM_NOT_ALLOWED);
      assertThat(reason(gate, good(PARTNER).mintedBy(EC))).isEqualTo(Reason.ALGORITHM_NOT_ALLOWED);
    }
    byte[] publicKey = EC.pair().getPublic().getEncoded();
    assertThat(reason(gate, mac(header, good(PARTNER), publicKey)))
        .isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(reason(gate, mac(header, good(ISSUER), publicKey)))
        .isEqualTo(Reason.ALGORITHM_NOT_ALLOWED);
  }

  private static String mac(String header, TestToken claims, byte[] secret) {
    UnaryOperator<byte[]> signer =
        input -> {
          try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(input);
          } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
          }
        };
    return TestToken.signed(
        header.getBytes(StandardCharsets.UTF_8),
        claims.claimsJson().getBytes(StandardCharsets.UTF_8),
        signer);
  }

  // ---- the choice

  static Stream<String> withoutAnIssuerOfOurs() {
    String rest = good(ISSUER).without("iss").claimsJson().substring(1);
    String member = "\"iss\":\"" + ISSUER + "\",";
    return Stream.concat(
        Stream.of(
                "{" + rest,
                "{\"Iss\":\"" + ISSUER + "\"," + rest,
                "{" + member + member + rest,
                "{" + member + "\"iss\":\"" + PARTNER + "\"," + rest,
                "{" + member + "\"i\\u0073s\":\"" + PARTNER + "\"," + rest,
                "{\"iss\":null," + rest,
                "{\"iss\":5," + rest,
                "{\"iss\":true," + rest,
                "{\"iss\":[\"" + ISSUER + "\"]," + rest,
                "{\"iss\":[\"" + ISSUER + "\",\"" + PARTNER + "\"]," + rest,
                "{\"iss\":{\"" + ISSUER + "\":1}," + rest,
                "{\"claims\":{" + member + rest + "}",
                "{" + member + rest + "{}",
                "{" + member + rest + "x",
                "[" + "{" + member + rest + "]",
                "\"" + ISSUER + "\"",
                "no JSON")
            .map(claims -> TestToken.signed(good(ISSUER).headerJson(EC), claims, EC)),
        HostileTokenClaimsTest.issuers()
            .filter(row -> row.reason() == Reason.ISSUER_NOT_ACCEPTED)
            .filter(row -> row.gate() == Trial.GATE)
            .map(Trial::token));
  }

  @ParameterizedTest
  @MethodSource("withoutAnIssuerOfOurs")
  @Tag("T26")
  @Tag("T84")
  void a_token_whose_iss_is_none_of_ours_is_refused_before_any_key_is_asked_for(String token) {
    KeySource untouched =
        new KeySource() {
          @Override
          public Answer find(JWSHeader header) {
            throw new AssertionError("nothing has chosen this issuer");
          }

          @Override
          public boolean holds(Key key) {
            throw new AssertionError("nothing has chosen this issuer");
          }
        };
    TokenVerifier gate =
        settings()
            .allowedScopes("orders:read")
            .issuer("corp", own -> own.issuer(ISSUER).keySource(untouched))
            .issuer("partner", own -> own.issuer(PARTNER).keySource(untouched))
            .build();
    try (LogLines log = LogLines.of("io.sallyport", Level.TRACE)) {
      Refusal refusal = refusal(gate, token);
      assertThat(refusal.reason()).isEqualTo(Reason.ISSUER_UNKNOWN);
      assertThat(refusal.issuer()).isNull();
      assertThat(log.lines("SP-211")).hasSize(1).first().asString().contains("issuer=(not known)");
      assertThat(log.text()).doesNotContain("evil", "realms", "tenant", "ann");
      assertThat(Trial.pieces(log.text() + refusal, token)).isEmpty();
    }
  }

  @Test
  @Tag("T25")
  void what_else_an_unverified_token_says_is_not_even_told_of() {
    TokenVerifier gate = gate().build();
    try (LogLines log = LogLines.of("io.sallyport", Level.TRACE)) {
      String claims =
          good(ISSUER).claim("sub", "mallory").claim("scope", "*").claim("exp", 1).claimsJson();
      String forged = TestToken.signed(good(ISSUER).headerJson(TWIN), claims, TWIN);
      assertThat(reason(gate, forged)).isEqualTo(Reason.SIGNATURE_INVALID);
      assertThat(log.lines("SP-209")).hasSize(1);
      assertThat(log.text()).doesNotContain("mallory", "exp", "scope");
    }
  }

  /** Verdicts that claims decide which are read before the signature now, for iss alone. */
  private static final Set<Reason> BY_CLAIMS =
      EnumSet.of(
          Reason.CLAIMS_MALFORMED,
          Reason.ISSUER_NOT_ACCEPTED,
          Reason.CLAIM_MISSING,
          Reason.SIGNATURE_INVALID,
          Reason.HEADER_MALFORMED,
          Reason.HEADER_UNSUPPORTED,
          Reason.ALGORITHM_NOT_ALLOWED,
          Reason.KEY_UNKNOWN,
          Reason.KEY_UNFIT);

  static Stream<Trial> hostile() throws IOException {
    return Stream.of(
            HostileTokenTest.characters(),
            HostileTokenTest.otherKinds(),
            HostileTokenTest.encodings(),
            HostileTokenTest.surrogates(),
            HostileTokenTest.notOneObject(),
            HostileTokenTest.repeated(),
            HostileTokenTest.nestings(),
            HostileTokenTest.brackets(),
            HostileTokenTest.numbers(),
            HostileTokenKeysTest.algorithms(),
            HostileTokenKeysTest.confusions(),
            HostileTokenKeysTest.embedded(),
            HostileTokenKeysTest.extensions(),
            HostileTokenKeysTest.forged(),
            HostileTokenClaimsTest.types(),
            HostileTokenClaimsTest.issuers(),
            HostileTokenClaimsTest.audiences(),
            HostileTokenClaimsTest.times(),
            HostileTokenClaimsTest.subjects(),
            HostileTokenClaimsTest.required())
        .flatMap(rows -> rows)
        .filter(row -> row.gate() == Trial.GATE);
  }

  @Test
  @Tag("T25")
  @Tag("T87")
  void every_hostile_token_meets_the_same_verdict_as_with_one_issuer() throws IOException {
    TokenVerifier several =
        settings()
            .allowedScopes("orders:read", "orders:write")
            .tokenCacheSize(0)
            .issuer("partner", own -> own.issuer(PARTNER).keySource(Trial.fixed(TWIN.jwk())))
            .issuer(
                "corp",
                own -> own.issuer(ISSUER).keySource(Trial.fixed(RSA.jwk(), EC.jwk(), ED.jwk())))
            .build();
    List<Trial> rows = hostile().toList();
    assertThat(rows).hasSizeGreaterThan(500);
    for (Trial row : rows) {
      Reason reason = reason(several, row.token());
      if (reason == Reason.ISSUER_UNKNOWN) {
        assertThat(row.reason()).as(row.name()).isIn(BY_CLAIMS);
      } else {
        assertThat(reason).as(row.name()).isEqualTo(row.reason());
      }
    }
  }

  // ---- rules

  @Test
  void each_has_its_own_audience() {
    TokenVerifier gate =
        gate(own -> own.audience("corp-api"), own -> own.audienceClaim("client_id"))
            .allowedScopes("orders:read")
            .build();
    assertThat(reason(gate, good(ISSUER).claim("aud", "corp-api").mintedBy(EC))).isNull();
    assertThat(reason(gate, good(ISSUER).mintedBy(EC))).isEqualTo(Reason.AUDIENCE_NOT_ACCEPTED);
    assertThat(reason(gate, good(PARTNER).claim("client_id", AUDIENCE).mintedBy(TWIN))).isNull();
    assertThat(reason(gate, good(PARTNER).claim("client_id", "corp-api").mintedBy(TWIN)))
        .isEqualTo(Reason.AUDIENCE_NOT_ACCEPTED);
  }

  @Test
  @Tag("T36")
  void each_shows_the_scopes_that_are_allowed_to_it_alone() {
    TokenVerifier gate =
        gate(
                own -> own.allowedScopes("a", "b").scopeImplies("c>b"),
                own -> own.allowedScopes("b", "docker").scopeClaim("roles").exposedClaims("sub"))
            .build();
    TestToken corp = good(ISSUER).claim("scope", "a c x");
    assertThat(admitted(gate, corp.mintedBy(EC)).scopes()).containsExactlyInAnyOrder("a", "b");
    TestToken partner =
        good(PARTNER).claim("scope", "a").claim("roles", List.of("a", "b", "c", "docker"));
    VerifiedToken token = admitted(gate, partner.mintedBy(TWIN));
    assertThat(token.scopes()).containsExactlyInAnyOrder("b", "docker");
    assertThat(token.claims()).containsOnlyKeys("sub");
    assertThat(reason(gate, corp.claim("scope", "a docker").mintedBy(EC)))
        .isEqualTo(Reason.SCOPE_FORBIDDEN);
  }

  @Test
  void each_refuses_what_is_forbidden_or_unlisted_with_it_alone() {
    TokenVerifier gate =
        gate(own -> own.unlistedScopes("reject"), own -> own.forbiddenScopes("billing:*"))
            .allowedScopes("orders:read")
            .build();
    String scope = "orders:read billing:all";
    assertThat(reason(gate, good(ISSUER).claim("scope", scope).mintedBy(EC)))
        .isEqualTo(Reason.SCOPE_UNLISTED);
    assertThat(reason(gate, good(PARTNER).claim("scope", scope).mintedBy(TWIN)))
        .isEqualTo(Reason.SCOPE_FORBIDDEN);
    assertThat(reason(gate, good(PARTNER).claim("scope", "orders:read x").mintedBy(TWIN))).isNull();
  }

  @Test
  @Tag("T37")
  void each_requires_its_own_scopes_or_one_of_those_allowed_to_it() {
    TokenVerifier gate =
        gate(
                own -> own.allowedScopes("a", "b").requiredScopes("a", "b"),
                own -> own.allowedScopes("b", "c"))
            .build();
    assertThat(reason(gate, good(ISSUER).claim("scope", "a b").mintedBy(EC))).isNull();
    assertThat(reason(gate, good(ISSUER).claim("scope", "b").mintedBy(EC)))
        .isEqualTo(Reason.SCOPE_MISSING);
    assertThat(reason(gate, good(PARTNER).claim("scope", "b").mintedBy(TWIN))).isNull();
    assertThat(reason(gate, good(PARTNER).claim("scope", "a").mintedBy(TWIN)))
        .isEqualTo(Reason.SCOPE_MISSING);
  }

  @Test
  void each_has_its_own_algorithms_types_claims_and_skew() {
    TokenVerifier gate =
        gate(
                own -> own.algorithms("RS256").clockSkewSeconds(0),
                own -> own.tokenType("at+jwt").requiredClaims("tenant"))
            .allowedScopes("orders:read")
            .build();
    assertThat(reason(gate, good(ISSUER).mintedBy(RSA))).isNull();
    assertThat(reason(gate, good(ISSUER).mintedBy(EC))).isEqualTo(Reason.ALGORITHM_NOT_ALLOWED);
    long now = NOW.getEpochSecond();
    assertThat(reason(gate, good(ISSUER).claim("exp", now).mintedBy(RSA)))
        .isEqualTo(Reason.EXPIRED);
    TestToken partner = good(PARTNER).header("typ", "at+jwt").claim("tenant", "x");
    assertThat(reason(gate, partner.mintedBy(TWIN))).isNull();
    assertThat(reason(gate, partner.claim("exp", now).mintedBy(TWIN))).as("in its skew").isNull();
    assertThat(reason(gate, partner.header("typ", "JWT").mintedBy(TWIN)))
        .isEqualTo(Reason.TYPE_NOT_ACCEPTED);
    assertThat(reason(gate, partner.without("tenant").mintedBy(TWIN)))
        .isEqualTo(Reason.CLAIM_MISSING);
  }

  @Test
  @Tag("T78")
  void a_remembered_token_is_held_to_the_skew_of_its_own_issuer() {
    java.time.Instant[] now = {NOW};
    TokenVerifier gate =
        gate(own -> own.clockSkewSeconds(0), own -> own.clockSkewSeconds(60))
            .allowedScopes("orders:read")
            .clock(new Trial.Hand(() -> now[0]))
            .build();
    String corp = good(ISSUER).mintedBy(EC);
    String partner = good(PARTNER).mintedBy(TWIN);
    assertThat(Arrays.asList(reason(gate, corp), reason(gate, partner))).containsOnlyNulls();
    now[0] = NOW.plusSeconds(300);
    assertThat(reason(gate, corp)).isEqualTo(Reason.EXPIRED);
    assertThat(reason(gate, partner)).isNull();
    now[0] = NOW.plusSeconds(360);
    assertThat(reason(gate, partner)).isEqualTo(Reason.EXPIRED);
  }

  // ---- what the operator is told

  @Test
  @Tag("T84")
  void a_refusal_names_the_issuer_by_whose_keys_and_rules_the_token_was_judged() {
    List<String> asked = new ArrayList<>();
    TokenVerifier gate =
        gate(own -> own.requiredScopes("orders:write"), own -> {})
            .allowedScopes("orders:read", "orders:write")
            .tokenCheck(
                token -> {
                  asked.add(token.issuer());
                  return false;
                })
            .build();
    Map<String, String> issuers =
        Map.of(
            good(ISSUER).mintedBy(TWIN), ISSUER, // a bad signature
            good(PARTNER).mintedBy(EC), PARTNER,
            good(PARTNER).mintedBy(RSA), PARTNER, // an unknown key
            good(PARTNER).claim("exp", 1).mintedBy(TWIN), PARTNER,
            good(ISSUER).mintedBy(EC), ISSUER, // a missing scope
            good(PARTNER).mintedBy(TWIN), PARTNER); // the application's own check
    try (LogLines log = LogLines.of("io.sallyport", Level.DEBUG)) {
      issuers.forEach(
          (token, issuer) -> {
            int before = log.lines("issuer=" + issuer + " ").size();
            assertThat(refusal(gate, token).issuer()).isEqualTo(issuer);
            assertThat(log.lines("issuer=" + issuer + " ")).hasSize(before + 1);
          });
      assertThat(refusal(gate, good(PARTNER).mintedBy(TWIN)).reason())
          .as("remembered")
          .isEqualTo(Reason.TOKEN_DISALLOWED);
      assertThat(refusal(gate, good(PARTNER).mintedBy(TWIN)).issuer()).isEqualTo(PARTNER);
      assertThat(asked).containsOnly(PARTNER);
      gate.verify("x");
      assertThat(log.lines("SP-202")).first().asString().contains("issuer=(not known)");
    }
  }

  @Test
  void the_first_line_lists_each_issuer() {
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      gate(own -> own.algorithms("RS256"), own -> own.audience("x"))
          .allowedScopes("orders:read")
          .build();
      assertThat(log.lines("guarding: issuer=" + ISSUER + " audience=" + AUDIENCE))
          .hasSize(1)
          .first()
          .asString()
          .contains("; issuer=" + PARTNER + " audience=x algorithms=");
    }
  }

  @Test
  @Tag("T80")
  void a_token_of_nobody_costs_less_than_one_that_is_admitted() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    TokenVerifier gate = gate().tokenCacheSize(0).build();
    Map<Boolean, Long> allocated = new java.util.HashMap<>();
    for (boolean ours : new boolean[] {true, false}) {
      String token = good(ours ? ISSUER : "https://evil.example/realms/acme").mintedBy(EC);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 200; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        gate.verify(token);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      allocated.put(ours, least);
    }
    assertThat(allocated.get(false)).isLessThan(Math.min(allocated.get(true), 20 * 1024));
  }

  @Test
  void an_issuer_s_algorithms_are_those_that_it_was_given() {
    Policy policy = gate(own -> own.algorithms("RS256"), own -> {}).allowedScopes("a").policy();
    assertThat(policy.issuers.get(0).algorithms).containsExactly(JWSAlgorithm.RS256);
  }
}
