package io.sallyport;

import io.sallyport.keys.KeyHealth;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * What a flight recording has of the gate. No other class mentions {@code jdk.jfr}, which a runtime
 * may lack: there, this one cannot be made.
 *
 * <p>A recording that says nothing of these events has the decisions that took 20 ms or longer, and
 * each fetch of keys. So nobody can fill it by sending tokens; see {@code docs/observability.md}
 * for how to have every decision.
 */
final class FlightEvents {
  private static final String GATE = "Sallyport";
  private static final String SLOW = "20 ms";

  /** Asked whether anybody records its kind, and never recorded. */
  private final TokenVerified aVerified = new TokenVerified();

  /** The same. */
  private final RequestRefused aRefused = new RequestRefused();

  /** A decision under way: which of the two it will be is not known yet. */
  static final class Pending {
    private final TokenVerified verified = new TokenVerified();
    private final RequestRefused refused = new RequestRefused();
  }

  /** A token that the gate has let pass. */
  @Name("io.sallyport.TokenVerified")
  @Label("Token Verified")
  @Description("A token that the gate has let pass")
  @Category(GATE)
  @StackTrace(false)
  @Threshold(SLOW)
  static final class TokenVerified extends Event {
    @Label("Issuer")
    @Nullable String issuer;
  }

  /** A request or a token that the gate has not let pass. */
  @Name("io.sallyport.RequestRefused")
  @Label("Request Refused")
  @Description("A request or a token that the gate has not let pass")
  @Category(GATE)
  @StackTrace(false)
  @Threshold(SLOW)
  static final class RequestRefused extends Event {
    @Label("Code")
    @Description("A heading in docs/refusals.md, such as SP-305")
    @Nullable String code;

    @Label("Reason")
    @Nullable String reason;

    @Label("Issuer")
    @Description("Nothing where it did not come to choosing one")
    @Nullable String issuer;
  }

  /** A fetch of an issuer's keys, good or not. */
  @Name("io.sallyport.KeysRefreshed")
  @Label("Keys Refreshed")
  @Description("A fetch of an issuer's keys that has ended")
  @Category(GATE)
  @StackTrace(false)
  static final class KeysRefreshed extends Event {
    @Label("Issuer")
    @Nullable String issuer;

    @Label("Success")
    boolean success;

    @Label("State")
    @Description("How the keys stand from now on: FRESH, STALE or UNAVAILABLE")
    @Nullable String state;

    @Label("Keys")
    @Description("How many of them tokens can be verified with")
    int keys;

    @Label("Trouble")
    @Description("Why there are no new ones")
    @Nullable String trouble;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
  }

  /** A decision that begins now, or null where nobody records decisions. */
  @Nullable Pending begin() {
    if (!aVerified.isEnabled() && !aRefused.isEnabled()) return null;
    Pending pending = new Pending();
    pending.verified.begin();
    pending.refused.begin();
    return pending;
  }

  void verified(Pending pending, String issuer) {
    TokenVerified event = pending.verified;
    event.end();
    if (!event.shouldCommit()) return;
    event.issuer = issuer;
    event.commit();
  }

  void refused(Pending pending, Refusal refusal) {
    RequestRefused event = pending.refused;
    event.end();
    if (!event.shouldCommit()) return;
    event.code = refusal.reason().code();
    event.reason = refusal.reason().name();
    event.issuer = refusal.issuer();
    event.commit();
  }

  void keysFetched(String issuer, KeyHealth keys, Duration took) {
    KeysRefreshed event = new KeysRefreshed();
    if (!event.shouldCommit()) return;
    event.issuer = issuer;
    event.success = keys.trouble() == null;
    event.state = keys.state().name();
    event.keys = keys.count() == null ? 0 : keys.count();
    event.trouble = keys.trouble();
    event.took = took.toNanos();
    event.commit();
  }
}
