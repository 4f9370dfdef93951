package io.sallyport.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command has found out, a line each, under headings. */
final class Report {
  /** How good a thing is. */
  enum State {
    OK,
    WARN,
    FAIL
  }

  /**
   * One thing that was looked at.
   *
   * @param about under which heading it stands
   * @param state how good it is
   * @param what what was looked at, in a word or two
   * @param found what it is like
   * @param remedy what mends it, or null where nothing has to be mended
   */
  record Line(String about, State state, String what, String found, @Nullable String remedy) {
    Map<String, @Nullable Object> members() {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("about", about);
      members.put("state", state.name().toLowerCase(Locale.ROOT));
      members.put("what", what);
      members.put("found", found);
      members.put("remedy", remedy);
      return members;
    }
  }

  private final List<Line> lines = new ArrayList<>();

  void ok(String about, String what, String found) {
    lines.add(new Line(about, State.OK, what, found, null));
  }

  void warn(String about, String what, String found, String remedy) {
    lines.add(new Line(about, State.WARN, what, found, remedy));
  }

  void fail(String about, String what, String found, String remedy) {
    lines.add(new Line(about, State.FAIL, what, found, remedy));
  }

  List<Line> lines() {
    return List.copyOf(lines);
  }

  boolean hasFailed() {
    return lines.stream().anyMatch(line -> line.state() == State.FAIL);
  }

  long count(State state) {
    return lines.stream().filter(line -> line.state() == state).count();
  }

  /** The lines as a person reads them. */
  String text(Paint paint) {
    int width = lines.stream().mapToInt(line -> line.what().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    String heading = null;
    for (Line line : lines) {
      if (!line.about().equals(heading)) {
        if (heading != null) text.append('\n');
        text.append(paint.strong(line.about())).append('\n');
        heading = line.about();
      }
      String word =
          switch (line.state()) {
            case OK -> paint.good("ok  ");
            case WARN -> paint.doubtful("warn");
            case FAIL -> paint.bad("FAIL");
          };
      String what = line.what() + " ".repeat(width - line.what().length());
      text.append("  ").append(word).append("  ").append(what).append("  ").append(line.found());
      text.append('\n');
      if (line.remedy() == null) continue;
      text.append(" ".repeat(10 + width)).append("-> ").append(line.remedy()).append('\n');
    }
    return text.toString();
  }
}
