package io.sallyport.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The pages about web applications say nothing that is not in files that a build has tried. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentsTest {
  static final List<String> PAGES =
      List.of("README.md", "../../docs/jax-rs.md", "../../docs/containers.md");

  private static final List<String> SOURCES =
      List.of("src", "pom.xml", "../quickstart/src/main", "../../src/test/java");
  private static final Pattern FENCE =
      Pattern.compile("^ *```(\\w+)\\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(#[^)]*)?\\)");

  /** What stands between fences, with its language. */
  static List<MatchResult> fences(String page) throws IOException {
    return FENCE.matcher(Files.readString(Path.of(page))).results().toList();
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void every_snippet_is_a_quotation(String page) throws IOException {
    Map<String, List<String>> sources = Map.of("java", sources(".java"), "xml", sources(".xml"));
    int quoted = 0;
    for (MatchResult fence : fences(page)) {
      if (!sources.containsKey(fence.group(1))) continue;
      String lines = stripped(fence.group(2));
      assertThat(sources.get(fence.group(1)))
          .as(page + "\n" + lines)
          .anyMatch(source -> source.contains(lines));
      quoted++;
    }
    assertThat(quoted).as(page).isPositive();
  }

  /** The files of that kind, without indentation and empty lines. */
  private static List<String> sources(String ending) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String place : SOURCES) {
      try (Stream<Path> files = Files.walk(Path.of(place))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          if (file.toString().endsWith(ending)) texts.add(stripped(Files.readString(file)));
        }
      }
    }
    return texts;
  }

  private static String stripped(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n", "\n", "\n"));
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void the_files_that_it_names_are_there(String page) throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(Path.of(page))).results().map(link -> link.group(1)).toList();
    assertThat(links).isNotEmpty();
    for (String link : links) assertThat(Path.of(page).resolveSibling(link)).exists();
  }

  @Test
  void the_versions_of_the_containers_are_those_that_the_tests_run() throws IOException {
    String page = Files.readString(Path.of("../../docs/containers.md"));
    Matcher version =
        Pattern.compile("<(jetty|tomcat|undertow)[\\w.-]*\\.version>([^<]+)<")
            .matcher(Files.readString(Path.of("../../pom.xml")));
    int versions = 0;
    for (; version.find(); versions++) assertThat(page).contains(version.group(2));
    assertThat(versions).isEqualTo(7);
    assertThat(Files.readString(Path.of("../../docs/jax-rs.md")))
        .contains("Jersey " + property("jersey.version"));
  }

  private static String property(String name) throws IOException {
    Matcher property =
        Pattern.compile("<" + name + ">([^<]+)<").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(property.find()).isTrue();
    return property.group(1);
  }
}
