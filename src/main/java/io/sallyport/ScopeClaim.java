package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Where a token's scopes stand (RFC 6749 section 3.3): the first of the configured claims that is
 * present counts alone, never the union of two. A name that begins with a slash is a JSON Pointer
 * (RFC 6901).
 */
final class ScopeClaim {
  private final List<String> names;
  private final List<List<String>> places;

  ScopeClaim(List<String> names) {
    this.names = List.copyOf(names);
    this.places = names.stream().map(ScopeClaim::steps).toList();
  }

  private static List<String> steps(String name) {
    if (!name.startsWith("/")) return List.of(name);
    return Arrays.stream(name.substring(1).split("/", -1))
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  /** The configured claims, for messages. */
  List<String> names() {
    return names;
  }

  /** The scopes as they are in the token; text is split at U+0020 and at nothing else. */
  Outcome<Set<String>> read(SignedClaims claims) {
    Found found = first(claims);
    return found == null ? passed(Set.of()) : scopes(found.value());
  }

  /** The scopes where they stand as one text, else null. */
  @Nullable String text(SignedClaims claims) {
    Found found = first(claims);
    return found != null && found.value() instanceof String text ? text : null;
  }

  private @Nullable Found first(SignedClaims claims) {
    for (List<String> place : places) {
      Found found = at(claims.members(), place);
      if (found != null) return found;
    }
    return null;
  }

  private static Outcome<Set<String>> scopes(@Nullable Object value) {
    if (value instanceof String text) return passed(words(text));
    Set<String> scopes = SignedClaims.texts(value);
    if (scopes == null) {
      return stopped(Reason.CLAIM_ILL_TYPED, "the scopes are neither text nor an array of texts");
    }
    return passed(scopes.contains("") ? without(scopes, "") : scopes);
  }

  private static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    int start = 0;
    for (int end = text.indexOf(' '); end >= 0; end = text.indexOf(' ', start)) {
      words.add(text.substring(start, end));
      start = end + 1;
    }
    words.add(text.substring(start));
    words.remove("");
    return words;
  }

  private static Set<String> without(Set<String> scopes, String scope) {
    Set<String> rest = new LinkedHashSet<>(scopes);
    rest.remove(scope);
    return rest;
  }

  /** A value that is there, though it may be a JSON null. */
  private record Found(@Nullable Object value) {}

  private static @Nullable Found at(@Nullable Object value, List<String> place) {
    for (String step : place) {
      if (value instanceof Map<?, ?> members && members.containsKey(step)) {
        value = members.get(step);
      } else if (value instanceof List<?> elements && indexIn(elements, step) >= 0) {
        value = elements.get(indexIn(elements, step));
      } else {
        return null;
      }
    }
    return new Found(value);
  }

  /** RFC 6901 section 4: digits without leading zeros. */
  private static int indexIn(List<?> elements, String step) {
    boolean isNumber = step.length() <= 6 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    int index = isNumber && !step.isEmpty() ? Integer.parseInt(step) : -1;
    return index < elements.size() && step.equals(Integer.toString(index)) ? index : -1;
  }

  /** The claims with every scope that is not visible taken out of every configured place. */
  Map<String, @Nullable Object> narrowed(
      Map<String, @Nullable Object> claims, Set<String> visible) {
    Map<String, @Nullable Object> narrowed = claims;
    for (List<String> place : places) {
      if (at(narrowed, place) == null) continue;
      String name = place.get(0);
      narrowed = NarrowedMap.of(narrowed, name, below(narrowed.get(name), after(place), visible));
    }
    return narrowed;
  }

  private static List<String> after(List<String> place) {
    return place.subList(1, place.size());
  }

  private static @Nullable Object below(
      @Nullable Object value, List<String> place, Set<String> visible) {
    if (place.isEmpty()) return only(value, visible);
    String step = place.get(0);
    if (value instanceof Map<?, ?> members) {
      return NarrowedMap.of(members, step, below(members.get(step), after(place), visible));
    }
    List<@Nullable Object> copy = new ArrayList<>((List<?>) value); // or at() had found nothing
    int index = indexIn(copy, step);
    copy.set(index, below(copy.get(index), after(place), visible));
    return Collections.unmodifiableList(copy);
  }

  private static boolean hasWord(String text, String word) {
    int at = text.indexOf(word);
    while (at >= 0 && !isWord(text, at, at + word.length())) at = text.indexOf(word, at + 1);
    return at >= 0;
  }

  private static boolean isWord(String text, int start, int end) {
    return (start == 0 || text.charAt(start - 1) == ' ')
        && (end == text.length() || text.charAt(end) == ' ');
  }

  private static @Nullable Object only(@Nullable Object value, Set<String> visible) {
    if (value instanceof String text) {
      StringJoiner kept = new StringJoiner(" ");
      for (String scope : visible) if (hasWord(text, scope)) kept.add(scope);
      return kept.toString();
    }
    if (value instanceof Collection<?> elements) {
      return elements.stream()
          .filter(element -> element != null && visible.contains(element))
          .toList();
    }
    return null;
  }
}
