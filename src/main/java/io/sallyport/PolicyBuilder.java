package io.sallyport;

import io.sallyport.keys.KeySource;
import java.time.Clock;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes settings in code, by the same names, with the same defaults and the same messages as in
 * web.xml. {@code ${NAME}} in a value is taken from the environment there as here.
 *
 * <p>Every method throws {@code IllegalArgumentException} for a value that makes no sense, and for
 * a setting that was given before; the message names the setting, what was found, what is allowed,
 * and an example. Where a method takes several values, one text with white space between them means
 * the same. Not safe for use by several threads.
 *
 * @param <B> the kind of builder
 */
public abstract class PolicyBuilder<B extends PolicyBuilder<B>> {
  private final Settings settings = new Settings(Substitution.ofThisProcess());
  private @Nullable KeySource keySource;
  private @Nullable TokenCheck tokenCheck;
  private @Nullable ReplayGuard replayGuard;
  private Clock clock = Clock.systemUTC();
  private LongSupplier nanoTime = System::nanoTime;

  PolicyBuilder() {}

  abstract B self();

  private B put(String name, @Nullable String value) {
    settings.put(name, value);
    return self();
  }

  private B put(String name, String separator, @Nullable String @Nullable [] values) {
    boolean hasNull = values == null || Arrays.asList(values).contains(null);
    return put(name, hasNull ? null : String.join(separator, values));
  }

  /**
   * Checks the settings against each other.
   *
   * @throws IllegalArgumentException if a required one is missing or two contradict each other
   */
  Policy policy() {
    return new Policy(settings, keySource, tokenCheck, replayGuard, clock, nanoTime);
  }

  /**
   * Sets {@code issuer}.
   *
   * @param value the exact {@code iss} of the tokens, an https URL without query and fragment (RFC
   *     7519 section 4.1.1)
   * @return this builder
   */
  public final B issuer(String value) {
    return put("issuer", value);
  }

  /**
   * Sets {@code audience}.
   *
   * @param values the names of this service, one of which a token's audience has to hold (RFC 7519
   *     section 4.1.3)
   * @return this builder
   */
  public final B audience(String... values) {
    return put("audience", " ", values);
  }

  /**
   * Sets {@code audienceClaim}.
   *
   * @param value the claim that holds the audience; {@code aud} unless the issuer has none
   * @return this builder
   */
  public final B audienceClaim(String value) {
    return put("audienceClaim", value);
  }

  /**
   * Sets {@code allowedScopes}.
   *
   * @param values the allowlist: what handlers can see at most, each scope named exactly
   * @return this builder
   */
  public final B allowedScopes(String... values) {
    return put("allowedScopes", " ", values);
  }

  /**
   * Sets {@code requiredScopes}.
   *
   * @param values scopes of which a token has to have all; with none given, one of the allowed will
   *     do
   * @return this builder
   */
  public final B requiredScopes(String... values) {
    return put("requiredScopes", " ", values);
  }

  /**
   * Sets {@code scopeImplies}.
   *
   * @param values pairs such as {@code orders:write>orders:read}: what is implied counts as held
   * @return this builder
   */
  public final B scopeImplies(String... values) {
    return put("scopeImplies", " ", values);
  }

  /**
   * Sets {@code unlistedScopes}.
   *
   * @param value {@code drop} narrows scopes outside of the allowlist away, {@code reject} refuses
   *     the token
   * @return this builder
   */
  public final B unlistedScopes(String value) {
    return put("unlistedScopes", value);
  }

  /**
   * Sets {@code forbiddenScopes}.
   *
   * @param values scopes that refuse a token, exact or with a {@code *} at the end; {@code none}
   *     first leaves the host-level list out
   * @return this builder
   */
  public final B forbiddenScopes(String... values) {
    return put("forbiddenScopes", " ", values);
  }

  /**
   * Sets {@code scopeClaim}.
   *
   * @param values names of claims or JSON Pointers; the first that is present holds the scopes
   * @return this builder
   */
  public final B scopeClaim(String... values) {
    return put("scopeClaim", " ", values);
  }

  /**
   * Sets {@code algorithms}.
   *
   * @param values the {@code alg} values that are accepted (RFC 8725 section 3.1)
   * @return this builder
   */
  public final B algorithms(String... values) {
    return put("algorithms", " ", values);
  }

  /**
   * Sets {@code jwksUri}.
   *
   * @param value where the keys are, instead of discovery
   * @return this builder
   */
  public final B jwksUri(String value) {
    return put("jwksUri", value);
  }

  /**
   * Sets {@code jwks}.
   *
   * @param value a file with a JWK set, or {@code classpath:} and a resource's name, instead of a
   *     fetched one
   * @return this builder
   */
  public final B jwks(String value) {
    return put("jwks", value);
  }

  /**
   * Sets {@code hmacSecretFile}.
   *
   * @param value a file whose bytes are the secret shared with the issuer, for HS256, HS384, HS512
   * @return this builder
   */
  public final B hmacSecretFile(String value) {
    return put("hmacSecretFile", value);
  }

  /**
   * Sets {@code tokenType}.
   *
   * @param value {@code any}, or {@code at+jwt} for the profile of RFC 9068
   * @return this builder
   */
  public final B tokenType(String value) {
    return put("tokenType", value);
  }

  /**
   * Sets {@code clockSkewSeconds}.
   *
   * @param value how far the issuer's clock may be from ours, 0 to 300 seconds
   * @return this builder
   */
  public final B clockSkewSeconds(int value) {
    return put("clockSkewSeconds", Integer.toString(value));
  }

  /**
   * Sets {@code requiredClaims}.
   *
   * @param values claims that have to be present and of their registered type
   * @return this builder
   */
  public final B requiredClaims(String... values) {
    return put("requiredClaims", " ", values);
  }

  /**
   * Sets {@code exposedClaims}.
   *
   * @param values the only claims that {@link VerifiedToken#claims()} shows
   * @return this builder
   */
  public final B exposedClaims(String... values) {
    return put("exposedClaims", " ", values);
  }

  /**
   * Sets {@code maxTokenLength}.
   *
   * @param value the length in characters above which a token is refused unread
   * @return this builder
   */
  public final B maxTokenLength(int value) {
    return put("maxTokenLength", Integer.toString(value));
  }

  /**
   * Sets {@code tokenCacheSize}.
   *
   * @param value how many verified tokens are kept; 0 keeps none
   * @return this builder
   */
  public final B tokenCacheSize(int value) {
    return put("tokenCacheSize", Integer.toString(value));
  }

  /**
   * Sets {@code realm}.
   *
   * @param value the realm of the challenge (RFC 9110 section 11.5)
   * @return this builder
   */
  public final B realm(String value) {
    return put("realm", value);
  }

  /**
   * Sets {@code publicOrigin}.
   *
   * @param value the origin that clients see, such as {@code https://api.example.com}
   * @return this builder
   */
  public final B publicOrigin(String value) {
    return put("publicOrigin", value);
  }

  /**
   * Sets {@code publicPaths}.
   *
   * @param values paths that need no token: {@code /health}, {@code /assets/*}
   * @return this builder
   */
  public final B publicPaths(String... values) {
    return put("publicPaths", " ", values);
  }

  /**
   * Sets {@code publicPathTokens}.
   *
   * @param value {@code check} refuses a bad token on a public path, {@code ignore} does not look
   *     at it
   * @return this builder
   */
  public final B publicPathTokens(String value) {
    return put("publicPathTokens", value);
  }

  /**
   * Sets {@code rules}.
   *
   * @param lines lines of {@code METHODS PATH SCOPES}; the first that matches says what a path
   *     takes
   * @return this builder
   */
  public final B rules(String... lines) {
    return put("rules", "\n", lines);
  }

  /**
   * Sets {@code senderConstraint}.
   *
   * @param value {@code auto} takes bound and unbound tokens, the bound ones with their proof
   *     alone; {@code dpop}, {@code mtls} and {@code any} take bound tokens alone (RFC 9449, RFC
   *     8705)
   * @return this builder
   */
  public final B senderConstraint(String value) {
    return put("senderConstraint", value);
  }

  /**
   * Sets {@code dpopMaxAgeSeconds}.
   *
   * @param value how long after its {@code iat} a DPoP proof is good, in seconds (RFC 9449 section
   *     11.1)
   * @return this builder
   */
  public final B dpopMaxAgeSeconds(int value) {
    return put("dpopMaxAgeSeconds", Integer.toString(value));
  }

  /**
   * Sets {@code dpopNonce}.
   *
   * @param value {@code required}: a DPoP proof has to hold a nonce of ours (RFC 9449 section 9)
   * @return this builder
   */
  public final B dpopNonce(String value) {
    return put("dpopNonce", value);
  }

  /**
   * Sets {@code trustedProxies}.
   *
   * @param values addresses or CIDR ranges of proxies whose {@code Client-Cert} field is believed
   *     (RFC 9440)
   * @return this builder
   */
  public final B trustedProxies(String... values) {
    return put("trustedProxies", " ", values);
  }

  /**
   * Sets {@code corsPreflight}.
   *
   * @param value {@code pass} lets a CORS preflight through without a token, {@code guard} does not
   * @return this builder
   */
  public final B corsPreflight(String value) {
    return put("corsPreflight", value);
  }

  /**
   * Sets {@code keyRefreshSeconds}.
   *
   * @param value how often keys are fetched anew, in seconds
   * @return this builder
   */
  public final B keyRefreshSeconds(int value) {
    return put("keyRefreshSeconds", Integer.toString(value));
  }

  /**
   * Sets {@code maxKeyAgeSeconds}.
   *
   * @param value how long the last good keys serve in an outage, in seconds
   * @return this builder
   */
  public final B maxKeyAgeSeconds(int value) {
    return put("maxKeyAgeSeconds", Integer.toString(value));
  }

  /**
   * Sets {@code diagnostics}.
   *
   * @param value {@code quiet}, or {@code verbose} for development: answers say why
   * @return this builder
   */
  public final B diagnostics(String value) {
    return put("diagnostics", value);
  }

  /**
   * Sets {@code failOnUnreachableKeys}.
   *
   * @param value whether an issuer that cannot be reached at the start stops it
   * @return this builder
   */
  public final B failOnUnreachableKeys(boolean value) {
    return put("failOnUnreachableKeys", Boolean.toString(value));
  }

  /**
   * Sets {@code allowHttp}.
   *
   * @param value whether http to loopback hosts will do, for development
   * @return this builder
   */
  public final B allowHttp(boolean value) {
    return put("allowHttp", Boolean.toString(value));
  }

  /**
   * Uses keys from a source of the application's own instead of the issuer's. The application
   * closes it; the filter does not.
   *
   * @param source answers which key a header names
   * @return this builder
   * @throws IllegalArgumentException if a source was given before
   */
  public final B keySource(KeySource source) {
    if (keySource != null) throw twice("keySource", "one source of keys", "keySource(source)");
    this.keySource = Objects.requireNonNull(source, "keySource");
    return self();
  }

  /**
   * Asks the application too, on every request, after all other checks.
   *
   * @param check a deny list, or whatever may change while a token lives
   * @return this builder
   * @throws IllegalArgumentException if a check was given before
   */
  public final B tokenCheck(TokenCheck check) {
    if (tokenCheck != null) throw twice("tokenCheck", "one check", "tokenCheck(check)");
    this.tokenCheck = Objects.requireNonNull(check, "tokenCheck");
    return self();
  }

  /**
   * Remembers used DPoP proofs in a store of the application's own, which several nodes can share.
   *
   * @param guard tells whether a proof is used for the first time
   * @return this builder
   * @throws IllegalArgumentException if a guard was given before
   */
  public final B replayGuard(ReplayGuard guard) {
    if (replayGuard != null) throw twice("replayGuard", "one guard", "replayGuard(guard)");
    this.replayGuard = Objects.requireNonNull(guard, "replayGuard");
    return self();
  }

  private static IllegalArgumentException twice(String name, String allowed, String example) {
    return new IllegalArgumentException(
        "Sallyport cannot start: %s has been set before. Allowed: %s. Example: %s, once"
            .formatted(name, allowed, example));
  }

  /** For tests: what time it is. */
  final B clock(Clock clock) {
    this.clock = clock;
    return self();
  }

  /** For tests: the monotonic clock. */
  final B nanoTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    return self();
  }
}
