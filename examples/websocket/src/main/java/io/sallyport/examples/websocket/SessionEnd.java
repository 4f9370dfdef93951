package io.sallyport.examples.websocket;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * Ends one session: at an instant, or at once. A client that does not follow is cut off.
 *
 * <p>The server's own scheduler waits for it, so there is no thread to stop: what waits there is
 * dropped with the server. The monitor guards the fields, and is never held while a session is
 * called.
 */
final class SessionEnd {
  /** So that a step of the wall clock is noticed. */
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  /** How long a client has to answer the close. */
  private static final long GRACE_MILLIS = 1000;

  private final Scheduler scheduler;
  private Scheduler.@Nullable Task next;
  private boolean over;

  SessionEnd(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Closes the session at an instant, or at once where that is past. */
  void at(Instant end, Session session, int code, @Nullable String why) {
    if (!session.isOpen()) return;
    Duration left = Duration.between(Instant.now(), end);
    if (left.isZero() || left.isNegative()) {
      now(session, code, why);
    } else {
      long wait = Math.min(left.toMillis() + 1, LONGEST_WAIT_MILLIS);
      await(() -> at(end, session, code, why), wait);
    }
  }

  /** Closes the session. */
  void now(Session session, int code, @Nullable String why) {
    if (begin(session)) session.close(code, why, Callback.NOOP);
  }

  private synchronized boolean begin(Session session) {
    if (over) return false;
    await(session::disconnect, GRACE_MILLIS);
    over = true;
    return true;
  }

  /** In place of what was waited for before. */
  private synchronized void await(Runnable then, long millis) {
    if (over) return;
    if (next != null) next.cancel();
    next = scheduler.schedule(then, millis, TimeUnit.MILLISECONDS);
  }

  /** Whether the end has begun: nothing that the client says counts any more. */
  synchronized boolean hasBegun() {
    return over;
  }

  /**
   * Waits for nothing any more.
   *
   * @return false if the end has begun before
   */
  synchronized boolean cancel() {
    boolean inTime = !over;
    over = true;
    if (next != null) next.cancel();
    return inTime;
  }
}
