package io.sallyport.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signatures of one algorithm under one public key with the JDK's providers (RFC 7518
 * sections 3.3 to 3.5, RFC 8037 section 3.1).
 *
 * <p>Nimbus's own verifiers look the provider up and prepare a {@code Signature} for every token,
 * and have no EdDSA without Tink. Here prepared objects wait in slots chosen by thread; one that is
 * in use is simply not there, and the next thread makes another. No ThreadLocal: those outlive a
 * redeployed application, and a virtual thread would never meet its own again.
 */
final class PreparedVerifier implements JWSVerifier {
  private static final int SLOTS = 32;
  private static final int ED25519_LENGTH = 64;

  private final JWSAlgorithm algorithm;
  private final PublicKey key;
  private final JCAContext jcaContext = new JCAContext();
  private final AtomicReferenceArray<@Nullable Signature> idle = new AtomicReferenceArray<>(SLOTS);

  /**
   * Prepares a verifier.
   *
   * @throws GeneralSecurityException if no provider can verify this algorithm under this key
   */
  PreparedVerifier(JWSAlgorithm algorithm, PublicKey key) throws GeneralSecurityException {
    this.algorithm = algorithm;
    this.key = key;
    giveBack(prepare());
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(algorithm);
  }

  @Override
  public JCAContext getJCAContext() {
    return jcaContext;
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
      throws JOSEException {
    if (!algorithm.equals(header.getAlgorithm())) return false;
    byte[] octets = octets(signature);
    if (octets == null || !wellFormed(octets)) return false;
    try {
      Signature verifier = borrow();
      verifier.update(signingInput);
      boolean good = verifier.verify(octets);
      giveBack(verifier);
      return good;
    } catch (SignatureException e) {
      return false; // a signature that is none; its object is not used again
    } catch (GeneralSecurityException e) {
      throw new JOSEException("the provider of " + algorithm + " failed", e);
    }
  }

  private static byte @Nullable [] octets(Base64URL signature) {
    try {
      return Base64.getUrlDecoder().decode(signature.toString());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What the providers of some Java releases leave out, made sure of for all of them. */
  private boolean wellFormed(byte[] signature) {
    if (key instanceof ECPublicKey ec) return isPairBelowOrder(signature, ec);
    // Java 17 takes an Ed25519 signature with a zero byte behind it for a good one.
    return !(key instanceof EdECPublicKey) || signature.length == ED25519_LENGTH;
  }

  /**
   * ECDSA signatures are r and s, each of the order's length, 0 &lt; r, s &lt; n. Java 17.0.0 to
   * 17.0.2 took r = s = 0 for a signature of anything (CVE-2022-21449).
   */
  private static boolean isPairBelowOrder(byte[] signature, ECPublicKey ec) {
    BigInteger order = ec.getParams().getOrder();
    int length = (order.bitLength() + 7) / 8;
    if (signature.length != 2 * length) return false;
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, length));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, length, 2 * length));
    return r.signum() > 0 && s.signum() > 0 && r.compareTo(order) < 0 && s.compareTo(order) < 0;
  }

  private Signature borrow() throws GeneralSecurityException {
    Signature verifier = idle.getAndSet(slot(), null);
    return verifier != null ? verifier : prepare();
  }

  private void giveBack(Signature verifier) {
    idle.set(slot(), verifier);
  }

  private static int slot() {
    return (int) (Thread.currentThread().getId() % SLOTS);
  }

  private Signature prepare() throws GeneralSecurityException {
    Signature verifier = Signature.getInstance(jcaName());
    AlgorithmParameterSpec parameters = parameters();
    if (parameters != null) verifier.setParameter(parameters);
    verifier.initVerify(key);
    return verifier;
  }

  private String jcaName() {
    return switch (algorithm.getName()) {
      case "RS256" -> "SHA256withRSA";
      case "RS384" -> "SHA384withRSA";
      case "RS512" -> "SHA512withRSA";
      case "PS256", "PS384", "PS512" -> "RSASSA-PSS";
      case "ES256" -> "SHA256withECDSAinP1363Format";
      case "ES384" -> "SHA384withECDSAinP1363Format";
      case "ES512" -> "SHA512withECDSAinP1363Format";
      case "EdDSA", "Ed25519" -> "Ed25519";
      default -> throw new IllegalArgumentException("no verifier for " + algorithm);
    };
  }

  private @Nullable AlgorithmParameterSpec parameters() {
    return switch (algorithm.getName()) {
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
