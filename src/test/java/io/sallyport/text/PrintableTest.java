package io.sallyport.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text from outside, made fit for a log. */
@Tag("T85")
final class PrintableTest {
  @Test
  void a_text_of_64_characters_is_shown_whole_and_a_longer_one_is_cut_with_a_mark() {
    String longest = "x".repeat(64);
    assertThat(Printable.plain(longest)).isEqualTo(longest);
    assertThat(Printable.plain(longest + "y")).isEqualTo(longest + "…");
    assertThat(Printable.quoted(longest + "y")).isEqualTo("'" + longest + "…'");
  }

  @Test
  void what_is_not_there_is_shown_as_nothing_without_quotes() {
    assertThat(Printable.quoted(null)).isEqualTo("nothing");
    assertThat(Printable.quoted("")).isEqualTo("''");
    assertThat(Printable.quoted(5L)).isEqualTo("'5'");
  }

  @Test
  void a_message_of_our_own_is_not_cut() {
    assertThat(Printable.line("x".repeat(100) + "\n")).isEqualTo("x".repeat(100) + "?");
  }

  @ParameterizedTest
  @ValueSource(
      chars = {
        '\0', '\t', '\n', '\r', '\u001b', '\u007f', '\u0085', // controls
        '\u00ad', '\u200b', '\u200e', '\u202e', '\u2066', '\ufeff', // formats
        '\u2028', '\u2029', '\ud800', '\udfff', '\ue000', '\u0378'
      })
  void a_character_that_could_mislead_a_reader_is_a_question_mark(char c) {
    assertThat(Printable.plain("a" + c + "b")).isEqualTo("a?b");
  }

  @ParameterizedTest
  @ValueSource(chars = {' ', '~', '"', '\'', '\\', '<', 'é', 'Ж', '中', '\u0301', '\u00a0'})
  void any_other_character_is_shown_as_it_is(char c) {
    assertThat(Printable.plain("a" + c + "b")).isEqualTo("a" + c + "b");
  }
}
