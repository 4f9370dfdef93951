package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many threads, many callers: each handler sees its own. */
final class IdentitiesTest {
  private static final int IDENTITIES = 1_000;
  private static final int THREADS = 64;
  private static final int REQUESTS = 10_000;

  private final TestKey key = TestKey.generate("k", "ES256");
  private final AtomicLong mixedUp = new AtomicLong();
  private final AtomicLong seen = new AtomicLong();

  @Test
  @Tag("T56")
  void sixty_four_threads_see_no_identity_but_the_one_that_was_sent() throws Exception {
    try (KeyServer server = new KeyServer().publish(key)) {
      SallyportFilter filter =
          SallyportFilter.builder()
              .issuer(server.issuer())
              .allowHttp(true)
              .audience("api")
              .allowedScopes("a")
              .tokenCacheSize(IDENTITIES / 2) // so that half of the time tokens are verified anew
              .build();
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < IDENTITIES; i++) {
        tokens.add(
            Tokens.good(server.issuer(), "api", "a", Instant.now())
                .claim("sub", "user-" + i)
                .mintedBy(key));
      }
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(t);
        Thread thread = new Thread(() -> request(filter, tokens, random));
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) thread.join();
      filter.destroy();
    }
    assertThat(mixedUp).hasValue(0);
    assertThat(seen).hasValue((long) THREADS * REQUESTS);
  }

  private void request(SallyportFilter filter, List<String> tokens, Random random) {
    // Most requests are of few callers, as in life, so that the cache is hit and missed.
    for (int i = 0; i < REQUESTS; i++) {
      int who = random.nextInt(50) == 0 ? random.nextInt(IDENTITIES) : random.nextInt(100);
      try {
        filter.doFilter(
            requestOf(tokens.get(who)),
            (ServletResponse) stub(HttpServletResponse.class, Map.of()),
            (request, response) -> {
              seen.incrementAndGet();
              String user = ((HttpServletRequest) request).getRemoteUser();
              String subject = SallyportFilter.token(request).subject();
              boolean own = ("user-" + who).equals(user) && user.equals(subject);
              if (!own) mixedUp.incrementAndGet();
            });
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static HttpServletRequest requestOf(String token) {
    Map<String, Object> attributes = new HashMap<>();
    return (HttpServletRequest)
        stub(
            HttpServletRequest.class,
            Map.of(
                "getDispatcherType", args -> DispatcherType.REQUEST,
                "getHeaders", args -> Collections.enumeration(List.of("Bearer " + token)),
                "getAttribute", args -> attributes.get(args[0]),
                "setAttribute", args -> attributes.put((String) args[0], args[1]),
                "removeAttribute", args -> attributes.remove(args[0])));
  }

  /** A method's answer. */
  private interface Answer {
    Object to(Object[] arguments);
  }

  private static Object stub(Class<?> type, Map<String, Answer> answers) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          Answer answer = answers.get(method.getName());
          Object value = answer == null ? null : answer.to(arguments);
          return method.getReturnType() == void.class ? null : value;
        });
  }
}
