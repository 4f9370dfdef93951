package io.sallyport.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures everything that JMH's own arguments select, several times round, so that what is
 * compared with each other was measured close together, and a slow minute of the machine falls on
 * all alike. Its working directory is the benchmark's.
 */
final class Main {
  private static final int ROUNDS = 2;
  private static final boolean QUICK = Boolean.getBoolean("quick");
  private static final Path TARGET = Path.of("target");
  private static final Path DOCS = Path.of("..", "..", "docs");

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Surroundings.prepare();
    boolean whole = arguments.length == 0 && !QUICK;
    String name = (Surroundings.hasAccp() ? "jmh-accp" : "jmh") + (whole ? "" : "-part");
    Path json = TARGET.resolve(name + ".json");
    if (!Boolean.getBoolean("report")) {
      Check.all();
      write(measure(arguments), json);
    }
    Report.write(json, DOCS.resolve("performance.md"), whole ? DOCS : TARGET);
  }

  private static List<RunResult> measure(String[] arguments)
      throws CommandLineOptionException, RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .parent(new CommandLineOptions(arguments))
            .addProfiler(GCProfiler.class);
    // A selection may name pairs that do not exist, such as a cache for HMAC: JMH leaves them out.
    if (arguments.length == 0) options.shouldFailOnError(true);
    if (QUICK) shorten(options);
    List<RunResult> results = new ArrayList<>();
    for (int round = 0; round < (QUICK ? 1 : ROUNDS); round++) {
      results.addAll(new Runner(options.build()).run());
    }
    return results;
  }

  private static void shorten(ChainedOptionsBuilder options) {
    TimeValue moment = TimeValue.milliseconds(200);
    options.warmupIterations(1).warmupTime(moment).measurementIterations(1).measurementTime(moment);
  }

  private static void write(Collection<RunResult> results, Path json) throws IOException {
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(json), false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
  }
}
