package io.sallyport;

import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.testkit.TestToken;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a request costs whose token is no good (THREATS 80 and 81), from the field to the verdict.
 * Counted is what the thread allocates, which a busy machine does not change; where nothing need be
 * allocated, the thread's own processor time, over a range in which a square would stand out.
 */
final class CostTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A way from a field to a verdict. */
  private record Way(Policy policy, Gate gate, RefusalLog refusals) {
    static Way by(TokenVerifier.Builder settings) {
      Policy policy = settings.policy();
      return new Way(policy, new Gate(policy), new RefusalLog("an issuer", System::nanoTime));
    }

    /** Why the field is refused, or null where it is admitted. */
    @Nullable Reason take(String field) {
      Outcome<VerifiedToken> outcome =
          gate.decide(
              BearerToken.fromFields(List.of(field), policy.maxTokenLength),
              policy.demand,
              Presented.NOTHING);
      if (!(outcome instanceof Outcome.Stopped<VerifiedToken> stopped)) return null;
      refusals.note(stopped.refusal());
      return stopped.refusal().reason();
    }

    /** Bytes that a field costs once nothing has to be loaded for it any more. */
    long allocatedFor(String field) {
      for (int i = 0; i < 100; i++) take(field);
      return IntStream.range(0, 10)
          .mapToLong(
              i -> {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                take(field);
                return THREADS.getCurrentThreadAllocatedBytes() - before;
              })
          .min()
          .orElseThrow();
    }

    /** Nanoseconds of this thread that a field costs at best. */
    long nanosFor(String field) {
      return IntStream.range(0, 15)
          .mapToLong(
              i -> {
                long before = THREADS.getCurrentThreadCpuTime();
                take(field);
                return THREADS.getCurrentThreadCpuTime() - before;
              })
          .min()
          .orElseThrow();
    }
  }

  private static Map<String, String> refused() {
    String token = good().mintedBy(RSA);
    String[] segments = token.split("\\.");
    return Map.ofEntries(
        Map.entry("letters", "x".repeat(token.length())),
        Map.entry("no b64token", "!".repeat(token.length())),
        Map.entry("1 MiB of letters", "x".repeat(1 << 20)),
        Map.entry("1 MiB of dots", ".".repeat(1 << 20)),
        Map.entry("1 MiB after a good token", token + "A".repeat(1 << 20)),
        Map.entry("a header that is no JSON", segments[2] + "." + segments[1] + "." + segments[2]),
        Map.entry(
            "alg none", TestToken.base64Url("{\"alg\":\"none\"}") + "." + segments[1] + ".AA"),
        Map.entry("unknown kid", good().header("kid", "nobody").mintedBy(RSA)),
        Map.entry("bad signature", token.substring(0, token.length() - 8) + "AAAAAAAA"),
        Map.entry("expired", good().claim("exp", 1).mintedBy(RSA)),
        Map.entry("other issuer", good().claim("iss", "https://evil.example").mintedBy(RSA)),
        Map.entry("other audience", good().claim("aud", "other").mintedBy(RSA)),
        Map.entry("wildcard", good().claim("scope", "*").mintedBy(RSA)));
  }

  @Test
  @Tag("T1")
  @Tag("T2")
  @Tag("T80")
  void a_refusal_allocates_20_KiB_at_most_and_less_than_an_admission_unless_it_was_signed() {
    Way way = Way.by(Trial.gate(RSA.jwk()).tokenCacheSize(0)); // so that it is admitted anew
    String good = "Bearer " + good().mintedBy(RSA);
    assertThat(way.take(good)).isNull();
    long admission = way.allocatedFor(good);
    refused()
        .forEach(
            (name, token) -> {
              Reason reason = way.take("Bearer " + token);
              assertThat(reason).as(name).isNotNull();
              long allocated = way.allocatedFor("Bearer " + token);
              assertThat(allocated).as(name).isLessThan(20 * 1024);
              // What the issuer has signed may cost the words that tell the operator of it.
              if (!reason.signatureHolds()) assertThat(allocated).as(name).isLessThan(admission);
            });
  }

  /**
   * The rooms that are kept for the next token, for its octets and for the characters of its JSON;
   * what is larger is made each time.
   */
  private static final int KEPT = 16_384 * (Character.BYTES + Byte.BYTES + Character.BYTES);

  /** A field whose length, or whose number of what it is made of, is given. */
  private record Growing(String name, IntFunction<String> field) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Growing> growing() {
    return Stream.of(
        new Growing("letters", n -> "Bearer " + "x".repeat(n)),
        new Growing("dots", n -> "Bearer " + ".".repeat(n)),
        new Growing("blanks after the scheme", n -> "Bearer" + " ".repeat(n)),
        new Growing("commas after another scheme", n -> "Basic " + ",".repeat(n)),
        new Growing("pairs after another scheme", n -> "Basic " + ",\t bear".repeat(n)),
        new Growing("a header that is no JSON", n -> "Bearer " + "A".repeat(4 * n) + ".AA.AA"),
        token("header members", n -> Trial.underHeader(members(n, CostTest::ordinary))),
        token("header members of one hash", n -> Trial.underHeader(members(n, CostTest::equal))),
        token("a long kid", n -> good().header("kid", "k".repeat(n)).mintedBy(RSA)),
        token("a long typ", n -> good().header("typ", "t".repeat(n)).mintedBy(RSA)),
        token("claims", n -> Trial.withClaim("x", members(n, CostTest::ordinary))),
        token("claims of one hash", n -> Trial.withClaim("x", members(n, CostTest::equal))),
        token("scopes", n -> Trial.withClaim("scope", words(n, CostTest::ordinary))),
        token("scopes of one hash", n -> Trial.withClaim("scope", words(n, CostTest::equal))),
        token("an array of scopes", n -> Trial.withClaim("scope", array(n, CostTest::ordinary))),
        token(
            "blanks between scopes", n -> Trial.withClaim("scope", "\"a" + " ".repeat(n) + "b\"")),
        token("audiences", n -> Trial.withClaim("aud", array(n, CostTest::ordinary))),
        token("audiences of one hash", n -> Trial.withClaim("aud", array(n, CostTest::equal))),
        token("arrays", n -> Trial.withClaim("x", list(n, i -> "[".repeat(5) + "]".repeat(5)))),
        token("brackets", n -> Trial.claims("[".repeat(n))),
        token("numbers", n -> Trial.withClaim("x", list(n, i -> i + ".5e3"))),
        token("escapes", n -> Trial.withClaim("x", '"' + "\\u00e9".repeat(n) + '"')),
        token("a long subject", n -> Trial.withClaim("sub", '"' + "s".repeat(n) + '"')),
        token("a long issuer", n -> Trial.withClaim("iss", '"' + "i".repeat(n) + '"')));
  }

  private static Growing token(String name, IntFunction<String> token) {
    return new Growing(name, n -> "Bearer " + token.apply(n));
  }

  private static String list(int n, IntFunction<String> element) {
    return IntStream.range(0, n).mapToObj(element).collect(Collectors.joining(",", "[", "]"));
  }

  private static String array(int n, IntFunction<String> text) {
    return list(n, i -> '"' + text.apply(i) + '"');
  }

  private static String words(int n, IntFunction<String> word) {
    return IntStream.range(0, n).mapToObj(word).collect(Collectors.joining(" ", "\"", "\""));
  }

  private static String members(int n, IntFunction<String> name) {
    return IntStream.range(0, n)
        .mapToObj(i -> '"' + name.apply(i) + "\":0")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String ordinary(int i) {
    return Integer.toHexString(0x1000000 + i * 7919);
  }

  /** All of them have one hash code, as Aa and BB do. */
  private static String equal(int i) {
    return IntStream.range(0, 14)
        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
        .collect(Collectors.joining());
  }

  @Tag("T2")
  @Tag("T81")
  @ParameterizedTest
  @MethodSource("growing")
  void twice_the_input_allocates_at_most_twice_as_much(Growing input) {
    String once = input.field().apply(1_000);
    String twice = input.field().apply(2_000);
    Way way = Way.by(Trial.gate(RSA.jwk()).tokenCacheSize(0).maxTokenLength(1 << 20));
    assertThat(way.allocatedFor(twice)).isLessThanOrEqualTo(2 * (way.allocatedFor(once) + KEPT));
  }

  @Tag("T11")
  @Tag("T36")
  @Tag("T81")
  @ParameterizedTest
  @MethodSource("growing")
  void sixteen_times_the_input_takes_far_less_than_the_square_of_that(Growing input) {
    String little = input.field().apply(1_000);
    String much = input.field().apply(16_000);
    Way way = Way.by(Trial.gate(RSA.jwk()).tokenCacheSize(0).maxTokenLength(1 << 20));
    assertThat(way.nanosFor(much)).isLessThan(64 * way.nanosFor(little));
  }
}
