package io.sallyport.keys;

import com.nimbusds.jose.JWSAlgorithm;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Verifies authentication codes under a shared secret (RFC 7518 section 3.2). */
final class PreparedMac extends PreparedVerifier<Mac> {
  private final String jcaName;
  private final SecretKey secret;

  /**
   * Prepares a verifier.
   *
   * @throws GeneralSecurityException if no provider has this algorithm
   */
  PreparedMac(JWSAlgorithm algorithm, byte[] secret) throws GeneralSecurityException {
    super(algorithm);
    this.jcaName = algorithm.getName().replace("HS", "HmacSHA");
    this.secret = new SecretKeySpec(secret, jcaName);
    prepareFirst();
  }

  @Override
  Mac prepare() throws GeneralSecurityException {
    Mac mac = Mac.getInstance(jcaName);
    mac.init(secret);
    return mac;
  }

  /** Compares in a time that does not depend on where the difference is. */
  @Override
  boolean holds(Mac prepared, ByteBuffer signingInput, byte[] code) {
    prepared.update(signingInput);
    return MessageDigest.isEqual(prepared.doFinal(), code);
  }
}
