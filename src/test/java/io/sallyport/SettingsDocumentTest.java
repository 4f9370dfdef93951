package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/settings.md} has a section for each setting, of what somebody wrote and of what the
 * code says; {@code -Ddocs.write=true} writes the latter anew.
 */
final class SettingsDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "settings.md");
  private static final String TABLE = "| setting | default | what it says |";
  private static final Pattern BULLET = Pattern.compile("- (Default|Allowed|Example|Whose): .*");
  private static final Pattern LINE_AT_START = Pattern.compile("(?s)```log\n(.*?)```");

  /** What numbers count that are no seconds. */
  private static final Map<String, String> UNITS =
      Map.of("maxTokenLength", "characters", "tokenCacheSize", "tokens");

  @TempDir static Path folder;

  @Test
  void every_setting_has_one_section_with_what_the_code_says_of_it() throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    Map<String, List<String>> sections = sections(lines);
    assertThat(sections.keySet())
        .containsExactlyInAnyOrderElementsOf(Settings.ALL.stream().map(Setting::name).toList());
    sections.forEach(SettingsDocumentTest::checkWhole);
    String expected = linesAtStart(String.join("\n", rewritten(lines, sections)) + "\n");
    if (Boolean.getBoolean("docs.write")) Files.writeString(DOCUMENT, expected);
    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  /** The lines below each heading that is a setting's name. */
  private static Map<String, List<String>> sections(List<String> lines) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> section = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("#")) section = new ArrayList<>();
      else section.add(line);
      if (!line.startsWith("### ")) continue;
      assertThat(sections.put(line.substring(4), section)).as("a second %s", line).isNull();
    }
    return sections;
  }

  private static void checkWhole(String name, List<String> section) {
    for (String bullet : List.of("Default", "Allowed", "Example", "Whose", "Goes wrong")) {
      assertThat(section.stream().filter(line -> line.startsWith("- " + bullet + ": ")))
          .as("%s of %s", bullet, name)
          .hasSize(1);
    }
    assertThat(firstSentence(section)).as(name).isNotBlank();
  }

  private static List<String> rewritten(List<String> lines, Map<String, List<String>> sections) {
    List<String> expected = new ArrayList<>();
    Setting<?> setting = null;
    boolean inTable = false;
    for (String line : lines) {
      if (line.startsWith("#")) {
        setting = line.startsWith("### ") ? Settings.of(line.substring(4)) : null;
      }
      Matcher bullet = BULLET.matcher(line);
      inTable &= line.startsWith("|");
      if (line.equals(TABLE)) {
        expected.addAll(List.of(TABLE, "| --- | --- | --- |"));
        sections.forEach((name, section) -> expected.add(row(name, section)));
        inTable = true;
      } else if (setting != null && bullet.matches()) {
        expected.add(said(setting, bullet.group(1), line));
      } else if (!inTable) {
        expected.add(line);
      }
    }
    return expected;
  }

  private static String row(String name, List<String> section) {
    String standard =
        Settings.of(name).standard() != null
            ? "`" + Settings.of(name).standard() + "`"
            : standardInWords(section);
    return "| [`%s`](#%s) | %s | %s |"
        .formatted(name, name.toLowerCase(Locale.ROOT), standard, firstSentence(section));
  }

  private static String standardInWords(List<String> section) {
    return section.stream()
        .filter(line -> line.startsWith("- Default: "))
        .map(line -> line.substring("- Default: ".length()))
        .collect(Collectors.joining());
  }

  private static String firstSentence(List<String> section) {
    String paragraph =
        section.stream()
            .dropWhile(String::isBlank)
            .takeWhile(line -> !line.isBlank())
            .collect(Collectors.joining(" "));
    int end = paragraph.indexOf(". ");
    return end < 0 ? paragraph.replaceAll("\\.$", "") : paragraph.substring(0, end);
  }

  private static String said(Setting<?> setting, String bullet, String line) {
    return switch (bullet) {
      case "Default" ->
          setting.standard() == null ? line : "- Default: `" + setting.standard() + "`";
      case "Allowed" -> "- Allowed: " + setting.allowed() + unit(setting);
      case "Example" -> "- Example: `" + setting.example() + "`";
      default -> "- Whose: " + whose(setting);
    };
  }

  private static String unit(Setting<?> setting) {
    if (!setting.allowed().startsWith("a whole number")) return "";
    if (setting.name().endsWith("Seconds")) return ", in seconds";
    assertThat(UNITS).as("units").containsKey(setting.name());
    return ", in " + UNITS.get(setting.name());
  }

  private static String whose(Setting<?> setting) {
    if (!Settings.isOfAnIssuer(setting)) return "the filter's";
    Map<String, String> common = new LinkedHashMap<>(base("one.", "two."));
    common.put("issuers", "one two");
    common.put("audience", "api");
    common.put(setting.name(), example(setting));
    try {
      Policy.of(common);
      return "each issuer's, or that of all who have none of their own";
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("each has its own");
      return "each issuer's own";
    }
  }

  /** Without these nothing starts. */
  private static Map<String, String> base(String... prefixes) {
    Map<String, String> base = new LinkedHashMap<>();
    for (String prefix : prefixes) {
      String host = prefix.isEmpty() ? "id" : prefix.substring(0, prefix.length() - 1);
      base.put(prefix + "issuer", "https://" + host + ".example.com");
      base.put(prefix + "allowedScopes", Settings.ALLOWED_SCOPES.example());
    }
    return base;
  }

  private static String example(Setting<?> setting) {
    if (setting == Settings.JWKS) return keys().toString();
    return setting == Settings.HMAC_SECRET_FILE ? secret().toString() : setting.example();
  }

  private static Path keys() {
    return file("keys.json", KeyServer.jwks(TestKey.generate("k", "ES256").jwk()));
  }

  private static Path secret() {
    return file("secret", "0123456789abcdef0123456789abcdef");
  }

  private static Path file(String name, String content) {
    try {
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void what_is_called_required_is_and_nothing_else() throws IOException {
    Map<String, List<String>> sections = sections(Files.readAllLines(DOCUMENT));
    for (Setting<?> setting : Settings.ALL) {
      Map<String, String> others = new LinkedHashMap<>(base(""));
      others.put("audience", "api");
      others.remove(setting.name());
      if (standardInWords(sections.get(setting.name())).startsWith("required")) {
        assertThatThrownBy(() -> Policy.of(others))
            .hasMessageContaining("the setting '" + setting.name() + "' is not set");
      } else {
        assertThat(Policy.of(others)).as(setting.name()).isNotNull();
      }
    }
  }

  @Test
  void every_example_is_taken_beside_what_is_required() {
    for (Setting<?> setting : Settings.ALL) {
      if (setting == Settings.ISSUERS) continue; // each of them takes an issuer: see README
      Map<String, String> settings = new LinkedHashMap<>(base(""));
      settings.put("audience", "api");
      settings.put(setting.name(), example(setting));
      if (setting == Settings.HMAC_SECRET_FILE) settings.put("algorithms", "HS256");
      assertThat(Policy.of(settings)).as(setting.name()).isNotNull();
    }
  }

  @Test
  void every_method_of_the_builders_is_a_setting_or_named_as_one_in_code_alone()
      throws IOException {
    String document = Files.readString(DOCUMENT);
    String codeAlone = document.substring(document.indexOf("## In code alone"));
    for (Method method : SallyportFilter.Builder.class.getMethods()) {
      if (!TokenSettings.class.isAssignableFrom(method.getDeclaringClass())) continue;
      String name = method.getName();
      if (name.equals("build")) continue;
      boolean isSetting = Settings.has(name) && method.getParameterCount() == 1;
      String row = "| `" + name + (method.getParameterCount() == 1 ? "(…)" : "(name, …)") + "` |";
      if (!isSetting) assertThat(codeAlone).contains(row);
    }
  }

  @Test
  void the_messages_that_it_shows_are_what_is_said() throws IOException {
    List<String> shown =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("Sallyport cannot start: "))
            .toList();
    assertThat(shown).hasSize(2);
    assertThatThrownBy(() -> Settings.CLOCK_SKEW_SECONDS.read("1h")).hasMessage(shown.get(0));
    String beginning = shown.get(1).substring(0, shown.get(1).indexOf('…'));
    assertThatThrownBy(() -> Settings.of("clockSkew")).hasMessageStartingWith(beginning);
  }

  /** Puts in what is said of settings that loosen something, and of those that look wrong. */
  private static String linesAtStart(String document) {
    Set<String> lines = new LinkedHashSet<>();
    for (Policy policy : loose()) {
      policy.loosenings.forEach(line -> lines.add("WARN looser than the default: " + line));
    }
    for (Policy policy : loose()) {
      policy.doubts.forEach(line -> lines.add("WARN is this meant so? " + line));
    }
    String block = "```log\n" + String.join("\n", lines) + "\n```";
    return LINE_AT_START.matcher(document).replaceFirst(Matcher.quoteReplacement(block));
  }

  private static List<Policy> loose() {
    Map<String, String> one = new LinkedHashMap<>(base(""));
    one.put("allowedScopes", "orders:read orders:write docker:logs");
    one.put("audience", "https://api.example.com,https://api.example.org");
    one.put("audienceClaim", "client_id");
    one.put("scopeClaim", "realm_access.roles");
    one.put("clockSkewSeconds", "60");
    one.put("requiredClaims", "jti");
    one.put("maxTokenLength", "32768");
    one.put("publicPaths", "/*");
    one.put("publicPathTokens", "ignore");
    one.put("rules", "GET /orders/* orders:read");
    one.put("corsPreflight", "pass");
    one.put("dpopMaxAgeSeconds", "120");
    one.put("keyRefreshSeconds", "600");
    one.put("maxKeyAgeSeconds", "7200");
    one.put("hostExposure", "off");
    one.put("diagnostics", "verbose");
    one.put("allowHttp", "true");
    Map<String, String> two = new LinkedHashMap<>(base("corp.", "partner."));
    two.put("issuers", "corp partner");
    two.put("audience", "https://api.example.com");
    two.put("forbiddenScopes", "none");
    two.put("corp.jwksUri", "https://id.example.com/certs");
    two.put("partner.jwksUri", "https://id.example.com/certs");
    return Stream.of(one, two).map(Policy::of).toList();
  }

  /** So that none is missing above: each place in the code that adds a line has added one. */
  @Test
  void every_kind_of_line_at_the_start_is_shown() throws IOException {
    Path sources = Path.of("src", "main", "java", "io", "sallyport");
    long loosenings = calls(sources.resolve("Loosenings.java"), "(?m)^ +(table\\.)?add(Above)?\\(");
    long doubts = calls(sources.resolve("Doubts.java"), "(?m)^ +lines\\.add\\(");
    String document = Files.readString(DOCUMENT);
    assertThat(calls(document, "(?m)^WARN looser than the default: "))
        .as("one of the calls is that of addAbove itself")
        .isEqualTo(loosenings - 1);
    assertThat(calls(document, "(?m)^WARN is this meant so\\? ")).isEqualTo(doubts);
  }

  private static long calls(Path source, String call) throws IOException {
    return calls(Files.readString(source), call);
  }

  private static long calls(String text, String call) {
    return Pattern.compile(call).matcher(text).results().count();
  }
}
