package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.Scopes.ExposedClaims;
import io.sallyport.keys.KeySource;
import io.sallyport.text.Printable;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is asked of the tokens of one issuer, and which keys are its: the part of a {@link Policy}
 * of which there is one for each issuer. Nothing in it is shared with another issuer's.
 */
final class IssuerPolicy {
  final GivenSettings settings;
  final Set<JWSAlgorithm> algorithms;
  final Supplier<KeySource> keys;

  /** Whether the gate makes its key source, and so ends it. */
  final boolean ownsKeys;

  /** Whether remembering a token saves anything: its hash costs about what HMAC itself does. */
  final boolean isWorthRemembering;

  final TokenType type;
  final Issuer issuer;
  final Audience audience;
  final ValidityPeriod period;
  final RequiredClaims requiredClaims;
  final Set<String> allowedScopes;
  final ForbiddenScopes forbidden;
  final Scopes scopes;

  /** What a route takes of this issuer's tokens unless it says something else. */
  final Demand demand;

  IssuerPolicy(GivenSettings settings, Listeners listeners, Clock clock, LongSupplier nanoTime) {
    this.settings = settings;
    KeySettings keySettings = new KeySettings(settings, listeners, clock, nanoTime);
    this.issuer = new Issuer(settings.get(Settings.ISSUER));
    keySettings.checkScheme(Settings.ISSUER, URI.create(issuer.identifier()));
    this.audience = new Audience(settings.get(Settings.AUDIENCE_CLAIM), audiences());
    this.allowedScopes = settings.get(Settings.ALLOWED_SCOPES);
    this.demand = Demand.of(requiredScopes(), allowedScopes);
    this.forbidden = forbiddenScopes();
    this.scopes = scopes();
    boolean profile = settings.get(Settings.TOKEN_TYPE).equals("at+jwt");
    this.type = new TokenType(profile);
    this.period =
        new ValidityPeriod(clock, Duration.ofSeconds(settings.get(Settings.CLOCK_SKEW_SECONDS)));
    this.requiredClaims = requiredClaims(profile);
    KeySource source = settings.keySource();
    keySettings.checkOneSource(source != null);
    this.algorithms = keySettings.algorithms();
    this.ownsKeys = source == null;
    this.keys = source == null ? keySettings.source(algorithms) : () -> source;
    this.isWorthRemembering = !keySettings.isShared();
  }

  /** What {@code resource} names is an audience too (RFC 9728 section 1.2, RFC 8707 section 2). */
  private Set<String> audiences() {
    Optional<URI> resource = settings.find(Settings.RESOURCE);
    if (resource.isEmpty()) return settings.get(Settings.AUDIENCE);
    Set<String> audiences = new LinkedHashSet<>(settings.find(Settings.AUDIENCE).orElse(Set.of()));
    audiences.add(resource.get().toString());
    return Collections.unmodifiableSet(audiences);
  }

  private Set<String> requiredScopes() {
    Set<String> required = settings.find(Settings.REQUIRED_SCOPES).orElse(Set.of());
    checkAllowed(settings, Settings.REQUIRED_SCOPES, required, allowedScopes);
    return required;
  }

  /**
   * Refuses scopes that no token could show.
   *
   * @throws IllegalArgumentException if one of them is not allowed
   */
  void checkAllowed(
      GivenSettings given, Setting<?> setting, Set<String> scopes, Set<String> allowed) {
    for (String scope : scopes) {
      if (allowed.contains(scope)) continue;
      String why =
          Printable.quoted(scope) + " is not one of " + given.nameOf(Settings.ALLOWED_SCOPES);
      throw given.refusedItem(setting, String.join(" ", scopes), why, anAllowedScope());
    }
  }

  /** One for an example, which shows none that came out of a file. */
  String anAllowedScope() {
    return settings.isShown(Settings.ALLOWED_SCOPES)
        ? allowedScopes.iterator().next()
        : Settings.REQUIRED_SCOPES.example();
  }

  private ForbiddenScopes forbiddenScopes() {
    Set<String> given = settings.find(Settings.FORBIDDEN_SCOPES).orElse(Set.of());
    for (String scope : given) {
      if (allowedScopes.contains(scope)) {
        String allowed = settings.nameOf(Settings.ALLOWED_SCOPES);
        String why = Printable.quoted(scope) + " is one of " + allowed + " too";
        Setting<?> setting = Settings.FORBIDDEN_SCOPES;
        throw settings.refusedItem(setting, String.join(" ", given), why, setting.example());
      }
    }
    try {
      return ForbiddenScopes.of(given);
    } catch (IllegalArgumentException e) {
      throw settings.refused(Settings.FORBIDDEN_SCOPES, String.valueOf(e.getMessage()));
    }
  }

  private Scopes scopes() {
    return new Scopes(
        new ScopeClaim(List.copyOf(settings.get(Settings.SCOPE_CLAIM))),
        allowedScopes,
        implied(),
        forbidden,
        settings.get(Settings.UNLISTED_SCOPES).equals("reject"),
        new ExposedClaims(settings.find(Settings.EXPOSED_CLAIMS).orElse(Set.of())));
  }

  private Map<String, Set<String>> implied() {
    Map<String, Set<String>> implied = new LinkedHashMap<>();
    for (String pair : settings.find(Settings.SCOPE_IMPLIES).orElse(Set.of())) {
      int arrow = pair.indexOf('>');
      implied
          .computeIfAbsent(pair.substring(0, arrow), scope -> new LinkedHashSet<>())
          .add(pair.substring(arrow + 1));
    }
    return implied;
  }

  private RequiredClaims requiredClaims(boolean profile) {
    Set<String> required = new LinkedHashSet<>(settings.get(Settings.REQUIRED_CLAIMS));
    if (profile) {
      required.addAll(List.of("aud", "sub", "client_id", "iat", "jti")); // RFC 9068 section 2.2
    }
    return new RequiredClaims(required);
  }

  /** Issuer, audiences, algorithms, scopes. */
  @Override
  public String toString() {
    return "issuer=%s audience=%s algorithms=%s allowedScopes=%s requiredScopes=%s"
        .formatted(
            issuer.identifier(),
            String.join(" ", audience.accepted()),
            algorithms.stream().map(JWSAlgorithm::getName).collect(Collectors.joining(" ")),
            String.join(" ", allowedScopes),
            demand.required().isEmpty()
                ? "(any allowed one)"
                : String.join(" ", demand.required()));
  }
}
