package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that the library starts, and what its callers' threads wait for (THREATS 83). */
final class ThreadsTest {
  private final TestKey key = TestKey.generate("key", "ES256");

  private static TokenVerifier.Builder settings(KeyServer server) {
    return TokenVerifier.builder()
        .issuer(server.issuer())
        .allowHttp(true)
        .audience("api")
        .allowedScopes("a");
  }

  @Test
  @Tag("T83")
  void a_gate_has_one_daemon_thread_of_its_own_with_a_name() throws Exception {
    ThreadGroup theirs = new ThreadGroup("started by gates"); // a thread is born into its parent's
    FutureTask<Set<Thread>> task = new FutureTask<>(() -> startedByThreeGates(theirs));
    new Thread(theirs, task).start();
    assertThat(task.get())
        .hasSize(3)
        .allMatch(Thread::isDaemon)
        .allMatch(thread -> thread.getName().equals("sallyport-keys"));
  }

  private Set<Thread> startedByThreeGates(ThreadGroup theirs) {
    List<TokenVerifier> verifiers = new ArrayList<>();
    try (KeyServer server = new KeyServer().publish(key)) {
      for (int i = 0; i < 3; i++) verifiers.add(settings(server).build());
      String good = Tokens.good(server.issuer(), "api", "a", Instant.now()).mintedBy(key);
      String unknown =
          Tokens.good(server.issuer(), "api", "a", Instant.now())
              .mintedBy(key.as("other", "ES256"));
      for (TokenVerifier verifier : verifiers) {
        assertThat(verifier.verify(good)).isInstanceOf(Decision.Admitted.class);
        assertThat(verifier.verify(unknown)).isInstanceOf(Decision.Refused.class);
      }
      Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
      started.removeIf(thread -> thread.getThreadGroup() != theirs);
      started.remove(Thread.currentThread());
      started.removeIf(thread -> thread.getName().startsWith(KeyServer.THREAD));
      started.removeIf(thread -> thread.getName().startsWith("HttpClient-"));
      return started;
    } finally {
      verifiers.forEach(TokenVerifier::close);
    }
  }

  @Test
  @Tag("T59")
  @Tag("T83")
  void destroy_does_not_wait_for_an_init_that_waits_for_keys() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (KeyServer server = new KeyServer()) {
      server.answer(
          KeyServer.OPENID,
          exchange -> {
            asked.countDown();
            await(released);
          });
      SallyportFilter filter =
          SallyportFilter.builder()
              .issuer(server.issuer())
              .allowHttp(true)
              .audience("api")
              .allowedScopes("a")
              .failOnUnreachableKeys(true)
              .build();
      FutureTask<Throwable> starting =
          new FutureTask<>(() -> catchThrowable(() -> filter.init(withoutParameters())));
      new Thread(starting).start();
      await(asked);
      long start = System.nanoTime();
      filter.destroy();
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
      assertThat(starting.get())
          .isInstanceOf(ServletException.class)
          .hasMessageContaining("closed");
      released.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static FilterConfig withoutParameters() {
    FilterConfig config = mock(FilterConfig.class);
    ServletContext context = mock(ServletContext.class);
    when(config.getInitParameterNames()).thenReturn(Collections.emptyEnumeration());
    when(config.getServletContext()).thenReturn(context);
    when(context.getInitParameterNames()).thenReturn(Collections.emptyEnumeration());
    return config;
  }
}
