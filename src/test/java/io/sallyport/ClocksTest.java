package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody sets the wall clock forth or back (THREATS 82): tokens begin and end by it, and whatever
 * is counted in seconds goes by the other clock, which nobody can set.
 */
final class ClocksTest {
  private final TestKey key = TestKey.generate("key", "ES256");
  private final TestKey unknown = TestKey.generate("unknown", "ES256");
  private final KeyServer server = new KeyServer().publish(key);
  private final AtomicReference<Instant> wall = new AtomicReference<>(Trial.NOW);
  private final AtomicLong ticker = new AtomicLong(System.nanoTime());
  private final TokenVerifier verifier =
      TokenVerifier.builder()
          .issuer(server.issuer())
          .allowHttp(true)
          .audience("api")
          .allowedScopes("a")
          .keyRefreshSeconds(300)
          .maxKeyAgeSeconds(600)
          .clock(new Trial.Hand(wall::get))
          .nanoTime(ticker::get)
          .build();

  @AfterEach
  void close() {
    verifier.close();
    server.close();
  }

  /** A token that is good for two hours before the clock is set, and two after. */
  private Object verdict(TestKey signer) {
    return verdict(
        Tokens.good(server.issuer(), "api", "a", Trial.NOW)
            .claim("iat", Trial.NOW.minusSeconds(7200).getEpochSecond())
            .claim("exp", Trial.NOW.plusSeconds(7200).getEpochSecond())
            .mintedBy(signer));
  }

  private Object verdict(String token) {
    Decision decision = verifier.verify(token);
    return decision instanceof Decision.Refused refused
        ? refused.refusal().reason()
        : ((Decision.Admitted) decision).token().subject();
  }

  private void step(int minutes) {
    wall.set(Trial.NOW.plus(Duration.ofMinutes(minutes)));
  }

  private void pass(int seconds) {
    ticker.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  @Tag("T82")
  void tokens_begin_and_end_by_the_wall_clock() {
    String token =
        Tokens.good(server.issuer(), "api", "a", Trial.NOW)
            .claim("nbf", Trial.NOW.getEpochSecond())
            .mintedBy(key);
    assertThat(verdict(token)).isEqualTo("ann");
    step(60);
    assertThat(verdict(token)).isEqualTo(Reason.EXPIRED);
    step(-60);
    assertThat(verdict(token)).isEqualTo(Reason.NOT_YET_VALID);
    step(0);
    pass(200);
    assertThat(verdict(token)).isEqualTo("ann");
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  @Tag("T82")
  void no_step_of_it_ends_the_cool_down_or_brings_a_fetch(int minutes) {
    assertThat(verdict(key)).isEqualTo("ann");
    assertThat(verdict(unknown)).isEqualTo(Reason.KEY_UNKNOWN);
    assertThat(server.fetches()).isEqualTo(2);
    step(minutes);
    assertThat(verdict(unknown)).isEqualTo(Reason.KEY_UNKNOWN);
    assertThat(server.fetches()).isEqualTo(2);
    pass(29);
    assertThat(verdict(unknown)).isEqualTo(Reason.KEY_UNKNOWN);
    assertThat(server.fetches()).isEqualTo(2);
    pass(1);
    assertThat(verdict(unknown)).isEqualTo(Reason.KEY_UNKNOWN);
    assertThat(server.fetches()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  @Tag("T82")
  void no_step_of_it_makes_keys_older_or_younger(int minutes) {
    assertThat(verdict(key)).isEqualTo("ann");
    server.answer(KeyServer.KEYS, Answer.status(500));
    step(minutes);
    assertThat(verdict(key)).isEqualTo("ann");
    pass(599);
    assertThat(verdict(key)).isEqualTo("ann");
    pass(1);
    assertThat(verdict(key)).isEqualTo(Reason.KEYS_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  @Tag("T82")
  void no_step_of_it_ends_the_wait_after_a_failed_fetch(int minutes) {
    server.answer(KeyServer.KEYS, Answer.status(500));
    assertThat(verdict(key)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(server.fetches()).isEqualTo(1);
    server.publish(key);
    step(minutes);
    assertThat(verdict(key)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(server.fetches()).isEqualTo(1);
    pass(1);
    assertThat(verdict(key)).isEqualTo("ann");
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  @Tag("T82")
  void no_step_of_it_brings_the_next_line_on_refusals(int minutes) {
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN)) {
      verifier.verify("garbage");
      assertThat(log.lines("refused in")).hasSize(1);
      step(minutes);
      pass(59);
      verifier.verify("garbage");
      assertThat(log.lines("refused in")).hasSize(1);
      pass(1);
      verifier.verify("garbage");
      assertThat(log.lines("2 refused in 60 s")).hasSize(1);
    }
  }
}
