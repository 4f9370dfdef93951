package io.sallyport;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what somebody meant who wrote a name that there is not. */
final class NearestName {
  private static final int FARTHEST = 3;

  private NearestName() {}

  /** The known name that is nearest, if any is near enough to be worth naming. */
  static Optional<String> of(String name, Collection<String> known) {
    String folded = fold(name);
    return known.stream()
        .min(
            Comparator.<String>comparingInt(candidate -> distance(folded, fold(candidate)))
                .thenComparingInt(String::length))
        .filter(candidate -> distance(folded, fold(candidate)) <= FARTHEST);
  }

  /** Letter case, hyphens, dots and underscores are what people most often get wrong. */
  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
  }

  /** Levenshtein's, but for a beginning, which counts as near. */
  private static int distance(String a, String b) {
    if (a.length() >= 3 && a.length() < b.length() && b.startsWith(a)) return 1;
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) row[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
