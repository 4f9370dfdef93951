package io.sallyport;

/**
 * A check of the application's own on a token that has passed all the others: a deny list by issuer
 * and {@code jti}, or the status of an account.
 *
 * <p>It is asked on every request, also for a token that was verified before, and by several
 * threads at once; it should answer from memory. It never sees a token that is not verified, nor
 * more of it than a handler would.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TokenCheck {
  /**
   * Decides on a token.
   *
   * @param token verified, narrowed, and with the scopes that the route takes
   * @return true to let the request on; false refuses the token with 401
   * @throws Exception if it cannot be known; the request is answered 503, so that its client keeps
   *     the token
   */
  boolean admits(VerifiedToken token) throws Exception;
}
