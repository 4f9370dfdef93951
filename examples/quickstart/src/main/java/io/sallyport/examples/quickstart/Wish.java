package io.sallyport.examples.quickstart;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.TestIssuer;
import io.sallyport.testkit.TestToken;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The token that somebody would like to have.
 *
 * @param subject its {@code sub}
 * @param scopes what its {@code scope} lists
 * @param audience its {@code aud}
 * @param lifetime from now to its {@code exp}
 * @param algorithm one of {@link #ALGORITHMS}
 */
record Wish(
    String subject, List<String> scopes, String audience, Duration lifetime, String algorithm) {
  /** The algorithms that the issuer has keys for, the usual one first. */
  static final List<String> ALGORITHMS = List.of("ES256", "RS256", "PS256", "EdDSA");

  private static final int LONGEST_TEXT = 200;
  private static final int LONGEST_LIFE = 24 * 60 * 60;

  Wish {
    scopes = List.copyOf(scopes);
  }

  /** A token for this application, good for an hour. */
  static Wish of(String subject, String... scopes) {
    return new Wish(
        subject, List.of(scopes), Quickstart.AUDIENCE, Duration.ofHours(1), ALGORITHMS.get(0));
  }

  /**
   * Reads what the page asks for.
   *
   * @throws ParseException saying what is wrong with it
   */
  static Wish from(Map<String, Object> json) throws ParseException {
    int seconds = JSONObjectUtils.getInt(json, "lifetime");
    if (seconds < 1 || seconds > LONGEST_LIFE) {
      throw new ParseException("lifetime has to be 1 to " + LONGEST_LIFE + " seconds", 0);
    }
    String algorithm = Json.text(json, "algorithm", LONGEST_TEXT);
    if (!ALGORITHMS.contains(algorithm)) {
      throw new ParseException("algorithm has to be one of " + ALGORITHMS, 0);
    }
    return new Wish(
        Json.text(json, "subject", LONGEST_TEXT),
        List.of(Json.text(json, "scope", LONGEST_TEXT).split(" ")),
        Json.text(json, "audience", LONGEST_TEXT),
        Duration.ofSeconds(seconds),
        algorithm);
  }

  /** The token, still to be minted or forged. */
  TestToken of(TestIssuer issuer) {
    return issuer
        .token()
        .algorithm(algorithm)
        .subject(subject)
        .audience(audience)
        .claim("client_id", "quickstart")
        .scope(scopes.toArray(String[]::new))
        .expiresIn(lifetime);
  }
}
