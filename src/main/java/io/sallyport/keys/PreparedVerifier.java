package io.sallyport.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import io.sallyport.text.Spares;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies by one algorithm under one key with the JDK's providers. Nimbus's own verifiers look the
 * provider up and prepare its object for every token; here prepared ones are kept.
 *
 * @param <T> the provider's object
 */
abstract class PreparedVerifier<T> implements JWSVerifier {
  private final JWSAlgorithm algorithm;
  private final JCAContext jcaContext = new JCAContext();
  private final Spares<T> spares = new Spares<>();

  PreparedVerifier(JWSAlgorithm algorithm) {
    this.algorithm = algorithm;
  }

  /** Makes an object that is ready to verify under the key. */
  abstract T prepare() throws GeneralSecurityException;

  /**
   * Verifies.
   *
   * @throws SignatureException if the signature is none; the object is not used again
   */
  abstract boolean holds(T prepared, ByteBuffer signingInput, byte[] signature)
      throws GeneralSecurityException;

  @Override
  public final Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(algorithm);
  }

  @Override
  public final JCAContext getJCAContext() {
    return jcaContext;
  }

  @Override
  public final boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
      throws JOSEException {
    byte[] octets = octets(signature);
    return octets != null
        && algorithm.equals(header.getAlgorithm())
        && verify(ByteBuffer.wrap(signingInput), octets);
  }

  /**
   * Verifies what has been decoded already.
   *
   * @throws JOSEException if the provider fails
   */
  final boolean verify(ByteBuffer signingInput, byte[] signature) throws JOSEException {
    try {
      T spare = spares.take();
      T prepared = spare != null ? spare : prepare();
      boolean good = holds(prepared, signingInput, signature);
      spares.giveBack(prepared);
      return good;
    } catch (SignatureException e) {
      return false;
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

  /** Makes sure that a provider can do it, and keeps what that took. */
  final void prepareFirst() throws GeneralSecurityException {
    spares.giveBack(prepare());
  }
}
