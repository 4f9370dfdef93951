package io.sallyport.keys;

import com.nimbusds.jose.JWSHeader;
import io.sallyport.text.Printable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that an issuer publishes and changes when it likes.
 *
 * <p>Three wishes pull at a rotating key set. A request must not wait for the network; a key that
 * the issuer has just published must work at its first token; and nobody who can invent key ids may
 * make us flood the issuer. They meet in one thread, which alone fetches, one fetch at a time, and
 * in one volatile value, {@link Known}, which is all that a request under a known key reads.
 *
 * <ul>
 *   <li>The thread fetches anew every refresh interval, counted from the start of the last fetch,
 *       so a withdrawn key is gone after that interval and one fetch's deadline.
 *   <li>A request with an unknown key id may ask for one fetch ahead of time, then not again for
 *       {@link #COOL_DOWN}, and waits {@link #PATIENCE_FOR_NEW_KEY} at most. This permit is apart
 *       from the regular fetches: a rotation just after one of those costs nobody a false refusal.
 *   <li>While there are no keys at all, requests wait for the fetch that is under way, the whole
 *       {@link #FETCH_DEADLINE} if need be; between failed fetches, which back off from 1 to 15 s,
 *       they are answered at once.
 *   <li>A failed fetch changes nothing but the time of the next: the last good keys serve on until
 *       they are older than the greatest age. From then on it cannot be known who is right, so the
 *       answer is "unavailable", and so it is for an unknown key id after a failed fetch.
 * </ul>
 *
 * <p>Ages and intervals are read from the monotonic clock: setting the wall clock back or forth
 * moves none of them. The lock guards the fields below it; it is never held while the network is
 * waited for.
 */
final class RotatingKeys implements KeySource {
  /** How long one fetch may take, discovery included. */
  static final Duration FETCH_DEADLINE = Duration.ofSeconds(5);

  /** How long a request under an unknown key id waits for the fetch that may know it. */
  static final Duration PATIENCE_FOR_NEW_KEY = Duration.ofSeconds(1);

  /** How long after a fetch for an unknown key id no other is made for one. */
  static final Duration COOL_DOWN = Duration.ofSeconds(30);

  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(15);
  private static final Duration PATIENCE_AT_CLOSE = Duration.ofMillis(1500);
  private static final Logger log = LoggerFactory.getLogger("io.sallyport.keys");

  /** Brings a key set; called by one thread at a time. */
  interface Fetch extends AutoCloseable {
    /**
     * Fetches the keys.
     *
     * @param patience how long it may take in all
     * @param previous the set before, whose keys are kept where they are the same; or null
     * @throws IOException with a message fit for a log, if there is no usable set in time
     */
    KeySet fetch(Duration patience, @Nullable KeySet previous)
        throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
  }

  /** What is known of the keys: replaced as a whole. */
  private record Known(@Nullable KeySet keys, long since, @Nullable String trouble) {
    Known troubledBy(String what) {
      return new Known(keys, since, what);
    }
  }

  private final String name;
  private final Fetch fetch;
  private final Rotation rotation;
  private final Clock clock;
  private final LongSupplier nanoTime;

  private volatile Known known = new Known(null, 0, null);

  /** Touched by the fetching thread alone. */
  private boolean toldOfNone;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Thread thread;
  private boolean closed;
  private long stoppedAt;
  private boolean fetching;
  private long begun;
  private int failures;
  private long due;
  private @Nullable Long demanded;

  /**
   * Makes a source; nothing is fetched before {@link #start()} or the first look-up.
   *
   * @param name what the log calls these keys
   */
  RotatingKeys(String name, Fetch fetch, Rotation rotation) {
    this.name = name;
    this.fetch = fetch;
    this.rotation = rotation;
    this.clock = rotation.clock();
    this.nanoTime = rotation.nanoTime();
    this.due = nanoTime.getAsLong();
  }

  @Override
  public Answer find(JWSHeader header) {
    Answer answer = lookUp(header);
    return isCertain(answer) ? answer : findAfterFetch(header);
  }

  @Override
  public boolean holds(Key key) {
    KeySet keys = usable(known);
    return keys != null && keys.holds(key, clock.instant());
  }

  private Answer lookUp(JWSHeader header) {
    KeySet keys = usable(known);
    return keys == null ? new Unavailable() : keys.find(header, clock.instant());
  }

  private @Nullable KeySet usable(Known known) {
    boolean tooOld = nanoTime.getAsLong() - known.since >= rotation.maxAge().toNanos();
    return tooOld ? null : known.keys;
  }

  @Override
  public KeyHealth health() {
    return health(known);
  }

  private KeyHealth health(Known known) {
    KeySet serving = usable(known);
    Duration age = known.keys == null ? null : Duration.ofNanos(nanoTime.getAsLong() - known.since);
    if (serving == null) {
      boolean asked = known.trouble != null || known.keys != null;
      String trouble = asked ? known.trouble : "no fetch has ended yet";
      return new KeyHealth(KeyHealth.State.UNAVAILABLE, 0, age, trouble);
    }
    KeyHealth.State state = known.trouble == null ? KeyHealth.State.FRESH : KeyHealth.State.STALE;
    return new KeyHealth(state, serving.count(clock.instant()), age, known.trouble);
  }

  private static boolean isCertain(Answer answer) {
    return answer instanceof Found
        || (answer instanceof Unknown unknown && unknown.why() != Why.NO_SUCH_KEY);
  }

  /** Waits for the fetch that is under way, or for one that this look-up may ask for. */
  private Answer findAfterFetch(JWSHeader header) {
    lock.lock();
    try {
      startThread();
      long patience = patience().toNanos();
      long begunBefore = begun;
      Answer answer = lookUp(header);
      while (!isCertain(answer) && !closed && patience > 0 && fetchIsComing(answer, begunBefore)) {
        patience = changed.awaitNanos(patience);
        answer = lookUp(header);
      }
      if (closed) return new Unavailable();
      boolean knowable = patience > 0 && known.trouble == null;
      return isCertain(answer) || knowable ? answer : new Unavailable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unavailable();
    } finally {
      lock.unlock();
    }
  }

  private Duration patience() {
    return usable(known) == null ? FETCH_DEADLINE : PATIENCE_FOR_NEW_KEY;
  }

  private boolean fetchIsComing(Answer answer, long begunBefore) {
    long now = nanoTime.getAsLong();
    if (fetching) return true;
    if (due - now <= 0) {
      changed.signalAll(); // a machine that slept wakes up with its timers behind
      return true;
    }
    boolean wasFetched = begun != begunBefore; // after the look-up came, so another tells no more
    boolean permitted = demanded == null || now - demanded >= COOL_DOWN.toNanos();
    if (!(answer instanceof Unknown) || wasFetched || !permitted) return false;
    demanded = now;
    due = now;
    changed.signalAll();
    return true;
  }

  @Override
  public void start() {
    lock.lock();
    try {
      startThread();
    } finally {
      lock.unlock();
    }
  }

  private void startThread() {
    if (thread != null || closed) return;
    Thread fetcher = new Thread(this::fetchWhenDue, "sallyport-keys");
    fetcher.setDaemon(true);
    // So that neither it nor the threads of the HTTP client hold a redeployed class loader.
    fetcher.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    fetcher.start();
    thread = fetcher;
  }

  @Override
  public Optional<String> awaitKeys(Duration patience) {
    lock.lock();
    try {
      startThread();
      long left = patience.toNanos();
      while (usable(known) == null && known.trouble == null && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (usable(known) != null) return Optional.empty();
      String trouble = known.trouble;
      return Optional.of(trouble != null ? trouble : "no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } finally {
      lock.unlock();
    }
  }

  private void fetchWhenDue() {
    try (fetch) {
      while (!isClosed()) fetchOnce();
    } catch (IOException e) {
      log.debug("{}: the connection was not closed in good order", name, e);
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing that happens in here may end the thread: it is what brings the next good keys. */
  private void fetchOnce() {
    Known before = known;
    Known next;
    Throwable defect = null;
    long started = nanoTime.getAsLong();
    try {
      if (!awaitDue()) return;
      started = nanoTime.getAsLong();
      next = new Known(fetch.fetch(FETCH_DEADLINE, before.keys), started, null);
    } catch (IOException e) {
      next = before.troubledBy(Printable.line(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) { // by close(), or by somebody who may not end this thread
      next = before.troubledBy("the fetch was interrupted");
    } catch (RuntimeException | Error e) {
      next = before.troubledBy("a defect: " + e.getClass().getName());
      defect = e;
    }
    Duration took = Duration.ofNanos(nanoTime.getAsLong() - started);
    if (!land(next)) return;
    try {
      tell(before, next, defect);
    } catch (RuntimeException | Error e) {
      // A log that fails has nobody to tell it to.
    }
    try {
      rotation.told().accept(health(next), took);
    } catch (RuntimeException | Error e) {
      // Nor has whoever hears of fetches.
    }
  }

  private boolean awaitDue() throws InterruptedException {
    lock.lock();
    try {
      for (long left = due - nanoTime.getAsLong();
          !closed && left > 0;
          left = due - nanoTime.getAsLong()) {
        changed.awaitNanos(left);
      }
      fetching = !closed;
      if (fetching) begun++;
      return fetching;
    } finally {
      lock.unlock();
    }
  }

  private boolean land(Known next) {
    lock.lock();
    try {
      if (closed) return false;
      known = next;
      fetching = false;
      failures = next.trouble == null ? 0 : failures + 1;
      Duration pause = next.trouble == null ? rotation.refresh() : backOff(failures);
      long from = next.trouble == null ? next.since : nanoTime.getAsLong();
      due = from + pause.toNanos();
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private Duration backOff(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 10));
    return pause.compareTo(LONGEST_BACK_OFF) < 0 ? pause : LONGEST_BACK_OFF;
  }

  private void tell(Known before, Known next, @Nullable Throwable defect) {
    if (defect != null) log.error("{}: a defect in fetching the keys", name, defect);
    if (next.trouble != null) {
      tellTrouble(before, next);
      return;
    }
    KeySet keys = next.keys;
    if (keys == null) return;
    toldOfNone = false;
    if (before.trouble != null) log.info("{}: keys can be fetched again", name);
    if (before.keys != null && keys.sameAs(before.keys)) return;
    keys.tell(log, name);
  }

  /** Once for each kind of trouble, and once when it begins to cost requests their answer. */
  private void tellTrouble(Known before, Known next) {
    boolean none = usable(next) == null;
    boolean news = !String.valueOf(next.trouble).equals(before.trouble) || (none && !toldOfNone);
    toldOfNone |= none;
    String meanwhile =
        none ? "there are no keys, so requests are answered 503" : "the last good keys serve on";
    if (news) log.warn("{}: keys could not be fetched ({}); {}", name, next.trouble, meanwhile);
    else log.debug("{}: keys could still not be fetched ({})", name, next.trouble);
  }

  /**
   * Tells the thread to end, and does not wait for it.
   *
   * @return the thread, if there is one
   */
  @Nullable Thread stop() {
    lock.lock();
    try {
      if (!closed) stoppedAt = nanoTime.getAsLong();
      closed = true;
      known = new Known(null, 0, "closed");
      changed.signalAll();
      if (thread != null && thread != Thread.currentThread()) thread.interrupt();
      return thread;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the thread no longer than its patience after the first word of its end. */
  @Override
  public void close() {
    Thread fetcher = stop();
    if (fetcher == null || fetcher == Thread.currentThread()) return;
    Duration left = PATIENCE_AT_CLOSE.minusNanos(nanoTime.getAsLong() - stoppedAt);
    try {
      fetcher.join(Math.max(1, left.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
