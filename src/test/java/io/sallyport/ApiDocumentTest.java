package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/api.md} lists what is public, and says of the rest that it is not promised; Javadoc
 * says since when there is each.
 */
final class ApiDocumentTest {
  private static final Pattern PUBLIC =
      Pattern.compile(
          "^public (?:(?:final|abstract|sealed) )*(?:class|interface|record|enum) (\\w+)",
          Pattern.MULTILINE);

  /** A public type of any depth, and what stands before it as far back as the last code. */
  private static final Pattern DECLARED =
      Pattern.compile(
          "((?:^ *(?:/\\*\\*.*|\\*.*|@.*)\n)*)"
              + "^ *public (?:(?:static|final|abstract|sealed|non-sealed) )*"
              + "(?:class|interface|record|enum|@interface) (\\w+)",
          Pattern.MULTILINE);

  private static final Pattern SINCE = Pattern.compile("\\* @since \\d+\\.\\d+\\.\\d+\n");
  private static final Pattern LISTED = Pattern.compile("\\[`(\\w+)`]\\(\\.\\./(src/[^)]+)\\)");
  private static final Pattern UNPROMISED = Pattern.compile("`([A-Z]\\w+)`");

  private final String page;

  ApiDocumentTest() throws IOException {
    page = Files.readString(Path.of("docs", "api.md"));
  }

  private static Set<String> publicTypes(String folder) throws IOException {
    Set<String> types = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder), "*.java")) {
      for (Path file : files) {
        Matcher type = PUBLIC.matcher(Files.readString(file));
        while (type.find()) types.add(type.group(1));
      }
    }
    return types;
  }

  private Set<String> listed(String folder) {
    return LISTED
        .matcher(page)
        .results()
        .filter(link -> Path.of(link.group(2)).getParent().equals(Path.of(folder)))
        .map(link -> link.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_public_type_is_argued_for_or_not_promised() throws IOException {
    String unpromised = page.substring(page.indexOf("\nNot promised:"));
    Set<String> keys = listed("src/main/java/io/sallyport/keys");
    UNPROMISED
        .matcher(unpromised.substring(0, unpromised.indexOf("\n\n")))
        .results()
        .forEach(name -> assertThat(keys.add(name.group(1))).as(name.group(1)).isTrue());
    assertThat(keys).isEqualTo(publicTypes("src/main/java/io/sallyport/keys"));
    for (String folder :
        List.of("src/main/java/io/sallyport", "src/testkit/java/io/sallyport/testkit")) {
      assertThat(listed(folder)).as(folder).isEqualTo(publicTypes(folder));
    }
  }

  @Test
  void every_public_type_says_since_which_version_it_is_there() throws IOException {
    List<String> declared = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (String root : List.of("src/main/java", "src/testkit/java")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          Matcher type = DECLARED.matcher(Files.readString(file));
          while (type.find()) {
            declared.add(type.group(2));
            if (!SINCE.matcher(type.group(1)).find()) silent.add(file + ": " + type.group(2));
          }
        }
      }
    }
    assertThat(declared).contains("SallyportFilter", "Builder", "KeySource", "TestIssuer");
    assertThat(silent).isEmpty();
  }
}
