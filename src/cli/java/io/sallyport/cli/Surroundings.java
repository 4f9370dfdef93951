package io.sallyport.cli;

import io.sallyport.HostExposure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Help;

/**
 * What a command has around it.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param paint colours, or none
 * @param isWatched whether somebody sees standard error as it is written
 * @param clock tells the time
 * @param host what stands open between the process and its host
 */
record Surroundings(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    Paint paint,
    boolean isWatched,
    Clock clock,
    Supplier<List<HostExposure.Finding>> host) {
  static Surroundings ofThisProcess() {
    Map<String, String> environment = System.getenv();
    boolean plain =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "").equals("dumb");
    return new Surroundings(
        System.in,
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        new Paint(isTerminal(1) && !plain),
        isTerminal(2) && !plain,
        Clock.systemUTC(),
        () -> HostExposure.ofThisProcess().findings());
  }

  private static PrintWriter writer(FileDescriptor stream) {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    Charset charset = name == null ? Charset.defaultCharset() : Charset.forName(name);
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(stream), charset), true);
  }

  /**
   * Whether a stream goes to a terminal. What Java itself can tell is whether all of them do, which
   * is never so while a token comes through a pipe; Linux tells it of each.
   */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return Help.Ansi.AUTO.enabled();
    }
  }
}
