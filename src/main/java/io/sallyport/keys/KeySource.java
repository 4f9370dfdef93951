package io.sallyport.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers which key a token's header names (RFC 7515 section 4.1.4, RFC 7517).
 *
 * <p>An implementation is safe for use by many threads, answers from memory whenever it can, and
 * never throws for what a header holds: it has not been verified by anything yet.
 *
 * @since 0.1.0
 */
public interface KeySource extends AutoCloseable {
  /**
   * Looks for the one key that fits a header.
   *
   * @param header {@code alg}, {@code kid} and {@code typ} of a token whose signature is not yet
   *     verified; whatever else its header has is left out
   * @return the key, or why there is none
   */
  Answer find(JWSHeader header);

  /**
   * Tells whether a key that was found earlier would still be found now. Never waits.
   *
   * @param key a key out of an earlier answer of this source
   * @return false once the key is withdrawn, expired, or too old to be believed
   */
  boolean holds(Key key);

  /** Starts what works in the background, so that the first request finds its keys ready. */
  default void start() {}

  /**
   * Waits for the first keys.
   *
   * @param patience how long to wait at most
   * @return empty once there are keys to verify with, else why there are none, fit for a log
   */
  default Optional<String> awaitKeys(Duration patience) {
    return Optional.empty();
  }

  /**
   * Tells how the keys stand, for an operator. Never waits.
   *
   * @return unless a source says more, what {@link #awaitKeys} says to somebody without patience
   */
  default KeyHealth health() {
    return awaitKeys(Duration.ZERO)
        .map(why -> new KeyHealth(KeyHealth.State.UNAVAILABLE, null, null, why))
        .orElseGet(() -> new KeyHealth(KeyHealth.State.FRESH, null, null, null));
  }

  /** Ends every thread that this source started, and with them its answers. */
  @Override
  default void close() {}

  /**
   * What a look-up came to.
   *
   * @since 0.1.0
   */
  sealed interface Answer permits Found, Unknown, Unavailable {}

  /**
   * The one key that fits.
   *
   * @param key the key, ready to verify with
   * @since 0.1.0
   */
  record Found(Key key) implements Answer {}

  /**
   * No key fits, and that is certain.
   *
   * @param why what kept the keys at hand from fitting
   * @param keys how many keys there are
   * @since 0.1.0
   */
  record Unknown(Why why, int keys) implements Answer {}

  /**
   * It cannot be known now: there are no keys, or none that are recent enough.
   *
   * @since 0.1.0
   */
  record Unavailable() implements Answer {}

  /**
   * What kept the keys at hand from fitting.
   *
   * @since 0.1.0
   */
  enum Why {
    /**
     * No key has the header's {@code kid}; or the header has none and no key fits its algorithm.
     */
    NO_SUCH_KEY,
    /** The {@code kid} is known, but its key is not made for the header's algorithm. */
    UNFIT,
    /** Several keys fit, and nothing tells which of them is meant. */
    AMBIGUOUS
  }

  /**
   * A key made ready once, when its set arrived, with a verifier for each algorithm it is for.
   *
   * @since 0.1.0
   */
  final class Key {
    private final @Nullable String kid;
    private final Map<JWSAlgorithm, JWSVerifier> verifiers;
    private final @Nullable Instant expiresAt;

    /**
     * Makes a key.
     *
     * @param kid its id, or null where it has none
     * @param verifiers a verifier for each algorithm that the key is good for
     * @param expiresAt when the key ends (the {@code exp} that OpenID Federation gives a JWK), or
     *     null
     */
    public Key(
        @Nullable String kid,
        Map<JWSAlgorithm, JWSVerifier> verifiers,
        @Nullable Instant expiresAt) {
      this.kid = kid;
      this.verifiers = Map.copyOf(verifiers);
      this.expiresAt = expiresAt;
    }

    /**
     * The id of this key.
     *
     * @return the {@code kid}, or null where the key has none
     */
    public @Nullable String kid() {
      return kid;
    }

    /**
     * The algorithms that this key verifies.
     *
     * @return an unmodifiable set, never empty for a key out of a set
     */
    public Set<JWSAlgorithm> algorithms() {
      return verifiers.keySet();
    }

    /**
     * The verifier for an algorithm.
     *
     * @param algorithm the {@code alg} of a header
     * @return the verifier, or null where this key is not for that algorithm
     */
    public @Nullable JWSVerifier verifier(JWSAlgorithm algorithm) {
      return verifiers.get(algorithm);
    }

    /**
     * Verifies a signature (RFC 7515 section 5.2).
     *
     * @param header the header, whose {@code alg} is one of this key's
     * @param signingInput what was signed, from the buffer's position to its limit
     * @param signature the signature, decoded
     * @return whether it holds; false also where this key is not for that algorithm
     * @throws JOSEException if the verifier fails
     */
    public boolean verifies(JWSHeader header, ByteBuffer signingInput, byte[] signature)
        throws JOSEException {
      JWSVerifier verifier = verifiers.get(header.getAlgorithm());
      if (verifier == null) return false;
      if (verifier instanceof PreparedVerifier<?> ours) return ours.verify(signingInput, signature);
      byte[] copy = new byte[signingInput.remaining()];
      signingInput.get(copy);
      return verifier.verify(header, copy, Base64URL.encode(signature));
    }

    /**
     * Tells whether this key has ended.
     *
     * @param now the time to compare with
     * @return true at or after the end, where there is one
     */
    public boolean expiredAt(Instant now) {
      return expiresAt != null && !now.isBefore(expiresAt);
    }
  }
}
