package io.sallyport;

import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.KeySource;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What stays in memory of the tokens that were seen. Has a JVM to itself, so that it can tell. */
@Tag("apart")
final class MemoryTest {
  private static final int CACHE_SIZE = 10_000;
  private static final int MIB = 1 << 20;

  private final QuickKey key = new QuickKey();

  private String token(int i) {
    return key.sign(good().claim("jti", "token-" + i));
  }

  /** {@code -Dtokens=1000000} sends a million. */
  @Test
  @Tag("T79")
  void fifty_thousand_good_tokens_take_32_MiB_at_most() {
    int number = Integer.getInteger("tokens", 50_000);
    try (TokenVerifier verifier = Trial.gate(key.jwk()).build()) {
      assertThat(verifier.verify(token(-1))).isInstanceOf(Decision.Admitted.class);
      Collection<WeakReference<VerifiedToken>> admitted = new ConcurrentLinkedQueue<>();
      long before = bytesAlive();
      IntStream.range(0, number)
          .parallel()
          .forEach(
              i -> {
                Decision decision = verifier.verify(token(i));
                admitted.add(new WeakReference<>(((Decision.Admitted) decision).token()));
              });
      assertThat(admitted).hasSize(number);
      bytesAlive();
      admitted.removeIf(token -> token.get() == null);
      assertThat(admitted).as("kept").hasSizeBetween(CACHE_SIZE - 1, CACHE_SIZE);
      long growth = bytesAlive() - before;
      System.out.printf("%,d tokens, growth of the heap %,d bytes%n", number, growth);
      assertThat(growth).isLessThan(32 * MIB);
      assertThat(verifier.verify(token(-1))).isInstanceOf(Decision.Admitted.class);
    }
  }

  private static long bytesAlive() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** Counts the look-ups, which a token found in the cache does not cause. */
  private static final class Counting implements KeySource {
    private final KeySource source;
    private final AtomicInteger finds = new AtomicInteger();

    Counting(KeySource source) {
      this.source = source;
    }

    @Override
    public Answer find(JWSHeader header) {
      finds.incrementAndGet();
      return source.find(header);
    }

    @Override
    public boolean holds(Key key) {
      return source.holds(key);
    }
  }

  @Test
  @Tag("T79")
  void refused_tokens_displace_no_good_one() {
    Counting source = new Counting(Trial.fixed(key.jwk()));
    try (TokenVerifier verifier =
        Trial.settings()
            .allowedScopes("orders:read orders:write")
            .requiredScopes("orders:read")
            .keySource(source)
            .build()) {
      List<String> good = IntStream.range(0, CACHE_SIZE).parallel().mapToObj(this::token).toList();
      good.forEach(
          token -> assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class));
      for (int i = 0; i < CACHE_SIZE / 4; i++) {
        for (String token : refused(i)) {
          assertThat(verifier.verify(token)).isInstanceOf(Decision.Refused.class);
        }
      }
      int before = source.finds.get();
      good.forEach(
          token -> assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class));
      assertThat(source.finds).as("verified again").hasValue(before);
    }
  }

  /** A token that is held on purpose. */
  private static final class Planted {
    final byte[] octets;

    Planted(byte[] octets) {
      this.octets = octets;
    }
  }

  private List<String> refused(int i) {
    TestToken token = good().claim("jti", "refused-" + i);
    String signed = key.sign(token);
    return List.of(
        "garbage-" + i,
        signed.substring(0, signed.length() - 8) + "AAAAAAAA",
        key.sign(token.claim("exp", i)),
        key.sign(token.claim("scope", "*")),
        key.sign(token.claim("scope", "orders:write")));
  }

  @Test
  @Tag("T88")
  void after_traffic_no_piece_of_a_token_is_anybodys_but_the_containers() throws Exception {
    List<TestKey> keys =
        List.of(
            TestKey.generate("rsa", "RS256"),
            TestKey.generate("ec", "ES256"),
            TestKey.generate("ed", "EdDSA"));
    try (KeyServer server = new KeyServer().publish(keys.toArray(TestKey[]::new));
        Container jetty = jetty(server)) {
      List<String> reversed = new ArrayList<>();
      for (TestKey key : keys) reversed.addAll(presented(server, jetty, key));
      Planted planted = new Planted(reversed(reversed.get(0)).getBytes(StandardCharsets.US_ASCII));
      HeapDump heap = HeapDump.ofWhatIsAlive();
      Set<String> pieces = new HashSet<>();
      for (String token : reversed) {
        String text = reversed(token); // whose header is the issuer's, the same in all tokens
        pieces.addAll(pieces(text.substring(text.indexOf('.'))));
      }
      Set<String> owners = new HashSet<>();
      for (long array : heap.arraysWith(pieces)) {
        Set<String> found = heap.ownersOf(array);
        assertThat(found).as("the container's buffers, or ours").isNotEmpty();
        owners.addAll(found);
      }
      assertThat(owners)
          .as("what was put there for the search to find")
          .contains(Planted.class.getName())
          .allMatch(
              owner ->
                  owner.equals(Planted.class.getName()) || owner.startsWith("org.eclipse.jetty."));
      assertThat(planted.octets).isNotEmpty();
    }
  }

  private static Container jetty(KeyServer server) throws Exception {
    SallyportFilter filter =
        SallyportFilter.builder()
            .issuer(server.issuer())
            .allowHttp(true)
            .audience("api")
            .allowedScopes("a")
            .build();
    return Container.start(
        context -> {
          Container.filter(context, filter, "/*");
          Container.servlet(context, new Sight(), "/*");
        });
  }

  /**
   * Shows tokens of several lengths, good and spoilt; gives them backwards, so that the test itself
   * does not hold them.
   */
  private static List<String> presented(KeyServer server, Container jetty, TestKey key) {
    List<String> reversed = new ArrayList<>();
    try (Http client = new Http(jetty.port())) {
      for (int length = 0; length < 64; length += 12) {
        String token =
            Tokens.good(server.issuer(), "api", "a", Instant.now())
                .claim("jti", "j".repeat(length))
                .mintedBy(key);
        String spoilt = token.substring(0, token.length() - 8) + "AAAAAAAA";
        for (int i = 0; i < 3; i++) {
          assertThat(status(client, token)).isEqualTo(200);
          assertThat(status(client, token + ".A")).isEqualTo(401);
          assertThat(status(client, spoilt)).isEqualTo(401);
        }
        reversed.add(reversed(token));
      }
    }
    return reversed;
  }

  private static int status(Http client, String token) {
    return client.exchange("GET", "/orders", "Authorization: Bearer " + token).status();
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static List<String> pieces(String token) {
    return IntStream.rangeClosed(0, token.length() - 16)
        .mapToObj(i -> token.substring(i, i + 16))
        .toList();
  }
}
