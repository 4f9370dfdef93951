package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.keys.KeySources;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Changes good tokens at random. {@code -Dmutations=10000000} does so ten million times; the seed
 * is printed, and {@code -Dseed=…} repeats a run.
 */
final class MutatedTokenTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/=~ \u00e9\u0000";

  private final TestKey key = TestKey.generate("k", "RS256");
  private final Random random = seeded();

  private static Random seeded() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("MutatedTokenTest: -Dseed=" + seed);
    return new Random(seed);
  }

  @Test
  @Tag("T12")
  @Tag("T13")
  void no_changed_token_is_admitted_and_none_makes_the_gate_throw() throws Exception {
    int number = Integer.getInteger("mutations", 100_000);
    try (TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer("https://id.example.com")
            .audience("api")
            .allowedScopes("a")
            .clock(CLOCK)
            .keySource(
                KeySources.fixed(
                    "a key",
                    KeyServer.jwks(key.jwk()).getBytes(StandardCharsets.UTF_8),
                    Set.of(JWSAlgorithm.RS256),
                    CLOCK))
            .build()) {
      String good =
          Tokens.good("https://id.example.com", "api", "a", CLOCK.instant()).mintedBy(key);
      assertThat(verifier.verify(good)).isInstanceOf(Decision.Admitted.class);
      for (int i = 0; i < number; i++) {
        String changed = changed(good);
        if (changed.equals(good)) continue;
        Decision decision = verifier.verify(changed);
        if (decision instanceof Decision.Admitted) {
          assertThat(changed).as("admitted though changed").isEqualTo(good);
        }
        assertThat(((Decision.Refused) decision).refusal().reason())
            .isNotEqualTo(Reason.TOKEN_UNREADABLE);
      }
      assertThat(verifier.verify(good)).isInstanceOf(Decision.Admitted.class);
    }
  }

  private String changed(String good) {
    return switch (random.nextInt(6)) {
      case 0 -> replaced(good, 1 + random.nextInt(3));
      case 1 -> cut(good);
      case 2 -> inserted(good);
      case 3 -> withChangedJson(good, 0);
      case 4 -> withChangedJson(good, 1);
      default -> swapped(good);
    };
  }

  private String replaced(String token, int times) {
    StringBuilder text = new StringBuilder(token);
    for (int i = 0; i < times; i++) text.setCharAt(random.nextInt(text.length()), character());
    return text.toString();
  }

  private char character() {
    return ALPHABET.charAt(random.nextInt(ALPHABET.length()));
  }

  private String cut(String token) {
    int start = random.nextInt(token.length());
    int end = Math.min(token.length(), start + 1 + random.nextInt(40));
    return token.substring(0, start) + token.substring(end);
  }

  private String inserted(String token) {
    int at = random.nextInt(token.length());
    return token.substring(0, at) + character() + token.substring(at);
  }

  private String swapped(String token) {
    List<String> parts = List.of(token.split("\\."));
    return parts.get(random.nextInt(3))
        + "."
        + parts.get(random.nextInt(3))
        + "."
        + parts.get(random.nextInt(3));
  }

  /** Changes the JSON of a segment by bytes, so that the segment itself stays well-formed. */
  private String withChangedJson(String token, int segment) {
    String[] parts = token.split("\\.");
    byte[] json = Base64.getUrlDecoder().decode(parts[segment]);
    for (int i = random.nextInt(3); i >= 0; i--) {
      json[random.nextInt(json.length)] = (byte) random.nextInt(256);
    }
    parts[segment] = Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    return String.join(".", parts);
  }
}
