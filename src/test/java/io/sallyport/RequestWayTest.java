package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * {@code docs/how-a-request-is-decided.md} and its drawing name the stages of the code in their
 * order, and each reason at the one that it is told at. {@code -Ddocs.write=true} writes the titles
 * of reasons anew.
 */
final class RequestWayTest {
  private static final Path DOCUMENT = Path.of("docs", "how-a-request-is-decided.md");
  private static final Path DRAWING = Path.of("docs", "request-way.svg");
  private static final Pattern HEADING = Pattern.compile("### (?:([0-9]+)\\. )?(.+)");
  private static final Pattern CODE = Pattern.compile("\\[(SP-[0-9]{3})\\]");
  private static final String ENDS_IN = "Ends in: ";
  private static final String IN_EXPLAIN = "In `explain`: ";

  /** A section of the page: its classes, and the reasons that it ends in, in order. */
  private record Section(int number, String title, List<String> classes, List<Reason> reasons) {}

  private static List<Section> stages() throws IOException {
    List<Section> stages = new ArrayList<>();
    List<String> lines = Files.readAllLines(DOCUMENT);
    int start = lines.indexOf("## The stages");
    int end = lines.indexOf("## Why in this order");
    for (int i = start + 1; i < end; i++) {
      var heading = HEADING.matcher(lines.get(i));
      if (!heading.matches()) continue;
      int number =
          heading.group(1) == null ? stages.size() + 1 : Integer.parseInt(heading.group(1));
      List<String> section =
          lines.subList(i + 1, end).stream().takeWhile(line -> !line.startsWith("#")).toList();
      stages.add(new Section(number, heading.group(2), classes(section), reasons(section)));
    }
    return stages;
  }

  /** What the section begins with, before its first full stop or other word. */
  private static List<String> classes(List<String> section) {
    String paragraph =
        section.stream()
            .dropWhile(String::isBlank)
            .takeWhile(line -> !line.isBlank())
            .collect(Collectors.joining(" "));
    String beginning = paragraph.replaceAll("(?s)^((?:`\\w+`(?:, )?)+).*", "$1");
    return Pattern.compile("`(\\w+)`").matcher(beginning).results().map(c -> c.group(1)).toList();
  }

  private static List<Reason> reasons(List<String> section) {
    return section.stream()
        .filter(line -> line.startsWith(ENDS_IN))
        .flatMap(line -> CODE.matcher(line).results())
        .map(found -> reason(found.group(1)))
        .toList();
  }

  private static Reason reason(String code) {
    return Stream.of(Reason.values())
        .filter(reason -> reason.code().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + code));
  }

  @Test
  void every_reason_is_told_at_exactly_one_stage() throws IOException {
    assertThat(stages().stream().flatMap(stage -> stage.reasons().stream()))
        .containsExactlyInAnyOrder(Reason.values());
  }

  @Test
  void the_stages_are_numbered_as_they_stand() throws IOException {
    List<Integer> numbers = stages().stream().map(Section::number).toList();
    assertThat(numbers).hasSize(14).isSorted().doesNotHaveDuplicates().startsWith(1);
  }

  @Test
  void the_checks_that_are_explained_are_named_in_their_order() throws IOException {
    List<String> named =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith(IN_EXPLAIN))
            .map(line -> line.substring(IN_EXPLAIN.length(), line.length() - 1))
            .flatMap(line -> Stream.of(line.split(", ")))
            .toList();
    assertThat(named).isEqualTo(Stream.of(Stage.values()).map(Stage::title).toList());
  }

  @Test
  void the_classes_of_a_stage_are_what_stops_for_its_reasons() throws IOException {
    for (Section stage : stages()) {
      assertThat(stage.classes()).as(stage.title()).isNotEmpty();
      StringBuilder source = new StringBuilder();
      for (String name : stage.classes()) {
        source.append(Files.readString(Path.of("src/main/java/io/sallyport", name + ".java")));
      }
      for (Reason reason : stage.reasons()) {
        assertThat(source.toString()).as(stage.title()).contains("Reason." + reason.name());
      }
    }
  }

  @Test
  void what_a_stage_ends_in_is_written_with_status_and_title() throws IOException {
    List<String> expected =
        Files.readAllLines(DOCUMENT).stream()
            .map(line -> line.startsWith(ENDS_IN) ? endsIn(reasons(List.of(line))) : line)
            .toList();
    if (Boolean.getBoolean("docs.write")) Files.write(DOCUMENT, expected);
    assertThat(Files.readAllLines(DOCUMENT)).isEqualTo(expected);
  }

  private static String endsIn(List<Reason> reasons) {
    StringBuilder line = new StringBuilder(ENDS_IN);
    int status = 0;
    for (Reason reason : reasons) {
      int next = reason.kind().status();
      if (next != status) line.append(status == 0 ? "" : "; ").append("**" + next + "** ");
      else line.append(", ");
      status = next;
      String anchor = reason.code().toLowerCase(Locale.ROOT);
      line.append("[%s](refusals.md#%s) %s".formatted(reason.code(), anchor, reason.title()));
    }
    return line.append('.').toString();
  }

  /**
   * A request with a fault for every stage, mended fault by fault. Each time the first that is left
   * is told, so the page's order is the gate's.
   */
  @Test
  void of_several_faults_the_one_of_the_earliest_stage_is_told() throws IOException {
    List<Reason> told = new ArrayList<>();
    Ladder ladder = new Ladder();
    for (Reason reason = ladder.verdict(); reason != null; reason = ladder.verdict()) {
      told.add(reason);
      ladder.mend(reason);
    }
    List<Integer> at = told.stream().map(RequestWayTest::numberOfStage).toList();
    assertThat(at).as("stages of %s", told).isSorted();
    Set<Integer> reached = new LinkedHashSet<>(at);
    assertThat(reached).containsExactly(1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13);
  }

  private static int numberOfStage(Reason reason) {
    try {
      return stages().stream()
          .filter(stage -> stage.reasons().contains(reason))
          .findFirst()
          .orElseThrow()
          .number();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void the_drawing_has_the_same_stages_and_codes() throws Exception {
    Document drawing = drawing();
    List<Section> stages = stages();
    List<Element> groups = elements(drawing, "g");
    assertThat(groups).hasSameSizeAs(stages.subList(0, stages.size() - 1));
    for (int i = 0; i < groups.size(); i++) {
      Section stage = stages.get(i);
      assertThat(text(groups.get(i), "number")).isEqualTo(Integer.toString(stage.number()));
      assertThat(text(groups.get(i), "title")).isEqualTo(stage.title());
      assertThat(codes(groups.get(i)))
          .as(stage.title())
          .containsExactlyInAnyOrderElementsOf(codes(stage));
    }
    assertThat(codes(drawing.getDocumentElement()))
        .as("with those that may come from anywhere")
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(RequestWayTest::code).toList());
  }

  private static Document drawing() throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(Files.readString(DRAWING))));
  }

  private static List<Element> elements(Document drawing, String name) {
    NodeList found = drawing.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) elements.add((Element) found.item(i));
    return elements;
  }

  /** The texts of a class below an element, with blanks between. */
  private static String text(Element parent, String kind) {
    NodeList texts = parent.getElementsByTagName("text");
    List<String> found = new ArrayList<>();
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      if (text.getAttribute("class").equals(kind)) found.add(text.getTextContent());
    }
    return String.join(" ", found);
  }

  private static List<String> codes(Element parent) {
    String codes = text(parent, "codes");
    return codes.isEmpty() ? List.of() : List.of(codes.split(" "));
  }

  private static List<String> codes(Section stage) {
    return stage.reasons().stream().map(RequestWayTest::code).toList();
  }

  private static String code(Reason reason) {
    return reason.code().substring("SP-".length());
  }

  @Test
  void the_drawing_is_small_has_a_dark_half_and_brings_nothing_foreign() throws IOException {
    String drawing = Files.readString(DRAWING);
    assertThat(Files.size(DRAWING)).isLessThan(15 * 1024);
    assertThat(drawing)
        .contains("@media (prefers-color-scheme: dark)", "<title", "<desc")
        .doesNotContain("<script", "<image", "<foreignObject", "href", "@import", "@font-face");
    assertThat(Pattern.compile("https?:[^\"]*").matcher(drawing).results().map(MatchResult::group))
        .containsOnly("http://www.w3.org/2000/svg");
    assertThat(Files.readString(DOCUMENT)).contains("](request-way.svg)");
  }
}
