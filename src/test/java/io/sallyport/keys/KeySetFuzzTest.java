package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * Fuzzes what an issuer publishes: as a whole document, as what follows a good one, and line by
 * line as the neighbours of a good key.
 */
final class KeySetFuzzTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("good").build();
  private static final JWSHeader STRANGER =
      new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("nobody's").build();
  private static final byte[] INPUT = {1, 2, 3};

  private static final RSAKey GOOD = key();
  private static final String GOOD_JSON =
      JSONObjectUtils.toJSONString(GOOD.toPublicJWK().toJSONObject());
  private static final Base64URL SIGNATURE = signature();

  private final KeySetReader reader = new KeySetReader(ALGORITHMS, CLOCK);
  private final StrictJson json = new StrictJson(KeySetReader.MAX_BYTES);

  private static RSAKey key() {
    try {
      return new RSAKeyGenerator(2048).keyID("good").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static Base64URL signature() {
    try {
      return new RSASSASigner(GOOD).sign(HEADER, INPUT);
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  @FuzzTest
  @DictionaryEntries({"{\"keys\":[", "\"kty\":\"RSA\"", "\"kty\":\"EC\"", "\"kty\":\"OKP\""})
  @DictionaryEntries({"\"crv\":\"P-256\"", "\"crv\":\"Ed25519\"", "\"kid\":\"good\"", "\"x5c\":["})
  @Tag("T12")
  @Tag("T67")
  @Tag("T68")
  void no_document_and_no_neighbour_takes_a_good_key_away(byte[] document) throws Exception {
    KeySet read = read(document);
    if (json.object(document) != null) replaced(document, read); // which takes a thread, and time
    besideGoodKey(document);
  }

  /** The set, or null where it is refused in the one way that it may be. */
  private @Nullable KeySet read(byte[] document) {
    try {
      KeySet keys = reader.read(document, null);
      assertHasKeys(keys.find(STRANGER, CLOCK.instant()));
      return keys;
    } catch (IOException e) {
      assertThat(e).isExactlyInstanceOf(IOException.class);
      assertThat(e.getMessage()).isNotEmpty();
      return null;
    }
  }

  /** Fetched after a good document, it takes the place of that one only with keys of its own. */
  private void replaced(byte[] document, @Nullable KeySet read) throws IOException {
    Deque<byte[]> published = new ArrayDeque<>();
    published.add(set(GOOD_JSON));
    published.add(document);
    RotatingKeys.Fetch fetch =
        new RotatingKeys.Fetch() {
          @Override
          public KeySet fetch(Duration patience, @Nullable KeySet previous) throws IOException {
            return reader.read(published.remove(), previous);
          }

          @Override
          public void close() {}
        };
    Rotation rotation = new Rotation(Duration.ofMinutes(5), Duration.ofHours(1), CLOCK, () -> 0);
    try (RotatingKeys keys = new RotatingKeys("fuzzed", fetch, rotation)) {
      assertThat(keys.awaitKeys(Duration.ofSeconds(5))).isEmpty();
      KeySource.Answer answer = keys.find(STRANGER); // asks for the second fetch
      assertThat(published).isEmpty();
      if (read == null) assertVerifies(keys.find(HEADER));
      else assertHasKeys(answer);
    }
  }

  /** Each line that is one JSON value stands in the set, behind and then before the good key. */
  private void besideGoodKey(byte[] lines) throws Exception {
    List<String> neighbours =
        Stream.of(new String(lines, StandardCharsets.UTF_8).split("\n", -1))
            .filter(this::isNeighbour)
            .limit(99)
            .toList();
    for (int at : List.of(0, neighbours.size())) {
      List<String> members = new ArrayList<>(neighbours);
      members.add(at, GOOD_JSON);
      KeySet keys = reader.read(set(String.join(",", members)), null);
      assertVerifies(keys.find(HEADER, CLOCK.instant()));
    }
  }

  /** Whether a line is one JSON value, and not a key that makes the good one's id ambiguous. */
  private boolean isNeighbour(String line) {
    Map<String, @Nullable Object> set = json.object(set(line));
    return set != null
        && set.size() == 1
        && set.get("keys") instanceof List<?> keys
        && keys.size() == 1
        && !(keys.get(0) instanceof Map<?, ?> key && "good".equals(key.get("kid")));
  }

  private static byte[] set(String members) {
    return ("{\"keys\":[" + members + "]}").getBytes(StandardCharsets.UTF_8);
  }

  private static void assertHasKeys(KeySource.Answer answer) {
    if (answer instanceof KeySource.Unknown unknown) assertThat(unknown.keys()).isPositive();
    else assertThat(answer).isInstanceOf(KeySource.Found.class);
  }

  private static void assertVerifies(KeySource.Answer answer) {
    assertThat(answer).isInstanceOf(KeySource.Found.class);
    KeySource.Key key = ((KeySource.Found) answer).key();
    try {
      assertThat(key.verifier(JWSAlgorithm.RS256).verify(HEADER, INPUT, SIGNATURE)).isTrue();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
