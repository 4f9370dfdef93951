package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.sun.management.ThreadMXBean;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the library does without: the JDK's flight recorder, and Micrometer; and what it costs where
 * nobody listens. In a JVM of its own each time, since what is loaded or compiled in this one is
 * past telling.
 */
final class BareJvmTest {
  private static final String ISSUER = "https://id.example.com";
  private static final String AUDIENCE = "https://api.example.com";

  /** What the four libraries and the JDK's own parts of the work need. */
  private static final String MODULES = "java.base,java.logging,java.net.http,jdk.unsupported";

  private static TokenVerifier.Builder gate(TestKey key) {
    byte[] jwks = KeyServer.jwks(key.jwk()).getBytes(StandardCharsets.UTF_8);
    try {
      KeySource keys =
          KeySources.fixed(
              "keys", jwks, Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256), Clock.systemUTC());
      return TokenVerifier.builder()
          .issuer(ISSUER)
          .audience(AUDIENCE)
          .allowedScopes("a")
          .keySource(keys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tell(String what, Object value) {
    System.out.println(what + ": " + value);
  }

  /** Says what there is, and what becomes of a few tokens. */
  static final class Verifying {
    private Verifying() {}

    /** The program. */
    public static void main(String[] args) {
      tell("flight recorder", isThere("jdk.jfr.Event"));
      tell("micrometer", isThere("io.micrometer.core.instrument.MeterRegistry"));
      TestKey key = TestKey.generate("key-1", "RS256");
      TestToken good = Tokens.good(ISSUER, AUDIENCE, "a", Instant.now());
      Heard heard = new Heard();
      try (TokenVerifier verifier = gate(key).listener(heard).build()) {
        verifier.verify(good.mintedBy(key));
        verifier.verify(good.claim("exp", 1).mintedBy(key));
        tell("keys", verifier.keyHealth().get(ISSUER));
      }
      tell("heard", heard.decisions());
    }

    private static boolean isThere(String type) {
      try {
        Class.forName(type);
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }
  }

  private static void verifies(String said) {
    assertThat(said)
        .contains("micrometer: false")
        .contains("keys: KeyHealth[state=FRESH, count=1, age=null, trouble=null]")
        .contains("heard: [verified https://id.example.com, refused Refusal[reason=EXPIRED, ");
  }

  @Test
  void without_Micrometer_tokens_are_verified_and_the_class_for_it_is_never_loaded()
      throws Exception {
    String said = BareJvm.run(Verifying.class, "-verbose:class");
    assertThat(said)
        .contains("flight recorder: true", "io.sallyport.SallyportListener")
        .doesNotContain("io.sallyport.SallyportMetrics", "io.micrometer.core");
    verifies(said);
  }

  @Test
  void on_a_runtime_image_without_the_flight_recorder_it_is_the_same() throws Exception {
    String said = BareJvm.run(Verifying.class, "--limit-modules", MODULES);
    assertThat(said).contains("flight recorder: false");
    verifies(said);
  }

  /** Says how much is allocated for a token that is remembered, with and without somebody. */
  static final class Allocating {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Where a decision is seen, so that it has to be made. */
    private static volatile @Nullable Object seen;

    private Allocating() {}

    /** The program. */
    public static void main(String[] args) {
      TestKey key = TestKey.generate("key-1", "ES256");
      String token = Tokens.good(ISSUER, AUDIENCE, "a", Instant.now()).mintedBy(key);
      tell("gate", byGate(gate(key).policy(), token));
      tell("untold", byVerifier(gate(key), token));
      tell("told", byVerifier(gate(key).listener(new SallyportListener() {}), token));
    }

    /** What the gate by itself takes, and the decision on it. */
    private static long byGate(Policy policy, String token) {
      Gate gate = new Gate(policy);
      return allocatedBy(
          () -> {
            Outcome<VerifiedToken> outcome =
                gate.decide(
                    BearerToken.fromText(token, policy.maxTokenLength),
                    policy.demand,
                    Presented.NOTHING);
            seen = new Decision.Admitted(((Outcome.Passed<VerifiedToken>) outcome).value());
          });
    }

    private static long byVerifier(TokenVerifier.Builder settings, String token) {
      try (TokenVerifier verifier = settings.build()) {
        return allocatedBy(() -> seen = verifier.verify(token));
      }
    }

    private static long allocatedBy(Runnable act) {
      for (int i = 0; i < 10; i++) act.run();
      return IntStream.range(0, 10)
          .mapToLong(
              i -> {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                act.run();
                return THREADS.getCurrentThreadAllocatedBytes() - before;
              })
          .min()
          .orElseThrow();
    }
  }

  /** Not compiled, so that every byte is there that the code says: an RSA key would take long. */
  @Test
  void with_neither_listener_nor_recording_not_a_byte_is_allocated_for_them() throws Exception {
    String said = BareJvm.run(Allocating.class, "-Xint");
    assertThat(bytes(said, "untold")).as(said).isEqualTo(bytes(said, "gate")).isPositive();
    assertThat(bytes(said, "told")).as("it would be seen").isGreaterThan(bytes(said, "untold"));
  }

  private static long bytes(String said, String what) {
    Matcher line = Pattern.compile("^" + what + ": ([0-9]+)$", Pattern.MULTILINE).matcher(said);
    assertThat(line.find()).as(said).isTrue();
    return Long.parseLong(line.group(1));
  }
}
