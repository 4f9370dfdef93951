package io.sallyport.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The retired adapter's regular expression for paths that need no token, as {@code publicPaths}:
 * where it is a list of paths, each perhaps with {@code .*} at its end. Whatever else it is cannot
 * be said by paths, and is not guessed at.
 */
final class SkipPattern {
  /** One group of alternatives at most, as in {@code ^/(css|js)/.*}. */
  private static final Pattern ONE_GROUP = Pattern.compile("([^()]*)\\(([^()]*)\\)([^()|]*)");

  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_~.-]*)+");

  private SkipPattern() {}

  /**
   * The paths that it means.
   *
   * @return empty where it means something else than paths
   */
  static List<String> paths(String regex) {
    String body = regex.strip();
    if (body.startsWith("^")) body = body.substring(1);
    if (body.endsWith("$")) body = body.substring(0, body.length() - 1);
    List<String> paths = new ArrayList<>();
    for (String alternative : alternatives(body)) {
      String path = path(alternative);
      if (path.isEmpty()) return List.of();
      paths.add(path);
    }
    return paths;
  }

  private static List<String> alternatives(String body) {
    Matcher group = ONE_GROUP.matcher(body);
    if (!group.matches() || group.group(1).contains("|")) return List.of(body.split("\\|", -1));
    List<String> alternatives = new ArrayList<>();
    for (String middle : group.group(2).replaceFirst("^\\?:", "").split("\\|", -1)) {
      alternatives.add(group.group(1) + middle + group.group(3));
    }
    return alternatives;
  }

  /** A path of ours; empty where it is none. A bare dot is read as a dot, which is stricter. */
  private static String path(String alternative) {
    boolean hasMore = alternative.endsWith(".*");
    String path =
        hasMore ? alternative.substring(0, alternative.length() - ".*".length()) : alternative;
    path = path.replace("\\.", ".").replace("\\/", "/").replace("\\-", "-");
    if (!PATH.matcher(path).matches() || path.contains("//") || path.contains("/.")) return "";
    if (!hasMore) return path;
    return path.endsWith("/") ? path + "*" : path + "/*";
  }
}
