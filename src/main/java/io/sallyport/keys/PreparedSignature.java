package io.sallyport.keys;

import com.nimbusds.jose.JWSAlgorithm;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signatures under a public key (RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1, for
 * which Nimbus would need Tink).
 */
final class PreparedSignature extends PreparedVerifier<Signature> {
  private static final int ED25519_LENGTH = 64;

  private final String name;
  private final PublicKey key;

  /**
   * Prepares a verifier.
   *
   * @throws GeneralSecurityException if no provider can verify this algorithm under this key
   */
  PreparedSignature(JWSAlgorithm algorithm, PublicKey key) throws GeneralSecurityException {
    super(algorithm);
    this.name = algorithm.getName();
    this.key = key;
    prepareFirst();
  }

  @Override
  Signature prepare() throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(jcaName());
    AlgorithmParameterSpec parameters = parameters();
    if (parameters != null) verifier.setParameter(parameters);
    verifier.initVerify(key);
    return verifier;
  }

  @Override
  boolean holds(Signature prepared, ByteBuffer signingInput, byte[] signature)
      throws GeneralSecurityException {
    if (!isWellFormed(signature)) return false;
    prepared.update(signingInput);
    boolean good = prepared.verify(signature);
    forget(prepared);
    return good;
  }

  /**
   * The JDK's digests keep the last block that they were given until they are given another, and
   * that is a piece of a token. Ed25519 keeps none.
   */
  private void forget(Signature prepared) throws GeneralSecurityException {
    if (key instanceof EdECPublicKey) return;
    prepared.update((byte) 0);
    prepared.initVerify(key);
  }

  /** What the providers of some Java releases leave out, made sure of for all of them. */
  private boolean isWellFormed(byte[] signature) {
    if (key instanceof ECPublicKey ec) return isPairBelowOrder(signature, ec);
    // Java 17 takes an Ed25519 signature with a zero byte behind it for a good one.
    return !(key instanceof EdECPublicKey) || signature.length == ED25519_LENGTH;
  }

  /**
   * ECDSA signatures are r and s, each of the order's length, 0 &lt; r, s &lt; n. Java 17.0.0 to
   * 17.0.2 took r = s = 0 for a signature of anything (CVE-2022-21449).
   */
  static boolean isPairBelowOrder(byte[] signature, ECPublicKey ec) {
    BigInteger order = ec.getParams().getOrder();
    int length = (order.bitLength() + 7) / 8;
    if (signature.length != 2 * length) return false;
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, length));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, length, 2 * length));
    return r.signum() > 0 && s.signum() > 0 && r.compareTo(order) < 0 && s.compareTo(order) < 0;
  }

  private String jcaName() {
    return switch (name) {
      case "RS256" -> "SHA256withRSA";
      case "RS384" -> "SHA384withRSA";
      case "RS512" -> "SHA512withRSA";
      case "PS256", "PS384", "PS512" -> "RSASSA-PSS";
      case "ES256" -> "SHA256withECDSAinP1363Format";
      case "ES384" -> "SHA384withECDSAinP1363Format";
      case "ES512" -> "SHA512withECDSAinP1363Format";
      case "EdDSA", "Ed25519" -> "Ed25519";
      default -> throw new IllegalArgumentException("no verifier for " + name);
    };
  }

  private @Nullable AlgorithmParameterSpec parameters() {
    return switch (name) {
      case "PS256" -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
      case "PS384" -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
      case "PS512" -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
      default -> null;
    };
  }

  private static PSSParameterSpec pss(String hash, MGF1ParameterSpec mask, int saltLength) {
    return new PSSParameterSpec(hash, "MGF1", mask, saltLength, PSSParameterSpec.TRAILER_FIELD_BC);
  }
}
