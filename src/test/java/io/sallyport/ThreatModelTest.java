package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * {@code docs/threat-model.md} names the tests that hold each threat off; {@code -Ddocs.write=true}
 * writes their names anew.
 */
final class ThreatModelTest {
  private static final Path DOCUMENT = Path.of("docs", "threat-model.md");
  private static final Path CLASSES = Path.of("target", "test-classes");
  private static final Pattern ROW = Pattern.compile("\\| ([0-9]+) \\| (.+?) \\| (.*) \\|");

  /** What the release holds, and no test can: see the document. */
  private static final Set<Integer> BY_OTHER_MEANS = Set.of(93, 95);

  private static final String SOURCES = "../src/test/java/";

  @Test
  void each_threat_is_held_by_the_tests_that_the_document_names() throws Exception {
    Map<Integer, Map<String, Long>> tests = testsByThreat();
    List<String> expected = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        int number = Integer.parseInt(row.group(1));
        numbers.add(number);
        expected.add(rewritten(number, row, tests.getOrDefault(number, Map.of())));
      } else {
        expected.add(line);
      }
    }
    assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, 95).boxed().toList());
    assertThat(tests.keySet()).as("tags").isSubsetOf(numbers);
    if (Boolean.getBoolean("docs.write")) Files.write(DOCUMENT, expected);
    assertThat(Files.readAllLines(DOCUMENT)).isEqualTo(expected);
  }

  private static String rewritten(int number, Matcher row, Map<String, Long> tests) {
    if (BY_OTHER_MEANS.contains(number)) return row.group();
    assertThat(tests).as("tests tagged T%d: %s", number, row.group(2)).isNotEmpty();
    return "| %d | %s | %s |"
        .formatted(
            number,
            row.group(2),
            tests.entrySet().stream()
                .map(test -> link(test.getKey(), test.getValue()))
                .collect(Collectors.joining(", ")));
  }

  private static String link(String className, long tests) {
    String simple = className.substring(className.lastIndexOf('.') + 1);
    String file = SOURCES + className.replace('.', '/') + ".java";
    return "[" + simple + "](" + file + ")" + (tests == 1 ? "" : " " + tests);
  }

  /** Class names with the number of their tests, by the threats that these are tagged with. */
  private static Map<Integer, Map<String, Long>> testsByThreat()
      throws IOException, ClassNotFoundException {
    Map<Integer, Map<String, Long>> found = new TreeMap<>();
    for (Class<?> type : classesOfTests()) {
      Set<Integer> ofAll = threats(type);
      for (Method test : type.getDeclaredMethods()) {
        if (!AnnotationSupport.isAnnotated(test, Testable.class)) continue;
        Set<Integer> threats = new HashSet<>(ofAll);
        threats.addAll(threats(test));
        for (int threat : threats) {
          found.computeIfAbsent(threat, n -> new TreeMap<>()).merge(type.getName(), 1L, Long::sum);
        }
      }
    }
    return found;
  }

  private static List<Class<?>> classesOfTests() throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = CLASSES.relativize(file).toString();
        if (!name.endsWith("Test.class") && !name.endsWith("Contract.class")) continue;
        String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
        types.add(Class.forName(type, false, ThreatModelTest.class.getClassLoader()));
      }
    }
    return types;
  }

  private static Set<Integer> threats(AnnotatedElement tagged) {
    return AnnotationSupport.findRepeatableAnnotations(tagged, Tag.class).stream()
        .map(Tag::value)
        .filter(tag -> tag.matches("T[0-9]+"))
        .map(tag -> Integer.valueOf(tag.substring(1)))
        .collect(Collectors.toSet());
  }
}
