package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code docs/refusals.md} is written from the enum; {@code -Ddocs.write=true} writes it anew. */
final class RefusalsDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "refusals.md");

  @Test
  void the_document_says_what_the_enum_says() throws IOException {
    String expected = document();
    if (Boolean.getBoolean("docs.write")) Files.writeString(DOCUMENT, expected);
    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  private static String document() {
    StringBuilder text =
        new StringBuilder(
            """
            # Why a request was refused

            The code stands in the log, at DEBUG, beside the `correlation` of the answer:

                refused SP-305 EXPIRED issuer=https://id.example.com correlation=9f2c40d1a7e85b36: exp is …

            Refusals are summed up in one WARN line a minute at most. To see each of them, set the logger `io.sallyport` to DEBUG.
            In development, `diagnostics=verbose` puts code and details into the answer, for tokens whose signature holds.

            """);
    for (Reason.Kind kind : Reason.Kind.values()) {
      text.append("## ").append(kind.status());
      if (kind.error() != null) text.append(" `").append(kind.error()).append('`');
      text.append(": ").append(kind.title().toLowerCase(java.util.Locale.ROOT)).append("\n\n");
      Arrays.stream(Reason.values())
          .filter(reason -> reason.kind() == kind)
          .forEach(reason -> text.append(section(reason)));
    }
    return text.toString().stripTrailing() + "\n";
  }

  private static String section(Reason reason) {
    String told =
        reason.description() == null
            ? "nothing beside the status"
            : "\"" + reason.description() + "\"";
    return "### %s\n\n**%s** (`%s`). %s\n\n- What helps: %s\n- What the client is told: %s\n\n"
        .formatted(
            reason.code(), reason.title(), reason.name(), reason.cause(), reason.remedy(), told);
  }

  @Test
  @Tag("T87")
  void codes_are_unique_and_texts_are_fit_for_a_challenge() {
    assertThat(Reason.values()).extracting(Reason::code).doesNotHaveDuplicates();
    assertThat(Reason.values()).extracting(Reason::title).doesNotHaveDuplicates();
    for (Reason reason : Reason.values()) {
      assertThat(reason.code()).matches("SP-[1-9][0-9]{2}");
      assertThat(reason.cause()).endsWith(".");
      assertThat(reason.remedy()).endsWith(".");
      if (reason.description() == null) continue;
      assertThat(reason.description()).matches("[ !#-\\[\\]-~]+");
    }
  }

  @Test
  void every_reason_is_reached_by_some_test() throws IOException {
    StringBuilder tests = new StringBuilder();
    try (var files = Files.walk(Path.of("src", "test", "java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        tests.append(Files.readString(file));
      }
    }
    for (Reason reason : Reason.values()) {
      if (reason == Reason.TOKEN_UNREADABLE) continue; // nobody knows how, or it would be mended
      assertThat(tests.indexOf(reason.name())).as("a test that names %s", reason).isNotNegative();
    }
  }
}
