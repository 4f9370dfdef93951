package io.sallyport.keys;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.sallyport.keys.KeySource.Answer;
import io.sallyport.keys.KeySource.Found;
import io.sallyport.keys.KeySource.Unavailable;
import io.sallyport.keys.KeySource.Unknown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * The one thread that fetches and two that look keys up, under the interleavings that Lincheck's
 * model checker comes by: a lost wake-up is found as a deadlock. The code is that which runs in
 * service, its thread and its lock included; only what is fetched is made up, and time stands
 * still, so that nothing is fetched but what a look-up asks for.
 */
@Tag("apart")
final class RotatingKeysModelTest {
  private static final int INVOCATIONS = 60;
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private static final JWK OLD_KEY = generate("old");
  private static final JWK NEW_KEY = generate("new");
  private static final JWSHeader OLD = header(OLD_KEY);
  private static final JWSHeader NEW = header(NEW_KEY);
  private static final KeySet OLD_ALONE = set(null, OLD_KEY);
  private static final KeySet BOTH = set(OLD_ALONE, OLD_KEY, NEW_KEY);
  private static final KeySet NEW_ALONE = set(BOTH, NEW_KEY);

  /** A log has more steps than all that is looked at here. */
  @BeforeAll
  static void silence() {
    ((Logger) LoggerFactory.getLogger("io.sallyport.keys")).setLevel(Level.OFF);
  }

  private static JWK generate(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static JWSHeader header(JWK key) {
    return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
  }

  private static KeySet set(@Nullable KeySet previous, JWK... keys) {
    byte[] json = new JWKSet(List.of(keys)).toString().getBytes(StandardCharsets.UTF_8);
    try {
      return new KeySetReader(Set.of(JWSAlgorithm.ES256), CLOCK).read(json, previous);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Publishes key sets in this order, the last one for good. */
  private static final class Publisher implements RotatingKeys.Fetch {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final KeySet[] sets;
    private int next;

    Publisher(KeySet... sets) {
      this.sets = sets;
    }

    RotatingKeys keys() {
      Duration refresh = Duration.ofMinutes(5);
      return new RotatingKeys(
          "keys", this, new Rotation(refresh, Duration.ofHours(1), CLOCK, () -> 0));
    }

    @Override
    public KeySet fetch(Duration patience, @Nullable KeySet previous) {
      return sets[Math.min(next++, sets.length - 1)];
    }

    @Override
    public void close() {
      closed.countDown();
    }

    /** Closes the keys, and waits for the end of the thread that fetches. */
    void close(RotatingKeys keys) {
      Thread.currentThread().interrupt(); // or it waits by a clock that does not stand still
      keys.close();
      check(Thread.interrupted(), "close() swallowed the interrupt");
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) throw new AssertionError(what);
  }

  /** What the thread of a test does while another runs. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private static void explore(Work work) {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          try {
            work.run();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void a_key_of_the_set_before_and_of_the_set_after_is_never_missed() {
    explore(
        () -> {
          Publisher publisher = new Publisher(OLD_ALONE, BOTH);
          RotatingKeys keys = publisher.keys();
          check(keys.find(OLD) instanceof Found, "the old key was missed in the first set");
          Answer[] answers = new Answer[2];
          Thread other = new Thread(() -> answers[0] = keys.find(NEW));
          other.start();
          answers[1] = keys.find(OLD);
          other.join();
          check(answers[0] instanceof Found, "the new key was missed at its first look-up");
          check(answers[1] instanceof Found, "the old key was missed");
          check(keys.find(OLD) instanceof Found, "the old key was missed in the second set");
          publisher.close(keys);
        });
  }

  @Test
  void a_withdrawn_key_is_found_by_nobody_once_the_set_without_it_has_landed() {
    KeySource.Key withdrawn = ((Found) OLD_ALONE.find(OLD, Instant.EPOCH)).key();
    explore(
        () -> {
          Publisher publisher = new Publisher(OLD_ALONE, NEW_ALONE);
          RotatingKeys keys = publisher.keys();
          check(keys.find(OLD) instanceof Found, "the old key was missed in the first set");
          Thread other = new Thread(() -> keys.find(OLD));
          other.start();
          check(keys.find(NEW) instanceof Found, "the new key was missed at its first look-up");
          check(!keys.holds(withdrawn), "the withdrawn key is held");
          other.join();
          check(keys.find(OLD) instanceof Unknown, "the withdrawn key was found");
          publisher.close(keys);
        });
  }

  @Test
  void close_is_final() {
    explore(
        () -> {
          Publisher publisher = new Publisher(OLD_ALONE);
          RotatingKeys keys = publisher.keys();
          keys.start();
          Thread other = new Thread(() -> publisher.close(keys));
          other.start();
          check(!(keys.find(OLD) instanceof Unknown), "unknown, though it is published");
          other.join();
          check(keys.find(OLD) instanceof Unavailable, "found after close");
        });
  }
}
