package io.sallyport.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A key pair made for a test: it signs, and shows its public half as a JWK (RFC 7517). Safe for use
 * by many threads.
 *
 * @since 0.1.0
 */
public final class TestKey {
  private final String kid;
  private final String alg;
  private final KeyPair pair;

  /** By what they sign, where they are remembered. */
  private final @Nullable Map<String, byte[]> signatures;

  private TestKey(String kid, String alg, KeyPair pair, @Nullable Map<String, byte[]> signatures) {
    this.kid = kid;
    this.alg = alg;
    this.pair = pair;
    this.signatures = signatures;
  }

  /**
   * Makes a key.
   *
   * @param kid its id
   * @param alg RS256, RS384, RS512, PS256, PS384, PS512 (2048 bits), ES256, ES384, ES512, EdDSA or
   *     Ed25519
   * @return the key
   * @throws IllegalArgumentException for another {@code alg}
   */
  public static TestKey generate(String kid, String alg) {
    return switch (alg) {
      case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512" -> rsa(kid, alg, 2048);
      case "ES256" -> ec(kid, alg, "secp256r1");
      case "ES384" -> ec(kid, alg, "secp384r1");
      case "ES512" -> ec(kid, alg, "secp521r1");
      case "EdDSA", "Ed25519" -> of(kid, alg, pair(generator("Ed25519")));
      default -> throw new IllegalArgumentException("no key can be made for the alg " + alg);
    };
  }

  /**
   * Makes an RSA key of any size, such as one that is too small.
   *
   * @param kid its id
   * @param alg an RS or PS algorithm
   * @param bits the length of the modulus
   * @return the key
   */
  public static TestKey rsa(String kid, String alg, int bits) {
    KeyPairGenerator generator = generator("RSA");
    generator.initialize(bits);
    return of(kid, alg, pair(generator));
  }

  private static TestKey ec(String kid, String alg, String curve) {
    try {
      KeyPairGenerator generator = generator("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return of(kid, alg, pair(generator));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + curve, e);
    }
  }

  private static KeyPairGenerator generator(String type) {
    try {
      return KeyPairGenerator.getInstance(type);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + type, e);
    }
  }

  private static KeyPair pair(KeyPairGenerator generator) {
    return generator.generateKeyPair();
  }

  /**
   * Takes a key pair that is there already.
   *
   * @param kid its id
   * @param alg what it signs with
   * @param pair its two halves
   * @return the key
   */
  public static TestKey of(String kid, String alg, KeyPair pair) {
    return new TestKey(kid, alg, pair, null);
  }

  /**
   * The same key under another name or for another algorithm.
   *
   * @param otherKid the other id
   * @param otherAlg the other algorithm
   * @return the key
   */
  public TestKey as(String otherKid, String otherAlg) {
    return of(otherKid, otherAlg, pair);
  }

  /**
   * The same key, which signs nothing twice, for long tables of tokens that are made again and
   * again.
   *
   * @return the key
   */
  public TestKey remembering() {
    return new TestKey(kid, alg, pair, new ConcurrentHashMap<>());
  }

  /**
   * The id.
   *
   * @return the {@code kid}
   */
  public String kid() {
    return kid;
  }

  /**
   * The algorithm.
   *
   * @return the {@code alg}
   */
  public String alg() {
    return alg;
  }

  /**
   * Both halves.
   *
   * @return the pair
   */
  public KeyPair pair() {
    return pair;
  }

  /**
   * Signs as RFC 7518 section 3 and RFC 8037 section 3.1 have it.
   *
   * @param input the signing input
   * @return the signature as it stands in a token, before it is encoded
   */
  public byte[] sign(byte[] input) {
    if (signatures == null) return signed(input);
    String text = new String(input, StandardCharsets.ISO_8859_1);
    return signatures.computeIfAbsent(text, t -> signed(input)).clone();
  }

  private byte[] signed(byte[] input) {
    try {
      Signature signature = signature();
      signature.initSign(pair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key cannot sign by " + alg, e);
    }
  }

  /**
   * Verifies a signature by the JDK alone.
   *
   * @param input the signing input
   * @param octets the signature
   * @return whether it is this key's
   */
  public boolean verifies(byte[] input, byte[] octets) {
    try {
      Signature signature = signature();
      signature.initVerify(pair.getPublic());
      signature.update(input);
      return signature.verify(octets);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key cannot verify by " + alg, e);
    }
  }

  private Signature signature() throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (alg) {
              case "RS256" -> "SHA256withRSA";
              case "RS384" -> "SHA384withRSA";
              case "RS512" -> "SHA512withRSA";
              case "PS256", "PS384", "PS512" -> "RSASSA-PSS";
              case "ES256" -> "SHA256withECDSAinP1363Format";
              case "ES384" -> "SHA384withECDSAinP1363Format";
              case "ES512" -> "SHA512withECDSAinP1363Format";
              default -> "Ed25519";
            });
    if (alg.startsWith("PS")) signature.setParameter(pss());
    return signature;
  }

  private PSSParameterSpec pss() {
    return switch (alg) {
      case "PS384" -> new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);
      case "PS512" -> new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1);
      default -> new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    };
  }

  /**
   * The public half with {@code kid} and {@code alg}.
   *
   * @return the JWK
   */
  public JWK jwk() {
    return jwk(kid, alg);
  }

  /**
   * The public half as its publisher may like it.
   *
   * @param kid an id, or null to leave it out
   * @param alg an algorithm, or null to leave it out
   * @return the JWK
   */
  public JWK jwk(@Nullable String kid, @Nullable String alg) {
    JWSAlgorithm algorithm = alg == null ? null : JWSAlgorithm.parse(alg);
    PublicKey key = pair.getPublic();
    if (key instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa).keyID(kid).algorithm(algorithm).build();
    }
    if (key instanceof ECPublicKey ec) {
      Curve curve = Curve.forECParameterSpec(ec.getParams());
      return new ECKey.Builder(curve, ec).keyID(kid).algorithm(algorithm).build();
    }
    return new OctetKeyPair.Builder(Curve.Ed25519, ed25519(key))
        .keyID(kid)
        .algorithm(algorithm)
        .build();
  }

  /** The last bytes of the DER are the key as it is (RFC 8410 section 4). */
  private static Base64URL ed25519(PublicKey key) {
    byte[] der = key.getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(der, der.length - 32, der.length));
  }

  /**
   * The thumbprint of the public half (RFC 7638).
   *
   * @return SHA-256 in base64url
   */
  public String thumbprint() {
    try {
      return jwk().computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Which key it is, and nothing of it. */
  @Override
  public String toString() {
    return "TestKey[" + kid + ", " + alg + "]";
  }
}
