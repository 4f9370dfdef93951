package io.sallyport.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/reverse-proxies.md and the README quote stands so in a file of this example. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "reverse-proxies.md");
  private static final Pattern QUOTE = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  private static List<String> quotes(Path page) throws IOException {
    return QUOTE.matcher(Files.readString(page)).results().map(quote -> quote.group(2)).toList();
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src"));
        Stream<Path> fronts = Files.list(Path.of("front"))) {
      return Stream.of(sources, fronts, Stream.of(Path.of("proxy.properties")))
          .flatMap(files -> files)
          .filter(Files::isRegularFile)
          .map(PageTest::text)
          .map(PageTest::withoutMargin)
          .collect(Collectors.toList());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A quote may stand further to the left than its source, and no line of it elsewhere. */
  private static String withoutMargin(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../docs/reverse-proxies.md", "README.md"})
  void every_quote_stands_in_a_file_of_the_example(String page) throws Exception {
    List<String> files = files();
    List<String> quotes = quotes(Path.of(page));
    assertThat(quotes).isNotEmpty();
    for (String quote : quotes) {
      assertThat(files).anyMatch(file -> file.contains(withoutMargin(quote)), quote);
    }
  }

  @Test
  void a_quote_that_stands_nowhere_would_be_seen() throws Exception {
    String quote = quotes(PAGE).get(0).replaceFirst("\\w", "_");
    assertThat(files()).noneMatch(file -> file.contains(withoutMargin(quote)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../docs/reverse-proxies.md", "README.md"})
  void every_file_that_a_page_points_to_is_there(String page) throws Exception {
    Path from = Path.of(page).toAbsolutePath().getParent();
    assertThat(LINK.matcher(Files.readString(Path.of(page))).results())
        .isNotEmpty()
        .allMatch(link -> Files.exists(from.resolve(link.group(1))));
  }
}
