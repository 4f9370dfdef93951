package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.Command.Result;
import io.sallyport.testkit.TestIssuer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/command-line.md} shows what the commands print; {@code -Ddocs.write=true} writes it
 * anew.
 */
final class CommandLineDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "command-line.md");
  private static final String ISSUER = "http://127.0.0.1:8180";
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

  private static final Pattern FILE =
      Pattern.compile("^```\\w+ (\\S+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern RUN =
      Pattern.compile(
          "^```console\\n\\$ sallyport ([^\\n]+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir Path folder;

  @Test
  void every_command_prints_what_the_page_shows() throws IOException {
    try (TestIssuer issuer = TestIssuer.start("ES256")) {
      String page = Files.readString(DOCUMENT);
      FILE.matcher(page).results().forEach(file -> write(file, issuer));
      tokens(issuer);
      String real =
          RUN.matcher(page)
              .replaceAll(
                  run ->
                      Matcher.quoteReplacement(
                          "```console\n$ sallyport %s\n%s```"
                              .formatted(run.group(1), printed(run.group(1), issuer))));
      if (Boolean.getBoolean("docs.write")) Files.writeString(DOCUMENT, real);
      assertThat(Files.readString(DOCUMENT)).isEqualTo(real);
      assertThat(RUN.matcher(page).results().count()).isGreaterThan(7);
    }
  }

  private void write(MatchResult file, TestIssuer issuer) {
    save(file.group(1), file.group(2).replace(ISSUER, issuer.issuer()));
  }

  private void save(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void tokens(TestIssuer issuer) {
    TestToken good =
        issuer
            .token()
            .scope("orders:read")
            .claim("iat", NOW.getEpochSecond() - 60)
            .claim("exp", NOW.getEpochSecond() + 240);
    save("good.txt", good.mint());
    save(
        "expired.txt",
        good.claim("iat", NOW.getEpochSecond() - 400)
            .claim("exp", NOW.getEpochSecond() - 100)
            .mint());
    TestKey stranger = TestKey.generate(issuer.key().kid(), "ES256");
    save("stranger.txt", good.mintedBy(stranger));
  }

  /** What a command prints, with what differs from run to run as the page has it. */
  private String printed(String line, TestIssuer issuer) {
    String[] parts = line.split(" < ");
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(parts[0]);
    while (word.find()) words.add(word.group(1) != null ? word.group(1) : word.group(2));
    words.replaceAll(this::found);
    words.replaceAll(text -> text.replace(ISSUER, issuer.issuer()));
    String input = parts.length == 1 ? "" : read(folder.resolve(parts[1]));
    Clock clock = line.startsWith("explain") ? Clock.fixed(NOW, ZoneOffset.UTC) : Clock.systemUTC();
    Result result = Command.reading(input).at(clock).run(words.toArray(String[]::new));
    String all = result.out() + result.complaints();
    if (line.startsWith("doctor")) {
      all = all.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", NOW.toString());
    }
    return all.replace(issuer.issuer(), ISSUER)
        .replace(folder + "/", "")
        .replaceAll("\\d+ ms", "12 ms")
        .replaceAll("(?m)^( +jti +).*", "$1\"f3b1\"")
        .replaceAll("(?m) +$", "");
  }

  private String found(String word) {
    return Files.exists(folder.resolve(word)) ? folder.resolve(word).toString() : word;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
