package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.text.Spares;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The room that a token's bytes are lent; what is no token is in HostileTokenTest. */
final class CompactJwsTest {
  private final Spares<TokenRoom> rooms = new Spares<>();

  private Outcome<CompactJws> read(String text) {
    return BearerToken.fromText(text, 40_000).then(token -> CompactJws.from(token, rooms));
  }

  private CompactJws token(String text) {
    return ((Outcome.Passed<CompactJws>) read(text)).value();
  }

  private static Object reason(Outcome<?> outcome) {
    return outcome instanceof Outcome.Stopped<?> stopped ? stopped.refusal().reason() : "passed";
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 2044, 2048, 8000, 16_376})
  @Tag("T88")
  void the_room_is_lent_again_and_there_is_nothing_in_it(int length) {
    CompactJws first = token("A".repeat(length) + ".AAA.AAA");
    assertThat(first.signingInput().array()).startsWith('A', 'A', 'A', 'A');
    first.close();
    TokenRoom room = rooms.take();
    assertThat(room).isNotNull();
    assertThat(room.octets()).hasSizeGreaterThan(length).containsOnly(0);
    rooms.giveBack(room);
    try (CompactJws next = token("BBBB.AAAA.AAAA")) {
      assertThat(next.encodedHeader()).asString(StandardCharsets.US_ASCII).isEqualTo("BBBB");
      assertThat(next.signature()).hasSize(3).containsOnly(0);
      assertThat(next.signingInput().remaining()).isEqualTo(9);
      assertThat(rooms.take()).isNull();
    }
    assertThat(rooms.take()).isSameAs(room);
  }

  @Test
  void a_token_behind_its_scheme_is_cut_as_one_by_itself() {
    String text = "AAAA.BBBBBBBB.CCCCCCCCCCCC";
    Outcome<CompactJws> read =
        BearerToken.fromFields(List.of("Bearer " + text), 40_000)
            .then(token -> CompactJws.from(token, rooms));
    try (CompactJws behind = ((Outcome.Passed<CompactJws>) read).value();
        CompactJws alone = token(text)) {
      assertThat(behind.encodedHeader()).isEqualTo(alone.encodedHeader()).hasSize(4);
      assertThat(behind.header()).isEqualTo(alone.header());
      assertThat(behind.payload()).isEqualTo(alone.payload());
      assertThat(behind.payload().remaining()).isEqualTo(6);
      assertThat(behind.signature()).isEqualTo(alone.signature()).hasSize(9);
      assertThat(behind.signingInput()).isEqualTo(alone.signingInput());
      assertThat(behind.inAlphabet()).isInstanceOf(Outcome.Passed.class);
    }
  }

  @Test
  @Tag("T88")
  void room_for_a_giant_is_not_kept() {
    token("A".repeat(16_380) + ".AAA.AAA").close();
    assertThat(rooms.take()).isNull();
  }

  @Test
  void two_tokens_at_once_have_each_their_own() {
    try (CompactJws one = token("AAAA.AAAA.AAAA");
        CompactJws other = token("BBBB.AAAA.AAAA")) {
      assertThat(one.encodedHeader()).isNotEqualTo(other.encodedHeader());
    }
  }

  @Test
  void a_token_that_is_closed_says_nothing_of_the_next_in_its_room() {
    CompactJws closed = token("AAAA.AAAA.AAAA");
    closed.close();
    try (CompactJws next = token("BBBB.AAAA.AAAA")) {
      assertThatThrownBy(closed::header).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(closed::payload).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(closed::signature).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(closed::signingInput).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(closed::inAlphabet).isInstanceOf(IllegalStateException.class);
      closed.close();
      assertThat(next.header().get(0)).isEqualTo((byte) 4);
    }
    assertThat(rooms.take()).isNotNull();
    assertThat(rooms.take()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "/", "~"})
  @Tag("T3")
  void a_character_of_a_b64token_is_found_wherever_it_is(String character) {
    for (int i = 0; i < 12; i++) {
      String text = new StringBuilder("AAAA.AAAA.AAAA").replace(i, i + 1, character).toString();
      Outcome<CompactJws> form = read(text);
      Object reason = reason(form.then(CompactJws::inAlphabet));
      assertThat(reason).as(text).isEqualTo(Reason.TOKEN_NOT_JWS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", " ", "\u007f", "\u0080", "\u00c1", "\u0141", "\u4141", "\ud83d"})
  @Tag("T3")
  void a_character_that_no_token_may_have_is_found_wherever_it_is(String character) {
    for (int i = 0; i < 14; i++) {
      String text = new StringBuilder("AAAA.AAAA.AAAA").replace(i, i + 1, character).toString();
      Outcome<CompactJws> form = read(text);
      Object reason = reason(form.then(CompactJws::inAlphabet));
      assertThat(reason).as(text).isEqualTo(Reason.TOKEN_NOT_B64TOKEN);
      if (form instanceof Outcome.Passed<CompactJws> passed) passed.value().close();
    }
    TokenRoom room = rooms.take();
    if (room != null) assertThat(room.octets()).containsOnly(0);
  }

  /** A character of which half is an A: a second spelling, where the other half is dropped. */
  @Test
  @Tag("T4")
  void a_token_that_is_remembered_is_not_found_under_another_spelling() {
    String good = Trial.good().mintedBy(Trial.EC);
    try (TokenVerifier gate = Trial.gate(Trial.EC.jwk()).build()) {
      assertThat(gate.verify(good)).isInstanceOf(Decision.Admitted.class);
      for (int i = 0; i < good.length(); i++) {
        for (int more : new int[] {0x80, 0x100, 0x4100}) {
          String other =
              new StringBuilder(good)
                  .replace(i, i + 1, "" + (char) (good.charAt(i) + more))
                  .toString();
          assertThat(gate.verify(other)).as(other).isInstanceOf(Decision.Refused.class);
        }
      }
      assertThat(gate.verify(good)).isInstanceOf(Decision.Admitted.class);
    }
  }
}
