package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What may differ between two answers to forged tokens, and what must not. */
final class LikenessTest {
  private static Reply reply(String body, String... fields) {
    return new Reply(401, List.of(fields), body);
  }

  private static final Likeness LIKENESS =
      new Likeness(
          List.of(
              reply("refused 0a1b, id=17", "Date: Mon", "X: y"),
              reply("refused 9c8d, id=18", "Date: Tue", "X: y")));

  @Test
  void what_varies_by_itself_may_vary_within_its_length() {
    assertThat(LIKENESS.tells(reply("refused 7777, id=19", "date: Wed", "X: y"))).isFalse();
    assertThat(LIKENESS.tells(reply("refused 77777, id=19", "Date: Wed", "X: y"))).isTrue();
  }

  @Test
  void everything_else_is_told_apart() {
    assertThat(LIKENESS.tells(reply("Refused 7777, id=19", "Date: Wed", "X: y"))).isTrue();
    assertThat(LIKENESS.tells(reply("refused 7777, id=19", "Date: Wed", "X: z"))).isTrue();
    assertThat(LIKENESS.tells(reply("refused 7777, id=19", "Date: Wed"))).isTrue();
    assertThat(LIKENESS.tells(reply("refused 7777, id=19.", "Date: Wed", "X: y"))).isTrue();
  }

  @Test
  void another_status_is_another_finding() {
    assertThat(LIKENESS.tells(new Reply(400, List.of(), "malformed"))).isFalse();
  }

  @Test
  void a_server_that_never_answers_alike_cannot_be_judged() {
    Likeness none = new Likeness(List.of(reply("a b"), reply("a b c")));
    assertThat(none.tells(reply("d"))).isFalse();
    Likeness served = new Likeness(List.of(new Reply(200, List.of(), "a")));
    assertThat(served.tells(reply("d"))).isFalse();
  }
}
