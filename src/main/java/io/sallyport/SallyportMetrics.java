package io.sallyport;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.sallyport.keys.KeyHealth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Meters for Micrometer, kept by what a {@link SallyportListener} hears. Micrometer has to be there
 * for this class alone: whoever does not use it needs none.
 *
 * <pre>{@code
 * SallyportFilter.builder().listener(new SallyportMetrics(registry))
 * }</pre>
 *
 * <ul>
 *   <li>{@code sallyport.requests}: counter by {@code outcome} ({@code verified}, {@code refused}),
 *       {@code reason} (the code), {@code title} (the same in words) and {@code issuer}
 *   <li>{@code sallyport.decision}: timer by {@code outcome}
 *   <li>{@code sallyport.keys.fetches}: timer by {@code issuer} and {@code outcome} ({@code
 *       refreshed}, {@code failed})
 *   <li>{@code sallyport.keys.age}: gauge by {@code issuer}, how long ago the last good keys were
 *       fetched
 *   <li>{@code sallyport.keys.count}: gauge by {@code issuer}, how many keys tokens can be verified
 *       with as of the last fetch; 0 means 503
 * </ul>
 *
 * <p>No tag holds anything that a sender chose: the values are configured issuers, reasons and the
 * words above, {@code none} where there is nothing to say. Safe for use by several threads, and by
 * several filters, whose numbers then add up unless tags tell them apart.
 *
 * @since 0.1.0
 */
public final class SallyportMetrics implements SallyportListener {
  private static final String NONE = "none";

  private final MeterRegistry registry;
  private final Iterable<Tag> tags;
  private final Timer verified;
  private final Timer refused;
  private final Map<Kind, Counter> requests = new ConcurrentHashMap<>();
  private final Map<String, Fetched> fetched = new ConcurrentHashMap<>();

  /** What is counted by itself; without a reason it is what was verified. */
  private record Kind(@Nullable Reason reason, @Nullable String issuer) {}

  /** How an issuer's keys stood after their last fetch, and when that was. */
  private record Fetched(KeyHealth keys, long at) {}

  /**
   * Begins to keep meters.
   *
   * @param registry where they are kept
   */
  public SallyportMetrics(MeterRegistry registry) {
    this(registry, List.of());
  }

  /**
   * Begins to keep meters that have tags of the application's own too.
   *
   * @param registry where they are kept
   * @param tags what tells this filter from others
   */
  public SallyportMetrics(MeterRegistry registry, Iterable<Tag> tags) {
    this.registry = registry;
    this.tags = Tags.of(tags);
    this.verified = decisions("verified");
    this.refused = decisions("refused");
  }

  private Timer decisions(String outcome) {
    return Timer.builder("sallyport.decision")
        .description("How long it took to decide on a request")
        .tags(tags)
        .tag("outcome", outcome)
        .register(registry);
  }

  @Override
  public void verified(String issuer, Duration took) {
    count(new Kind(null, issuer));
    verified.record(took);
  }

  @Override
  public void refused(Refusal refusal, Duration took) {
    count(new Kind(refusal.reason(), refusal.issuer()));
    refused.record(took);
  }

  private void count(Kind kind) {
    requests.computeIfAbsent(kind, this::counter).increment();
  }

  private Counter counter(Kind kind) {
    Reason reason = kind.reason();
    return Counter.builder("sallyport.requests")
        .description("Requests and tokens that were decided on")
        .tags(tags)
        .tag("outcome", reason == null ? "verified" : "refused")
        .tag("reason", reason == null ? NONE : reason.code())
        .tag("title", reason == null ? NONE : reason.title())
        .tag("issuer", Objects.requireNonNullElse(kind.issuer(), NONE))
        .register(registry);
  }

  @Override
  public void keysRefreshed(String issuer, KeyHealth keys, Duration took) {
    keep(issuer, keys, took, "refreshed");
  }

  @Override
  public void keysFailed(String issuer, KeyHealth keys, Duration took) {
    keep(issuer, keys, took, "failed");
  }

  private void keep(String issuer, KeyHealth keys, Duration took, String outcome) {
    Timer.builder("sallyport.keys.fetches")
        .description("Fetches of an issuer's keys")
        .tags(tags)
        .tag("issuer", issuer)
        .tag("outcome", outcome)
        .register(registry)
        .record(took);
    if (fetched.put(issuer, new Fetched(keys, now())) == null) watch(issuer);
  }

  private long now() {
    return registry.config().clock().monotonicTime();
  }

  private void watch(String issuer) {
    TimeGauge.builder("sallyport.keys.age", () -> age(issuer), TimeUnit.NANOSECONDS)
        .description("How long ago the last good keys were fetched")
        .tags(tags)
        .tag("issuer", issuer)
        .register(registry);
    Gauge.builder("sallyport.keys.count", () -> number(issuer))
        .description("Keys that tokens can be verified with, as of the last fetch")
        .tags(tags)
        .tag("issuer", issuer)
        .register(registry);
  }

  private Number age(String issuer) {
    Fetched last = fetched.get(issuer);
    Duration age = last == null ? null : last.keys().age();
    return last == null || age == null ? Double.NaN : age.toNanos() + (now() - last.at());
  }

  private Number number(String issuer) {
    Fetched last = fetched.get(issuer);
    Integer count = last == null ? null : last.keys().count();
    return count == null ? Double.NaN : count;
  }
}
