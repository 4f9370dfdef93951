package io.sallyport;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Ends exchanges that go on asynchronously when their tokens expire.
 *
 * <p>One thread waits for the first of them, and only while there is one. It completes nothing
 * itself: it hands that over to the container's own threads, so that a listener of the application
 * that hangs, or a client that does not read, holds up nobody else's end. An exchange that is just
 * being dispatched cannot be completed; it is tried again until the container says that it is over,
 * and so is one that a handler starts anew. What is over is forgotten at once.
 *
 * <p>The monitor guards the fields below it, and is never held while the container is called.
 */
final class Expiries implements AutoCloseable {
  static final String THREAD = "sallyport-expiry";

  private static final Duration RETRY = Duration.ofMillis(200);

  /** So that a step of the wall clock is noticed. */
  private static final long LONGEST_WAIT_MILLIS = 1000;

  private static final long PATIENCE_AT_CLOSE_MILLIS = 1000;

  private final Clock clock;

  private final TreeSet<Exchange> open = new TreeSet<>();
  private long added;
  private @Nullable Thread thread;
  private boolean closed;

  Expiries(Clock clock) {
    this.clock = clock;
  }

  /**
   * Ends an exchange at an instant, or at once where that is past.
   *
   * @throws IllegalStateException if the container takes no listener for it any more
   */
  void add(AsyncContext context, Instant end) {
    Exchange exchange = new Exchange(context, end, nextNumber());
    context.addListener(exchange);
    if (!await(exchange, end)) exchange.end();
  }

  private synchronized long nextNumber() {
    return added++;
  }

  /** False where nobody waits any more. */
  private synchronized boolean await(Exchange exchange, Instant due) {
    if (closed) return false;
    open.remove(exchange); // or its place there would be wrong
    exchange.due = due;
    if (exchange.isOver) return true;
    open.add(exchange);
    if (thread == null) startThread();
    else if (open.first() == exchange) notifyAll();
    return true;
  }

  private void startThread() {
    Thread waiting = new Thread(this::endWhenDue, THREAD);
    waiting.setDaemon(true);
    waiting.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    waiting.start();
    thread = waiting;
  }

  private void endWhenDue() {
    for (Exchange due = awaitDue(); due != null; due = awaitDue()) due.end();
  }

  /** The next to be ended, or null where there is none, and the thread ends. */
  private synchronized @Nullable Exchange awaitDue() {
    while (!open.isEmpty()) {
      Instant now = clock.instant();
      Exchange first = open.first();
      if (!now.isBefore(first.due)) return open.pollFirst();
      long left = Math.max(1, Duration.between(now, first.due).toMillis());
      try {
        wait(Math.min(left, LONGEST_WAIT_MILLIS));
      } catch (InterruptedException e) {
        // By somebody who may not end this thread: close() does it in another way.
      }
    }
    thread = null;
    return null;
  }

  private synchronized void tryAgain(Exchange exchange) {
    await(exchange, clock.instant().plus(RETRY));
  }

  private synchronized boolean awaitAnew(Exchange exchange) {
    exchange.isOver = false;
    return await(exchange, exchange.end);
  }

  private synchronized void forget(Exchange exchange) {
    exchange.isOver = true;
    open.remove(exchange);
    if (open.isEmpty()) notifyAll();
  }

  /** How many exchanges are waited for. */
  synchronized int size() {
    return open.size();
  }

  /** Ends the exchanges, and the thread. */
  @Override
  public void close() {
    List<Exchange> left;
    Thread waiting;
    synchronized (this) {
      closed = true;
      left = List.copyOf(open);
      open.clear();
      waiting = thread;
      notifyAll();
    }
    left.forEach(Exchange::end);
    if (waiting == null) return;
    try {
      waiting.join(PATIENCE_AT_CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One exchange, through every cycle of it. */
  private final class Exchange implements AsyncListener, Comparable<Exchange> {
    private final Instant end;
    private final long number;
    private volatile AsyncContext context;

    /** Guarded by the monitor, and changed only while the exchange is not among the others. */
    private Instant due;

    /** Guarded by the monitor. */
    private boolean isOver;

    Exchange(AsyncContext context, Instant end, long number) {
      this.context = context;
      this.end = end;
      this.due = end;
      this.number = number;
    }

    void end() {
      try {
        context.start(this::complete);
      } catch (RuntimeException | Error e) { // it is being dispatched, or the container is stopping
        tryAgain(this);
      }
    }

    /** While it is dispatched, Undertow would take this for the end and go on all the same. */
    private void complete() {
      try {
        if (context.getRequest().isAsyncStarted()) context.complete();
        else tryAgain(this);
      } catch (RuntimeException e) {
        tryAgain(this);
      }
    }

    /**
     * The container drops its listeners with each new cycle, and may have told of an end before.
     */
    @Override
    public void onStartAsync(AsyncEvent event) {
      context = event.getAsyncContext();
      context.addListener(this);
      if (!awaitAnew(this)) end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
      forget(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public int compareTo(Exchange other) {
      int order = due.compareTo(other.due);
      return order != 0 ? order : Long.compare(number, other.number);
    }
  }
}
