package io.sallyport.cli;

import io.sallyport.HostExposure;
import io.sallyport.text.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The program in this JVM, with streams of its own.
 *
 * @param input what standard input gives
 * @param clock tells it the time
 * @param host what it finds open
 * @param isTerminal whether it writes to a terminal
 */
record Command(String input, Clock clock, List<HostExposure.Finding> host, boolean isTerminal) {
  /** With nothing on standard input, on a host where nothing is open. */
  static Command plain() {
    return new Command("", Clock.systemUTC(), List.of(), false);
  }

  static Command reading(String input) {
    return new Command(input, Clock.systemUTC(), List.of(), false);
  }

  Command at(Clock clock) {
    return new Command(input, clock, host, isTerminal);
  }

  Command on(HostExposure.Finding... host) {
    return new Command(input, clock, List.of(host), isTerminal);
  }

  Command onTerminal() {
    return new Command(input, clock, host, true);
  }

  /** A line that tells what is being waited for, to be taken off. */
  static final String PROGRESS = "(?m)^asking .* \\.\\.\\.\\R";

  /** What became of it. */
  record Result(int code, String out, String err) {
    /** What it printed on standard error, but for what it was waiting for on a slow machine. */
    String complaints() {
      return err.replaceAll(PROGRESS, "");
    }

    /** All of what it printed, where it printed one JSON object. */
    Map<String, @Nullable Object> json() {
      Map<String, @Nullable Object> object =
          new StrictJson(1 << 20).object(out.strip().getBytes(StandardCharsets.UTF_8));
      if (object == null) throw new AssertionError("not one JSON object: " + out);
      return object;
    }
  }

  Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(surroundings(out, err), arguments);
    return new Result(code, out.toString(), err.toString());
  }

  Surroundings surroundings(StringWriter out, StringWriter err) {
    return new Surroundings(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintWriter(out),
        new PrintWriter(err),
        new Paint(isTerminal),
        isTerminal,
        clock,
        () -> host);
  }
}
