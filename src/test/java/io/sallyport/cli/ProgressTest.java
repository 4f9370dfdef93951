package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What takes longer than a second is told of. */
final class ProgressTest {
  private final StringWriter err = new StringWriter();

  private static boolean await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) Thread.yield();
    assertThat(condition.getAsBoolean()).isTrue();
    return true;
  }

  @Test
  void what_is_quick_is_not_told_of() {
    Surroundings surroundings = Command.plain().onTerminal().surroundings(new StringWriter(), err);
    assertThat(Progress.during(surroundings, "asking", () -> 7)).isEqualTo(7);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void in_a_file_it_is_one_line_that_stays() {
    Surroundings surroundings = Command.plain().surroundings(new StringWriter(), err);
    Progress.during(surroundings, "asking", () -> await(() -> !err.toString().isEmpty()));
    assertThat(err.toString()).isEqualToNormalizingNewlines("asking ...\n");
  }

  @Test
  void on_a_terminal_it_counts_and_goes_away() {
    Surroundings surroundings = Command.plain().onTerminal().surroundings(new StringWriter(), err);
    Progress.during(surroundings, "asking", () -> await(() -> err.toString().contains("2 s")));
    assertThat(err.toString())
        .startsWith("\r\u001b[Kasking ... 1 s\r\u001b[Kasking ... 2 s")
        .endsWith("\r\u001b[K");
  }

  @Test
  void it_ends_with_what_it_waits_for_however_that_ends() throws Exception {
    Surroundings surroundings = Command.plain().onTerminal().surroundings(new StringWriter(), err);
    assertThatThrownBy(
            () ->
                Progress.during(
                    surroundings,
                    "asking",
                    () -> {
                      throw new Fault("no");
                    }))
        .hasMessage("no");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.getName().equals("sallyport-progress")) continue;
      thread.join(5_000); // it has been told, and may not have heard yet
      assertThat(thread.isAlive()).isFalse();
    }
  }
}
