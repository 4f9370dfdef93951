package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Page.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What holds of every page: links lead somewhere, Java compiles, settings are taken, JSON is JSON.
 * CONTRIBUTING.md says what a snippet may take as given.
 */
final class DocumentationTest {
  private static final Path INDEX = Path.of("docs", "README.md");

  @TempDir Path folder;

  @Test
  void every_link_leads_to_a_file_and_a_heading_that_are_there() throws IOException {
    List<Page> pages = new ArrayList<>(Page.all());
    for (String name : List.of("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")) {
      pages.add(Page.of(name));
    }
    try (Stream<Path> examples = Files.list(Path.of("examples"))) {
      for (Path example : examples.toList()) {
        Path page = example.resolve("README.md");
        if (Files.exists(page)) pages.add(Page.of(page.toString()));
      }
    }
    assertThat(pages.stream().flatMap(page -> page.links().stream())).hasSizeGreaterThan(300);
    assertThat(pages.stream().flatMap(page -> Links.faults(page).stream())).isEmpty();
  }

  @Test
  void every_java_snippet_compiles_or_is_quoted_from_a_source_file() throws IOException {
    List<Fence> snippets = fences("java");
    List<List<String>> sources = sources();
    List<Fence> own =
        snippets.stream().filter(snippet -> !Snippets.isQuoted(snippet, sources)).toList();
    assertThat(own).as("those that are not quoted").hasSizeGreaterThan(6);
    assertThat(Snippets.faults(own)).isEmpty();
  }

  private static List<Fence> fences(String language) {
    return Page.all().stream().flatMap(page -> page.fences(language).stream()).toList();
  }

  /** The lines of every Java file of the library, its tests and its examples. */
  private static List<List<String>> sources() throws IOException {
    List<List<String>> sources = new ArrayList<>();
    for (String root : List.of("src", "examples")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(DocumentationTest::isSource).toList()) {
          sources.add(Files.readAllLines(file));
        }
      }
    }
    return sources;
  }

  private static boolean isSource(Path file) {
    return file.toString().endsWith(".java") && !file.toString().contains("/target/");
  }

  @Test
  void every_snippet_of_xml_is_well_formed_and_its_init_params_are_taken_as_settings() {
    WebXml reader = new WebXml(folder);
    List<Fence> snippets = fences("xml");
    assertThat(snippets).hasSizeGreaterThan(3);
    assertThat(snippets.stream().flatMap(snippet -> reader.faults(snippet).stream())).isEmpty();
  }

  @Test
  void every_snippet_of_json_is_one_value() {
    assertThat(fences("json").stream().flatMap(snippet -> faultsOfJson(snippet).stream()))
        .isEmpty();
  }

  private static List<String> faultsOfJson(Fence fence) {
    try (JsonParser parser =
        new JsonFactory().createParser(ObjectReadContext.empty(), fence.code())) {
      if (parser.nextToken() == null) return List.of(fence.at(1) + ": there is nothing");
      parser.skipChildren();
      return parser.nextToken() == null
          ? List.of()
          : List.of(fence.at(parser.currentLocation().getLineNr()) + ": a second value");
    } catch (JacksonException e) {
      return List.of(fence.at(e.getLocation().getLineNr()) + ": " + e.getOriginalMessage());
    }
  }

  @Test
  void every_page_stands_in_the_index_once() throws IOException {
    List<String> listed =
        Page.of(INDEX.toString()).links().stream()
            .map(Page.Link::target)
            .filter(target -> target.matches("[\\w-]+\\.md"))
            .toList();
    try (Stream<Path> files = Files.list(INDEX.getParent())) {
      List<String> pages =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
              .toList();
      assertThat(listed).containsExactlyInAnyOrderElementsOf(pages);
    }
  }

  @Test
  void what_is_wrong_is_told_with_page_and_line() {
    Page page =
        new Page(
            Path.of("docs", "wrong.md"),
            """
            # A page

            [gone](gone.md), [no heading](mcp.md#nowhere), [none here](#either) and `[code](gone.md)`.

            ```java
            int one = 1;
            int two = "two";
            ```

            ```java
            @Override public void unclosed( {
            ```

            ```xml
            <init-param>
              <param-name>clockSkew</param-name>
              <param-value>60</param-value>
            </init-param>
            ```

            ```xml
            <filter>
              <filter-name>
            </filter>
            ```

            ```json
            {
              "a": 1,
            }
            ```

            ```json
            {}
            {}
            ```
            """
                .lines()
                .toList());
    WebXml reader = new WebXml(folder);
    assertThat(Links.faults(page))
        .containsExactly(
            "docs/wrong.md:3: there is no gone.md",
            "docs/wrong.md:3: there is no #nowhere in mcp.md",
            "docs/wrong.md:3: there is no #either in wrong.md");
    assertThat(Snippets.faults(page.fences("java").subList(0, 1)))
        .hasSize(1)
        .allMatch(fault -> fault.startsWith("docs/wrong.md:7: incompatible types: "));
    assertThat(Snippets.faults(page.fences("java").subList(1, 2)))
        .isNotEmpty()
        .allMatch(fault -> fault.startsWith("docs/wrong.md:11: "));
    assertThat(page.fences("xml").stream().flatMap(snippet -> reader.faults(snippet).stream()))
        .hasSize(2)
        .anyMatch(
            fault -> fault.matches("docs/wrong.md:15: .* no setting 'clockSkew'. Did you mean .*"))
        .anyMatch(fault -> fault.startsWith("docs/wrong.md:24: "));
    assertThat(page.fences("json").stream().flatMap(snippet -> faultsOfJson(snippet).stream()))
        .hasSize(2)
        .anyMatch(fault -> fault.startsWith("docs/wrong.md:30: "))
        .anyMatch(fault -> fault.equals("docs/wrong.md:35: a second value"));
  }

  @Test
  void a_quote_is_one_line_by_line_and_not_with_a_word_changed() {
    List<List<String>> sources =
        List.of("class A {\n  void a() {\n    b(1);\n    c();\n  }\n}\n".lines().toList());
    assertThat(Snippets.isQuoted(java("b(1);\nc();"), sources)).isTrue();
    assertThat(Snippets.isQuoted(java("void a() {\n  b(1);"), sources)).isTrue();
    assertThat(Snippets.isQuoted(java("b(1);\nd();"), sources)).isFalse();
    assertThat(Snippets.isQuoted(java("b(1);\n  c();"), sources)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import java.util.function.Supplier;\npublic final class A { Supplier<String> a; }",
        "String who = token.subject();\nif (who == null) throw new ServletException();",
        "@Override public int hashCode() { return 1; }",
        "SallyportFilter.builder().issuer(\"a\")",
        ".issuer(\"a\")\n.build()"
      })
  void a_snippet_may_be_of_any_of_these_forms(String code) {
    assertThat(Snippets.faults(List.of(java(code)))).isEmpty();
  }

  @Test
  void a_comment_above_a_snippet_declares_what_it_takes_as_given() {
    String snippet = "```java\n.replayGuard(guard)\n```";
    Page without = new Page(Path.of("a.md"), snippet.lines().toList());
    Page with =
        new Page(
            Path.of("a.md"), ("<!-- given: ReplayGuard guard -->\n" + snippet).lines().toList());
    assertThat(Snippets.faults(without.fences("java"))).hasSize(1);
    assertThat(Snippets.faults(with.fences("java"))).isEmpty();
  }

  private static Fence java(String code) {
    Page page = new Page(Path.of("a.md"), ("```java\n" + code + "\n```").lines().toList());
    return page.fences().get(0);
  }
}
