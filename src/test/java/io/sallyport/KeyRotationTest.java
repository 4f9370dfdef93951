package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Keys that come and go, floods of keys that never were, and issuers that fall silent. */
final class KeyRotationTest {
  private static final TestKey FIRST = TestKey.generate("first", "RS256");
  private final TestKey second = TestKey.generate("second", "ES256");
  private final KeyServer server = new KeyServer();
  private final AtomicLong ahead = new AtomicLong();
  private final List<FetchingGate> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(FetchingGate::close);
    server.close();
  }

  /** A gate whose monotonic clock runs ahead when it is told to. */
  private FetchingGate gate() {
    return gate(settings -> settings);
  }

  private FetchingGate gate(UnaryOperator<TokenVerifier.Builder> more) {
    FetchingGate gate =
        new FetchingGate(
            server,
            settings -> more.apply(settings.nanoTime(() -> System.nanoTime() + ahead.get())));
    open.add(gate);
    return gate;
  }

  private void pass(Duration time) {
    ahead.addAndGet(time.toNanos());
  }

  /** Looks up a key that nobody has, as a flood does it: there is no need for a true signature. */
  private static Object unknown(FetchingGate gate, int number) {
    String header = "{\"alg\":\"ES256\",\"kid\":\"unknown-" + number + "\"}";
    return gate.verdict(
        TestToken.signed(header.getBytes(UTF_8), "{}".getBytes(UTF_8), input -> new byte[64]));
  }

  private static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<T>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) all.add(work);
      List<T> results = new ArrayList<>();
      for (Future<T> done : pool.invokeAll(all)) results.add(done.get());
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void a_rotation_costs_nobody_a_false_refusal() {
    server.publish(FIRST);
    FetchingGate gate = gate();
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    server.publish(FIRST, second);
    assertThat(gate.verdict(second)).as("the very first token").isEqualTo("ann");
    assertThat(server.fetches()).isEqualTo(2);
  }

  @Test
  @Tag("T71")
  void ten_thousand_unknown_key_ids_are_401_each_and_cost_at_most_two_fetches() throws Exception {
    server.publish(FIRST);
    FetchingGate gate = gate();
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    AtomicInteger number = new AtomicInteger();
    List<List<Object>> verdicts =
        atOnce(
            8,
            () -> {
              List<Object> mine = new ArrayList<>();
              for (int n = number.getAndIncrement(); n < 10_000; n = number.getAndIncrement()) {
                mine.add(unknown(gate, n));
              }
              return mine;
            });
    assertThat(verdicts.stream().flatMap(List::stream))
        .hasSize(10_000)
        .containsOnly(Reason.KEY_UNKNOWN);
    assertThat(server.fetches()).as("the first one included").isLessThanOrEqualTo(2);
    assertThat(server.mostAtOnce()).isEqualTo(1);
  }

  @Test
  @Tag("T72")
  void a_key_published_during_a_flood_works_within_35_seconds() {
    server.publish(FIRST);
    FetchingGate gate = gate();
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    assertThat(unknown(gate, 0)).as("takes the permit").isEqualTo(Reason.KEY_UNKNOWN);
    server.publish(FIRST, second);
    assertThat(gate.verdict(second)).as("in the cool-down").isEqualTo(Reason.KEY_UNKNOWN);

    int seconds = 0;
    while (!gate.verdict(second).equals("ann")) {
      assertThat(++seconds).isLessThanOrEqualTo(35);
      pass(Duration.ofSeconds(1));
      for (int n = 0; n < 100; n++) {
        assertThat(unknown(gate, 100 * seconds + n)).isEqualTo(Reason.KEY_UNKNOWN);
      }
    }
    assertThat(server.fetches()).isEqualTo(3);
  }

  @Test
  @Tag("T70")
  void requests_under_known_keys_do_not_wait_for_a_fetch_that_hangs() throws Exception {
    server.publish(FIRST);
    FetchingGate gate = gate(settings -> settings.tokenCacheSize(0));
    String known = gate.token(FIRST);
    assertThat(gate.verdict(known)).isEqualTo("ann");
    server.answer(KeyServer.KEYS, Answer.json("{}").stalledBeforeHeader());
    long fetches = server.fetches();
    AtomicBoolean waiting = new AtomicBoolean(true);
    Thread flood =
        new Thread(
            () -> {
              unknown(gate, 0);
              waiting.set(false);
            });
    flood.start();
    eventually(() -> assertThat(server.fetches()).isGreaterThan(fetches));

    List<Integer> whileHanging =
        atOnce(
            4,
            () -> {
              int admitted = 0;
              while (waiting.get() && gate.verdict(known).equals("ann")) admitted++;
              return admitted;
            });
    flood.join();
    assertThat(whileHanging)
        .as("in the second in which the unknown key is waited for")
        .allSatisfy(admitted -> assertThat(admitted).isGreaterThan(20));
    assertThat(server.fetches()).as("all that time one fetch").isEqualTo(fetches + 1);
  }

  @Test
  @Tag("T73")
  void a_cold_start_with_a_hanging_issuer_is_one_fetch_and_503_for_200_at_once() throws Exception {
    server.answer(KeyServer.OPENID, Answer.json("{}").stalledBeforeHeader());
    FetchingGate gate = gate();
    String token = gate.token(FIRST);
    long start = System.nanoTime();
    List<Object> verdicts = atOnce(200, () -> gate.verdict(token));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(5500));
    assertThat(verdicts).hasSize(200).containsOnly(Reason.KEYS_UNAVAILABLE);
    assertThat(server.paths()).hasSize(1);
  }

  @Test
  void an_unknown_key_id_cannot_be_judged_while_the_issuer_is_down() {
    server.publish(FIRST);
    FetchingGate gate = gate();
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    server.die();
    assertThat(gate.verdict(second)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(gate.verdict(second)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    server.publish(FIRST, second).comeBack();
    eventually(() -> assertThat(gate.verdict(second)).isEqualTo("ann"));
  }

  @Test
  @Tag("T74")
  @Tag("T78")
  void a_withdrawn_key_takes_its_cached_tokens_with_it() {
    server.publish(FIRST, second);
    FetchingGate gate = gate(settings -> settings.keyRefreshSeconds(1));
    String token = gate.token(FIRST);
    assertThat(gate.verdict(token)).isEqualTo("ann");
    assertThat(gate.verdict(token)).as("from the cache").isEqualTo("ann");
    server.publish(second);
    eventually(() -> assertThat(gate.verdict(token)).isEqualTo(Reason.KEY_UNKNOWN));
    assertThat(gate.verdict(second)).isEqualTo("ann");
  }

  @Test
  @Tag("T69")
  void in_an_outage_the_last_good_keys_serve_for_an_hour_and_then_it_is_503() {
    server.publish(FIRST);
    FetchingGate gate = gate();
    String token = gate.token(FIRST);
    assertThat(gate.verdict(token)).isEqualTo("ann");
    server.answer(KeyServer.KEYS, Answer.status(503));
    pass(Duration.ofMinutes(59));
    assertThat(gate.verdict(token)).as("serves on").isEqualTo("ann");
    pass(Duration.ofMinutes(1));
    assertThat(gate.verdict(token))
        .as("never 401 for what cannot be known")
        .isEqualTo(Reason.KEYS_UNAVAILABLE);
    server.publish(FIRST);
    eventually(() -> assertThat(gate.verdict(token)).isEqualTo("ann"));
  }

  @Test
  @Tag("T75")
  void neither_an_interrupt_nor_a_log_that_throws_ends_the_fetching() {
    AppenderBase<ILoggingEvent> failing =
        new AppenderBase<>() {
          @Override
          public void doAppend(ILoggingEvent event) {
            throw new IllegalStateException("a log that fails");
          }

          @Override
          protected void append(ILoggingEvent event) {}
        };
    Logger logger = (Logger) LoggerFactory.getLogger("io.sallyport.keys");
    server.publish(FIRST);
    FetchingGate gate = gate(settings -> settings.keyRefreshSeconds(1));
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    logger.addAppender(failing);
    try {
      server.publish(FIRST, second);
      eventually(() -> assertThat(gate.verdict(second)).isEqualTo("ann"));
    } finally {
      logger.detachAppender(failing);
    }
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sallyport-keys"))
        .forEach(Thread::interrupt);
    server.publish(second);
    eventually(() -> assertThat(gate.verdict(FIRST)).isEqualTo(Reason.KEY_UNKNOWN));
  }

  @Test
  @Tag("T59")
  void close_returns_while_a_fetch_hangs_and_leaves_no_thread() {
    server.answer(KeyServer.OPENID, Answer.json("{}").stalledBeforeHeader());
    FetchingGate gate = gate();
    eventually(() -> assertThat(server.asked()).hasSize(1));
    long start = System.nanoTime();
    gate.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("sallyport"));
    assertThat(gate.verdict("a.b.c")).isEqualTo(Reason.GATE_CLOSED);
  }

  @Test
  void fetched_keys_are_shared_by_many_threads_without_a_false_verdict() throws Exception {
    server.publish(FIRST);
    FetchingGate gate = gate(settings -> settings.tokenCacheSize(0));
    String good = gate.token(FIRST);
    String bad = good.substring(0, good.length() - 4) + "AAAA";
    atOnce(
        8,
        () -> {
          for (int n = 0; n < 500; n++) {
            assertThat(gate.verdict(good)).isEqualTo("ann");
            assertThat(gate.verdict(bad)).isEqualTo(Reason.SIGNATURE_INVALID);
          }
          return null;
        });
  }
}
