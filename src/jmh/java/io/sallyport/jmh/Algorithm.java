package io.sallyport.jmh;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What tokens are signed with: 2048 bits of RSA, P-256, Ed25519, or a secret of 32 bytes. */
enum Algorithm {
  RS256("RS256", "SHA256withRSA"),
  ES256("ES256", "SHA256withECDSAinP1363Format"),
  EDDSA("EdDSA", "Ed25519"),
  HS256("HS256", "HmacSHA256");

  /** The name in a token's header. */
  final String alg;

  /** The name for the JDK's providers. */
  final String jca;

  Algorithm(String alg, String jca) {
    this.alg = alg;
    this.jca = jca;
  }

  boolean isShared() {
    return this == HS256;
  }

  SigningKey newKey() throws GeneralSecurityException {
    return switch (this) {
      case RS256 -> pair("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
      case ES256 -> pair("EC", new ECGenParameterSpec("secp256r1"));
      case EDDSA -> pair("Ed25519", NamedParameterSpec.ED25519);
      case HS256 -> secret();
    };
  }

  private SigningKey pair(String type, AlgorithmParameterSpec parameters)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
    generator.initialize(parameters);
    KeyPair pair = generator.generateKeyPair();
    return new SigningKey(this, pair.getPrivate(), pair.getPublic());
  }

  private SigningKey secret() {
    byte[] octets = new byte[32];
    new SecureRandom().nextBytes(octets);
    SecretKeySpec secret = new SecretKeySpec(octets, jca);
    return new SigningKey(this, secret, secret);
  }
}
