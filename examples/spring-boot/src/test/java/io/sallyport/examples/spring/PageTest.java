package io.sallyport.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** docs/spring-boot.md shows nothing but what is compiled and tested here. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "spring-boot.md");
  private static final Pattern FENCE = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([\\w./-]+)(#[\\w-]+)?\\)");

  @Test
  void every_snippet_is_a_quote() throws IOException {
    List<String> sources = sources();
    List<String> snippets =
        FENCE.matcher(Files.readString(PAGE)).results().map(fence -> fence.group(2)).toList();

    assertThat(snippets).hasSizeGreaterThan(5);
    for (String snippet : snippets) {
      assertThat(sources).as(snippet).anyMatch(source -> source.contains(unindented(snippet)));
    }
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return Stream.concat(files.filter(Files::isRegularFile), Stream.of(Path.of("pom.xml")))
          .map(PageTest::read)
          .map(PageTest::unindented)
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a snippet begins in its line is the page's affair. */
  private static String unindented(String text) {
    return text.lines().map(String::strip).reduce("", (all, line) -> all + line + "\n");
  }

  @Test
  void what_it_links_to_is_there() throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(PAGE)).results().map(link -> link.group(1)).toList();

    assertThat(links).isNotEmpty();
    for (String link : links) assertThat(PAGE.resolveSibling(link)).exists();
  }
}
