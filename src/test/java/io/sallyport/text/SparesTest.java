package io.sallyport.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Idle objects that wait for the thread that comes next. */
final class SparesTest {
  @Test
  void what_is_given_back_is_taken_once() {
    Spares<Object> spares = new Spares<>();
    Object spare = new Object();
    assertThat(spares.take()).isNull();
    spares.giveBack(spare);
    assertThat(spares.take()).isSameAs(spare);
    assertThat(spares.take()).isNull();
  }

  @Test
  void threads_of_which_32_live_at_once_do_not_take_each_others() throws InterruptedException {
    Spares<Object> spares = new Spares<>();
    Object spare = new Object();
    spares.giveBack(spare);
    long own = Thread.currentThread().getId() % 32;
    List<Object> taken = new CopyOnWriteArrayList<>();
    for (int started = 0; started < 32; started++) {
      Thread thread = new Thread(() -> taken.add(String.valueOf(spares.take())));
      if (thread.getId() % 32 == own) continue;
      thread.start();
      thread.join();
    }
    assertThat(taken).hasSizeGreaterThan(16).containsOnly("null");
    assertThat(spares.take()).isSameAs(spare);
  }
}
