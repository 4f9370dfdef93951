package io.sallyport.cli;

import io.sallyport.EffectiveSetting;
import io.sallyport.Policy;
import io.sallyport.text.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says beforehand what the start of an application will say of its settings. */
@Command(
    name = "check-config",
    description = {
      "Makes of a configuration what the application makes of it at its start, without asking any"
          + " issuer: prints the settings as they count, what is looser than the defaults, what looks"
          + " like a mistake; or the very message that the start will stop with.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeOnInvalidInput = 2,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The application would start.",
      "1:It would not; or, with --strict, something is looser than a default or looks like a mistake.",
      "2:It cannot be known: a wrong word, a file that cannot be read or has no filter of ours."
    },
    footer = {
      "",
      "Values in ${...} are taken from the environment of this command, as the application takes them"
          + " from its own.",
      "",
      "Examples:",
      "  sallyport check-config src/main/webapp/WEB-INF/web.xml",
      "  sallyport check-config --strict orders.properties"
    })
final class CheckConfig implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "A web.xml if its name ends with .xml, else a properties file.")
  private @Nullable Path file;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--strict",
      description = "Exit code 1 also for what is looser than a default or looks like a mistake.")
  private boolean strict;

  @Option(names = "--json", description = "Prints JSON instead of text.")
  private boolean json;

  CheckConfig(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * What becomes of one configuration.
   *
   * @param fault what the start stops with, or null
   */
  private record Outcome(
      String name,
      @Nullable String fault,
      String guarding,
      List<EffectiveSetting> settings,
      List<String> loosenings,
      List<String> doubts) {
    boolean isGood(boolean strict) {
      return fault == null && (!strict || (loosenings.isEmpty() && doubts.isEmpty()));
    }
  }

  @Override
  public Integer call() {
    List<Configuration> given = config.all(file);
    if (given.isEmpty()) {
      throw Fault.of(
          "No configuration is given",
          "a web.xml or a properties file, or settings by -s",
          "sallyport check-config src/main/webapp/WEB-INF/web.xml");
    }
    List<Outcome> outcomes = given.stream().map(this::outcome).toList();
    surroundings.out().print(json ? json(outcomes) + "\n" : text(outcomes));
    return outcomes.stream().allMatch(outcome -> outcome.isGood(strict)) ? 0 : 1;
  }

  private Outcome outcome(Configuration given) {
    try {
      Policy policy = given.policy(surroundings.clock());
      List<String> doubts = new ArrayList<>(given.doubts());
      doubts.addAll(policy.doubts());
      return new Outcome(
          given.name(), null, policy.toString(), policy.effective(), policy.loosenings(), doubts);
    } catch (IllegalArgumentException e) {
      String fault = String.valueOf(e.getMessage());
      return new Outcome(given.name(), fault, "", List.of(), List.of(), given.doubts());
    }
  }

  private String text(List<Outcome> outcomes) {
    List<String> texts = outcomes.stream().map(this::text).toList();
    return String.join("\n", texts);
  }

  private String text(Outcome outcome) {
    Paint paint = surroundings.paint();
    StringBuilder text = new StringBuilder();
    if (outcome.fault() != null) {
      text.append(paint.strong(outcome.name()))
          .append(": ")
          .append(paint.bad("would not start"))
          .append("\n\n  ")
          .append(Printable.line(TokenInput.without(outcome.fault())))
          .append('\n');
    } else {
      text.append(paint.strong(outcome.name()))
          .append(": ")
          .append(paint.good("would start"))
          .append("\n\nguarding: ")
          .append(Printable.line(outcome.guarding()))
          .append("\n\n");
      for (EffectiveSetting setting : outcome.settings()) text.append(line(setting));
    }
    addLines(text, paint.doubtful("Looser than the default:"), outcome.loosenings());
    addLines(text, paint.doubtful("Is this meant so?"), outcome.doubts());
    return text.toString();
  }

  private String line(EffectiveSetting setting) {
    String value = setting.shown().strip().replaceAll("\\s*\\n\\s*", " | ");
    String line = "  %-26s %s".formatted(setting.name(), Printable.line(value));
    return (setting.isGiven() ? line : surroundings.paint().faint(line + "  (default)")) + "\n";
  }

  private static void addLines(StringBuilder text, String heading, List<String> lines) {
    if (lines.isEmpty()) return;
    text.append('\n').append(heading).append('\n');
    for (String line : lines) text.append("  ").append(Printable.line(line)).append('\n');
  }

  private String json(List<Outcome> outcomes) {
    List<Map<String, @Nullable Object>> each = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("name", outcome.name());
      members.put("good", outcome.isGood(strict));
      members.put("fault", outcome.fault() == null ? null : TokenInput.without(outcome.fault()));
      Map<String, Object> settings = new LinkedHashMap<>();
      outcome.settings().forEach(setting -> settings.put(setting.name(), setting.shown()));
      members.put("settings", settings);
      members.put("loosenings", outcome.loosenings());
      members.put("doubts", outcome.doubts());
      each.add(members);
    }
    return Json.text(Map.of("configurations", each));
  }
}
