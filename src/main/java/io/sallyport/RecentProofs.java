package io.sallyport;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Proofs used of late, in memory. Bounded, and closed when it is full: none is forgotten while it
 * could pass again, whatever else wants room.
 */
final class RecentProofs implements ReplayGuard {
  /** Some 40 MB when full; with the default window, 3,000 requests a second for ever. */
  static final int MOST = 200_000;

  private record Use(String proof, Instant until) {}

  private final Clock clock;
  private final int most;

  /** Both guarded by this. */
  private final Set<String> known = new HashSet<>();

  private final PriorityQueue<Use> byEnd =
      new PriorityQueue<>((a, b) -> a.until().compareTo(b.until()));

  RecentProofs(Clock clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  @Override
  public synchronized boolean firstUse(String proof, Instant until) {
    forgetPast();
    if (known.contains(proof)) return false;
    if (known.size() >= most) throw new IllegalStateException("full");
    byEnd.add(new Use(proof, until));
    return known.add(proof);
  }

  private void forgetPast() {
    Instant now = clock.instant();
    for (Use next = byEnd.peek(); next != null && next.until().isBefore(now); next = byEnd.peek()) {
      byEnd.remove();
      known.remove(next.proof());
    }
  }
}
