package io.sallyport;

import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * Fuzzes what a container may say of a request, a line each: the raw URI, the servlet path, the
 * path info, and then up to four patterns of public paths.
 */
final class PublicPathFuzzTest {
  /** THREATS 45, letter for letter. */
  private static final List<String> HOSTILE =
      List.of(";", "//", "/./", "/../", "\\", "%2e", "%2f", "%5c", "%25", "%00", "%0a", "%0d");

  private List<String> lines = List.of();

  /** No mock: each remembers, and the fuzzer asks some thousand times a second. */
  private final HttpServletRequest request =
      (HttpServletRequest)
          Proxy.newProxyInstance(
              HttpServletRequest.class.getClassLoader(),
              new Class<?>[] {HttpServletRequest.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "getMethod" -> "GET";
                    case "getRequestURI" -> line(0);
                    case "getServletPath" -> line(1);
                    case "getPathInfo" -> line(2);
                    default -> throw new AssertionError(method);
                  });

  private @Nullable String line(int index) {
    return index < lines.size() ? lines.get(index) : null;
  }

  @FuzzTest
  @DictionaryEntries({"/assets/*", "/assets/", "/*", "/health", "/..", "/.;/", "%2E", "%252f"})
  @Tag("T44")
  @Tag("T45")
  void a_path_is_public_if_it_is_listed_and_its_raw_spelling_is_harmless(byte[] data) {
    lines = List.of(new String(data, StandardCharsets.UTF_8).split("\n", -1));
    List<String> listed =
        lines.stream().skip(3).limit(4).filter(PublicPathFuzzTest::isPattern).toList();
    List<PathPattern> patterns = listed.stream().map(PathPattern::of).toList();
    Routes routes = new Routes(patterns, List.of(), false, Demand.NOTHING);
    boolean open = routes.demandOf(request) == null;
    String raw = lines.get(0);
    String path = requireNonNullElse(line(1), "") + requireNonNullElse(line(2), "");
    boolean mayBe = !isHostile(raw) && listed.stream().anyMatch(text -> isBelow(path, text));
    if (open) assertThat(mayBe).as("public: %s", lines).isTrue();
    if (mayBe && isPlain(raw)) assertThat(open).as("not public: %s", lines).isTrue();
  }

  private static boolean isPattern(String line) {
    try {
      PathPattern.of(line);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isHostile(String raw) {
    String folded = raw.toLowerCase(Locale.ROOT);
    return HOSTILE.stream().anyMatch(folded::contains)
        || folded.endsWith("/.")
        || folded.endsWith("/..")
        || raw.chars().anyMatch(c -> c > 127);
  }

  private static boolean isPlain(String raw) {
    return raw.startsWith("/")
        && raw.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._~-".indexOf(c) >= 0);
  }

  /** Segment by segment. */
  private static boolean isBelow(String path, String pattern) {
    List<String> found = List.of(path.split("/", -1));
    List<String> wanted = List.of(pattern.split("/", -1));
    int last = wanted.size() - 1;
    if (!wanted.get(last).equals("*")) return found.equals(wanted);
    return found.size() >= last && found.subList(0, last).equals(wanted.subList(0, last));
  }
}
