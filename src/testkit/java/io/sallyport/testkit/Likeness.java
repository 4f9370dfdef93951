package io.sallyport.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an answer reads as those to the same forged token do. What differs between these from one
 * time to the next, such as a correlation, may differ in the others too; so may {@code Date}.
 */
final class Likeness {
  /** The attack whose answers the others are held against. */
  static final String REFERENCE = "signature-of-strange-key";

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+|[^A-Za-z0-9]");

  private final List<String> words;
  private final Set<Integer> varying = new HashSet<>();
  private final boolean usable;

  /**
   * Learns what varies.
   *
   * @param replies answers to the same request, one at least
   */
  Likeness(List<Reply> replies) {
    this.words = words(replies.get(0));
    boolean alike = replies.stream().allMatch(reply -> reply.status() == 401);
    for (Reply reply : replies) {
      List<String> other = words(reply);
      alike &= other.size() == words.size();
      for (int i = 0; alike && i < words.size(); i++) {
        if (!words.get(i).equals(other.get(i))) varying.add(i);
      }
    }
    this.usable = alike;
  }

  /** Whether an answer can be told from them. */
  boolean tells(Reply reply) {
    if (!usable || reply.status() != 401) return false;
    List<String> other = words(reply);
    if (other.size() != words.size()) return true;
    for (int i = 0; i < words.size(); i++) {
      boolean same =
          varying.contains(i)
              ? words.get(i).length() == other.get(i).length()
              : words.get(i).equals(other.get(i));
      if (!same) return true;
    }
    return false;
  }

  private static List<String> words(Reply reply) {
    StringBuilder text = new StringBuilder();
    for (String field : reply.fields()) {
      if (!field.regionMatches(true, 0, "Date:", 0, 5)) text.append(field).append('\n');
    }
    List<String> found = new ArrayList<>();
    Matcher word = WORD.matcher(text + "\n" + reply.body());
    while (word.find()) found.add(word.group());
    return found;
  }
}
