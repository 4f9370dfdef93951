package io.sallyport.jmh;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes what JMH has measured into a page, between two marks, and draws the chart beside it. Run
 * it where the measuring was done: it tells of the machine that it runs on.
 */
final class Report {
  private static final List<Contender> CONTENDERS = List.of(Contender.values());
  private static final List<Algorithm> ALGORITHMS = List.of(Algorithm.values());

  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private Report(Results results) {
    this.results = results;
  }

  /**
   * Writes page and chart.
   *
   * @param json what JMH has written
   * @param page the page to be filled in
   * @param folder for the page as filled in, and for the chart
   */
  static void write(Path json, Path page, Path folder) throws IOException {
    Results results = Results.read(json);
    Report report = new Report(results);
    report.surroundings(Files.getLastModifiedTime(json).toInstant());
    if (Surroundings.hasAccp()) {
      report.accepted();
    } else {
      report.bounds();
      report.everything();
      Files.writeString(folder.resolve("performance.svg"), Chart.of(results));
    }
    String mark = Surroundings.hasAccp() ? "results with ACCP" : "results";
    String filled = between(mark, Files.readString(page), report.text.toString());
    Files.writeString(folder.resolve(page.getFileName()), filled);
  }

  private static String between(String mark, String page, String text) {
    String start = "<!-- " + mark + " -->\n";
    String end = "<!-- end of " + mark + " -->\n";
    int from = page.indexOf(start) + start.length();
    int to = page.indexOf(end);
    if (from < start.length() || to < from) throw new IllegalStateException("no mark: " + mark);
    return page.substring(0, from) + text + page.substring(to);
  }

  private void surroundings(Instant measured) throws IOException {
    text.append(
        "%s; %s, %d cores; %s %s; JMH %s. Medians.\n\n"
            .formatted(
                LocalDate.ofInstant(measured, ZoneOffset.UTC),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.runtime.version"),
                results.jmhVersion()));
    text.append(
        Stream.concat(
                CONTENDERS.stream().map(contender -> contender.library),
                Surroundings.hasAccp()
                    ? Stream.of(AmazonCorrettoCryptoProvider.class)
                    : Stream.empty())
            .filter(Objects::nonNull)
            .map(Report::jar)
            .collect(Collectors.joining(", ", "", ".\n\n")));
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.exists(file)) return System.getProperty("os.arch");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(() -> System.getProperty("os.arch"));
    }
  }

  /** Name and version, as Maven puts them into the file's name. */
  private static String jar(Class<?> library) {
    String place = library.getProtectionDomain().getCodeSource().getLocation().getPath();
    return place.substring(place.lastIndexOf('/') + 1).replace(".jar", "");
  }

  private void bounds() {
    text.append("### What Sallyport holds itself to\n\n");
    row("", "bound", "measured", "holds");
    text.append("| --- | ---: | ---: | --- |\n");
    for (Bounds.Bound bound : Bounds.of(results)) {
      row(
          bound.what(),
          (bound.isFloor() ? "at least " : "at most ") + limit(bound.limit()),
          number(bound.measured()),
          Double.isNaN(bound.measured()) ? "not measured" : bound.holds() ? "yes" : "**no**");
    }
    text.append('\n');
  }

  private void everything() {
    accepted();
    table(
        "Bytes allocated, good tokens",
        ALGORITHMS,
        algorithm -> algorithm.alg,
        (contender, algorithm) -> count(results.octets(algorithm, contender)));
    table(
        "Microseconds, bad tokens where RS256 is expected",
        results.attempts(),
        attempt -> attempt.label,
        (contender, attempt) -> number(results.micros(attempt, contender)));
    table(
        "Bytes allocated, bad tokens",
        results.attempts(),
        attempt -> attempt.label,
        (contender, attempt) -> count(results.octets(attempt, contender)));
    table(
        "What two threads get done, of one",
        List.of(Algorithm.RS256),
        algorithm -> algorithm.alg,
        (contender, algorithm) -> number(results.speedup(contender)));
  }

  private void accepted() {
    table(
        "Microseconds, good tokens (in brackets: of the signature alone)",
        ALGORITHMS,
        algorithm -> algorithm.alg,
        this::accepted);
  }

  private String accepted(Contender contender, Algorithm algorithm) {
    double micros = results.micros(algorithm, contender);
    if (Double.isNaN(micros)) return "";
    double ratio = micros / results.micros(algorithm, Contender.RAW);
    return number(micros) + " (" + number(ratio) + ")";
  }

  private interface Cell<T> {
    String text(Contender contender, T column);
  }

  private <T> void table(String title, List<T> columns, Function<T, String> name, Cell<T> cell) {
    text.append("### ").append(title).append("\n\n");
    row("", columns.stream().map(name).toArray(String[]::new));
    text.append("| --- |").append(" ---: |".repeat(columns.size())).append('\n');
    for (Contender contender : CONTENDERS) {
      String[] cells =
          columns.stream().map(column -> cell.text(contender, column)).toArray(String[]::new);
      if (!String.join("", cells).isEmpty()) row(contender.label, cells);
    }
    text.append('\n');
  }

  private void row(String first, String... others) {
    text.append("| ").append(first);
    for (String other : others) text.append(" | ").append(other);
    text.append(" |\n");
  }

  /** Three digits that count, and no thousandth of a nanosecond. */
  static String number(double value) {
    if (Double.isNaN(value)) return "";
    int decimals = value == 0 ? 0 : 2 - (int) Math.floor(Math.log10(value));
    return String.format(Locale.ROOT, "%,." + Math.max(0, Math.min(5, decimals)) + "f", value);
  }

  private static String count(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String limit(double value) {
    return value < 10 ? Double.toString(value) : count(value);
  }
}
