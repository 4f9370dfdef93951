package io.sallyport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, in the Markdown that GitHub shows.
 *
 * @param file where it is, from the root of the repository
 * @param lines its text
 */
record Page(Path file, List<String> lines) {
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+?)[ #]*");
  private static final Pattern NAMED = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(<?([^()\\s>]+)>?(?: \"[^\"]*\")?\\)|(?:src|href|srcset)=\"([^\"]+)\"");
  private static final Pattern GIVEN = Pattern.compile("<!-- given: (.*?) -->");

  /**
   * A fenced block of code.
   *
   * @param language the word behind the fence, or empty
   * @param given declarations that it may take as given, from a comment on the line above
   * @param line the number of the code's first line
   */
  record Fence(Page page, String language, String given, int line, String code) {
    /** Page and line, for a failure; lines of the code count from 1. */
    String at(long lineOfCode) {
      return page.at(line + (int) lineOfCode - 1);
    }
  }

  /** Where a link leads, and the line that it is on. */
  record Link(int line, String target) {}

  static Page of(String file) {
    try {
      return new Page(Path.of(file), Files.readAllLines(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** README and every page below {@code docs}. */
  static List<Page> all() {
    List<Page> pages = new ArrayList<>(List.of(of("README.md")));
    try (Stream<Path> files = Files.walk(Path.of("docs"))) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".md"))
          .sorted()
          .forEach(file -> pages.add(of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pages;
  }

  /** The page and a line of it, as editors and terminals take it. */
  String at(int line) {
    return file + ":" + line;
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }

  /** The blocks of code, in order. */
  List<Fence> fences() {
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String opening = lines.get(i).strip();
      if (!opening.startsWith("```")) continue;
      int first = i + 1;
      List<String> code = new ArrayList<>();
      for (i++; i < lines.size() && !lines.get(i).strip().equals("```"); i++) {
        code.add(lines.get(i));
      }
      if (i == lines.size()) throw new AssertionError(at(first) + ": this fence is never closed");
      String block = String.join("\n", code).stripIndent();
      fences.add(new Fence(this, opening.substring(3).strip(), given(first), first + 1, block));
    }
    return fences;
  }

  List<Fence> fences(String language) {
    return fences().stream().filter(fence -> fence.language().equals(language)).toList();
  }

  private String given(int lineOfFence) {
    String above = lineOfFence < 2 ? "" : lines.get(lineOfFence - 2).strip();
    return GIVEN.matcher(above).results().map(found -> found.group(1)).findFirst().orElse("");
  }

  /** The lines with those of code left empty, so that their numbers stay. */
  private List<String> prose() {
    List<String> prose = new ArrayList<>();
    boolean code = false;
    for (String line : lines) {
      boolean fence = line.strip().startsWith("```");
      prose.add(code || fence ? "" : line.replaceAll("`[^`]*`", "`"));
      if (fence) code = !code;
    }
    return prose;
  }

  /** Links and pictures, wherever they lead. */
  List<Link> links() {
    List<Link> links = new ArrayList<>();
    List<String> prose = prose();
    for (int i = 0; i < prose.size(); i++) {
      for (MatchResult found : LINK.matcher(prose.get(i)).results().toList()) {
        links.add(new Link(i + 1, found.group(1) != null ? found.group(1) : found.group(2)));
      }
    }
    return links;
  }

  /** What a link may name behind a {@code #}. */
  Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> times = new HashMap<>();
    boolean code = false;
    for (String line : lines) {
      if (line.strip().startsWith("```")) code = !code;
      if (code) continue;
      NAMED.matcher(line).results().forEach(found -> anchors.add(found.group(1)));
      var heading = HEADING.matcher(line);
      if (!heading.matches()) continue;
      String anchor = anchor(heading.group(1));
      int before = times.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  /** As GitHub makes it: small letters, digits, hyphens and underscores; a hyphen for a blank. */
  private static String anchor(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }
}
