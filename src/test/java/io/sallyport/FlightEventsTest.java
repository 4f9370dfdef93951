package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static io.sallyport.Trial.ISSUER;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a flight recording has of the gate. */
final class FlightEventsTest {
  private static final String VERIFIED = "io.sallyport.TokenVerified";
  private static final String REFUSED = "io.sallyport.RequestRefused";
  private static final String KEYS = "io.sallyport.KeysRefreshed";

  @TempDir Path folder;

  /** Something that a recording is made of. */
  private interface Act {
    void run() throws Exception;
  }

  private List<RecordedEvent> recorded(Recording recording, Act act) throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (recording) {
      recording.start();
      act.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("io.sallyport."))
        .toList();
  }

  /** One that has each decision, however fast. */
  private static Recording ofEverything() {
    Recording recording = new Recording();
    recording.enable(VERIFIED).withoutThreshold();
    recording.enable(REFUSED).withoutThreshold();
    return recording;
  }

  private static List<String> names(List<RecordedEvent> events) {
    return events.stream().map(event -> event.getEventType().getName()).toList();
  }

  @Test
  void a_recording_that_wants_every_decision_has_each_once_with_issuer_and_reason()
      throws Exception {
    String good = good().mintedBy(RSA);
    String expired = good().claim("exp", 1).mintedBy(RSA);
    TokenVerifier gate = Trial.gate(RSA.jwk()).build();
    List<RecordedEvent> events =
        recorded(
            ofEverything(),
            () -> {
              gate.verify(good);
              gate.verify(good);
              gate.verify(expired);
              gate.verify(null);
            });
    assertThat(names(events)).containsExactly(VERIFIED, VERIFIED, REFUSED, REFUSED);
    assertThat(events.get(1).getString("issuer")).isEqualTo(ISSUER);
    assertThat(events.get(2).getString("issuer")).isEqualTo(ISSUER);
    assertThat(events.get(2).getString("code")).isEqualTo("SP-305");
    assertThat(events.get(2).getString("reason")).isEqualTo("EXPIRED");
    assertThat(events.get(3).getString("reason")).isEqualTo("TOKEN_MISSING");
    assertThat(events.get(3).getString("issuer")).isNull();
    for (RecordedEvent event : events) {
      assertThat(event.getDuration()).isGreaterThan(Duration.ZERO);
      assertThat(event.getStackTrace()).isNull();
      assertThat(Trial.pieces(event.toString(), good)).isEmpty();
      assertThat(Trial.pieces(event.toString(), expired)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatever_the_reason_a_recording_has_it(Reason reason) throws Exception {
    Listeners listeners = new Listeners(List.of(), System::nanoTime);
    List<RecordedEvent> events =
        recorded(
            ofEverything(),
            () -> listeners.refused(listeners.begin(), new Refusal(reason, "the detail")));
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getString("code")).isEqualTo(reason.code());
    assertThat(events.get(0).getString("reason")).isEqualTo(reason.name());
    assertThat(events.get(0).toString()).doesNotContain("the detail");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "default", "profile"})
  void a_recording_that_says_nothing_of_them_has_the_slow_decisions_alone(String settings)
      throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    TokenVerifier slow =
        Trial.gate(RSA.jwk()).tokenCheck(token -> !never.await(25, TimeUnit.MILLISECONDS)).build();
    TokenVerifier slowToRefuse =
        Trial.gate(RSA.jwk()).tokenCheck(token -> never.await(25, TimeUnit.MILLISECONDS)).build();
    TokenVerifier fast = Trial.gate(RSA.jwk()).build();
    String good = good().mintedBy(RSA);
    fast.verify(good);
    Recording recording =
        settings.isEmpty()
            ? new Recording()
            : new Recording(Configuration.getConfiguration(settings));
    List<RecordedEvent> events =
        recorded(
            recording,
            () -> {
              for (int i = 0; i < 100; i++) {
                fast.verify(good);
                fast.verify("x");
              }
              slow.verify(good);
              slowToRefuse.verify(good);
            });
    // A busy machine may hold a fast one up, so no number of all of them is certain.
    assertThat(events).hasSizeBetween(2, 50);
    assertThat(events).allMatch(event -> event.getDuration().toMillis() >= 20);
    assertThat(names(events)).endsWith(VERIFIED, REFUSED);
  }

  @Test
  void a_recording_has_each_fetch_of_keys_good_or_bad() throws Exception {
    TestKey key = TestKey.generate("key-1", "ES256");
    Heard heard = new Heard();
    try (KeyServer server = new KeyServer().publish(key)) {
      List<RecordedEvent> events =
          recorded(
              new Recording(),
              () -> {
                try (FetchingGate gate =
                    new FetchingGate(
                        server, settings -> settings.keyRefreshSeconds(1).listener(heard))) {
                  eventually(() -> assertThat(heard.fetches()).isNotEmpty());
                  assertThat(gate.verifier.keyHealth()).hasSize(1);
                  server.die();
                  eventually(
                      () -> assertThat(heard.fetches()).last().asString().startsWith("failed"));
                }
              });
      assertThat(names(events)).isNotEmpty().containsOnly(KEYS);
      RecordedEvent good = events.get(0);
      assertThat(good.getString("issuer")).isEqualTo(server.issuer());
      assertThat(good.getBoolean("success")).isTrue();
      assertThat(good.getString("state")).isEqualTo("FRESH");
      assertThat(good.getInt("keys")).isEqualTo(1);
      assertThat(good.getString("trouble")).isNull();
      assertThat(good.getDuration("took")).isBetween(Duration.ofNanos(1), Duration.ofSeconds(6));
      RecordedEvent bad = events.get(events.size() - 1);
      assertThat(bad.getBoolean("success")).isFalse();
      assertThat(bad.getString("state")).isEqualTo("STALE");
      assertThat(bad.getInt("keys")).isEqualTo(1);
      assertThat(bad.getString("trouble")).contains(server.keysUri());
    }
  }

  @Test
  void a_listener_and_a_recording_do_not_know_of_each_other() throws Exception {
    Heard heard = new Heard();
    TokenVerifier gate = Trial.gate(RSA.jwk()).listener(heard).build();
    List<RecordedEvent> events =
        recorded(
            ofEverything(),
            () -> {
              gate.verify(good().mintedBy(RSA));
              gate.verify("x");
            });
    assertThat(names(events)).containsExactly(VERIFIED, REFUSED);
    assertThat(heard.decisions()).hasSize(2);
    assertThat(heard.took()).allMatch(took -> took.compareTo(Duration.ZERO) > 0);
  }

  @Test
  void a_recording_that_wants_no_event_gets_none() throws Exception {
    Recording none = new Recording();
    none.disable(VERIFIED);
    none.disable(REFUSED);
    none.disable(KEYS);
    TestKey key = TestKey.generate("key-1", "ES256");
    try (KeyServer server = new KeyServer().publish(key)) {
      List<RecordedEvent> events =
          recorded(
              none,
              () -> {
                try (FetchingGate gate = new FetchingGate(server, settings -> settings)) {
                  assertThat(gate.verdict(key)).isEqualTo("ann");
                  assertThat(gate.verdict("x")).isEqualTo(Reason.TOKEN_NOT_JWS);
                }
              });
      assertThat(events).isEmpty();
    }
  }
}
