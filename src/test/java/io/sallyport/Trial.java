package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import io.sallyport.Reason.Kind;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table: one token before one gate, and what has to come of it.
 *
 * @param name what is done to the token
 * @param gate where it is shown
 * @param token its text
 * @param reason why it is refused, or null where it is admitted
 */
record Trial(String name, TokenVerifier gate, @Nullable String token, @Nullable Reason reason) {
  static final String ISSUER = "https://id.example.com/realms/acme";
  static final String AUDIENCE = "https://api.example.com";
  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  static final TestKey RSA = TestKey.generate("rsa-1", "RS256").remembering();
  static final TestKey EC = TestKey.generate("ec-1", "ES256");
  static final TestKey ED = TestKey.generate("ed-1", "EdDSA");

  /** The defaults, with one key of each kind, and each token judged as if it were the first. */
  static final TokenVerifier GATE = gate(RSA.jwk(), EC.jwk(), ED.jwk()).tokenCacheSize(0).build();

  /** The one text for all of them (THREATS 87). */
  private static final String UNVERIFIED = "The access token is malformed or not verifiable";

  private static final Set<Reason> BEFORE_THE_SIGNATURE =
      EnumSet.of(
          Reason.TOKEN_TOO_LONG,
          Reason.TOKEN_NOT_JWS,
          Reason.HEADER_MALFORMED,
          Reason.HEADER_UNSUPPORTED,
          Reason.ALGORITHM_NOT_ALLOWED,
          Reason.KEY_UNKNOWN,
          Reason.KEY_UNFIT,
          Reason.KEY_AMBIGUOUS,
          Reason.SIGNATURE_INVALID,
          Reason.TOKEN_UNREADABLE,
          Reason.ISSUER_UNKNOWN);

  static Trial admitted(String name, String token) {
    return new Trial(name, GATE, token, null);
  }

  static Trial refused(Reason reason, String name, @Nullable String token) {
    return new Trial(name, GATE, token, reason);
  }

  Trial at(TokenVerifier otherGate) {
    return new Trial(name, otherGate, token, reason);
  }

  /** Settings with everything that is required, and the time standing still. */
  static TokenVerifier.Builder settings() {
    return TokenVerifier.builder().issuer(ISSUER).audience(AUDIENCE).clock(CLOCK);
  }

  /** The defaults, with these keys. */
  static TokenVerifier.Builder gate(JWK... keys) {
    return settings().allowedScopes("orders:read", "orders:write").keySource(fixed(keys));
  }

  static KeySource fixed(JWK... keys) {
    return fixed(
        KeyServer.jwks(keys), "RS256", "PS256", "ES256", "EdDSA", "Ed25519", "ES384", "ES512");
  }

  static KeySource fixed(String jwks, String... algorithms) {
    Set<JWSAlgorithm> names =
        Arrays.stream(algorithms).map(JWSAlgorithm::parse).collect(Collectors.toSet());
    try {
      return KeySources.fixed("sample keys", jwks.getBytes(StandardCharsets.UTF_8), names, CLOCK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the issuer puts into a token for us. */
  static TestToken good() {
    return Tokens.good(ISSUER, AUDIENCE, "orders:read", NOW);
  }

  /** Good claims under a header of one's own making, signed by {@link #RSA}. */
  static String underHeader(String json) {
    return TestToken.signed(json, good().claimsJson(), RSA);
  }

  /** Good claims under a good header with one more member, its value in JSON. */
  static String withHeader(String name, String json) {
    return withHeader(name, json, RSA);
  }

  static String withHeader(String name, String json, TestKey key) {
    return TestToken.signed(
        "{\"alg\":\""
            + key.alg()
            + "\",\"kid\":\""
            + key.kid()
            + "\",\""
            + name
            + "\":"
            + json
            + "}",
        good().claimsJson(),
        key);
  }

  /** Claims of one's own making, signed by {@link #RSA}. */
  static String claims(String json) {
    return TestToken.signed(good().headerJson(RSA), json, RSA);
  }

  /** Good claims with one member more, or another one, its value in JSON. */
  static String withClaim(String name, String json) {
    String rest = good().without(name).claimsJson();
    return claims("{\"" + name + "\":" + json + "," + rest.substring(1));
  }

  /** Tries the token, and looks for pieces of it in everything that is said of it. */
  void check() {
    try (LogLines log = LogLines.of("io.sallyport", Level.TRACE)) {
      check(gate.verify(token));
      assertThat(pieces(log.text(), token)).isEmpty();
    }
  }

  private void check(Decision decision) {
    if (reason == null) {
      assertThat(decision).isInstanceOf(Decision.Admitted.class);
      return;
    }
    assertThat(decision).isInstanceOf(Decision.Refused.class);
    Refusal refusal = ((Decision.Refused) decision).refusal();
    assertThat(refusal.reason()).as(refusal.detail()).isEqualTo(reason);
    assertThat(pieces(refusal.toString() + refusal.detail(), token)).isEmpty();
    if (BEFORE_THE_SIGNATURE.contains(reason)) {
      assertThat(reason.description()).isEqualTo(UNVERIFIED);
      assertThat(reason.kind()).isEqualTo(Kind.INVALID_TOKEN);
    }
  }

  /** Every 16 characters of the text that the token has too (THREATS 84). */
  static Stream<String> pieces(String text, @Nullable String token) {
    Stream.Builder<String> pieces = Stream.builder();
    for (int i = 0; token != null && i + 16 <= text.length(); i++) {
      String piece = text.substring(i, i + 16);
      if (token.contains(piece)) pieces.add(piece);
    }
    return pieces.build();
  }

  @Override
  public String toString() {
    return name;
  }

  /** A clock whose hands somebody moves. */
  static final class Hand extends Clock {
    private final Supplier<Instant> now;

    Hand(Supplier<Instant> now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
