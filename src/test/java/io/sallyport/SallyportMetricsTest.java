package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static io.sallyport.Trial.ISSUER;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sallyport.keys.KeyHealth;
import io.sallyport.keys.KeyHealth.State;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What Micrometer gets to count. */
final class SallyportMetricsTest {
  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final SallyportMetrics metrics = new SallyportMetrics(registry);

  private double requests(String outcome, String reason, String title, String issuer) {
    return registry
        .get("sallyport.requests")
        .tags("outcome", outcome, "reason", reason, "title", title, "issuer", issuer)
        .counter()
        .count();
  }

  private static KeyHealth keys(State state, int count, Duration age) {
    return new KeyHealth(state, count, age, state == State.FRESH ? null : "no route");
  }

  private double gauge(String name) {
    return registry.get(name).tag("issuer", ISSUER).gauge().value();
  }

  @Test
  void requests_are_counted_by_outcome_reason_and_issuer_and_timed_by_outcome() {
    TokenVerifier gate = Trial.gate(RSA.jwk()).listener(metrics).build();
    for (int i = 0; i < 3; i++) gate.verify(good().mintedBy(RSA));
    for (int i = 0; i < 2; i++) gate.verify(good().claim("exp", 1).mintedBy(RSA));
    gate.verify(null);
    assertThat(requests("verified", "none", "none", ISSUER)).isEqualTo(3);
    assertThat(requests("refused", "SP-305", "expired", ISSUER)).isEqualTo(2);
    assertThat(requests("refused", "SP-101", "no token", "none")).isEqualTo(1);
    assertThat(registry.get("sallyport.decision").tag("outcome", "verified").timer().count())
        .isEqualTo(3);
    assertThat(registry.get("sallyport.decision").tag("outcome", "refused").timer().count())
        .isEqualTo(3);
    assertThat(
            registry
                .get("sallyport.decision")
                .tag("outcome", "verified")
                .timer()
                .totalTime(TimeUnit.NANOSECONDS))
        .isPositive();
  }

  @Test
  void there_are_as_many_counters_as_reasons_and_issuers_whatever_is_sent() {
    TokenVerifier gate = Trial.gate(RSA.jwk()).listener(metrics).build();
    for (int i = 0; i < 100; i++) {
      gate.verify("token-" + i);
      gate.verify(good().claim("iss", "https://evil.example/" + i).mintedBy(RSA));
      gate.verify(good().claim("aud", "aud-" + i).claim("scope", "scope-" + i).mintedBy(RSA));
    }
    for (Reason reason : Reason.values()) {
      for (int i = 0; i < 2; i++) {
        metrics.refused(new Refusal(reason, "detail " + i, ISSUER), Duration.ofNanos(1));
      }
      assertThat(requests("refused", reason.code(), reason.title(), ISSUER)).isGreaterThan(1);
    }
    assertThat(registry.find("sallyport.requests").counters())
        .hasSize(Reason.values().length + 1); // and what is no JWS, which has no issuer
    assertThat(registry.getMeters().stream().map(Meter::getId).toList().toString())
        .doesNotContain("evil", "token-", "aud-", "scope-", "detail");
  }

  @Test
  void the_age_of_keys_grows_from_their_fetch_to_the_next_good_one() {
    metrics.keysRefreshed(ISSUER, keys(State.FRESH, 2, Duration.ofSeconds(1)), Duration.ZERO);
    assertThat(gauge("sallyport.keys.age")).isEqualTo(1, within(1e-9));
    assertThat(gauge("sallyport.keys.count")).isEqualTo(2);
    clock.add(Duration.ofSeconds(300));
    assertThat(gauge("sallyport.keys.age")).isEqualTo(301, within(1e-9));
    metrics.keysFailed(ISSUER, keys(State.STALE, 2, Duration.ofSeconds(302)), Duration.ZERO);
    assertThat(gauge("sallyport.keys.age")).isEqualTo(302, within(1e-9));
    assertThat(gauge("sallyport.keys.count")).isEqualTo(2);
    clock.add(Duration.ofSeconds(10));
    assertThat(gauge("sallyport.keys.age")).isEqualTo(312, within(1e-9));
    metrics.keysFailed(ISSUER, keys(State.UNAVAILABLE, 0, Duration.ofHours(1)), Duration.ZERO);
    assertThat(gauge("sallyport.keys.count")).isZero();
    metrics.keysRefreshed(ISSUER, keys(State.FRESH, 3, Duration.ZERO), Duration.ZERO);
    assertThat(gauge("sallyport.keys.age")).isZero();
    assertThat(gauge("sallyport.keys.count")).isEqualTo(3);
  }

  @Test
  void an_issuer_that_never_gave_a_key_has_none_and_no_age() {
    metrics.keysFailed(
        ISSUER, new KeyHealth(State.UNAVAILABLE, 0, null, "no route"), Duration.ofSeconds(5));
    assertThat(gauge("sallyport.keys.count")).isZero();
    assertThat(gauge("sallyport.keys.age")).isNaN();
    metrics.keysFailed(
        ISSUER, new KeyHealth(State.UNAVAILABLE, null, null, "no route"), Duration.ofSeconds(5));
    assertThat(gauge("sallyport.keys.count")).as("a source that does not count").isNaN();
  }

  @Test
  void fetches_are_timed_by_issuer_and_outcome_through_an_outage() {
    TestKey key = TestKey.generate("key-1", "ES256");
    try (KeyServer server = new KeyServer().publish(key);
        FetchingGate gate =
            new FetchingGate(server, settings -> settings.keyRefreshSeconds(1).listener(metrics))) {
      eventually(() -> assertThat(fetches(server, "refreshed")).isPositive());
      server.die();
      eventually(() -> assertThat(fetches(server, "failed")).isPositive());
      assertThat(gate.verdict(key)).isEqualTo("ann");
      assertThat(requests("verified", "none", "none", server.issuer())).isEqualTo(1);
      long before = fetches(server, "refreshed");
      server.comeBack();
      eventually(() -> assertThat(fetches(server, "refreshed")).isGreaterThan(before));
    }
  }

  private long fetches(KeyServer server, String outcome) {
    return registry
        .find("sallyport.keys.fetches")
        .tags("issuer", server.issuer(), "outcome", outcome)
        .timers()
        .stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  @Test
  void tags_of_the_application_s_own_tell_two_filters_apart() {
    SallyportMetrics orders = new SallyportMetrics(registry, List.of(Tag.of("filter", "orders")));
    SallyportMetrics stock = new SallyportMetrics(registry, Tags.of("filter", "stock"));
    orders.verified(ISSUER, Duration.ZERO);
    for (int i = 0; i < 2; i++) stock.verified(ISSUER, Duration.ZERO);
    orders.keysRefreshed(ISSUER, keys(State.FRESH, 1, Duration.ZERO), Duration.ZERO);
    stock.keysRefreshed(ISSUER, keys(State.FRESH, 2, Duration.ZERO), Duration.ZERO);
    for (String filter : List.of("orders", "stock")) {
      int number = filter.equals("orders") ? 1 : 2;
      assertThat(registry.get("sallyport.requests").tag("filter", filter).counter().count())
          .isEqualTo(number);
      assertThat(registry.get("sallyport.keys.count").tag("filter", filter).gauge().value())
          .isEqualTo(number);
      assertThat(registry.get("sallyport.keys.age").tag("filter", filter).gauge().value()).isZero();
      assertThat(registry.get("sallyport.keys.fetches").tag("filter", filter).timer().count())
          .isEqualTo(1);
      assertThat(
              registry
                  .get("sallyport.decision")
                  .tags("filter", filter, "outcome", "verified")
                  .timer()
                  .count())
          .isEqualTo(number);
    }
  }

  @Test
  void many_threads_lose_no_count() {
    IntStream.range(0, 100_000)
        .parallel()
        .forEach(
            i -> metrics.refused(new Refusal(Reason.values()[i % 10], "x", ISSUER), Duration.ZERO));
    assertThat(registry.find("sallyport.requests").counters())
        .hasSize(10)
        .allMatch(counter -> counter.count() == 10_000);
  }
}
