package io.sallyport;

import static io.sallyport.Trial.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proofs before a gate whose clock stands still (RFC 9449 sections 4.3, 7 and 11). Each name says
 * which sentence it holds.
 */
final class DpopProofTest {
  private static final String URI = "https://api.example.com/orders";
  private static final TestKey CLIENT = TestKey.generate("client", "ES256");
  private static final TestKey RSA_CLIENT = TestKey.generate("client", "RS256");
  private static final TestKey ED_CLIENT = TestKey.generate("client", "EdDSA");
  private static final TestKey THIEF = TestKey.generate("thief", "ES256");

  /** A request by hand: what a container would give. */
  record Request(boolean isDpop, List<String> proofs, String method, @Nullable TargetUri target)
      implements Presented {
    static Request with(String... proofs) {
      return new Request(true, List.of(proofs), "GET", TargetUri.of(URI));
    }

    Request to(String uri) {
      return new Request(isDpop, proofs, method, TargetUri.of(uri));
    }

    @Override
    public byte @Nullable [] certificate() {
      return null;
    }
  }

  private static TokenVerifier.Builder settings() {
    return Trial.gate(Trial.RSA.jwk(), Trial.EC.jwk());
  }

  private static Gate gate(UnaryOperator<TokenVerifier.Builder> more) {
    return new Gate(more.apply(settings()).policy());
  }

  private static Gate gate() {
    return gate(b -> b);
  }

  private static @Nullable Reason verdict(Gate gate, String token, Presented request) {
    Outcome<VerifiedToken> outcome =
        gate.decide(
            BearerToken.fromText(token, 16_384),
            Demand.of(Set.of("orders:read"), Set.of("orders:read")),
            request);
    return outcome instanceof Outcome.Stopped<VerifiedToken> stopped
        ? stopped.refusal().reason()
        : null;
  }

  private static String boundTo(TestKey key) {
    return Trial.good().claim("cnf", Proofs.bindingTo(key)).mintedBy(Trial.EC);
  }

  private static final String TOKEN = boundTo(CLIENT);

  private static TestToken proof() {
    return Proofs.good(CLIENT, "GET", URI, TOKEN, NOW);
  }

  private static @Nullable Reason verdictOn(String... proofs) {
    return verdict(gate(), TOKEN, Request.with(proofs));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA", "Ed25519"})
  void RFC_9449_section_7_1_a_bound_token_passes_with_its_proof_under_each_algorithm(String alg) {
    TestKey key =
        switch (alg) {
          case "RS256", "PS256" -> RSA_CLIENT.as("client", alg);
          case "ES256" -> CLIENT;
          default -> ED_CLIENT.as("client", alg);
        };
    String token = boundTo(key);
    String proof = Proofs.good(key, "GET", URI, token, NOW).mintedBy(key);
    assertThat(verdict(gate(), token, Request.with(proof))).isNull();
  }

  @Test
  void what_Keycloak_writes_beside_the_thumbprint_is_harmless() {
    Map<String, Object> cnf = new LinkedHashMap<>(Proofs.bindingTo(CLIENT));
    cnf.put("kc-jkt-type", "DPoP");
    String token = Trial.good().claim("cnf", cnf).header("typ", "JWT").mintedBy(Trial.RSA);
    String proof = Proofs.good(CLIENT, "GET", URI, token, NOW).mintedBy(CLIENT);
    assertThat(verdict(gate(), token, Request.with(proof))).isNull();
  }

  @Test
  void RFC_9449_section_7_1_access_is_not_granted_without_a_proof() {
    assertThat(verdictOn()).isEqualTo(Reason.PROOF_MISSING);
  }

  @Test
  void RFC_9449_section_4_3_check_1_there_is_not_more_than_one_field() {
    String proof = proof().mintedBy(CLIENT);
    assertThat(verdictOn(proof, proof)).isEqualTo(Reason.PROOF_MALFORMED);
    assertThat(verdictOn(proof + ", " + proof)).isEqualTo(Reason.PROOF_MALFORMED);
    assertThat(verdictOn(proof + "," + proof)).isEqualTo(Reason.PROOF_MALFORMED);
  }

  static Stream<String> malformed() {
    String good = proof().mintedBy(CLIENT);
    String[] part = good.split("\\.");
    String header = proof().headerJson(CLIENT);
    return Stream.of(
        "",
        " ",
        "proof",
        part[0] + "." + part[1],
        good + ".a",
        good + "=",
        good + " ",
        "Bearer " + good,
        part[0] + "." + part[1] + ".",
        TestToken.base64Url("no JSON") + "." + part[1] + "." + part[2],
        TestToken.base64Url("[]") + "." + part[1] + "." + part[2],
        "a".repeat(9000),
        proof().claim("padding", "x".repeat(8000)).mintedBy(CLIENT),
        TestToken.signed(header.replaceFirst("\\{", "{\"typ\":\"dpop+jwt\","), "{}", CLIENT),
        TestToken.signed(
            header.replace("\"kty\":\"EC\"", "\"kty\":\"EC\",\"kty\":\"EC\""), "{}", CLIENT),
        TestToken.signed("{\"a\":".repeat(500) + "1" + "}".repeat(500), "{}", CLIENT));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void RFC_9449_section_4_3_check_2_the_field_is_one_well_formed_jwt(String field) {
    assertThat(verdictOn(field)).isEqualTo(Reason.PROOF_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jti", "htm", "htu", "iat", "ath"})
  void RFC_9449_section_4_3_check_3_all_required_claims_are_there_and_of_their_type(String name) {
    assertThat(verdictOn(proof().without(name).mintedBy(CLIENT)))
        .isEqualTo(Reason.PROOF_CLAIMS_MALFORMED);
    List<Object> wrong = new ArrayList<>(List.of("", List.of("GET"), Map.of(), true));
    wrong.add(null);
    wrong.add(name.equals("iat") ? -1 : 5);
    wrong.add(name.equals("iat") ? "5" : 5.5);
    for (Object value : wrong) {
      assertThat(verdictOn(proof().claim(name, value).mintedBy(CLIENT)))
          .as(name + " " + value)
          .isEqualTo(Reason.PROOF_CLAIMS_MALFORMED);
    }
  }

  @Test
  void RFC_9449_section_4_3_check_3_claims_are_read_as_strictly_as_those_of_a_token() {
    String claims = proof().claimsJson();
    for (String json :
        List.of(
            "no JSON",
            "[]",
            "null",
            claims + claims,
            claims.replaceFirst("\\{", "{\"jti\":\"x\","),
            claims.replaceFirst("\\{", "{\"n\":1e400,"))) {
      assertThat(verdictOn(TestToken.signed(proof().headerJson(CLIENT), json, CLIENT)))
          .as(json)
          .isEqualTo(Reason.PROOF_CLAIMS_MALFORMED);
    }
  }

  @Test
  void RFC_9449_section_4_3_check_4_the_typ_is_dpop_jwt() {
    List<Object> types =
        new ArrayList<>(List.of("JWT", "at+jwt", "dpop", "DPOP+JWT", "application/dpop+jwt", 5));
    types.add(null);
    for (Object type : types) {
      assertThat(verdictOn(proof().header("typ", type).mintedBy(CLIENT)))
          .as("%s", type)
          .isEqualTo(Reason.PROOF_MALFORMED);
    }
    String header = "{\"alg\":\"ES256\",\"jwk\":" + CLIENT.jwk(null, null).toJSONString() + "}";
    assertThat(verdictOn(TestToken.signed(header, proof().claimsJson(), CLIENT)))
        .isEqualTo(Reason.PROOF_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "es256", "RS1", "ES384", "ES256K", "dir", ""})
  @Tag("T14")
  void RFC_9449_section_4_3_check_5_the_alg_is_asymmetric_and_one_of_the_configured(String alg) {
    assertThat(verdictOn(proof().header("alg", alg).mintedBy(CLIENT)))
        .isEqualTo(Reason.PROOF_ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void RFC_9449_section_4_3_check_5_algorithms_narrow_and_widen_what_a_proof_may_be_signed_with() {
    TestKey wide = TestKey.generate("client", "ES384");
    String token = boundTo(wide);
    String proof = Proofs.good(wide, "GET", URI, token, NOW).mintedBy(wide);
    assertThat(verdict(gate(b -> b.algorithms("ES256 ES384")), token, Request.with(proof)))
        .isNull();
    String narrow = proof().mintedBy(CLIENT);
    assertThat(verdict(gate(b -> b.algorithms("ES384 ES256")), TOKEN, Request.with(narrow)))
        .isNull();
    String withRsa = Trial.good().claim("cnf", Proofs.bindingTo(CLIENT)).mintedBy(Trial.RSA);
    String forRsa = Proofs.good(CLIENT, "GET", URI, withRsa, NOW).mintedBy(CLIENT);
    assertThat(verdict(gate(b -> b.algorithms("RS256")), withRsa, Request.with(forRsa)))
        .isEqualTo(Reason.PROOF_ALGORITHM_NOT_ALLOWED);
  }

  @Test
  void RFC_9449_section_4_3_check_6_the_signature_verifies_with_the_key_in_the_header() {
    String good = proof().mintedBy(CLIENT);
    assertThat(verdictOn(proof().mintedBy(THIEF))).isEqualTo(Reason.PROOF_SIGNATURE_INVALID);
    assertThat(verdictOn(good.substring(0, good.lastIndexOf('.')) + ".AAAA"))
        .isEqualTo(Reason.PROOF_SIGNATURE_INVALID);
    String[] part = good.split("\\.");
    String other = proof().mintedBy(CLIENT).split("\\.")[1];
    assertThat(verdictOn(part[0] + "." + other + "." + part[2]))
        .isEqualTo(Reason.PROOF_SIGNATURE_INVALID);
  }

  static Stream<Map<String, Object>> privateKeys() {
    Map<String, Object> jwk = Proofs.jwk(CLIENT);
    Map<String, Object> symmetric = Map.of("kty", "oct", "k", "AAAA");
    return Stream.concat(
        Stream.of("d", "p", "q", "dp", "dq", "qi", "oth", "k").map(name -> with(jwk, name, "AQ")),
        Stream.of(symmetric));
  }

  private static Map<String, Object> with(Map<String, Object> jwk, String name, Object value) {
    Map<String, Object> copy = new HashMap<>(jwk);
    copy.put(name, value);
    return copy;
  }

  @ParameterizedTest
  @MethodSource("privateKeys")
  void RFC_9449_section_4_3_check_7_the_key_has_no_private_part(Map<String, Object> jwk) {
    assertThat(verdictOn(proof().header("jwk", jwk).mintedBy(CLIENT)))
        .isEqualTo(Reason.PROOF_KEY_UNFIT);
  }

  @Test
  @Tag("T16")
  @Tag("T20")
  @Tag("T21")
  void RFC_9449_section_4_2_the_key_is_read_as_strictly_as_those_of_an_issuer() {
    Map<String, Object> jwk = Proofs.jwk(CLIENT);
    List<Object> unfit =
        new ArrayList<>(
            List.of(
                "key",
                List.of(jwk),
                Map.of(),
                with(jwk, "crv", "P-384"),
                with(jwk, "crv", "secp256k1"),
                with(jwk, "kty", "OKP"),
                with(jwk, "x", "AQ"),
                with(jwk, "y", 5),
                with(jwk, "use", "enc"),
                with(jwk, "key_ops", List.of("sign")),
                with(jwk, "alg", "ES384"),
                Proofs.jwk(RSA_CLIENT)));
    unfit.add(null);
    for (Object key : unfit) {
      assertThat(verdictOn(proof().header("jwk", key).mintedBy(CLIENT)))
          .as("%s", key)
          .isEqualTo(Reason.PROOF_KEY_UNFIT);
    }
    TestKey small = TestKey.rsa("client", "RS256", 1024);
    assertThat(verdictOn(Proofs.good(small, "GET", URI, TOKEN, NOW).mintedBy(small)))
        .isEqualTo(Reason.PROOF_KEY_UNFIT);
    Map<String, Object> anybody =
        Map.of("kty", "OKP", "crv", "Ed25519", "x", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assertThat(verdictOn(proof().header("jwk", anybody).mintedBy(ED_CLIENT)))
        .isEqualTo(Reason.PROOF_KEY_UNFIT);
  }

  @Test
  void what_a_browser_exports_with_its_key_does_no_harm() {
    Map<String, Object> jwk = with(Proofs.jwk(CLIENT), "key_ops", List.of("verify"));
    jwk.put("ext", true);
    jwk.put("kid", "browser");
    assertThat(verdictOn(proof().header("jwk", jwk).mintedBy(CLIENT))).isNull();
  }

  @Test
  @Tag("T17")
  void certificates_and_addresses_beside_the_key_are_not_even_parsed() {
    Map<String, Object> jwk = with(Proofs.jwk(CLIENT), "x5c", List.of("no certificate"));
    jwk.put("x5u", "https://evil.example/chain");
    assertThat(verdictOn(proof().header("jwk", jwk).mintedBy(CLIENT))).isNull();
  }

  @Test
  @Tag("T18")
  void RFC_7515_section_4_1_11_what_changes_the_reading_of_a_proof_is_refused() {
    for (String name : List.of("crit", "b64", "zip", "enc")) {
      assertThat(verdictOn(proof().header(name, List.of("b64")).mintedBy(CLIENT)))
          .isEqualTo(Reason.PROOF_MALFORMED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "get", "HEAD", "GET ", "*"})
  void RFC_9449_section_4_3_check_8_htm_is_the_method(String method) {
    assertThat(verdictOn(proof().claim("htm", method).mintedBy(CLIENT)))
        .isEqualTo(Reason.PROOF_METHOD_MISMATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com/order",
        "https://api.example.com/orders/",
        "https://api.example.com/Orders",
        "https://api.example.com:8443/orders",
        "http://api.example.com/orders",
        "https://api.example.org/orders",
        "https://api.example.com.evil.example/orders",
        "https://api.example.com@evil.example/orders",
        "https://ann@api.example.com/orders",
        "/orders",
        "orders"
      })
  void RFC_9449_section_4_3_check_9_htu_is_the_address(String htu) {
    assertThat(verdictOn(proof().claim("htu", htu).mintedBy(CLIENT)))
        .isEqualTo(Reason.PROOF_TARGET_MISMATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com/orders?page=2",
        "https://api.example.com/orders#top",
        "HTTPS://API.example.com:443/orders",
        "https://api.example.com/%6Frders",
        "https://api.example.com/a/../orders"
      })
  void RFC_9449_section_4_3_check_9_query_and_fragment_and_spelling_do_not_count(String htu) {
    assertThat(verdictOn(proof().claim("htu", htu).mintedBy(CLIENT))).isNull();
  }

  @Test
  void an_address_that_cannot_be_known_is_the_address_of_no_proof() {
    Request nowhere = new Request(true, List.of(proof().mintedBy(CLIENT)), "GET", null);
    assertThat(verdict(gate(), TOKEN, nowhere)).isEqualTo(Reason.PROOF_TARGET_MISMATCH);
  }

  @ParameterizedTest
  @CsvSource({"-61, false", "-60, true", "0, true", "30, true", "31, false", "3600, false"})
  void RFC_9449_section_4_3_check_11_a_proof_is_good_for_a_short_time_alone(
      int seconds, boolean good) {
    String proof = proof().claim("iat", NOW.getEpochSecond() + seconds).mintedBy(CLIENT);
    assertThat(verdictOn(proof)).isEqualTo(good ? null : Reason.PROOF_NOT_RECENT);
  }

  @Test
  void dpopMaxAgeSeconds_says_how_long_and_clockSkewSeconds_how_far_ahead() {
    Gate gate = gate(b -> b.dpopMaxAgeSeconds(5).clockSkewSeconds(0));
    for (int seconds : List.of(-6, 1)) {
      String proof = proof().claim("iat", NOW.getEpochSecond() + seconds).mintedBy(CLIENT);
      assertThat(verdict(gate, TOKEN, Request.with(proof))).isEqualTo(Reason.PROOF_NOT_RECENT);
    }
    for (int seconds : List.of(-5, 0)) {
      String proof = proof().claim("iat", NOW.getEpochSecond() + seconds).mintedBy(CLIENT);
      assertThat(verdict(gate, TOKEN, Request.with(proof))).isNull();
    }
  }

  @Test
  void RFC_9449_section_7_ath_is_the_hash_of_this_very_token() {
    String other = boundTo(CLIENT) + "x";
    String ath = TestToken.hash(other.getBytes(StandardCharsets.US_ASCII));
    assertThat(verdictOn(proof().claim("ath", ath).mintedBy(CLIENT)))
        .isEqualTo(Reason.PROOF_TOKEN_MISMATCH);
    String good = TestToken.hash(TOKEN.getBytes(StandardCharsets.US_ASCII));
    for (String ath2 : List.of(good + "=", good.toLowerCase(Locale.ROOT), TOKEN)) {
      assertThat(verdictOn(proof().claim("ath", ath2).mintedBy(CLIENT)))
          .isEqualTo(Reason.PROOF_TOKEN_MISMATCH);
    }
  }

  @Test
  void RFC_9449_section_4_3_check_12_the_token_is_bound_to_the_key_of_the_proof() {
    String proof = Proofs.good(THIEF, "GET", URI, TOKEN, NOW).mintedBy(THIEF);
    assertThat(verdictOn(proof)).isEqualTo(Reason.PROOF_KEY_MISMATCH);
  }

  @Test
  void RFC_9449_section_6_1_jkt_is_the_thumbprint_of_RFC_7638_and_no_other_hash() throws Exception {
    byte[] x = CLIENT.pair().getPublic().getEncoded();
    String spki = TestToken.hash(MessageDigest.getInstance("SHA-256").digest(x));
    String token = Trial.good().claim("cnf", Map.of("jkt", spki)).mintedBy(Trial.EC);
    String proof = Proofs.good(CLIENT, "GET", URI, token, NOW).mintedBy(CLIENT);
    assertThat(verdict(gate(), token, Request.with(proof))).isEqualTo(Reason.PROOF_KEY_MISMATCH);
  }

  @Test
  void RFC_9449_section_11_1_a_proof_is_good_once() {
    Gate gate = gate();
    Request request = Request.with(proof().mintedBy(CLIENT));
    assertThat(verdict(gate, TOKEN, request)).isNull();
    assertThat(verdict(gate, TOKEN, request)).isEqualTo(Reason.PROOF_REPLAYED);
    assertThat(verdict(gate, TOKEN, Request.with(proof().mintedBy(CLIENT))))
        .as("another proof for the remembered token")
        .isNull();
  }

  @Test
  void RFC_9449_section_11_1_one_jti_is_good_once_whatever_else_the_proof_says() {
    Gate gate = gate();
    assertThat(verdict(gate, TOKEN, Request.with(proof().claim("jti", "1").mintedBy(CLIENT))))
        .isNull();
    TestToken later = proof().claim("jti", "1").claim("iat", NOW.getEpochSecond() + 10);
    assertThat(verdict(gate, TOKEN, Request.with(later.mintedBy(CLIENT))))
        .isEqualTo(Reason.PROOF_REPLAYED);
    String others = boundTo(THIEF);
    TestToken other = Proofs.good(THIEF, "GET", URI, others, NOW).claim("jti", "1");
    assertThat(verdict(gate, others, Request.with(other.mintedBy(THIEF))))
        .as("of another key")
        .isNull();
  }

  @Test
  void a_jti_is_spent_only_by_a_proof_that_passed_every_other_check() {
    Gate gate = gate();
    TestToken good = proof().claim("jti", "1");
    for (TestToken bad :
        List.of(
            good.claim("htm", "POST"),
            good.claim("htu", "https://evil.example"),
            good.claim("iat", 1),
            good.claim("ath", "x"))) {
      assertThat(verdict(gate, TOKEN, Request.with(bad.mintedBy(CLIENT)))).isNotNull();
    }
    assertThat(verdict(gate, TOKEN, Request.with(good.mintedBy(CLIENT)))).isNull();
  }

  @Test
  @Tag("T78")
  void RFC_9449_section_6_a_remembered_token_is_known_as_bound_on_every_request() {
    Gate gate = gate();
    assertThat(verdict(gate, TOKEN, Request.with(proof().mintedBy(CLIENT)))).isNull();
    assertThat(verdict(gate, TOKEN, Request.with())).isEqualTo(Reason.PROOF_MISSING);
    assertThat(verdict(gate, TOKEN, Presented.NOTHING)).isEqualTo(Reason.TOKEN_BOUND);
  }

  @Test
  @Tag("T12")
  @Tag("T13")
  @Tag("slow")
  void a_changed_proof_is_refused_and_nothing_is_thrown() {
    Random random = new Random(9449);
    Gate gate = gate();
    String good = proof().mintedBy(CLIENT);
    for (int i = 0; i < 3000; i++) {
      StringBuilder changed = new StringBuilder(good);
      int at = random.nextInt(good.length());
      switch (random.nextInt(4)) {
        case 0 -> changed.setCharAt(at, (char) random.nextInt(256));
        case 1 -> changed.deleteCharAt(at);
        case 2 -> changed.insert(at, (char) (random.nextInt(94) + '!'));
        default -> changed.setLength(at);
      }
      if (changed.toString().equals(good)) continue;
      assertThat(verdict(gate, TOKEN, Request.with(changed.toString())))
          .as("change %s: %s", i, changed)
          .isNotNull()
          .extracting(Reason::kind)
          .isEqualTo(Reason.Kind.INVALID_PROOF);
    }
    assertThat(verdict(gate, TOKEN, Request.with(good))).as("unspent").isNull();
  }

  @Test
  @Tag("T56")
  void of_many_requests_at_once_with_one_proof_one_passes() throws Exception {
    Gate gate = gate();
    Request request = Request.with(proof().mintedBy(CLIENT));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Callable<Boolean>> calls =
          Collections.nCopies(200, () -> verdict(gate, TOKEN, request) == null);
      int passed = 0;
      for (Future<Boolean> call : threads.invokeAll(calls)) passed += call.get() ? 1 : 0;
      assertThat(passed).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void RFC_9449_section_7_2_a_bound_token_is_refused_as_a_bearer_token() {
    Request bearer =
        new Request(false, List.of(proof().mintedBy(CLIENT)), "GET", TargetUri.of(URI));
    assertThat(verdict(gate(), TOKEN, bearer)).isEqualTo(Reason.TOKEN_BOUND);
    String expired =
        Trial.good()
            .claim("cnf", Proofs.bindingTo(CLIENT))
            .claim("exp", NOW.getEpochSecond() - 60)
            .mintedBy(Trial.EC);
    assertThat(verdict(gate(), expired, bearer))
        .as("whatever else is wrong with it")
        .isEqualTo(Reason.TOKEN_BOUND);
  }

  @Test
  void RFC_9449_section_7_1_an_unbound_token_is_refused_with_the_scheme_DPoP() {
    String token = Trial.good().mintedBy(Trial.EC);
    Gate gate = gate();
    String proof = Proofs.good(CLIENT, "GET", URI, token, NOW).mintedBy(CLIENT);
    assertThat(verdict(gate, token, Request.with(proof))).isEqualTo(Reason.TOKEN_UNBOUND);
    assertThat(verdict(gate, token, Presented.NOTHING)).isNull();
    assertThat(verdict(gate, token, Request.with(proof)))
        .as("remembered")
        .isEqualTo(Reason.TOKEN_UNBOUND);
  }

  @Test
  void senderConstraint_dpop_and_any_take_no_unbound_token() {
    String token = Trial.good().mintedBy(Trial.EC);
    for (String constraint : List.of("dpop", "mtls", "any")) {
      Gate gate = gate(b -> b.senderConstraint(constraint));
      assertThat(verdict(gate, token, Presented.NOTHING)).isEqualTo(Reason.TOKEN_UNBOUND);
    }
    for (String constraint : List.of("auto", "dpop", "any")) {
      Gate gate = gate(b -> b.senderConstraint(constraint));
      assertThat(verdict(gate, TOKEN, Request.with(proof().mintedBy(CLIENT)))).isNull();
    }
    assertThat(
            verdict(
                gate(b -> b.senderConstraint("mtls")),
                TOKEN,
                Request.with(proof().mintedBy(CLIENT))))
        .isEqualTo(Reason.TOKEN_UNBOUND);
  }

  @Test
  void a_replay_guard_of_the_application_is_asked_with_a_hash_and_the_last_instant() {
    Map<String, Instant> asked = new HashMap<>();
    Gate gate = gate(b -> b.replayGuard((proof, until) -> asked.putIfAbsent(proof, until) == null));
    Request request = Request.with(proof().mintedBy(CLIENT));
    assertThat(verdict(gate, TOKEN, request)).isNull();
    assertThat(verdict(gate, TOKEN, request)).isEqualTo(Reason.PROOF_REPLAYED);
    assertThat(asked).hasSize(1).containsValue(NOW.plusSeconds(60));
    assertThat(asked.keySet()).allMatch(key -> key.matches("[A-Za-z0-9_-]{43}"));
  }

  @Test
  void a_replay_guard_that_fails_keeps_the_gate_shut() {
    for (Throwable fault :
        List.of(
            new IllegalStateException("secret"), new Exception("out of reach"), new Error("x"))) {
      Gate gate =
          gate(
              b ->
                  b.replayGuard(
                      (proof, until) -> {
                        if (fault instanceof Error error) throw error;
                        throw (Exception) fault;
                      }));
      assertThat(verdict(gate, TOKEN, Request.with(proof().mintedBy(CLIENT))))
          .isEqualTo(Reason.REPLAY_GUARD_FAILED);
    }
    assertThat(Thread.interrupted()).isFalse();
    Gate gate =
        gate(
            b ->
                b.replayGuard(
                    (proof, until) -> {
                      throw new InterruptedException();
                    }));
    assertThat(verdict(gate, TOKEN, Request.with(proof().mintedBy(CLIENT))))
        .isEqualTo(Reason.REPLAY_GUARD_FAILED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_full_guard_in_memory_keeps_the_gate_shut_until_a_proof_is_past() throws Exception {
    AtomicLong seconds = new AtomicLong();
    RecentProofs guard = new RecentProofs(new Trial.Hand(() -> NOW.plusSeconds(seconds.get())), 2);
    Instant until = NOW.plusSeconds(60);
    assertThat(guard.firstUse("b", until.plusSeconds(5))).isTrue();
    assertThat(guard.firstUse("a", until)).as("the second to come, the first to end").isTrue();
    assertThat(guard.firstUse("a", until)).isFalse();
    assertThat(isFull(guard, "c")).isTrue();
    seconds.set(60);
    assertThat(guard.firstUse("a", until)).as("in the very last instant").isFalse();
    assertThat(isFull(guard, "c")).isTrue();
    seconds.set(61);
    assertThat(isFull(guard, "c")).isFalse();
    assertThat(guard.firstUse("b", until.plusSeconds(5))).isFalse();
  }

  private static boolean isFull(RecentProofs guard, String proof) {
    try {
      assertThat(guard.firstUse(proof, NOW.plusSeconds(200))).isTrue();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static TestToken withNonce(Gate gate) {
    return proof().claim("nonce", Objects.requireNonNull(gate.nonce()));
  }

  @Test
  void RFC_9449_section_4_3_check_10_a_nonce_of_ours_is_in_the_proof_where_we_require_one() {
    AtomicLong nanos = new AtomicLong();
    Gate gate = gate(b -> b.dpopNonce("required").nanoTime(nanos::get));
    Function<TestToken, @Nullable Reason> verdict =
        proof -> verdict(gate, TOKEN, Request.with(proof.mintedBy(CLIENT)));
    assertThat(verdict.apply(proof())).isEqualTo(Reason.PROOF_NONCE_NEEDED);
    assertThat(verdict.apply(proof().claim("nonce", "x"))).isEqualTo(Reason.PROOF_NONCE_NEEDED);
    assertThat(verdict.apply(proof().claim("nonce", 5))).isEqualTo(Reason.PROOF_NONCE_NEEDED);
    assertThat(verdict.apply(withNonce(gate))).isNull();
    TestToken before = withNonce(gate);
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(withNonce(gate).claimsJson()).isNotEqualTo(before.claimsJson());
    assertThat(verdict.apply(before)).as("the one before").isNull();
    TestToken older = before.claim("jti", "again");
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(verdict.apply(older)).isEqualTo(Reason.PROOF_NONCE_NEEDED);
    assertThat(verdict.apply(withNonce(gate))).isNull();
    assertThat(gate().nonce()).as("where none is required").isNull();
  }

  @Test
  void RFC_9449_section_8_a_nonce_is_unpredictable_and_of_the_characters_that_may_be_in_one() {
    String one = new ServerNonces(() -> 0).current();
    String other = new ServerNonces(() -> 0).current();
    assertThat(one).matches("[A-Za-z0-9_-]{22}").isNotEqualTo(other);
  }

  @Test
  void a_nonce_does_not_spend_the_jti_of_a_proof_that_lacks_it() {
    Gate gate = gate(b -> b.dpopNonce("required"));
    TestToken first = proof().claim("jti", "1");
    assertThat(verdict(gate, TOKEN, Request.with(first.mintedBy(CLIENT))))
        .isEqualTo(Reason.PROOF_NONCE_NEEDED);
    TestToken again = first.claim("nonce", Objects.requireNonNull(gate.nonce()));
    assertThat(verdict(gate, TOKEN, Request.with(again.mintedBy(CLIENT)))).isNull();
  }

  @Test
  @Tag("T87")
  void until_its_signature_holds_every_fault_of_a_proof_reads_the_same() {
    List<Reason> before =
        List.of(
            Reason.PROOF_MALFORMED,
            Reason.PROOF_ALGORITHM_NOT_ALLOWED,
            Reason.PROOF_KEY_UNFIT,
            Reason.PROOF_SIGNATURE_INVALID);
    assertThat(before).extracting(Reason::description).containsOnly(before.get(0).description());
    assertThat(before).noneMatch(Reason::signatureHolds);
    assertThat(Reason.PROOF_REPLAYED.signatureHolds()).isTrue();
  }

  @Test
  @Tag("T15")
  void a_shared_secret_signs_no_proof_and_DPoP_is_not_spoken_of() {
    GivenSettings none = new GivenSettings(Substitution.ofThisProcess());
    Sender sender = Sender.of(none, Set.of(JWSAlgorithm.HS256), null, Trial.CLOCK, () -> 0);
    assertThat(sender.algorithms()).isEmpty();
    assertThat(sender.challenges(Reason.TOKEN_BOUND, true)).isFalse();
  }

  @Test
  void the_address_of_the_request_counts_and_not_another_of_the_same_server() {
    String proof = proof().mintedBy(CLIENT);
    assertThat(verdict(gate(), TOKEN, Request.with(proof).to("https://api.example.com/admin")))
        .isEqualTo(Reason.PROOF_TARGET_MISMATCH);
  }
}
