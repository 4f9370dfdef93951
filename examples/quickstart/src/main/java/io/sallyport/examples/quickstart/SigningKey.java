package io.sallyport.examples.quickstart;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;

/** A key pair for one algorithm, made anew at every start and never written anywhere. */
final class SigningKey {
  /** The algorithms that there are keys for, the usual one first. */
  static final List<String> ALGORITHMS = List.of("ES256", "RS256", "PS256", "EdDSA");

  private static final int ED25519_BYTES = 32;

  private final String algorithm;
  private final String keyId;
  private final KeyPair pair;

  private SigningKey(String algorithm, String keyId, KeyPair pair) {
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.pair = pair;
  }

  /**
   * Makes a key.
   *
   * @param algorithm one of {@link #ALGORITHMS}
   * @param keyId the {@code kid}
   */
  static SigningKey generate(String algorithm, String keyId) {
    try {
      return new SigningKey(algorithm, keyId, pair(algorithm));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 17 on has " + algorithm, e);
    }
  }

  private static KeyPair pair(String algorithm) throws GeneralSecurityException {
    switch (algorithm) {
      case "ES256" -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
      }
      case "RS256", "PS256" -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
      }
      case "EdDSA" -> {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      }
      default -> throw new IllegalArgumentException("no key for " + algorithm);
    }
  }

  String algorithm() {
    return algorithm;
  }

  String keyId() {
    return keyId;
  }

  PublicKey publicKey() {
    return pair.getPublic();
  }

  /** The public key as a JWK (RFC 7517). */
  JWK jwk() {
    JWSAlgorithm alg = JWSAlgorithm.parse(algorithm);
    PublicKey key = pair.getPublic();
    if (key instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa).keyID(keyId).keyUse(KeyUse.SIGNATURE).algorithm(alg).build();
    }
    if (key instanceof ECPublicKey ec) {
      return new ECKey.Builder(Curve.P_256, ec)
          .keyID(keyId)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(alg)
          .build();
    }
    return new OctetKeyPair.Builder(Curve.Ed25519, ed25519(key))
        .keyID(keyId)
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(alg)
        .build();
  }

  /** The last bytes of the DER are the key as it is (RFC 8410 section 4). */
  private static Base64URL ed25519(PublicKey key) {
    byte[] der = key.getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(der, der.length - ED25519_BYTES, der.length));
  }

  /** Signs as RFC 7518 section 3 and RFC 8037 section 3.1 have it. */
  byte[] sign(byte[] input) {
    try {
      Signature signature =
          switch (algorithm) {
            case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case "RS256" -> Signature.getInstance("SHA256withRSA");
            case "PS256" -> Signature.getInstance("RSASSA-PSS");
            default -> Signature.getInstance("Ed25519");
          };
      if (algorithm.equals("PS256")) signature.setParameter(pss());
      signature.initSign(pair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was made here does not sign", e);
    }
  }

  private static AlgorithmParameterSpec pss() {
    return new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
  }
}
