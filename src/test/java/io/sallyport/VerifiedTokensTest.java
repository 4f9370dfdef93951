package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.KeySource;
import io.sallyport.text.Spares;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a gate remembers of tokens that it has verified, and when it forgets. */
final class VerifiedTokensTest {
  private static final Duration SKEW = Duration.ofSeconds(30);

  private final KeySource.Key key = new KeySource.Key("k", Map.of(), null);
  private final Source source = new Source();
  private final VerifiedTokens.Basis basis =
      new VerifiedTokens.Basis(new ValidityPeriod(new Trial.Hand(this::now), SKEW), source);
  private Instant now = Trial.NOW;

  /** A source of one key, which may be withdrawn or fail. */
  private final class Source implements KeySource {
    private boolean withdrawn;
    private boolean fails;

    @Override
    public Answer find(JWSHeader header) {
      throw new AssertionError("what is remembered needs no look-up");
    }

    @Override
    public boolean holds(Key asked) {
      if (fails) throw new IllegalStateException("a source that fails");
      return asked == key && !withdrawn;
    }
  }

  private static VerifiedTokens remembering(int size) {
    return new VerifiedTokens(size);
  }

  private Instant now() {
    return now;
  }

  private VerifiedToken verified(String subject) {
    Map<String, Object> claims = Map.of("sub", subject, "exp", Trial.NOW.getEpochSecond() + 300);
    return new VerifiedToken(new SignedClaims(claims, null, key), claims, Set.of("a"), this);
  }

  private static CompactJws text(String text) {
    return ((Outcome.Passed<CompactJws>)
            BearerToken.fromText(text, 1024).then(token -> CompactJws.from(token, new Spares<>())))
        .value();
  }

  @Test
  @Tag("T78")
  void a_token_is_found_by_its_whole_text_and_by_no_other() {
    VerifiedTokens known = remembering(10);
    VerifiedToken ann = verified("ann");
    known.keep(text("e30.e30.e30"), ann, basis);
    assertThat(known.find(text("e30.e30.e30"))).isSameAs(ann);
    assertThat(known.find(text("e30.e30.e31A"))).isNull();
    assertThat(known.find(text("e30.e31A.e30"))).isNull();
  }

  @Test
  @Tag("T78")
  void two_tokens_are_not_taken_for_each_other_where_their_hash_codes_are_the_same()
      throws Exception {
    assertThat(hashCode("e30.e30.00022557")).isEqualTo(hashCode("e30.e30.00064525"));
    VerifiedTokens known = remembering(10);
    VerifiedToken ann = verified("ann");
    known.keep(text("e30.e30.00022557"), ann, basis);
    assertThat(known.find(text("e30.e30.00064525"))).isNull();
    known.keep(text("e30.e30.00064525"), verified("bob"), basis);
    assertThat(known.find(text("e30.e30.00022557"))).isSameAs(ann);
  }

  private static int hashCode(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Long.hashCode(
        ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong());
  }

  @Test
  @Tag("T78")
  void a_token_whose_period_has_ended_is_forgotten() {
    VerifiedTokens known = remembering(10);
    known.keep(text("e30.e30.e30"), verified("ann"), basis);
    now = Trial.NOW.plusSeconds(329);
    assertThat(known.find(text("e30.e30.e30"))).isNotNull();
    now = Trial.NOW.plusSeconds(330);
    assertThat(known.find(text("e30.e30.e30"))).as("at exp and skew").isNull();
    now = Trial.NOW;
    assertThat(known.find(text("e30.e30.e30"))).as("though the clock goes back").isNull();
  }

  @Test
  @Tag("T74")
  void a_token_whose_key_has_been_withdrawn_is_forgotten() {
    VerifiedTokens known = remembering(10);
    known.keep(text("e30.e30.e30"), verified("ann"), basis);
    source.withdrawn = true;
    assertThat(known.find(text("e30.e30.e30"))).isNull();
    source.withdrawn = false;
    assertThat(known.find(text("e30.e30.e30"))).as("though the key comes back").isNull();
  }

  @Test
  void a_token_whose_key_cannot_be_asked_for_is_not_believed() {
    VerifiedTokens known = remembering(10);
    known.keep(text("e30.e30.e30"), verified("ann"), basis);
    source.fails = true;
    assertThat(known.find(text("e30.e30.e30"))).isNull();
  }

  @Test
  void a_token_that_was_kept_after_its_period_is_not_found() {
    VerifiedTokens known = remembering(10);
    now = Trial.NOW.plusSeconds(331);
    known.keep(text("e30.e30.e30"), verified("ann"), basis);
    now = Trial.NOW;
    assertThat(known.find(text("e30.e30.e30"))).isNull();
  }

  @Test
  @Tag("T79")
  void without_a_size_nothing_is_remembered() {
    VerifiedTokens known = remembering(0);
    known.keep(text("e30.e30.e30"), verified("ann"), basis);
    assertThat(known.find(text("e30.e30.e30"))).isNull();
    known.clear();
  }

  @Test
  void what_is_cleared_is_forgotten() {
    VerifiedTokens known = remembering(10);
    known.keep(text("e30.e30.e30"), verified("ann"), basis);
    known.clear();
    assertThat(known.find(text("e30.e30.e30"))).isNull();
  }
}
