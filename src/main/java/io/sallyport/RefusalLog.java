package io.sallyport;

import io.sallyport.text.Printable;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of refusals: each one at DEBUG, and all of them at WARN in one line a minute
 * at most, so that nobody can fill the log by sending bad tokens.
 */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");
  static final long INTERVAL = TimeUnit.SECONDS.toNanos(60);
  private static final String DEFECT = "a defect in the gate, which stays shut";

  /** As long as each correlation. */
  static final String NO_CORRELATION = "0".repeat(16);

  private final String undecided;
  private final LongSupplier nanoTime;
  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
  private final AtomicLong toldAt;
  private final AtomicLong defectToldAt;
  private final long madeAt;

  /**
   * Makes a log.
   *
   * @param undecided what stands for the issuer where a refusal does not tell which it is
   */
  RefusalLog(String undecided, LongSupplier nanoTime) {
    this.undecided = undecided;
    this.nanoTime = nanoTime;
    for (Reason reason : Reason.values()) counts.put(reason, new LongAdder());
    this.madeAt = nanoTime.getAsLong();
    this.toldAt = new AtomicLong(madeAt - INTERVAL);
    this.defectToldAt = new AtomicLong(madeAt - INTERVAL);
  }

  /**
   * Notes a refusal.
   *
   * @return the correlation: 16 characters that stand in the log and in the answer
   */
  String note(Refusal refusal) {
    String correlation = noteUntold(undecided, refusal);
    count(refusal.reason()).increment();
    long told = toldAt.get();
    long now = nanoTime.getAsLong();
    if (isDue(toldAt, told, now)) tell(Math.min(now - told, now - madeAt));
    return correlation;
  }

  /** Whether a minute has passed since, and nobody else has told of it meanwhile. */
  static boolean isDue(AtomicLong toldAt, long told, long now) {
    return now - told >= INTERVAL && toldAt.compareAndSet(told, now);
  }

  /** Tells of a defect of ours, which a sender may know how to repeat: at ERROR once a minute. */
  void tellDefect(Throwable defect) {
    Throwable shown = Defect.withoutMessage(defect);
    if (isDue(defectToldAt, defectToldAt.get(), nanoTime.getAsLong())) log.error(DEFECT, shown);
    else log.debug(DEFECT, shown);
  }

  /**
   * Notes a refusal that does not go into the minute's line.
   *
   * @return the correlation: 16 characters that stand in the log and in the answer
   */
  static String noteUntold(String undecided, Refusal refusal) {
    String correlation = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Reason reason = refusal.reason();
    if (log.isDebugEnabled()) {
      log.debug(
          "refused {} {} issuer={} correlation={}: {}",
          reason.code(),
          reason,
          refusal.issuer() == null ? undecided : refusal.issuer(),
          correlation,
          Printable.line(refusal.detail()));
    }
    return correlation;
  }

  private LongAdder count(Reason reason) {
    return Objects.requireNonNull(counts.get(reason));
  }

  /** Tells of what has not been told yet. */
  void close() {
    tell(nanoTime.getAsLong() - toldAt.get());
  }

  private void tell(long nanos) {
    record Count(Reason reason, long number) {}
    List<Count> told =
        Stream.of(Reason.values())
            .map(reason -> new Count(reason, count(reason).sumThenReset()))
            .filter(count -> count.number() > 0)
            .sorted(Comparator.comparingLong(Count::number).reversed())
            .toList();
    if (told.isEmpty()) return;
    long all = told.stream().mapToLong(Count::number).sum();
    String each =
        told.stream()
            .map(count -> count.number() + " " + count.reason().title())
            .collect(Collectors.joining(", "));
    log.warn(
        "{} refused in {} s: {} (each one with its reason at DEBUG)",
        all,
        TimeUnit.NANOSECONDS.toSeconds(nanos),
        each);
  }
}
