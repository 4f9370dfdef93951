package io.sallyport.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What docs/container-hardening.md quotes of the manifests is in them, line by line. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HardeningPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "container-hardening.md");
  private static final Pattern QUOTE = Pattern.compile("```yaml\n# (\\S+)\n([^`]+)```");

  /** Which flag of docker run stands for which key of Compose. */
  private static final Map<String, String> FLAGS =
      Map.of(
          "user", "--user",
          "cap_drop", "--cap-drop",
          "security_opt", "--security-opt",
          "tmpfs", "--tmpfs",
          "mem_limit", "--memory",
          "cpus", "--cpus",
          "pids_limit", "--pids-limit",
          "ports", "--publish");

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  static Stream<Quote> quotes() throws IOException {
    return QUOTE.matcher(page()).results().map(Quote::new).toList().stream();
  }

  private record Quote(Path file, List<String> lines) {
    Quote(MatchResult block) {
      this(
          block.group(1).startsWith("compose")
              ? Path.of(block.group(1))
              : Path.of("manifests", block.group(1)),
          meaning(block.group(2)));
    }
  }

  /** The lines without indentation, comments and what is empty then. */
  private static List<String> meaning(String yaml) {
    return yaml.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void a_quote_is_in_its_file(Quote quote) throws IOException {
    assertThat(quote.lines()).isNotEmpty();
    List<String> file = meaning(Files.readString(quote.file()));
    assertThat(Collections.indexOfSubList(file, quote.lines())).isNotNegative();
  }

  @Test
  void every_section_with_a_wall_quotes_the_line_that_closes_it() throws IOException {
    List<String> walls = Stream.of(page().split("\n## ")).skip(2).limit(7).toList();
    assertThat(walls.get(0)).startsWith("The runtime's socket");
    assertThat(walls.get(6)).startsWith("The node's resources");
    assertThat(walls).allMatch(section -> QUOTE.matcher(section).find());
  }

  @Test
  void the_one_command_is_the_compose_file_in_flags() throws IOException {
    JsonNode service = Manifests.read(Path.of("compose.yaml")).get(0).at("/services/orders");
    String command =
        page().substring(page().indexOf("docker run ")).replaceAll("\\s*\\\\\n\\s*", " ");
    FLAGS.forEach(
        (key, flag) -> {
          JsonNode value = service.path(key);
          String text = value.isArray() ? value.get(0).asString("") : value.asString("");
          assertThat(command).contains(flag + " " + text + " ");
        });
    assertThat(command)
        .contains(" --read-only ")
        .contains(service.at("/volumes/0").asString("").replace("./", "$PWD/"))
        .contains(service.path("image").asString("") + " " + service.at("/command/0").asString(""));
  }
}
