package io.sallyport.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Supplier;

/**
 * Says on standard error what is being waited for, once that has taken a second: on a terminal in
 * one line that goes away, else in a line that stays.
 */
final class Progress {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final String ERASE = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean isWatched;
  private final Timer timer = new Timer("sallyport-progress", true);

  /** Guarded by this. */
  private int seconds;

  /** Guarded by this. */
  private boolean isOver;

  private Progress(Surroundings surroundings, String what) {
    this.err = surroundings.err();
    this.isWatched = surroundings.isWatched();
    long second = PATIENCE.toMillis();
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            tell(what);
          }
        },
        second,
        second);
  }

  /**
   * Does something that may take its time.
   *
   * @param what what it is, such as {@code asking https://id.example.com}
   */
  static <T> T during(Surroundings surroundings, String what, Supplier<T> work) {
    Progress progress = new Progress(surroundings, what);
    try {
      return work.get();
    } finally {
      progress.end();
    }
  }

  private synchronized void tell(String what) {
    if (isOver) return;
    seconds++;
    if (isWatched) {
      err.print(ERASE + what + " ... " + seconds + " s");
    } else if (seconds == 1) {
      err.println(what + " ...");
    }
    err.flush();
  }

  private synchronized void end() {
    isOver = true;
    timer.cancel();
    if (!isWatched || seconds == 0) return;
    err.print(ERASE);
    err.flush();
  }
}
