package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JSON Web Signature vectors of Project Wycheproof through the whole gate. Their payloads are
 * no claims, so a signature that holds shows in what is refused next: {@code CLAIMS_MALFORMED}. The
 * files are not part of this project: the system property {@code wycheproof.dir} names the folder.
 */
@Tag("T24")
final class WycheproofTokenTest {
  private static final String[] ALGORITHMS = {
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
  };

  /** Vectors that Wycheproof calls valid and that are refused here, each with the reason. */
  private static final Map<Long, Reason> REFUSED_ON_PURPOSE = new HashMap<>();

  static {
    // An empty payload: no segment of a token is empty (THREATS 3), and no claims are no claims.
    for (long id : new long[] {259, 264, 268, 272, 320, 325}) {
      REFUSED_ON_PURPOSE.put(id, Reason.TOKEN_NOT_JWS);
    }
    // The key says that it is for PS256, the token PS384; or ES521, which is no algorithm, and
    // ES512: a key's own alg has to fit (THREATS 16). The second leaves the set with no such key.
    REFUSED_ON_PURPOSE.put(346L, Reason.KEY_UNFIT);
    REFUSED_ON_PURPOSE.put(350L, Reason.KEY_UNFIT);
    REFUSED_ON_PURPOSE.put(347L, Reason.KEY_UNKNOWN);
    REFUSED_ON_PURPOSE.put(351L, Reason.KEY_UNKNOWN);
    // Characters outside of the alphabet, which a lenient reader skips (THREATS 3).
    REFUSED_ON_PURPOSE.put(372L, Reason.TOKEN_NOT_B64TOKEN);
    REFUSED_ON_PURPOSE.put(373L, Reason.TOKEN_NOT_B64TOKEN);
  }

  /**
   * Vectors called invalid whose text is, letter for letter, that of 357, which is called valid.
   */
  private static final Set<Long> MISPRINTED = Set.of(367L, 370L);

  private static final Set<Long> met = new HashSet<>();

  @TempDir static Path folder;

  /** A vector, before a gate that has the key of its group. */
  private record Vector(long id, String comment, TokenVerifier gate, String jws, boolean valid) {
    @Override
    public String toString() {
      return id + " " + comment;
    }
  }

  @BeforeAll
  static void vectorsAreAtHand() {
    if (System.getProperty("wycheproof.dir", "").isBlank()) {
      String reason = "Wycheproof's vectors are not at hand: -Dwycheproof.dir names their folder";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
  }

  @AfterAll
  static void everyExceptionIsOneStill() {
    if (!System.getProperty("wycheproof.dir", "").isBlank()) {
      assertThat(met).containsAll(REFUSED_ON_PURPOSE.keySet());
    }
  }

  static Stream<Vector> vectors() throws IOException, ParseException {
    Path path = Path.of(System.getProperty("wycheproof.dir"), "json_web_signature_test.json");
    Map<String, Object> document = JSONObjectUtils.parse(Files.readString(path), -1);
    Stream.Builder<Vector> vectors = Stream.builder();
    int number = 0;
    for (Object element : (List<?>) document.get("testGroups")) {
      Map<?, ?> group = (Map<?, ?>) element;
      Object key = group.get("public") == null ? group.get("private") : group.get("public");
      TokenVerifier gate = gate((Map<?, ?>) key, number++);
      for (Object test : (List<?>) group.get("tests")) {
        vectors.add(vector(gate, (Map<?, ?>) test));
      }
    }
    return vectors.build();
  }

  private static Vector vector(TokenVerifier gate, Map<?, ?> test) {
    Object jws = test.get("jws");
    String text =
        jws instanceof Map<?, ?> json ? JSONObjectUtils.toJSONString(members(json)) : (String) jws;
    long id = ((Number) test.get("tcId")).longValue();
    return new Vector(
        id, (String) test.get("comment"), gate, text, "valid".equals(test.get("result")));
  }

  private static Map<String, Object> members(Map<?, ?> json) {
    Map<String, Object> members = new HashMap<>();
    json.forEach((name, value) -> members.put((String) name, value));
    return members;
  }

  /** With the group's secret; or with its public key and another, as that one may be of no use. */
  private static TokenVerifier gate(Map<?, ?> key, int number) throws IOException {
    TokenVerifier.Builder settings = Trial.settings().allowedScopes("orders:read");
    if (key.get("k") instanceof String secret) {
      Path file = folder.resolve("secret-" + number);
      Files.write(file, new Base64URL(secret).decode());
      return settings.algorithms("HS256").hmacSecretFile(file.toString()).build();
    }
    Map<String, Object> other = Trial.ED.jwk("other", null).toJSONObject();
    Path file = folder.resolve("keys-" + number + ".json");
    Files.writeString(
        file, JSONObjectUtils.toJSONString(Map.of("keys", List.of(members(key), other))));
    return settings.algorithms(ALGORITHMS).jwks(file.toString()).build();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void every_invalid_token_is_refused_and_every_valid_signature_holds(Vector vector) {
    Decision decision = vector.gate().verify(vector.jws());
    assertThat(decision).isInstanceOf(Decision.Refused.class);
    Reason reason = ((Decision.Refused) decision).refusal().reason();
    Reason exception = REFUSED_ON_PURPOSE.get(vector.id());
    if (exception != null) {
      assertThat(vector.valid()).isTrue();
      assertThat(reason).isEqualTo(exception);
      met.add(vector.id());
    } else if (vector.valid() || MISPRINTED.contains(vector.id())) {
      assertThat(reason).isEqualTo(Reason.CLAIMS_MALFORMED);
    } else {
      assertThat(reason)
          .isIn(
              Reason.TOKEN_EMPTY,
              Reason.TOKEN_NOT_B64TOKEN,
              Reason.TOKEN_NOT_JWS,
              Reason.HEADER_MALFORMED,
              Reason.HEADER_UNSUPPORTED,
              Reason.ALGORITHM_NOT_ALLOWED,
              Reason.KEY_UNKNOWN,
              Reason.KEY_UNFIT,
              Reason.SIGNATURE_INVALID);
    }
  }
}
