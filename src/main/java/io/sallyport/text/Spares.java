package io.sallyport.text;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Idle objects that are dear to make and serve one thread at a time, such as a prepared signature.
 * Each waits in a slot chosen by thread; one that is in use is simply not there, and whoever finds
 * none makes another.
 *
 * <p>No ThreadLocal: those outlive a redeployed application, and a virtual thread would never meet
 * its own again.
 *
 * @param <T> what is kept
 * @since 0.1.0
 */
public final class Spares<T> {
  private static final int SLOTS = 32;

  /** Slots lie a cache line apart, so that processors do not wait for each other's. */
  private static final int APART = 16;

  private final AtomicReferenceArray<@Nullable T> idle = new AtomicReferenceArray<>(SLOTS * APART);

  /** Makes an empty store. */
  public Spares() {}

  /**
   * Takes one out.
   *
   * @return an idle object, for this thread alone until it is given back; or null
   */
  public @Nullable T take() {
    return idle.getAndSet(slot(), null);
  }

  /**
   * Keeps an object for the next who needs one.
   *
   * @param spare an object in good order, which the caller does not touch any more
   */
  public void giveBack(T spare) {
    idle.set(slot(), spare);
  }

  private static int slot() {
    return (int) (Thread.currentThread().getId() % SLOTS) * APART;
  }
}
