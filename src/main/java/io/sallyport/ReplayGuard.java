package io.sallyport;

import java.time.Instant;

/**
 * Remembers which DPoP proofs have been used, so that none is good twice (RFC 9449 section 11.1).
 *
 * <p>Without one of its own an application gets a guard in memory for each filter. Where several
 * nodes serve the same resource, a proof that one node has taken is still good at the others, until
 * they share a guard: a store that can tell, in one step, whether it had a key before.
 *
 * <p>It is called on the request's thread, once for each proof that has passed every other check.
 * Implementations are safe for use by many threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ReplayGuard {
  /**
   * Notes the use of a proof.
   *
   * @param proof what stands for the proof: 43 characters of base64url, the hash of its key's
   *     thumbprint and its {@code jti}
   * @param until the last instant at which the proof may pass; it may be forgotten after that
   * @return true for the first use, false for every later one
   * @throws Exception if it cannot be known, such as when the store is full or out of reach: the
   *     request is answered 503. Forgetting a proof to make room would make a stolen one good again
   */
  boolean firstUse(String proof, Instant until) throws Exception;
}
