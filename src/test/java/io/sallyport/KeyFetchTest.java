package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.nimbusds.jose.jwk.JWK;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Keys over HTTP, from a server that need not mean well. */
final class KeyFetchTest {
  private static final String AUDIENCE = "https://api.example.com";

  private final SigningKey first = SigningKey.rsa("first", "RS256");
  private final SigningKey second = SigningKey.ec("second", "ES256");
  private final KeyServer server = new KeyServer();
  private final List<TokenVerifier> open = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    open.forEach(TokenVerifier::close);
    server.close();
  }

  private TokenVerifier.Builder builder() {
    return TokenVerifier.builder()
        .issuer(server.issuer())
        .allowHttp(true)
        .audience(AUDIENCE)
        .allowedScopes("a");
  }

  private TokenVerifier verifier(TokenVerifier.Builder builder) {
    TokenVerifier verifier = builder.build();
    open.add(verifier);
    return verifier;
  }

  private String token(SigningKey key) {
    return Jws.good(server.issuer(), AUDIENCE, "a", Instant.now()).signedBy(key);
  }

  private Object verdict(TokenVerifier verifier, SigningKey key) {
    Decision decision = verifier.verify(token(key));
    return decision instanceof Decision.Refused refused
        ? refused.refusal().reason()
        : ((Decision.Admitted) decision).token().subject();
  }

  /** Waits for what a thread of the library brings about. */
  private static void eventually(Runnable assertion) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(10);
    while (true) {
      try {
        assertion.run();
        return;
      } catch (AssertionError e) {
        if (Instant.now().isAfter(end)) throw e;
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  @Test
  void keys_are_found_by_openid_discovery() {
    server.publish(first);
    assertThat(verdict(verifier(builder()), first)).isEqualTo("ann");
    assertThat(server.paths()).containsExactly(KeyServer.OPENID, KeyServer.KEYS);
  }

  @Test
  void keys_are_found_by_rfc_8414_where_there_is_no_openid_discovery() {
    String issuer = server.issuer() + "/tenant/one";
    server.publish(first);
    server.answer(KeyServer.OAUTH + "/tenant/one", KeyServer.json(server.metadata(issuer)));
    TokenVerifier verifier =
        verifier(
            TokenVerifier.builder()
                .issuer(issuer)
                .allowHttp(true)
                .audience(AUDIENCE)
                .allowedScopes("a"));
    String token = Jws.good(issuer, AUDIENCE, "a", Instant.now()).signedBy(first);
    assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class);
    assertThat(server.paths())
        .containsExactly(
            "/tenant/one" + KeyServer.OPENID, KeyServer.OAUTH + "/tenant/one", KeyServer.KEYS);
  }

  @Test
  void metadata_that_names_another_issuer_brings_no_keys() {
    server.publish(first);
    for (String other : List.of(server.issuer() + "/", "https://evil.example")) {
      server.answer(KeyServer.OPENID, KeyServer.json(server.metadata(other)));
      assertThat(verdict(verifier(builder()), first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    }
    assertThat(server.fetches()).isZero();
  }

  @Test
  @Tag("T62")
  void a_jwks_uri_in_the_metadata_that_is_neither_https_nor_loopback_is_not_fetched() {
    for (String uri :
        List.of("file:///etc/passwd", "http://10.0.0.1/keys", "jar:file:/x!/y", "x")) {
      server.answer(
          KeyServer.OPENID,
          KeyServer.json("{\"issuer\":\"" + server.issuer() + "\",\"jwks_uri\":\"" + uri + "\"}"));
      assertThat(verdict(verifier(builder()), first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    }
  }

  @Test
  @Tag("T63")
  void a_redirect_is_not_followed() {
    server.answer("/elsewhere", KeyServer.json(KeyServer.jwks(first.jwk())));
    server.answer(
        KeyServer.KEYS,
        exchange -> {
          exchange.getResponseHeaders().set("Location", server.issuer() + "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertThat(verdict(verifier(builder()), first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(server.paths()).doesNotContain("/elsewhere");
  }

  @Test
  @Tag("T65")
  void a_server_that_drips_is_cut_at_the_deadline() {
    byte[] keys = KeyServer.jwks(first.jwk()).getBytes(StandardCharsets.UTF_8);
    server.answer(
        KeyServer.KEYS,
        exchange -> {
          exchange.sendResponseHeaders(200, keys.length);
          OutputStream out = exchange.getResponseBody();
          for (byte b : keys) {
            out.write(b);
            out.flush();
            if (paused(300)) return;
          }
        });
    long start = System.nanoTime();
    assertThat(verdict(verifier(builder()), first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(5500));
  }

  private boolean paused(long millis) {
    try {
      return released.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Test
  @Tag("T66")
  void an_endless_answer_is_cut() throws Exception {
    AtomicLong sent = new AtomicLong();
    server.answer(
        KeyServer.KEYS,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[8192];
          while (true) {
            exchange.getResponseBody().write(block);
            sent.addAndGet(block.length);
          }
        });
    long start = System.nanoTime();
    assertThat(verdict(verifier(builder()), first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    long then = sent.get();
    assertThat(then).as("what sockets hold aside").isLessThan(32L * 1024 * 1024);
  }

  @Test
  @Tag("T63")
  @Tag("T66")
  void the_body_of_a_failure_is_not_read() throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch cut = new CountDownLatch(1);
    server.answer(
        KeyServer.OPENID,
        exchange -> {
          exchange.sendResponseHeaders(404, 0);
          byte[] block = new byte[8192];
          try {
            while (released.getCount() > 0) {
              exchange.getResponseBody().write(block);
              sent.addAndGet(block.length);
            }
          } finally {
            cut.countDown();
          }
        });
    server.answer(KeyServer.OAUTH, KeyServer.json(server.metadata(server.issuer())));
    server.publish(first);
    assertThat(verdict(verifier(builder()), first)).as("by RFC 8414").isEqualTo("ann");
    assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(sent.get()).as("what sockets hold aside").isLessThan(32L * 1024 * 1024);
  }

  @Test
  @Tag("T75")
  void neither_an_interrupt_nor_a_log_that_throws_ends_the_fetching() throws Exception {
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
    server.publish(first);
    TokenVerifier verifier = verifier(builder().keyRefreshSeconds(1));
    assertThat(verdict(verifier, first)).isEqualTo("ann");
    logger.addAppender(failing);
    try {
      server.publish(first, second);
      eventually(() -> assertThat(verdict(verifier, second)).isEqualTo("ann"));
    } finally {
      logger.detachAppender(failing);
    }
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sallyport-keys"))
        .forEach(Thread::interrupt);
    server.publish(second);
    eventually(() -> assertThat(verdict(verifier, first)).isEqualTo(Reason.KEY_UNKNOWN));
  }

  @Test
  void a_key_set_that_has_moved_is_found_again_when_its_old_place_has_no_keys() throws Exception {
    server.publish(first);
    TokenVerifier verifier = verifier(builder().keyRefreshSeconds(1));
    assertThat(verdict(verifier, first)).isEqualTo("ann");
    server.answer("/moved", KeyServer.json(KeyServer.jwks(second.jwk())));
    server.answer(
        KeyServer.OPENID,
        KeyServer.json(
            server
                .metadata(server.issuer())
                .replace("\\/keys", "\\/moved")
                .replace("/keys", "/moved")));
    server.answer(KeyServer.KEYS, KeyServer.json("{\"keys\":[]}"));
    eventually(() -> assertThat(verdict(verifier, second)).isEqualTo("ann"));
  }

  @Test
  @Tag("T66")
  void a_compressed_answer_is_not_inflated() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(KeyServer.jwks(first.jwk()).getBytes(StandardCharsets.UTF_8));
    }
    server.answer(
        KeyServer.KEYS,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, zipped.size());
          exchange.getResponseBody().write(zipped.toByteArray());
        });
    assertThat(verdict(verifier(builder()), first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
  }

  @Test
  @Tag("T66")
  void at_most_a_hundred_keys_are_read() {
    List<JWK> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) keys.add(second.as("k" + i, "ES256").jwk());
    keys.add(first.jwk());
    server.publish(keys.toArray(JWK[]::new));
    TokenVerifier verifier = verifier(builder());
    assertThat(verdict(verifier, second.as("k99", "ES256"))).isEqualTo("ann");
    assertThat(verdict(verifier, first)).isEqualTo(Reason.KEY_UNKNOWN);
  }

  @Test
  @Tag("T67")
  void an_answer_without_usable_keys_leaves_the_old_ones_in_force() throws Exception {
    server.publish(first);
    TokenVerifier verifier = verifier(builder().keyRefreshSeconds(1));
    assertThat(verdict(verifier, first)).isEqualTo("ann");
    Map<String, KeyServer.Answer> lies = new LinkedHashMap<>();
    lies.put("empty", KeyServer.json(""));
    lies.put("no keys", KeyServer.json("{\"keys\":[]}"));
    lies.put("null", KeyServer.json("{\"keys\":[null]}"));
    lies.put("array", KeyServer.json("[]"));
    lies.put(
        "html", KeyServer.body(200, "text/html", "<p>login</p>".getBytes(StandardCharsets.UTF_8)));
    lies.put("truncated", KeyServer.json(KeyServer.jwks(first.jwk()).substring(0, 60)));
    lies.put("500", KeyServer.status(500));
    lies.put("404", KeyServer.status(404));
    lies.put("deep", KeyServer.json("[".repeat(50_000)));
    for (Map.Entry<String, KeyServer.Answer> lie : lies.entrySet()) {
      long before = server.fetches();
      server.answer(KeyServer.KEYS, lie.getValue());
      eventually(() -> assertThat(server.fetches()).isGreaterThan(before));
      assertThat(verdict(verifier, first)).as(lie.getKey()).isEqualTo("ann");
      server.publish(first); // a good answer between, so that the back-off starts anew
      long again = server.fetches();
      eventually(() -> assertThat(server.fetches()).isGreaterThan(again));
    }
  }

  @Test
  @Tag("T68")
  void a_bad_key_costs_that_key_and_not_the_set() {
    String good = first.jwk().toJSONString();
    List<String> bad =
        List.of(
            "null",
            "5",
            "{}",
            "{\"kty\":\"XYZ\",\"kid\":\"x\"}",
            "{\"kty\":\"RSA\",\"kid\":5,\"n\":\"AQAB\",\"e\":\"AQAB\"}",
            "{\"kty\":\"RSA\",\"kid\":\"x\"}",
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\",\"kid\":\"off-curve\"}",
            "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\",\"kid\":\"short\"}",
            "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\",\"kid\":\"dh\"}",
            "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"secret\"}",
            good.replace("}", ",\"use\":\"\"}"),
            good.replace("}", ",\"x5c\":[\"rubbish\"]}"));
    for (String key : bad) {
      server.answer(KeyServer.KEYS, KeyServer.json("{\"keys\":[" + key + "," + good + "]}"));
      assertThat(verdict(verifier(builder()), first)).as(key).isEqualTo("ann");
    }
  }

  @Test
  @Tag("T76")
  void a_fetch_carries_no_cookie_and_no_credential() {
    server.publish(first);
    server.answer(
        KeyServer.OPENID,
        exchange -> {
          exchange.getResponseHeaders().set("Set-Cookie", "a=b");
          KeyServer.json(server.metadata(server.issuer())).to(exchange);
        });
    assertThat(verdict(verifier(builder()), first)).isEqualTo("ann");
    assertThat(server.asked())
        .hasSize(2)
        .allSatisfy(
            asked -> assertThat(asked.headers()).doesNotContainKeys("Cookie", "Authorization"));
  }

  @Test
  void a_rotation_costs_nobody_a_false_refusal() {
    server.publish(first);
    TokenVerifier verifier = verifier(builder());
    assertThat(verdict(verifier, first)).isEqualTo("ann");
    server.publish(first, second);
    assertThat(verdict(verifier, second)).as("the very first token").isEqualTo("ann");
    assertThat(server.fetches()).isEqualTo(2);
  }

  @Test
  @Tag("T71")
  void a_flood_of_unknown_key_ids_causes_one_fetch_and_then_none_in_the_cool_down() {
    server.publish(first);
    AtomicLong ahead = new AtomicLong();
    TokenVerifier verifier = verifier(builder().nanoTime(() -> System.nanoTime() + ahead.get()));
    assertThat(verdict(verifier, first)).isEqualTo("ann");
    for (int i = 0; i < 1000; i++) {
      assertThat(verdict(verifier, second.as("unknown-" + i, "ES256")))
          .isEqualTo(Reason.KEY_UNKNOWN);
    }
    assertThat(server.fetches()).isEqualTo(2);

    server.publish(first, second);
    assertThat(verdict(verifier, second)).as("in the cool-down").isEqualTo(Reason.KEY_UNKNOWN);
    ahead.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(verdict(verifier, second)).as("after it").isEqualTo("ann");
  }

  @Test
  void an_unknown_key_id_cannot_be_judged_while_the_issuer_is_down() {
    server.publish(first);
    TokenVerifier verifier = verifier(builder());
    assertThat(verdict(verifier, first)).isEqualTo("ann");
    server.answer(KeyServer.KEYS, KeyServer.status(503));
    assertThat(verdict(verifier, second)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(verdict(verifier, second)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(verdict(verifier, first)).isEqualTo("ann");
  }

  @Test
  @Tag("T74")
  @Tag("T78")
  void a_withdrawn_key_takes_its_cached_tokens_with_it() throws Exception {
    server.publish(first, second);
    TokenVerifier verifier = verifier(builder().keyRefreshSeconds(1));
    String token = token(first);
    assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class);
    assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class);
    server.publish(second);
    eventually(() -> assertThat(verifier.verify(token)).isInstanceOf(Decision.Refused.class));
    assertThat(verdict(verifier, second)).isEqualTo("ann");
  }

  @Test
  @Tag("T69")
  void in_an_outage_the_last_good_keys_serve_until_they_are_too_old() throws Exception {
    server.publish(first);
    AtomicLong ahead = new AtomicLong();
    TokenVerifier verifier =
        verifier(
            builder()
                .keyRefreshSeconds(60)
                .maxKeyAgeSeconds(600)
                .nanoTime(() -> System.nanoTime() + ahead.get()));
    String token = token(first);
    assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class);
    server.answer(KeyServer.KEYS, KeyServer.status(503));
    ahead.addAndGet(Duration.ofSeconds(590).toNanos());
    assertThat(verifier.verify(token)).as("serves on").isInstanceOf(Decision.Admitted.class);
    ahead.addAndGet(Duration.ofSeconds(20).toNanos());
    assertThat(((Decision.Refused) verifier.verify(token)).refusal().reason())
        .as("never 401 for what cannot be known")
        .isEqualTo(Reason.KEYS_UNAVAILABLE);
    server.publish(first);
    eventually(() -> assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class));
  }

  @Test
  @Tag("T73")
  void a_cold_start_with_a_hanging_issuer_is_one_fetch_and_503_for_all() throws Exception {
    server.answer(KeyServer.OPENID, exchange -> paused(60_000));
    TokenVerifier verifier = verifier(builder());
    String token = token(first);
    List<Object> verdicts = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      Thread thread =
          new Thread(
              () -> {
                Decision decision = verifier.verify(token);
                synchronized (verdicts) {
                  verdicts.add(((Decision.Refused) decision).refusal().reason());
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) thread.join();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(5500));
    assertThat(verdicts).hasSize(50).containsOnly(Reason.KEYS_UNAVAILABLE);
    assertThat(server.paths()).hasSize(1);
  }

  @Test
  @Tag("T59")
  void close_returns_while_a_fetch_hangs_and_leaves_no_thread() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.answer(
        KeyServer.OPENID,
        exchange -> {
          asked.countDown();
          paused(60_000);
        });
    TokenVerifier verifier = builder().build();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    long start = System.nanoTime();
    verifier.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("sallyport"));
    assertThat(((Decision.Refused) verifier.verify("a.b.c")).refusal().reason())
        .isEqualTo(Reason.GATE_CLOSED);
  }

  @Test
  void the_operator_is_told_of_each_change_of_keys_and_once_of_an_outage() throws Exception {
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      server.publish(first.jwk(), SigningKey.rsa("weak\r\nkey", "RS256", 1024).jwk());
      TokenVerifier verifier = verifier(builder().keyRefreshSeconds(1));
      assertThat(verdict(verifier, first)).isEqualTo("ann");
      server.publish(first, second);
      eventually(() -> assertThat(log.text()).contains("keys now first, second"));
      server.answer(KeyServer.KEYS, KeyServer.status(500));
      eventually(() -> assertThat(log.text()).contains("answered 500"));
      server.publish(second);
      eventually(() -> assertThat(log.text()).contains("keys now second"));

      assertThat(log.lines("keys now first"))
          .as("one line for each set")
          .hasSize(2)
          .first()
          .asString()
          .startsWith("INFO");
      assertThat(log.lines("weak??key")).hasSize(1).first().asString().startsWith("WARN");
      assertThat(log.lines("answered 500")).hasSize(1).first().asString().contains("serve on");
      assertThat(log.lines("guarding: issuer=" + server.issuer())).hasSize(1);
    }
  }

  @Test
  @Tag("T22")
  void twin_keys_are_told_of_once() throws Exception {
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN)) {
      server.publish(first.jwk(), SigningKey.rsa("first", "RS256").jwk(), second.jwk());
      TokenVerifier verifier = verifier(builder().keyRefreshSeconds(1));
      assertThat(verdict(verifier, first)).isEqualTo(Reason.KEY_AMBIGUOUS);
      assertThat(verdict(verifier, second)).isEqualTo("ann");
      long before = server.fetches();
      eventually(() -> assertThat(server.fetches()).isGreaterThan(before + 1));
      assertThat(log.lines("several keys")).hasSize(1);
    }
  }

  @Test
  void fetched_keys_are_shared_by_many_threads_without_a_false_verdict() throws Exception {
    server.publish(first);
    TokenVerifier verifier = verifier(builder().tokenCacheSize(0));
    String good = token(first);
    String bad = good.substring(0, good.length() - 4) + "AAAA";
    List<Throwable> failures = new ArrayList<>();
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                for (int n = 0; n < 500; n++) {
                  assertThat(verifier.verify(good)).isInstanceOf(Decision.Admitted.class);
                  assertThat(verifier.verify(bad)).isInstanceOf(Decision.Refused.class);
                }
              });
      threads[i].setUncaughtExceptionHandler(
          (thread, failure) -> {
            synchronized (failures) {
              failures.add(failure);
            }
          });
      threads[i].start();
    }
    for (Thread thread : threads) thread.join();
    assertThat(failures).isEmpty();
    assertThat(Arrays.asList(threads)).noneMatch(Thread::isAlive);
  }
}
