package io.sallyport.keys;

import java.time.Clock;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * How published keys are kept fresh, and who hears of it.
 *
 * @param refresh how often they are fetched anew
 * @param maxAge how long after their fetch the last good ones serve in an outage
 * @param clock the wall clock, for the ends that keys themselves may have
 * @param nanoTime the monotonic clock, for every interval
 * @param told hears of every fetch after its end, how the keys stand from then on and how long it
 *     took; in the thread that fetches, so it has to be quick
 * @since 0.1.0
 */
public record Rotation(
    Duration refresh,
    Duration maxAge,
    Clock clock,
    LongSupplier nanoTime,
    BiConsumer<KeyHealth, Duration> told) {
  /**
   * Refuses what would flood the issuer, or leave times without keys.
   *
   * @param refresh at least a second
   * @param maxAge at least {@code refresh}
   * @param clock the time of day
   * @param nanoTime the time that passes
   * @param told who hears of each fetch
   */
  public Rotation {
    if (refresh.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(refresh) < 0) {
      throw new IllegalArgumentException(
          "refresh is at least a second, and maxAge no less: " + refresh + ", " + maxAge);
    }
  }

  /**
   * Keys that nobody hears of.
   *
   * @param refresh how often they are fetched anew
   * @param maxAge how long after their fetch the last good ones serve in an outage
   * @param clock the wall clock, for the ends that keys themselves may have
   * @param nanoTime the monotonic clock, for every interval
   */
  public Rotation(Duration refresh, Duration maxAge, Clock clock, LongSupplier nanoTime) {
    this(refresh, maxAge, clock, nanoTime, (keys, took) -> {});
  }
}
