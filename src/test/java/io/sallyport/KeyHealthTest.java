package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static io.sallyport.Trial.EC;
import static io.sallyport.Trial.ISSUER;
import static io.sallyport.Trial.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.KeyHealth;
import io.sallyport.keys.KeyHealth.State;
import io.sallyport.keys.KeySource;
import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a health endpoint is told of the keys. */
final class KeyHealthTest {
  private static final KeyHealth WELL = new KeyHealth(State.FRESH, 1, null, null);

  private final TestKey key = TestKey.generate("key-1", "ES256");

  private static KeyHealth only(Map<String, KeyHealth> health) {
    assertThat(health).hasSize(1);
    return health.values().iterator().next();
  }

  private static KeyHealth health(FetchingGate gate) {
    return only(gate.verifier.keyHealth());
  }

  @Test
  void keys_are_fresh_then_stale_while_their_server_is_away_and_fresh_again_after_it() {
    try (KeyServer server = new KeyServer().publish(key, TestKey.generate("key-2", "RS256"));
        FetchingGate gate = new FetchingGate(server, settings -> settings.keyRefreshSeconds(1))) {
      eventually(() -> assertThat(health(gate).state()).isEqualTo(State.FRESH));
      assertThat(gate.verifier.keyHealth()).containsOnlyKeys(server.issuer());
      assertThat(health(gate).count()).isEqualTo(2);
      assertThat(health(gate).age()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
      assertThat(health(gate).trouble()).isNull();

      server.die();
      eventually(() -> assertThat(health(gate).state()).isEqualTo(State.STALE));
      assertThat(health(gate).isServing()).isTrue();
      assertThat(health(gate).count()).isEqualTo(2);
      assertThat(health(gate).trouble()).contains(server.issuer());
      assertThat(gate.verdict(key)).isEqualTo("ann");
      Duration before = health(gate).age();
      eventually(() -> assertThat(health(gate).age()).isGreaterThan(before));

      server.comeBack();
      eventually(() -> assertThat(health(gate).state()).isEqualTo(State.FRESH));
      assertThat(health(gate).trouble()).isNull();
    }
  }

  @Test
  void keys_that_are_too_old_serve_no_more_and_the_requests_say_the_same() {
    try (KeyServer server = new KeyServer().publish(key);
        FetchingGate gate =
            new FetchingGate(
                server, settings -> settings.keyRefreshSeconds(1).maxKeyAgeSeconds(2))) {
      eventually(() -> assertThat(health(gate).isServing()).isTrue());
      server.die();
      eventually(() -> assertThat(health(gate).isServing()).isFalse());
      assertThat(health(gate).state()).isEqualTo(State.UNAVAILABLE);
      assertThat(health(gate).count()).isZero();
      assertThat(health(gate).age()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
      assertThat(health(gate).trouble()).contains(server.issuer());
      assertThat(gate.verdict(key)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    }
  }

  @Test
  void whoever_asks_waits_for_no_fetch_and_starts_none() {
    try (KeyServer server = new KeyServer().publish(key)) {
      server.answer(KeyServer.OPENID, Answer.status(200).stalledBeforeHeader());
      KeyHealth notYet = new KeyHealth(State.UNAVAILABLE, 0, null, "no fetch has ended yet");
      SallyportFilter filter =
          SallyportFilter.builder()
              .issuer(server.issuer())
              .allowHttp(true)
              .audience(Trial.AUDIENCE)
              .allowedScopes("a")
              .build();
      assertThat(only(filter.keyHealth())).isEqualTo(notYet);
      assertThat(server.asked()).isEmpty();
      try (FetchingGate gate = new FetchingGate(server, settings -> settings)) {
        eventually(() -> assertThat(server.asked()).isNotEmpty());
        assertTimeout(Duration.ofSeconds(1), () -> assertThat(health(gate)).isEqualTo(notYet));
      }
      filter.destroy();
    }
  }

  @Test
  void each_of_several_issuers_has_a_health_of_its_own_in_the_order_of_the_settings() {
    try (KeyServer corp = new KeyServer().publish(key);
        KeyServer partner = new KeyServer();
        TokenVerifier gate =
            TokenVerifier.builder()
                .allowHttp(true)
                .audience(Trial.AUDIENCE)
                .allowedScopes("a")
                .issuer("corp", own -> own.issuer(corp.issuer()))
                .issuer("partner", own -> own.issuer(partner.issuer()))
                .issuer("own", own -> own.issuer(ISSUER).keySource(Trial.fixed(RSA.jwk())))
                .build()) {
      eventually(
          () -> {
            Map<String, KeyHealth> health = gate.keyHealth();
            assertThat(health.keySet()).containsExactly(corp.issuer(), partner.issuer(), ISSUER);
            assertThat(health.get(corp.issuer()).state()).isEqualTo(State.FRESH);
            assertThat(health.get(partner.issuer()).trouble()).contains("answered 404");
            assertThat(health.get(partner.issuer()).isServing()).isFalse();
            assertThat(health.get(ISSUER)).isEqualTo(WELL);
          });
      assertThatThrownBy(() -> gate.keyHealth().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void after_its_end_there_are_no_keys() {
    try (KeyServer server = new KeyServer().publish(key)) {
      FetchingGate gate = new FetchingGate(server, settings -> settings);
      eventually(() -> assertThat(health(gate).isServing()).isTrue());
      gate.close();
      assertThat(health(gate)).isEqualTo(new KeyHealth(State.UNAVAILABLE, 0, null, "closed"));
    }
  }

  @Test
  void a_filter_that_was_never_initialised_has_none_to_tell_of() {
    assertThatThrownBy(() -> new SallyportFilter().keyHealth())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("initialised");
  }

  @Test
  void keys_that_do_not_change_are_fresh_and_have_no_age(@TempDir Path folder) throws Exception {
    try (TokenVerifier gate = Trial.gate(RSA.jwk(), EC.jwk()).build()) {
      assertThat(only(gate.keyHealth())).isEqualTo(new KeyHealth(State.FRESH, 2, null, null));
    }
    Path secret = Files.write(folder.resolve("secret"), new byte[32]);
    try (TokenVerifier gate =
        Trial.settings()
            .allowedScopes("a")
            .hmacSecretFile(secret.toString())
            .algorithms("HS256")
            .build()) {
      assertThat(only(gate.keyHealth())).isEqualTo(WELL);
    }
  }

  /** A source of the application's own that has no more to tell than it has to. */
  private record Own(@Nullable String trouble) implements KeySource {
    @Override
    public Answer find(JWSHeader header) {
      return new Unavailable();
    }

    @Override
    public boolean holds(Key key) {
      return false;
    }

    @Override
    public Optional<String> awaitKeys(Duration patience) {
      if (!patience.isZero()) throw new AssertionError("nobody waits");
      return Optional.ofNullable(trouble);
    }
  }

  private static KeyHealth health(KeySource source) {
    try (TokenVerifier gate = Trial.settings().allowedScopes("a").keySource(source).build()) {
      return only(gate.keyHealth());
    }
  }

  @Test
  void a_source_of_the_application_s_own_is_asked_without_patience_and_not_for_numbers() {
    assertThat(health(new Own(null))).isEqualTo(new KeyHealth(State.FRESH, null, null, null));
    assertThat(health(new Own("no route\nWARN forged \u202e")))
        .isEqualTo(new KeyHealth(State.UNAVAILABLE, null, null, "no route?WARN forged ?"));
  }

  @Test
  void a_source_that_throws_is_none_to_count_on_and_its_words_stay_its_own() {
    KeySource failing =
        new KeySource() {
          @Override
          public Answer find(JWSHeader header) {
            return new Unavailable();
          }

          @Override
          public boolean holds(Key key) {
            return false;
          }

          @Override
          public KeyHealth health() {
            throw new IllegalStateException("correct-horse-battery-staple");
          }
        };
    assertThat(health(failing))
        .isEqualTo(
            new KeyHealth(
                State.UNAVAILABLE,
                null,
                null,
                "the source of keys threw java.lang.IllegalStateException"));
  }
}
