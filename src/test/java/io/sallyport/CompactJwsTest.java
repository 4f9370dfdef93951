package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.text.Spares;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The room that a token's bytes are lent; what is no token is in HostileTokenTest. */
final class CompactJwsTest {
  private final Spares<byte[]> rooms = new Spares<>();

  private CompactJws token(String text) {
    return ((Outcome.Passed<CompactJws>)
            BearerToken.fromText(text, 40_000).then(token -> CompactJws.from(token, rooms)))
        .value();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 2044, 2048, 8000, 16_376})
  @Tag("T88")
  void the_room_is_lent_again_and_there_is_nothing_in_it(int length) {
    token("A".repeat(length) + ".AAA.AAA").close();
    byte[] room = rooms.take();
    assertThat(room).hasSizeGreaterThan(length).containsOnly(0);
    rooms.giveBack(room);
    Arrays.fill(room, (byte) 'x');
    try (CompactJws next = token("BBBB.AAAA.AAAA")) {
      assertThat(next.encodedHeader()).asString(StandardCharsets.US_ASCII).isEqualTo("BBBB");
      assertThat(next.signature()).hasSize(3).containsOnly(0);
      assertThat(next.signingInput().remaining()).isEqualTo(9);
      assertThat(rooms.take()).isNull();
    }
    assertThat(rooms.take()).isSameAs(room);
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
      assertThatThrownBy(closed::header).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(closed::payload).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(closed::signature).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(closed::signingInput).isInstanceOf(IndexOutOfBoundsException.class);
      closed.close();
      assertThat(next.header().get(0)).isEqualTo((byte) 4);
    }
    assertThat(rooms.take()).isNotNull();
    assertThat(rooms.take()).isNull();
  }
}
