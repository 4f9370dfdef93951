package io.sallyport.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what comes in its own time. */
final class Wait {
  private static final int MOST_TRIES = 300;

  private Wait() {}

  interface Condition {
    boolean holds() throws Exception;
  }

  static void until(Condition condition) throws Exception {
    CountDownLatch pause = new CountDownLatch(1);
    for (int tries = 0; !condition.holds(); tries++) {
      assertThat(tries).as("tries").isLessThan(MOST_TRIES);
      pause.await(100, TimeUnit.MILLISECONDS);
    }
  }
}
