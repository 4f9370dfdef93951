package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sallyport.keys.KeyHealth;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;

/** {@code docs/observability.md} and its dashboard say nothing that is not so. */
final class ObservabilityTest {
  private static final Path DOCUMENT = Path.of("docs", "observability.md");
  private static final Path DASHBOARD = Path.of("docs", "grafana-dashboard.json");
  private static final String ISSUER = "https://id.example.com";

  private static String document() throws IOException {
    return Files.readString(DOCUMENT);
  }

  /** The rows of the table with that heading, cell by cell. */
  private static List<List<String>> table(String heading) throws IOException {
    List<String> lines = document().lines().toList();
    int start = lines.indexOf(heading);
    assertThat(start).as(heading).isNotNegative();
    return lines.stream()
        .skip(start + 2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Stream.of(line.split("\\|")).map(String::strip).skip(1).toList())
        .toList();
  }

  private static String word(String cell) {
    return cell.replace("`", "");
  }

  // ---- log lines

  /** Goes through all that is told of. */
  private static void happenings(LogLines log) {
    TestKey key = TestKey.generate("key-1", "ES256");
    JWK weak = TestKey.rsa("weak", "RS256", 1024).jwk();
    SallyportListener failing =
        new SallyportListener() {
          @Override
          public void verified(String issuer, Duration took) {
            throw new IllegalStateException();
          }
        };
    RefusalLog refusals = new RefusalLog(ISSUER, System::nanoTime);
    refusals.tellDefect(new IllegalStateException());
    try (KeyServer server = new KeyServer().publish(key.jwk(), weak);
        FetchingGate gate =
            new FetchingGate(
                server,
                settings ->
                    settings
                        .keyRefreshSeconds(1)
                        .maxKeyAgeSeconds(3)
                        .clockSkewSeconds(60)
                        .rules("GET /a a")
                        .listener(failing))) {
      assertThat(gate.verdict(key)).isEqualTo("ann");
      assertThat(gate.verdict("x")).isEqualTo(Reason.TOKEN_NOT_JWS);
      server.die();
      eventually(() -> assertThat(log.lines("there are no keys")).isNotEmpty());
      server.comeBack();
      eventually(() -> assertThat(log.lines("keys can be fetched again")).isNotEmpty());
    }
  }

  @Test
  void the_lines_of_the_log_are_those_that_are_written() throws Exception {
    List<List<String>> rows = table("| logger | level | line | when |");
    assertThat(rows).hasSizeGreaterThan(10);
    List<String> ofKeys;
    List<String> others;
    try (LogLines all = LogLines.of("io.sallyport", Level.DEBUG);
        LogLines keys = LogLines.of("io.sallyport.keys", Level.DEBUG)) {
      happenings(all);
      ofKeys = keys.text().lines().toList();
      others = all.text().lines().filter(line -> !ofKeys.contains(line)).toList();
    }
    for (List<String> row : rows) {
      String line = row.get(1) + " " + word(row.get(2));
      Pattern pattern =
          Pattern.compile(
              Stream.of(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
      assertThat(word(row.get(0)).equals("io.sallyport") ? others : ofKeys)
          .as(line)
          .anyMatch(each -> pattern.matcher(each).matches());
    }
  }

  // ---- meters

  private static void everything(SallyportMetrics metrics) {
    KeyHealth keys = new KeyHealth(KeyHealth.State.FRESH, 1, Duration.ZERO, null);
    metrics.verified(ISSUER, Duration.ofMillis(1));
    metrics.refused(new Refusal(Reason.EXPIRED, "x", ISSUER), Duration.ofMillis(1));
    metrics.keysRefreshed(ISSUER, keys, Duration.ofMillis(1));
    metrics.keysFailed(ISSUER, keys, Duration.ofMillis(1));
  }

  @Test
  void the_meters_are_those_that_the_binder_keeps_by_kind_and_tags() throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    everything(new SallyportMetrics(registry));
    Map<String, String> kept = new LinkedHashMap<>();
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      String kind = id.getType().name().toLowerCase(java.util.Locale.ROOT);
      Set<String> tags = id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
      kept.put(id.getName(), kind + " " + new TreeSet<>(tags));
    }
    Map<String, String> told = new LinkedHashMap<>();
    for (List<String> row : table("| meter | kind | tags | what |")) {
      Set<String> tags = new TreeSet<>(List.of(word(row.get(2)).split(" ")));
      told.put(word(row.get(0)), row.get(1) + " " + tags);
    }
    assertThat(told).isEqualTo(kept);
  }

  /** The names of samples as Prometheus gets them. */
  private static Set<String> samples() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    everything(new SallyportMetrics(registry));
    return registry
        .scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst("[{ ].*", ""))
        .collect(Collectors.toSet());
  }

  private static Set<String> named(String text) {
    return Pattern.compile("sallyport_[a-z_]+")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @Test
  void the_page_names_no_sample_that_is_not_there() throws IOException {
    assertThat(named(document())).hasSizeGreaterThan(3).isSubsetOf(samples());
  }

  @Test
  void the_codes_that_page_and_dashboard_name_are_codes_of_reasons() throws IOException {
    Set<String> codes = Stream.of(Reason.values()).map(Reason::code).collect(Collectors.toSet());
    String both = document() + Files.readString(DASHBOARD);
    Set<String> named = new HashSet<>();
    Pattern.compile("SP-[0-9]+").matcher(both).results().forEach(code -> named.add(code.group()));
    assertThat(named).hasSizeGreaterThan(3).isSubsetOf(codes);
  }

  // ---- the dashboard

  private static Map<String, Object> dashboard() throws Exception {
    return JSONObjectUtils.parse(Files.readString(DASHBOARD));
  }

  private static List<Map<String, Object>> panels() throws Exception {
    return List.of(JSONObjectUtils.getJSONObjectArray(dashboard(), "panels"));
  }

  private static List<String> expressions(Map<String, Object> panel) throws Exception {
    List<String> expressions = new ArrayList<>();
    for (Map<String, Object> target : JSONObjectUtils.getJSONObjectArray(panel, "targets")) {
      expressions.add((String) target.get("expr"));
    }
    return expressions;
  }

  @Test
  void each_panel_of_the_dashboard_has_a_place_of_its_own_a_title_and_something_to_show()
      throws Exception {
    Set<Object> seen = new HashSet<>();
    Set<String> taken = new HashSet<>();
    for (Map<String, Object> panel : panels()) {
      assertThat(seen.add(panel.get("id"))).as("id").isTrue();
      assertThat(panel.get("title")).asString().isNotBlank();
      assertThat(panel.get("type")).isIn("timeseries", "stat");
      assertThat(expressions(panel)).isNotEmpty();
      Map<String, Object> place = JSONObjectUtils.getJSONObject(panel, "gridPos");
      int left = JSONObjectUtils.getInt(place, "x");
      int top = JSONObjectUtils.getInt(place, "y");
      for (int x = left; x < left + JSONObjectUtils.getInt(place, "w"); x++) {
        assertThat(x).isLessThan(24);
        for (int y = top; y < top + JSONObjectUtils.getInt(place, "h"); y++) {
          assertThat(taken.add(x + "," + y)).as("one panel at %d, %d", x, y).isTrue();
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(5);
  }

  @Test
  void the_dashboard_shows_every_sample_and_no_other() throws Exception {
    Set<String> shown = new HashSet<>();
    for (Map<String, Object> panel : panels()) {
      for (String expression : expressions(panel)) {
        assertThat(named(expression)).as(expression).isNotEmpty();
        assertThat(expression.chars().filter(c -> c == '(').count())
            .as(expression)
            .isEqualTo(expression.chars().filter(c -> c == ')').count());
        shown.addAll(named(expression));
      }
    }
    assertThat(shown).isEqualTo(samples());
    assertThat(named(Files.readString(DASHBOARD))).isEqualTo(shown);
  }

  @Test
  void the_labels_that_the_dashboard_selects_by_are_tags_and_its_variables_are_its_own()
      throws Exception {
    Map<String, Object> templating = JSONObjectUtils.getJSONObject(dashboard(), "templating");
    Set<String> variables = new HashSet<>(Set.of("__rate_interval"));
    for (Map<String, Object> variable : JSONObjectUtils.getJSONObjectArray(templating, "list")) {
      variables.add((String) variable.get("name"));
    }
    String text = Files.readString(DASHBOARD);
    Pattern variable = Pattern.compile("\\$\\{?(\\w+)");
    assertThat(variable.matcher(text).results().map(found -> found.group(1)))
        .isNotEmpty()
        .allMatch(variables::contains);
    Set<String> labels = new HashSet<>();
    for (Map<String, Object> panel : panels()) {
      for (String expression : expressions(panel)) {
        Pattern.compile("(\\w+)(?:=|!=|=~)\"|by \\(([^)]*)\\)")
            .matcher(expression)
            .results()
            .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
            .forEach(names -> labels.addAll(List.of(names.split(", "))));
      }
    }
    assertThat(labels).containsExactlyInAnyOrder("outcome", "reason", "title", "issuer");
  }

  // ---- events

  @Test
  void the_events_are_those_of_the_recorder_with_their_fields_and_thresholds() throws IOException {
    new Listeners(List.of(), System::nanoTime)
        .keysFetched(ISSUER, new KeyHealth(KeyHealth.State.FRESH, 1, null, null), Duration.ZERO);
    Map<String, String> known = new HashMap<>();
    for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes()) {
      if (!type.getName().startsWith("io.sallyport.")) continue;
      String fields =
          type.getFields().stream()
              .map(ValueDescriptor::getName)
              .filter(name -> !Set.of("startTime", "duration", "eventThread").contains(name))
              .filter(name -> !name.equals("stackTrace"))
              .collect(Collectors.joining(" "));
      boolean each =
          type.getSettingDescriptors().stream()
              .noneMatch(
                  setting ->
                      setting.getName().equals("threshold")
                          && setting.getDefaultValue().equals("20 ms"));
      known.put(type.getName(), (each ? "each: " : "from 20 ms on: ") + fields);
    }
    Map<String, String> told = new HashMap<>();
    for (List<String> row : table("| event | unasked | fields |")) {
      told.put(word(row.get(0)), row.get(1) + ": " + word(row.get(2)));
    }
    assertThat(told).isEqualTo(known);
  }
}
