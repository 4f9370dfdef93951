package io.sallyport.keys;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One secret for HMAC (RFC 7518 section 3.2), shared with the issuer. It has no {@code kid}:
 * whatever id a header names, this is the key.
 */
final class SharedSecret implements KeySource {
  private final Key key;

  /**
   * Makes the source.
   *
   * @param secret at least as long as the longest hash among the algorithms
   * @param algorithms of HS256, HS384, HS512
   * @throws IllegalArgumentException if the secret is too short
   */
  SharedSecret(byte[] secret, Set<JWSAlgorithm> algorithms) {
    Map<JWSAlgorithm, JWSVerifier> verifiers = new LinkedHashMap<>();
    for (JWSAlgorithm algorithm : algorithms) {
      verifiers.put(algorithm, verifier(secret, algorithm));
    }
    this.key = new Key(null, verifiers, null);
  }

  private static JWSVerifier verifier(byte[] secret, JWSAlgorithm algorithm) {
    int hashLength = hashLength(algorithm);
    if (secret.length < hashLength) {
      throw new IllegalArgumentException(
          "the secret has " + secret.length + " bytes, " + algorithm + " needs " + hashLength);
    }
    try {
      return new PreparedMac(algorithm, secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the secret cannot be used", e);
    }
  }

  private static int hashLength(JWSAlgorithm algorithm) {
    return switch (algorithm.getName()) {
      case "HS256" -> 32;
      case "HS384" -> 48;
      case "HS512" -> 64;
      default -> throw new IllegalArgumentException(algorithm + " takes no shared secret");
    };
  }

  @Override
  public Answer find(JWSHeader header) {
    return key.verifier(header.getAlgorithm()) != null ? new Found(key) : new Unknown(Why.UNFIT, 1);
  }

  @Override
  public boolean holds(Key key) {
    return key == this.key;
  }

  @Override
  public KeyHealth health() {
    return new KeyHealth(KeyHealth.State.FRESH, 1, null, null);
  }
}
