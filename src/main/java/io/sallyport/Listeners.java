package io.sallyport;

import io.sallyport.keys.KeyHealth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody who hears of decisions and of keys: the application's listeners, and the JDK's flight
 * recorder. None of them changes what was decided. With no listener and no recording, no clock is
 * read and nothing is made.
 */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");
  private static final String TROUBLE = "a listener failed, which changes no decision";

  private final List<SallyportListener> all;
  private final LongSupplier nanoTime;
  private final @Nullable FlightEvents recorder;
  private final AtomicLong toldAt;

  Listeners(List<SallyportListener> all, LongSupplier nanoTime) {
    this.all = List.copyOf(all);
    this.nanoTime = nanoTime;
    this.recorder = recorder();
    this.toldAt = new AtomicLong(nanoTime.getAsLong() - RefusalLog.INTERVAL);
  }

  private static @Nullable FlightEvents recorder() {
    try {
      return new FlightEvents();
    } catch (NoClassDefFoundError e) { // a runtime without jdk.jfr
      return null;
    }
  }

  /**
   * A decision that somebody wants to hear of.
   *
   * @param at when it began, where there are listeners
   * @param pending what a recording gets of it, where there is one
   */
  record Begun(long at, FlightEvents.@Nullable Pending pending) {}

  /** A decision that begins now, or null where nobody wants to hear of it. */
  @Nullable Begun begin() {
    FlightEvents.Pending pending = recorder == null ? null : recorder.begin();
    if (all.isEmpty()) return pending == null ? null : new Begun(0, pending);
    return new Begun(nanoTime.getAsLong(), pending);
  }

  void verified(@Nullable Begun begun, String issuer) {
    if (begun == null) return;
    if (recorder != null && begun.pending() != null) recorder.verified(begun.pending(), issuer);
    if (all.isEmpty()) return;
    Duration took = since(begun);
    tell(listener -> listener.verified(issuer, took));
  }

  void refused(@Nullable Begun begun, Refusal refusal) {
    if (begun == null) return;
    if (recorder != null && begun.pending() != null) recorder.refused(begun.pending(), refusal);
    if (all.isEmpty()) return;
    Duration took = since(begun);
    tell(listener -> listener.refused(refusal, took));
  }

  private Duration since(Begun begun) {
    return Duration.ofNanos(nanoTime.getAsLong() - begun.at());
  }

  /** Hears of a fetch by how the keys stand after it. */
  void keysFetched(String issuer, KeyHealth keys, Duration took) {
    if (recorder != null) recorder.keysFetched(issuer, keys, took);
    if (keys.trouble() == null) tell(listener -> listener.keysRefreshed(issuer, keys, took));
    else tell(listener -> listener.keysFailed(issuer, keys, took));
  }

  private void tell(Consumer<SallyportListener> what) {
    for (SallyportListener listener : all) {
      try {
        what.accept(listener);
      } catch (Throwable e) { // whatever it is, the decision stands
        if (e instanceof InterruptedException) Thread.currentThread().interrupt();
        tellTrouble(Defect.withoutMessage(e));
      }
    }
  }

  private void tellTrouble(Throwable shown) {
    if (RefusalLog.isDue(toldAt, toldAt.get(), nanoTime.getAsLong())) log.warn(TROUBLE, shown);
    else log.debug(TROUBLE, shown);
  }
}
