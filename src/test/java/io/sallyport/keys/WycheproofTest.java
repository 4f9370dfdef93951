package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The signature vectors of Project Wycheproof against our verifiers. The files are not part of this
 * project: the system property {@code wycheproof.dir} names the folder that has them.
 */
@Tag("T24")
final class WycheproofTest {
  /** A vector: a signature over a message under a key, and what has to come of it. */
  private record Vector(
      String name,
      JWSAlgorithm algorithm,
      PublicKey key,
      byte[] message,
      byte[] signature,
      String result) {
    boolean verifies() throws GeneralSecurityException, JOSEException {
      return new PreparedSignature(algorithm, key)
          .verify(new JWSHeader(algorithm), message, Base64URL.encode(signature));
    }

    @Override
    public String toString() {
      return name;
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

  static Stream<Vector> rsa() throws Exception {
    return vectors("rsa_signature_2048_sha256_test.json", "RSA", JWSAlgorithm.RS256);
  }

  static Stream<Vector> ecdsa() throws Exception {
    return vectors("ecdsa_secp256r1_sha256_p1363_test.json", "EC", JWSAlgorithm.ES256);
  }

  static Stream<Vector> ed25519() throws Exception {
    return vectors("ed25519_test.json", "Ed25519", JWSAlgorithm.EdDSA);
  }

  /** Vectors of which either verdict will do, each with the reason. */
  private static final Map<String, String> EITHER =
      Map.of(
          "RS256 8 Missing NULL in the ASN encoding",
          "acceptable by Wycheproof's own word: the JDK takes a DigestInfo without NULL, RFC 8017"
              + " (appendix B.1) does not want it, only the owner of the private key can make one",
          "ES256 115 k*G has a large x-coordinate",
          "valid, but the JDK's own verifier of Java 17 does not reduce x by n, as that of 25 does:"
              + " one in some 2^128 true signatures",
          "ES256 257 r = 3, x = n + 3 is the smallest possible x with a reduction",
          "the same");

  @ParameterizedTest
  @MethodSource({"rsa", "ecdsa", "ed25519"})
  void every_invalid_signature_is_refused_and_every_valid_one_accepted(Vector vector)
      throws Exception {
    boolean verifies = vector.verifies();
    if (EITHER.containsKey(vector.name())) {
      assertThat(vector.result()).isIn("valid", "acceptable");
    } else {
      assertThat(verifies).isEqualTo(vector.result().equals("valid"));
      assertThat(vector.result()).isIn("valid", "invalid");
    }
  }

  private static Stream<Vector> vectors(String file, String keyType, JWSAlgorithm algorithm)
      throws IOException, ParseException, GeneralSecurityException {
    Path path = Path.of(System.getProperty("wycheproof.dir"), file);
    Map<String, Object> document = JSONObjectUtils.parse(Files.readString(path), -1);
    Stream.Builder<Vector> vectors = Stream.builder();
    for (Map<?, ?> group : objects(document.get("testGroups"))) {
      X509EncodedKeySpec spki = new X509EncodedKeySpec(octets(group.get("publicKeyDer")));
      PublicKey key = KeyFactory.getInstance(keyType).generatePublic(spki);
      for (Map<?, ?> test : objects(group.get("tests"))) {
        String name = algorithm + " " + number(test.get("tcId")) + " " + test.get("comment");
        vectors.add(
            new Vector(
                name,
                algorithm,
                key,
                octets(test.get("msg")),
                octets(test.get("sig")),
                (String) test.get("result")));
      }
    }
    return vectors.build();
  }

  private static List<Map<?, ?>> objects(Object array) {
    return ((List<?>) array).stream().<Map<?, ?>>map(element -> (Map<?, ?>) element).toList();
  }

  private static byte[] octets(Object hex) {
    return HexFormat.of().parseHex((String) hex);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
