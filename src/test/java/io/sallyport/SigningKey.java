package io.sallyport;

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
import java.security.PrivateKey;
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
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key made for a test: it signs, and shows its public half as a JWK.
 *
 * @param signatures by what they sign, where they are remembered
 */
record SigningKey(String kid, String alg, KeyPair pair, @Nullable Map<String, byte[]> signatures) {
  SigningKey(String kid, String alg, KeyPair pair) {
    this(kid, alg, pair, null);
  }

  static SigningKey rsa(String kid, String alg) {
    return rsa(kid, alg, 2048);
  }

  static SigningKey rsa(String kid, String alg, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return new SigningKey(kid, alg, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static SigningKey ec(String kid, String alg) {
    try {
      String curve =
          switch (alg) {
            case "ES256" -> "secp256r1";
            case "ES384" -> "secp384r1";
            default -> "secp521r1";
          };
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return new SigningKey(kid, alg, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static SigningKey ed25519(String kid) {
    try {
      return new SigningKey(
          kid, "EdDSA", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The same key under another name or for another algorithm. */
  SigningKey as(String otherKid, String otherAlg) {
    return new SigningKey(otherKid, otherAlg, pair);
  }

  /**
   * The same key, which signs nothing twice: a row of a table that runs by itself, as PIT runs it,
   * makes the whole table first.
   */
  SigningKey remembering() {
    return new SigningKey(kid, alg, pair, new ConcurrentHashMap<>());
  }

  byte[] sign(byte[] input) {
    if (signatures == null) return sign(alg, pair.getPrivate(), input);
    String text = new String(input, StandardCharsets.ISO_8859_1);
    return signatures.computeIfAbsent(text, t -> sign(alg, pair.getPrivate(), input)).clone();
  }

  static byte[] sign(String alg, PrivateKey key, byte[] input) {
    try {
      Signature signature = signature(alg);
      signature.initSign(key);
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** By the JDK alone; none of ours is in it. */
  boolean verifies(byte[] input, byte[] octets) {
    try {
      Signature signature = signature(alg);
      signature.initVerify(pair.getPublic());
      signature.update(input);
      return signature.verify(octets);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Signature signature(String alg) throws GeneralSecurityException {
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
    if (alg.startsWith("PS")) signature.setParameter(pss(alg));
    return signature;
  }

  private static PSSParameterSpec pss(String alg) {
    return switch (alg) {
      case "PS384" -> new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);
      case "PS512" -> new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1);
      default -> new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    };
  }

  static byte[] hmac(String alg, byte[] secret, byte[] input) {
    try {
      String name = "HmacSHA" + alg.substring(2);
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The public half with {@code kid} and {@code use}, and {@code alg} as it is. */
  JWK jwk() {
    return jwk(kid, alg);
  }

  /** The public half as its publisher may like it: {@code kid} and {@code alg} may be left out. */
  JWK jwk(@Nullable String kid, @Nullable String alg) {
    JWSAlgorithm algorithm = alg == null ? null : JWSAlgorithm.parse(alg);
    PublicKey key = pair.getPublic();
    if (key instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa).keyID(kid).algorithm(algorithm).build();
    }
    if (key instanceof ECPublicKey ec) {
      Curve curve = Curve.forECParameterSpec(ec.getParams());
      return new ECKey.Builder(curve, ec).keyID(kid).algorithm(algorithm).build();
    }
    byte[] spki = key.getEncoded();
    Base64URL x = Base64URL.encode(Arrays.copyOfRange(spki, spki.length - 32, spki.length));
    return new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(kid).algorithm(algorithm).build();
  }
}
