package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the filter begins and ends in a running container, and what is left of it. */
final class LifecycleInContainerTest {
  private static final String AUDIENCE = "https://api.example.com";
  private static final int REDEPLOYS = 20;
  private static final Duration AT_ONCE = Duration.ofMillis(100);
  private static final int ROUNDS = 5;
  private static final int WAITING = 4;

  private static final TestKey RSA = TestKey.generate("rsa", "RS256");
  private static final TestKey EC = TestKey.generate("ec", "ES256");
  private static final TestKey ED = TestKey.generate("ed", "EdDSA");

  @TempDir private Path folder;
  private final KeyServer keys = new KeyServer().publish(RSA, EC, ED);
  private final ExecutorService clients = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    keys.close();
    clients.shutdownNow();
  }

  private WebApplication application(String... moreSettings) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("issuer", keys.issuer());
    settings.put("allowHttp", "true");
    settings.put("audience", AUDIENCE);
    settings.put("allowedScopes", "orders:read");
    settings.put("publicPaths", "/open/*");
    for (int i = 0; i < moreSettings.length; i += 2) {
      settings.put(moreSettings[i], moreSettings[i + 1]);
    }
    return WebApplication.in(Files.createTempDirectory(folder, "app"), settings);
  }

  private SallyportFilter.Builder filter() {
    return SallyportFilter.builder()
        .issuer(keys.issuer())
        .allowHttp(true)
        .audience(AUDIENCE)
        .allowedScopes("orders:read")
        .publicPaths("/open/*");
  }

  private TestToken draft() {
    return Tokens.good(keys.issuer(), AUDIENCE, "orders:read", Instant.now());
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  @Tag("T58")
  void a_start_that_failed_leaves_nothing_reachable_and_no_thread() throws Exception {
    for (WebApplication application :
        List.of(
            application("audiance", "x"),
            application("issuer", "http://127.0.0.1:1", "failOnUnreachableKeys", "true"))) {
      Leftovers left = new Leftovers();
      try (ApplicationServer server = ApplicationServer.start()) {
        try {
          server.deploy(application);
        } catch (Exception e) {
          assertThat(e).hasStackTraceContaining("Sallyport cannot start");
        }
        for (String path : List.of("/orders", "/orders;x", "/open/a", "/page.html", "/", "")) {
          for (String field : List.of("X-None: 1", bearer(draft().mintedBy(RSA)))) {
            Http.Answer answer = Http.get(server.port(), "/app" + path, field);
            assertThat(answer.status()).as(path).isIn(404, 500, 503);
            assertThat(answer.body()).as(path).doesNotContain("dispatch=");
          }
        }
        left.checkThreads();
      }
    }
  }

  @Test
  @Tag("T59")
  @Tag("T60")
  void twenty_redeploys_leave_no_class_loader_and_no_thread() throws Exception {
    WebApplication application = application();
    Leftovers left = new Leftovers();
    try (ApplicationServer server = ApplicationServer.start()) {
      for (int i = 0; i < REDEPLOYS; i++) {
        left.watch(serveAndGo(server, application));
        left.checkThreads();
        isGone(server);
      }
      left.checkCollected();
      assertThat(server.leaks()).isEmpty();
    }
  }

  /** Brings the filter to use as much of itself as it can: what is not loaded leaves no trace. */
  private ClassLoader serveAndGo(ApplicationServer server, WebApplication application)
      throws Exception {
    ClassLoader loader = server.deploy(application);
    assertThat(loader.loadClass(SallyportFilter.class.getName()).getClassLoader())
        .as("the application brings its own")
        .isSameAs(loader);
    for (TestKey key : List.of(RSA, EC, ED)) {
      String good = draft().mintedBy(key);
      assertThat(status(server, good)).isEqualTo(200);
      assertThat(status(server, good)).as("out of the cache").isEqualTo(200);
    }
    assertThat(status(server, draft().mintedBy(TestKey.generate("ec", "ES256")))).isEqualTo(401);
    assertThat(status(server, draft().claim("exp", 1).mintedBy(RSA))).isEqualTo(401);
    assertThat(status(server, draft().claim("scope", "x").mintedBy(RSA))).isEqualTo(403);
    assertThat(status(server, "a b")).isEqualTo(400);
    assertThat(Http.get(server.port(), "/app/orders").status()).isEqualTo(401);
    server.undeploy();
    return loader;
  }

  private static int status(ApplicationServer server, String token) {
    return Http.get(server.port(), "/app/orders", bearer(token)).status();
  }

  /** Also lets the container forget its last connection, and with it the application. */
  private static void isGone(ApplicationServer server) {
    assertThat(Http.get(server.port(), "/app/orders").status()).isEqualTo(404);
  }

  @Test
  @Tag("T59")
  void an_application_goes_within_two_seconds_while_its_keys_hang() throws Exception {
    Answer.Message answer = Answer.json(KeyServer.jwks(RSA.jwk()));
    List<Answer> stalls =
        List.of(answer.stalledBeforeHeader(), answer.stalledInHeader(), answer.stalledInBody());
    Leftovers left = new Leftovers();
    try (ApplicationServer server = ApplicationServer.start()) {
      for (Answer stall : stalls) {
        left.watch(goWhileKeysHang(server, stall));
        left.checkThreads();
        isGone(server);
      }
      left.checkCollected();
      assertThat(server.leaks()).isEmpty();
    }
  }

  private ClassLoader goWhileKeysHang(ApplicationServer server, Answer stall) throws Exception {
    try (KeyServer hanging = hanging(stall)) {
      ClassLoader loader = server.deploy(application("jwksUri", hanging.keysUri()));
      assertThat(Http.get(server.port(), "/app/orders").status()).isEqualTo(401);
      eventually(() -> assertThat(hanging.fetches()).isEqualTo(1));
      long start = System.nanoTime();
      server.undeploy();
      assertThat(since(start)).isLessThan(Duration.ofSeconds(2));
      return loader;
    }
  }

  private static KeyServer hanging(Answer stall) {
    KeyServer server = new KeyServer();
    server.answer(KeyServer.KEYS, stall);
    return server;
  }

  @Test
  @Tag("T61")
  void requests_that_wait_for_the_first_keys_are_503_as_soon_as_destroy_begins() throws Exception {
    assertThat(shortestOf(this::destroyUnderWaitingRequests)).isLessThan(AT_ONCE);
  }

  /** A busy machine makes one round or another long; a filter that waits, every one. */
  private static Duration shortestOf(Callable<Duration> round) throws Exception {
    Duration shortest = round.call();
    for (int i = 1; i < ROUNDS && shortest.compareTo(AT_ONCE) >= 0; i++) {
      Duration next = round.call();
      if (next.compareTo(shortest) < 0) shortest = next;
    }
    return shortest;
  }

  private Duration destroyUnderWaitingRequests() throws Exception {
    try (KeyServer hanging = hanging(Answer.json("{}").stalledBeforeHeader())) {
      SallyportFilter filter = filter().jwksUri(hanging.keysUri()).build();
      try (Container running =
          Container.start(
              context -> {
                Container.filter(context, filter, "/*");
                Container.servlet(context, new Sight(), "/*");
              })) {
        String good = bearer(draft().mintedBy(RSA));
        List<Future<Duration>> answers = new ArrayList<>();
        AtomicLong destroyed = new AtomicLong();
        for (int i = 0; i < WAITING; i++) {
          answers.add(
              clients.submit(
                  () -> {
                    assertThat(Http.get(running.port(), "/orders", good).status()).isEqualTo(503);
                    return since(destroyed.get());
                  }));
        }
        awaitWaitingRequests();
        destroyed.set(System.nanoTime());
        filter.destroy();
        Duration longest = Duration.ZERO;
        for (Future<Duration> answer : answers) {
          if (answer.get().compareTo(longest) > 0) longest = answer.get();
        }
        return longest;
      }
    }
  }

  private static void awaitWaitingRequests() {
    long start = System.nanoTime();
    while (threadsThatWaitForKeys() < WAITING) {
      assertThat(since(start)).isLessThan(Duration.ofSeconds(4));
      Thread.onSpinWait();
    }
  }

  private static long threadsThatWaitForKeys() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> !thread.getKey().getName().startsWith("sallyport"))
        .filter(thread -> thread.getKey().getState() == Thread.State.TIMED_WAITING)
        .filter(thread -> Arrays.toString(thread.getValue()).contains("io.sallyport.keys."))
        .count();
  }

  @Test
  @Tag("T61")
  void requests_after_destroy_are_503_at_once_on_connections_old_and_new() throws Exception {
    SallyportFilter filter = filter().build();
    Filter route = filter.requiring("orders:read");
    String good = bearer(draft().mintedBy(RSA));
    try (Container running =
        Container.start(
            context -> {
              Container.filter(context, filter, "/orders", "/open/*");
              Container.filter(context, route, "/route");
              Container.servlet(context, new Sight(), "/*");
            })) {
      Map<String, Http> kept = new LinkedHashMap<>();
      for (String path : List.of("/orders", "/open/a", "/route")) {
        kept.put(path, new Http(running.port()));
        assertThat(kept.get(path).exchange("GET", path, good).status()).isEqualTo(200);
      }
      filter.destroy();
      route.destroy();
      for (String path : kept.keySet()) {
        try (Http http = kept.get(path)) {
          isClosed(http.exchange("GET", path, good));
        }
        for (String field : List.of(good, "X-None: 1")) {
          assertThat(
                  shortestOf(
                      () -> {
                        long start = System.nanoTime();
                        isClosed(Http.get(running.port(), path, field));
                        return since(start);
                      }))
              .as(path)
              .isLessThan(AT_ONCE);
        }
      }
    }
  }

  private static void isClosed(Http.Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.field("Retry-After")).isPresent();
    assertThat(answer.field("WWW-Authenticate")).isEmpty();
    assertThat(answer.body()).doesNotContain("dispatch=");
  }

  @Test
  @Tag("T57")
  void the_end_of_one_filter_is_not_the_end_of_another() throws Exception {
    SallyportFilter ending = filter().build();
    SallyportFilter staying = filter().build();
    String good = bearer(draft().mintedBy(RSA));
    try (Container running =
        Container.start(
            context -> {
              Container.filter(context, ending, "/ending");
              Container.filter(context, staying, "/staying");
              Container.servlet(context, new Sight(), "/*");
            })) {
      assertThat(Http.get(running.port(), "/ending", good).status()).isEqualTo(200);
      ending.destroy();
      assertThat(Http.get(running.port(), "/ending", good).status()).isEqualTo(503);
      assertThat(Http.get(running.port(), "/staying", good).status()).isEqualTo(200);
    }
  }
}
