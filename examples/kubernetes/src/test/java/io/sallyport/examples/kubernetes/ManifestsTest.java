package io.sallyport.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import tools.jackson.databind.JsonNode;

/** The manifests keep every rule, and every rule is one that can be broken. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManifestsTest {
  private static final Path MANIFESTS = Path.of("manifests");
  private static final Path BROKEN = Path.of("src", "test", "resources", "broken");
  private static final String BREAKS = "# breaks: ";

  private static List<Rule> rules() {
    return Stream.of(PodRules.STANDARD, PodRules.OURS, ManifestRules.ALL, NetworkRules.ALL)
        .flatMap(List::stream)
        .toList();
  }

  static Stream<Path> fixtures() throws IOException {
    try (Stream<Path> files = Files.list(BROKEN)) {
      return files.sorted().toList().stream();
    }
  }

  /** The rules that a fixture says it breaks. */
  private static Set<String> promised(Path fixture) throws IOException {
    String first = Files.readAllLines(fixture).get(0);
    assertThat(first).startsWith(BREAKS);
    return new TreeSet<>(Arrays.asList(first.substring(BREAKS.length()).split(" ")));
  }

  @Test
  void the_manifests_keep_every_rule() throws IOException {
    Manifests manifests = Manifests.in(MANIFESTS);
    assertThat(manifests.objects()).hasSize(9);
    assertThat(rules()).allSatisfy(rule -> assertThat(rule.brokenBy(manifests)).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void a_change_for_the_worse_breaks_the_rules_that_it_names_and_no_other(Path fixture)
      throws IOException {
    Manifests manifests = Manifests.in(MANIFESTS).with(Manifests.read(fixture));
    Set<String> broken = new TreeSet<>();
    for (Rule rule : rules()) if (!rule.brokenBy(manifests).isEmpty()) broken.add(rule.name());
    assertThat(broken).isEqualTo(promised(fixture));
  }

  @Test
  void every_rule_has_a_change_that_breaks_it() throws IOException {
    Set<String> broken = new TreeSet<>();
    for (Path fixture : fixtures().toList()) broken.addAll(promised(fixture));
    assertThat(rules()).extracting(Rule::name).doesNotHaveDuplicates();
    assertThat(broken)
        .containsExactlyInAnyOrderElementsOf(rules().stream().map(Rule::name).toList());
  }

  @Test
  void a_breach_says_where_it_is_and_what_is_asked() throws IOException {
    Manifests manifests =
        Manifests.in(MANIFESTS).with(Manifests.read(BROKEN.resolve("misspelt-key.yaml")));
    assertThat(rules().stream().flatMap(rule -> rule.brokenBy(manifests).stream()))
        .containsExactly(
            "Deployment orders.Spec.Template.Spec.Containers[].SecurityContext"
                + ".readOnlyRootFileSystem: no key that the API does not have");
  }

  @Test
  void a_key_that_stands_twice_is_not_read() {
    assertThatThrownBy(() -> Manifests.parse("hostPID: false\nhostPID: true\n"))
        .isInstanceOf(DuplicateKeyException.class);
  }

  @Test
  void the_walls_stand_before_anybody_moves_in() throws IOException {
    List<String> kinds =
        Manifests.in(MANIFESTS).objects().stream()
            .map(object -> object.path("kind").asString(""))
            .toList();
    assertThat(kinds.get(0)).isEqualTo("Namespace");
    assertThat(kinds.indexOf("Deployment"))
        .isGreaterThan(kinds.lastIndexOf("NetworkPolicy"))
        .isGreaterThan(kinds.lastIndexOf("ServiceAccount"))
        .isGreaterThan(kinds.lastIndexOf("ConfigMap"));
  }

  /** What the filter would tell an operator to write is written. */
  @Test
  void the_deployment_has_what_docs_host_exposure_asks_for() throws IOException {
    JsonNode deployment = Manifests.in(MANIFESTS).all("Deployment").findFirst().orElseThrow();
    List<String> lines =
        Files.readAllLines(Path.of("..", "..", "docs", "host-exposure.md")).stream()
            .filter(line -> line.matches("\\|.*\\| `[a-zA-Z]+: .*` \\|"))
            .map(line -> line.substring(line.lastIndexOf("| `") + 3, line.lastIndexOf('`')))
            .toList();
    assertThat(lines).hasSize(4);
    for (String line : lines) {
      JsonNode asked = Manifests.parse(line).get(0);
      leaves(asked)
          .forEach(name -> assertThat(deployment.findValues(name)).contains(asked.findValue(name)));
    }
  }

  private static Stream<String> leaves(JsonNode map) {
    return map.properties().stream()
        .flatMap(
            entry ->
                entry.getValue().isObject() ? leaves(entry.getValue()) : Stream.of(entry.getKey()));
  }

  @Test
  void the_readme_has_every_rule() throws IOException {
    List<String> table =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("| `") && line.contains("` | "))
            .toList();
    assertThat(table)
        .containsExactlyElementsOf(
            rules().stream()
                .map(rule -> "| `%s` | %s |".formatted(rule.name(), rule.demand()))
                .toList());
  }
}
