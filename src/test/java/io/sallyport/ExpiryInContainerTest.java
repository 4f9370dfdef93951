package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams that end with their tokens. */
final class ExpiryInContainerTest extends InEveryContainer {
  /** What a busy machine may add to an instant. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final Duration LONG = Duration.ofMinutes(5);

  private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

  /** A handler that begins a stream and leaves it to whoever ends it. */
  private static final class Streaming extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final Consumer<AsyncContext> then;

    Streaming(Consumer<AsyncContext> then) {
      this.then = then;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      AsyncContext exchange = request.startAsync();
      exchange.setTimeout(0);
      response.setContentType("text/event-stream");
      response.getWriter().print("data: begun\n\n");
      response.flushBuffer();
      then.accept(exchange);
    }
  }

  /** Writes down what the container tells an application. */
  private final class Listening implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      heard.add("complete");
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      heard.add("timeout");
    }

    @Override
    public void onError(AsyncEvent event) {
      heard.add("error");
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }

  @BeforeEach
  void hearNothing() {
    heard.clear();
  }

  private void startWith(Consumer<AsyncContext> then) throws Exception {
    start(
        context -> {
          Container.filter(context, settings("publicPaths", "/open"), "/*");
          Container.servlet(context, new Streaming(then), "/*");
        });
  }

  private String expiring(Instant end) {
    return bearer(
        Tokens.good(server.issuer(), AUDIENCE, "orders:read", Instant.now())
            .claim("exp", end.toEpochMilli() / 1000.0)
            .mintedBy(key));
  }

  private static Instant after(Duration time) {
    return Instant.ofEpochMilli(Instant.now().plus(time).toEpochMilli());
  }

  private CompletableFuture<Http.Answer> get(String path, String... fields) {
    return CompletableFuture.supplyAsync(
        () -> Http.get(own.port(), path, fields), task -> new Thread(task).start());
  }

  private static Http.Answer ended(CompletableFuture<Http.Answer> answer) throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Thread> waiting() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(Expiries.THREAD))
        .toList();
  }

  private static void checkThreadsEnd(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void streams_of_one_token_end_when_it_expires_and_not_before() throws Exception {
    startWith(
        exchange -> {
          exchange.addListener(new Listening());
          SallyportFilter.endAtExpiry(exchange);
        });
    Instant end = after(Duration.ofMillis(2500));
    String token = expiring(end);
    for (var stream : List.of(get("/a", token), get("/b", token), get("/c", token))) {
      assertThat(ended(stream).body()).isEqualTo("data: begun\n\n");
      assertThat(Instant.now()).isBetween(end, end.plus(PATIENCE));
    }
    assertThat(heard).containsOnly("complete");
    checkThreadsEnd(waiting());
  }

  @Test
  void a_token_that_serves_by_the_skew_alone_ends_its_stream_at_once() throws Exception {
    startWith(SallyportFilter::endAtExpiry);
    Instant start = Instant.now();
    Http.Answer answer = ended(get("/a", expiring(start.minusSeconds(5))));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(Instant.now()).isBefore(start.plus(PATIENCE));
  }

  @Test
  @Tag("T83")
  void one_daemon_thread_with_a_name_waits_for_all_of_them_and_for_none_that_is_over()
      throws Exception {
    CountDownLatch begun = new CountDownLatch(3);
    CountDownLatch finished = new CountDownLatch(1);
    startWith(
        exchange -> {
          SallyportFilter.endAtExpiry(exchange);
          begun.countDown();
          exchange.start(
              () -> {
                await(finished);
                exchange.complete();
              });
        });
    String token = expiring(after(LONG));
    List<CompletableFuture<Http.Answer>> streams =
        Stream.of("/a", "/b", "/c").map(path -> get(path, token)).toList();
    await(begun);
    List<Thread> threads = waiting();
    assertThat(threads).hasSize(1).allMatch(Thread::isDaemon);
    finished.countDown();
    for (var stream : streams) assertThat(ended(stream).status()).isEqualTo(200);
    checkThreadsEnd(threads);
  }

  @Test
  void an_exchange_without_a_token_is_told_so() throws Exception {
    startWith(this::endOrComplete);
    ended(get("/open"));
    assertThat(heard.poll())
        .startsWith(
            "java.lang.IllegalStateException: this exchange has no token that could expire");
    own.close();
    start(
        context -> {
          Container.filter(context, settings(), "/*");
          Container.servlet(context, new Unwrapping(), "/*");
        });
    ended(get("/a", expiring(after(LONG))));
    assertThat(heard).hasSize(1).allMatch(text -> text.contains("was not started on the request"));
  }

  /** Reaches around the filter on purpose. */
  private final class Unwrapping extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("data: begun\n\n");
      response.flushBuffer();
      ServletRequest bare = ((ServletRequestWrapper) request).getRequest();
      endOrComplete(bare.startAsync(bare, response));
    }
  }

  private void endOrComplete(AsyncContext exchange) {
    try {
      SallyportFilter.endAtExpiry(exchange);
    } catch (RuntimeException e) {
      heard.add(e.toString());
      exchange.complete();
    }
  }

  @Test
  void an_exchange_that_is_dispatched_over_the_end_is_ended_when_it_starts_anew() throws Exception {
    Instant end = after(Duration.ofMillis(1500));
    CountDownLatch late = new CountDownLatch(1);
    start(
        context -> {
          Container.filter(context, settings(), "/*");
          Container.servlet(
              context,
              new Streaming(
                  exchange -> {
                    SallyportFilter.endAtExpiry(exchange);
                    exchange.dispatch("/again");
                  }),
              "/a");
          Container.servlet(
              context,
              new Streaming(
                  exchange -> {
                    try {
                      late.await(
                          Duration.between(Instant.now(), end).toMillis() + 500,
                          TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                    heard.add("late");
                  }),
              "/again");
        });
    assertThat(ended(get("/a", expiring(end))).body()).isEqualTo("data: begun\n\n".repeat(2));
    assertThat(heard).containsExactly("late");
    assertThat(Instant.now()).isBefore(end.plus(PATIENCE));
    checkThreadsEnd(waiting());
  }

  @Test
  void a_dispatch_that_ends_before_leaves_nothing_behind() throws Exception {
    start(
        context -> {
          Container.filter(context, settings(), "/*");
          Container.servlet(
              context,
              new Streaming(
                  exchange -> {
                    SallyportFilter.endAtExpiry(exchange);
                    exchange.dispatch("/orders");
                  }),
              "/a");
          Container.servlet(context, sight, "/orders");
        });
    assertThat(ended(get("/a", expiring(after(LONG)))).body()).contains("subject=ann\n");
    checkThreadsEnd(waiting());
  }

  @Test
  @Tag("T59")
  void destroy_ends_the_streams_and_the_thread() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    SallyportFilter filter =
        SallyportFilter.builder()
            .issuer(server.issuer())
            .allowHttp(true)
            .audience(AUDIENCE)
            .allowedScopes("orders:read")
            .build();
    start(
        context -> {
          Container.filter(context, filter, "/*");
          Container.servlet(
              context,
              new Streaming(
                  exchange -> {
                    SallyportFilter.endAtExpiry(exchange);
                    begun.countDown();
                  }),
              "/*");
        });
    CompletableFuture<Http.Answer> stream = get("/a", expiring(after(LONG)));
    await(begun);
    List<Thread> threads = waiting();
    assertThat(threads).hasSize(1);
    filter.destroy();
    assertThat(threads).noneMatch(Thread::isAlive);
    assertThat(ended(stream).body()).isEqualTo("data: begun\n\n");
  }

  @Test
  void a_listener_of_the_application_that_hangs_holds_up_nobody_elses_end() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    startWith(
        exchange -> {
          if (((HttpServletRequest) exchange.getRequest()).getRequestURI().equals("/hangs")) {
            exchange.addListener(
                new Hanging(
                    () -> {
                      hanging.countDown();
                      await(released);
                    }));
          }
          SallyportFilter.endAtExpiry(exchange);
        });
    CompletableFuture<Http.Answer> first = get("/hangs", expiring(after(Duration.ofMillis(300))));
    await(hanging);
    assertThat(ended(get("/b", expiring(after(Duration.ofMillis(300))))).status()).isEqualTo(200);
    released.countDown();
    assertThat(ended(first).status()).isEqualTo(200);
  }

  private record Hanging(Runnable atTheEnd) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      atTheEnd.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
