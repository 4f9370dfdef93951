package io.sallyport;

import io.sallyport.keys.KeyHealth;
import java.time.Duration;

/**
 * Hears what the gate decides and how its keys fare: for metrics, an alarm, an audit.
 *
 * <p>It changes nothing. What it throws is logged, once a minute at most, and costs neither a
 * request nor a fetch anything. It is called by many threads at once, and whoever calls it waits
 * for it: it has to be quick, and leave to others what is not.
 *
 * <p>It is never given a token, neither its text nor its claims.
 *
 * @since 0.1.0
 */
public interface SallyportListener {
  /**
   * A token was let pass; in the thread of its request, before any handler is called. What a filter
   * has admitted is not told of again by its own routes further in.
   *
   * @param issuer the configured issuer
   * @param took how long it took to decide
   */
  default void verified(String issuer, Duration took) {}

  /**
   * A request or a token was refused; in the thread of its request, before it is answered. A
   * request without a token on a public path is neither verified nor refused.
   *
   * @param refusal why; its {@code issuer} is one of the configured ones, or null
   * @param took how long it took to decide
   */
  default void refused(Refusal refusal, Duration took) {}

  /**
   * The keys of an issuer were fetched, the same ones as before or others; in the thread that
   * fetches them. Keys of a file, a secret or a source of the application's own are never fetched.
   *
   * @param issuer the configured issuer
   * @param keys how they stand from now on
   * @param took how long the fetch took
   */
  default void keysRefreshed(String issuer, KeyHealth keys, Duration took) {}

  /**
   * The keys of an issuer could not be fetched; in the thread that tries to. It will go on trying.
   *
   * @param issuer the configured issuer
   * @param keys how those at hand stand from now on, with what was wrong as their {@code trouble}
   * @param took how long the fetch took
   */
  default void keysFailed(String issuer, KeyHealth keys, Duration took) {}
}
