package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When keys are fetched and what is known meanwhile, by a clock that only the test moves. */
final class RotatingKeysTest {
  private static final Duration REFRESH = Duration.ofSeconds(300);
  private static final Duration MAX_AGE = Duration.ofSeconds(3600);

  private final JWK stays = key("stays");
  private final Issuer issuer = new Issuer();
  private final AtomicLong now = new AtomicLong();
  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private final RotatingKeys keys = keys((health, took) -> told.add(new Told(health, took)));

  private RotatingKeys keys(BiConsumer<KeyHealth, Duration> hearer) {
    Rotation rotation = new Rotation(REFRESH, MAX_AGE, Clock.systemUTC(), now::get, hearer);
    return new RotatingKeys("test", issuer, rotation);
  }

  /** What is heard of one fetch. */
  private record Told(KeyHealth health, Duration took) {}

  private interface Hang {
    void await() throws InterruptedException;
  }

  /** Publishes sets of keys, or fails, or hangs. */
  private final class Issuer implements RotatingKeys.Fetch {
    private final KeySetReader reader =
        new KeySetReader(Set.of(JWSAlgorithm.ES256), Clock.systemUTC());
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile @Nullable String published;
    private volatile @Nullable Throwable fault;
    private volatile Hang hang = () -> {};

    void publish(JWK... set) {
      published = new JWKSet(List.of(set)).toString();
      fault = null;
    }

    @Override
    public KeySet fetch(Duration patience, @Nullable KeySet previous)
        throws IOException, InterruptedException {
      fetches.incrementAndGet();
      hang.await();
      if (fault instanceof IOException e) throw e;
      if (fault instanceof RuntimeException e) throw e;
      if (fault instanceof Error e) throw e;
      return reader.read(String.valueOf(published).getBytes(StandardCharsets.UTF_8), previous);
    }

    @Override
    public void close() {}
  }

  private static JWK key(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate().toPublicJWK();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private KeySource.Answer find(String kid) {
    return find(keys, kid);
  }

  private static KeySource.Answer find(KeySource keys, String kid) {
    return keys.find(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).build());
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @AfterEach
  void close() {
    keys.close();
  }

  @Test
  @Tag("T74")
  void keys_are_fetched_anew_every_5_minutes_and_no_sooner() {
    issuer.publish(stays, key("goes"));
    assertThat(find("goes")).isInstanceOf(KeySource.Found.class);
    assertThat(find("nobody's")).as("takes the permit").isInstanceOf(KeySource.Unknown.class);
    issuer.publish(stays);
    pass(REFRESH.minusSeconds(271)); // 29 s: neither the cool-down nor the interval is over
    assertThat(find("nobody's")).isInstanceOf(KeySource.Unknown.class);
    assertThat(issuer.fetches).hasValue(2);
    assertThat(find("goes")).isInstanceOf(KeySource.Found.class);

    pass(REFRESH);
    assertThat(find("nobody's")).isInstanceOf(KeySource.Unknown.class);
    assertThat(issuer.fetches).hasValue(3);
    assertThat(find("goes")).isInstanceOf(KeySource.Unknown.class);
    assertThat(find("stays")).isInstanceOf(KeySource.Found.class);
  }

  @Test
  @Tag("T75")
  void after_a_hundred_failures_in_a_row_the_next_good_answer_is_used() {
    List<Throwable> faults =
        List.of(
            new IOException("no route"),
            new IllegalStateException("a defect"),
            new StackOverflowError());
    for (int n = 0; n < 100; n++) {
      issuer.fault = faults.get(n % faults.size());
      pass(Duration.ofSeconds(15));
      assertThat(find("stays")).isInstanceOf(KeySource.Unavailable.class);
      assertThat(issuer.fetches).hasValue(n + 1);
    }
    issuer.publish(stays);
    pass(Duration.ofSeconds(15));
    assertThat(find("stays")).isInstanceOf(KeySource.Found.class);
  }

  @Test
  void failures_back_off_from_1_to_15_seconds_and_a_success_starts_anew() {
    for (int round = 0; round < 2; round++) {
      issuer.fault = new IOException("no route");
      assertThat(find("nobody's")).isNotNull();
      for (int pause : new int[] {1, 2, 4, 8, 15, 15}) {
        int before = issuer.fetches.get();
        pass(Duration.ofSeconds(pause).minusMillis(1));
        assertThat(find("stays")).isNotNull();
        assertThat(issuer.fetches).as("before " + pause + " s").hasValue(before);
        pass(Duration.ofMillis(1));
        assertThat(find("nobody's")).isInstanceOf(KeySource.Unavailable.class);
        assertThat(issuer.fetches).as("after " + pause + " s").hasValue(before + 1);
      }
      issuer.publish(stays);
      pass(Duration.ofSeconds(15));
      assertThat(find("nobody's")).isInstanceOf(KeySource.Unknown.class);
      assertThat(find("stays")).isInstanceOf(KeySource.Found.class);
      pass(REFRESH);
    }
  }

  @Test
  @Tag("T77")
  @Tag("slow")
  void ten_thousand_rotations_cost_32_readers_no_key_that_was_there_all_the_time()
      throws Exception {
    JWK[] others = new JWK[10];
    for (int i = 0; i < others.length; i++) others[i] = key("other-" + i);
    issuer.publish(stays, others[0]);
    assertThat(find("stays")).isInstanceOf(KeySource.Found.class);
    AtomicInteger rotations = new AtomicInteger();
    ExecutorService readers = Executors.newFixedThreadPool(32);
    List<Future<Integer>> misses = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      misses.add(
          readers.submit(
              () -> {
                int missed = 0;
                while (rotations.get() < 10_000) {
                  if (!(find("stays") instanceof KeySource.Found)) missed++;
                  LockSupport.parkNanos(20_000); // there are fewer processors than readers
                }
                return missed;
              }));
    }
    for (int n = 1; n <= 10_000; n = rotations.incrementAndGet() + 1) {
      String newest = "other-" + n % others.length;
      issuer.publish(stays, others[n % others.length]);
      pass(REFRESH);
      while (!(find(newest) instanceof KeySource.Found)) Thread.onSpinWait();
    }
    readers.shutdown();
    for (Future<Integer> missed : misses) assertThat(missed.get()).isZero();
    assertThat(issuer.fetches).hasValueGreaterThan(10_000);
  }

  private static KeyHealth health(
      KeyHealth.State state, int count, @Nullable Duration age, @Nullable String trouble) {
    return new KeyHealth(state, count, age, trouble);
  }

  @Test
  void health_says_what_a_look_up_would_come_to_by_the_same_clock() {
    assertThat(keys.health())
        .isEqualTo(health(KeyHealth.State.UNAVAILABLE, 0, null, "no fetch has ended yet"));
    issuer.publish(stays, key("other"));
    assertThat(find("stays")).isInstanceOf(KeySource.Found.class);
    assertThat(keys.health()).isEqualTo(health(KeyHealth.State.FRESH, 2, Duration.ZERO, null));

    issuer.fault = new IOException("no\nroute");
    pass(REFRESH.minusNanos(1));
    assertThat(keys.health())
        .isEqualTo(health(KeyHealth.State.FRESH, 2, REFRESH.minusNanos(1), null));
    pass(Duration.ofNanos(1));
    assertThat(find("nobody's")).isInstanceOf(KeySource.Unavailable.class);
    assertThat(keys.health()).isEqualTo(health(KeyHealth.State.STALE, 2, REFRESH, "no?route"));

    pass(MAX_AGE.minus(REFRESH).minusNanos(1));
    assertThat(keys.health())
        .isEqualTo(health(KeyHealth.State.STALE, 2, MAX_AGE.minusNanos(1), "no?route"));
    pass(Duration.ofNanos(1));
    assertThat(keys.health())
        .isEqualTo(health(KeyHealth.State.UNAVAILABLE, 0, MAX_AGE, "no?route"));
    assertThat(find("stays")).isInstanceOf(KeySource.Unavailable.class);

    issuer.publish(stays);
    pass(Duration.ofSeconds(15));
    assertThat(find("stays")).isInstanceOf(KeySource.Found.class);
    assertThat(keys.health()).isEqualTo(health(KeyHealth.State.FRESH, 1, Duration.ZERO, null));
  }

  @Test
  void each_fetch_is_told_of_once_with_its_outcome_and_how_long_it_took() throws Exception {
    Duration took = Duration.ofMillis(5);
    issuer.hang = () -> pass(took);
    issuer.publish(stays);
    assertThat(find("stays")).isInstanceOf(KeySource.Found.class);
    assertThat(told.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new Told(health(KeyHealth.State.FRESH, 1, took, null), took));

    issuer.fault = new IllegalStateException("a defect");
    pass(REFRESH);
    assertThat(find("nobody's")).isInstanceOf(KeySource.Unavailable.class);
    Duration age = REFRESH.plus(took).plus(took);
    String trouble = "a defect: java.lang.IllegalStateException";
    assertThat(told.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new Told(health(KeyHealth.State.STALE, 1, age, trouble), took));
    assertThat(told).isEmpty();
  }

  @Test
  void whoever_hears_of_a_fetch_and_throws_ends_no_fetching() {
    issuer.publish(stays);
    try (RotatingKeys untold =
        keys(
            (health, took) -> {
              throw new StackOverflowError();
            })) {
      for (int n = 1; n <= 3; n++) {
        assertThat(find(untold, "nobody's")).isInstanceOf(KeySource.Unknown.class);
        assertThat(find(untold, "stays")).isInstanceOf(KeySource.Found.class);
        assertThat(issuer.fetches).hasValueGreaterThanOrEqualTo(n);
        pass(REFRESH);
      }
    }
  }

  @Test
  @Tag("T83")
  void no_lock_is_held_while_the_network_is_waited_for() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    issuer.hang =
        () -> {
          asked.countDown();
          never.await();
        };
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          keys.start();
          asked.await();
          keys.start();
          assertThat(keys.awaitKeys(Duration.ofMillis(1))).isPresent();
          Thread.currentThread().interrupt(); // so that it does not wait for the fetch
          assertThat(find("stays")).isInstanceOf(KeySource.Unavailable.class);
          assertThat(Thread.interrupted()).isTrue();
          keys.close();
        });
    assertThat(never.getCount()).isEqualTo(1);
  }
}
