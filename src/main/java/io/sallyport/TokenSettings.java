package io.sallyport;

import io.sallyport.keys.KeySource;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes in code the settings that speak of an issuer's tokens and keys: for all of the filter's
 * issuers in a {@link PolicyBuilder}, for one of several in an {@link IssuerBuilder}.
 *
 * <p>Every method throws {@code IllegalArgumentException} for a value that makes no sense, and for
 * a setting that was given before; the message names the setting, what was found, what is allowed,
 * and an example. Where a method takes several values, one text with white space between them means
 * the same. {@code ${NAME}} in a value is taken from the environment, as in web.xml. Not safe for
 * use by several threads.
 *
 * @param <B> the kind of builder
 * @since 0.1.0
 */
public abstract class TokenSettings<B extends TokenSettings<B>> {
  final GivenSettings settings;

  TokenSettings(GivenSettings settings) {
    this.settings = settings;
  }

  abstract B self();

  final B put(String name, @Nullable String value) {
    settings.put(name, value);
    return self();
  }

  final B put(String name, String separator, @Nullable String @Nullable [] values) {
    boolean hasNull = values == null || Arrays.asList(values).contains(null);
    return put(name, hasNull ? null : String.join(separator, values));
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
   * Uses keys from a source of the application's own instead of the issuer's. The application
   * closes it; the filter does not.
   *
   * @param source answers which key a header names
   * @return this builder
   * @throws IllegalArgumentException if a source was given before
   */
  public final B keySource(KeySource source) {
    settings.putKeySource(Objects.requireNonNull(source, "keySource"));
    return self();
  }
}
