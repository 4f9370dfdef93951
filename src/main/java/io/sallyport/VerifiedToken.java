package io.sallyport;

import io.sallyport.keys.KeySource;
import io.sallyport.text.Printable;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token that has passed every check, narrowed to what a handler may see.
 *
 * <p>Immutable at every depth and safe for use by several threads. Only the gate makes one. It does
 * not hold the token's text, so it cannot be passed on to another service (RFC 9700 section 2.3),
 * and it is not serializable. As a {@link Principal} its name is the subject.
 *
 * @since 0.1.0
 */
public final class VerifiedToken implements Principal {
  /** The request attribute that holds a token: {@code io.sallyport.VerifiedToken}. */
  static final String ATTRIBUTE = "io.sallyport.VerifiedToken";

  private final Map<String, @Nullable Object> claims;
  private final Set<String> scopes;
  private final String issuer;
  private final @Nullable String subject;
  private final List<String> audience;
  private final Instant expiresAt;
  private final @Nullable Instant notBefore;
  private final @Nullable Instant issuedAt;
  private final @Nullable String id;
  private final @Nullable String clientId;
  private final @Nullable String acr;
  private final @Nullable Instant authTime;
  private final KeySource.Key key;
  private final Confirmation confirmation;
  private final Object narrowedBy;

  /**
   * Made by the last stage of the gate alone.
   *
   * @param signed the claims, every one of them checked
   * @param exposed the claims that handlers may see
   * @param scopes the scopes that handlers may see
   * @param narrowedBy the stage, which is one of a kind for each filter
   */
  VerifiedToken(
      SignedClaims signed,
      Map<String, @Nullable Object> exposed,
      Set<String> scopes,
      Object narrowedBy) {
    this.narrowedBy = narrowedBy;
    this.claims = exposed;
    this.scopes = scopes;
    this.key = signed.key();
    this.confirmation = Confirmation.of(signed);
    this.issuer = String.valueOf(signed.text("iss"));
    this.subject = signed.text("sub");
    Set<String> aud = SignedClaims.texts(signed.get("aud"));
    this.audience = aud == null ? List.of() : List.copyOf(aud);
    Instant exp = signed.date("exp");
    this.expiresAt = exp == null ? Instant.EPOCH : exp;
    this.notBefore = signed.date("nbf");
    this.issuedAt = signed.date("iat");
    this.id = signed.text("jti");
    this.clientId = signed.has("client_id") ? signed.text("client_id") : signed.text("azp");
    this.acr = signed.text("acr");
    this.authTime = signed.date("auth_time");
  }

  /**
   * The {@code sub} claim (RFC 7519 section 4.1.2).
   *
   * @return the subject; null only where {@code requiredClaims} was set without {@code sub} and the
   *     token has none
   */
  public @Nullable String subject() {
    return subject;
  }

  /**
   * The {@code iss} claim (RFC 7519 section 4.1.1).
   *
   * @return the configured issuer
   */
  public String issuer() {
    return issuer;
  }

  /**
   * The {@code aud} claim (RFC 7519 section 4.1.3).
   *
   * @return every audience of the token, ours among them; empty where {@code audienceClaim} names
   *     another claim and the token has no {@code aud}
   */
  public List<String> audience() {
    return audience;
  }

  /**
   * The scopes that the token holds, by itself or by {@code scopeImplies}, and that {@code
   * allowedScopes} lists.
   *
   * @return an unmodifiable set
   */
  public Set<String> scopes() {
    return scopes;
  }

  /**
   * The claims: all of them, or those of {@code exposedClaims}. Scopes that are not allowed are
   * taken out of the claims that hold scopes.
   *
   * @return an unmodifiable map of {@code String}, {@code Long}, {@code Double}, {@code
   *     BigInteger}, {@code Boolean}, null, and unmodifiable lists and maps of these
   */
  public Map<String, @Nullable Object> claims() {
    return claims;
  }

  /**
   * One of {@link #claims()}, as what it is expected to be.
   *
   * @param name the claim
   * @param type {@code String}, {@code Boolean}, {@code List}, {@code Map}, {@code Instant} for a
   *     NumericDate, or a kind of number; a whole number is given as {@code Integer} too if it fits
   * @param <T> that type
   * @return the claim, or empty where it is absent, null or of another type
   */
  public <T> Optional<T> claim(String name, Class<T> type) {
    Object value = claims.get(name);
    if (type == Instant.class) value = SignedClaims.date(value);
    if (type == Integer.class && value instanceof Long number && number == number.intValue()) {
      value = number.intValue();
    }
    return type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
  }

  /**
   * The {@code exp} claim, without the skew that the gate allows (RFC 7519 section 4.1.4).
   *
   * @return the instant from which on the token is no good
   */
  public Instant expiresAt() {
    return expiresAt;
  }

  /**
   * The {@code iat} claim (RFC 7519 section 4.1.6).
   *
   * @return when the token was issued, if it says so
   */
  public Optional<Instant> issuedAt() {
    return Optional.ofNullable(issuedAt);
  }

  /**
   * The {@code jti} claim (RFC 7519 section 4.1.7).
   *
   * @return the token's id, if it has one
   */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /**
   * The {@code client_id} claim (RFC 9068 section 2.2), else {@code azp}.
   *
   * @return the client that the token was issued to, if it says so
   */
  public Optional<String> clientId() {
    return Optional.ofNullable(clientId);
  }

  /**
   * The subject, for the servlet API and JAX-RS.
   *
   * @return the same as {@link #subject()}
   */
  @Override
  public @Nullable String getName() {
    return subject;
  }

  @Nullable Instant notBefore() {
    return notBefore;
  }

  /**
   * How strongly the user authenticated, whatever {@code exposedClaims} says (RFC 9470 section 6).
   */
  @Nullable String acr() {
    return acr;
  }

  /** When the user did, whatever {@code exposedClaims} says. */
  @Nullable Instant authTime() {
    return authTime;
  }

  /** The key that vouches for this token; when it goes, the token goes. */
  KeySource.Key key() {
    return key;
  }

  /** What the token is bound to. */
  Confirmation confirmation() {
    return confirmation;
  }

  /** Whether this stage made the token: another filter's may be another issuer's. */
  boolean isNarrowedBy(Object stage) {
    return narrowedBy == stage;
  }

  /** Names of claims only: fit for any log. */
  @Override
  public String toString() {
    return claims.keySet().stream()
        .map(Printable::plain)
        .collect(Collectors.joining(", ", "VerifiedToken[", "]"));
  }
}
