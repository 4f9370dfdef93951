package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.Scopes.ExposedClaims;
import io.sallyport.keys.KeySource;
import io.sallyport.text.Printable;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings, checked against each other and made into the stages of the gate. Immutable: a
 * policy is right or it is not there.
 */
public final class Policy {
  final Set<JWSAlgorithm> algorithms;
  final Supplier<KeySource> keys;

  /** Whether the gate makes its key source, and so ends it. */
  final boolean ownsKeys;

  final TokenType type;
  final Issuer issuer;
  final Audience audience;
  final ValidityPeriod period;
  final RequiredClaims requiredClaims;
  final Sender sender;
  final Set<String> allowedScopes;
  final Scopes scopes;
  final Demand demand;
  final TokenCheck tokenCheck;
  final Routes routes;
  final boolean ignoresTokensOnPublicPaths;
  final int maxTokenLength;
  final int tokenCacheSize;
  final String realm;
  final boolean verbose;
  final boolean failsOnUnreachableKeys;
  final LongSupplier nanoTime;

  /** What is looser than the defaults, a line each. */
  final List<String> loosenings;

  /** What is allowed and looks like a mistake, a line each. */
  final List<String> doubts;

  private final Settings settings;

  /**
   * Checks settings given as texts by their names, as in web.xml.
   *
   * @param settings values by the names of the settings
   * @return the policy
   * @throws IllegalArgumentException if a setting is unknown, missing or makes no sense; the
   *     message names it, what was found, what is allowed, and an example
   */
  public static Policy of(Map<String, String> settings) {
    Settings given = new Settings(Substitution.ofThisProcess());
    settings.forEach(given::put);
    return new Policy(given, null, null, null, Clock.systemUTC(), System::nanoTime);
  }

  Policy(
      Settings settings,
      @Nullable KeySource source,
      @Nullable TokenCheck check,
      @Nullable ReplayGuard replayGuard,
      Clock clock,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.tokenCheck = check != null ? check : token -> true;
    this.nanoTime = nanoTime;
    KeySettings keySettings = new KeySettings(settings, clock, nanoTime);
    this.issuer = new Issuer(settings.get(Settings.ISSUER));
    keySettings.checkScheme(Settings.ISSUER, URI.create(issuer.identifier()));
    settings
        .find(Settings.PUBLIC_ORIGIN)
        .ifPresent(origin -> keySettings.checkScheme(Settings.PUBLIC_ORIGIN, origin));
    this.audience =
        new Audience(settings.get(Settings.AUDIENCE_CLAIM), settings.get(Settings.AUDIENCE));
    this.allowedScopes = settings.get(Settings.ALLOWED_SCOPES);
    this.demand = Demand.of(requiredScopes(), allowedScopes);
    ForbiddenScopes forbidden = forbiddenScopes();
    this.scopes = scopes(forbidden);
    this.type = new TokenType(isChosen(Settings.TOKEN_TYPE, "at+jwt"));
    this.period =
        new ValidityPeriod(clock, Duration.ofSeconds(settings.get(Settings.CLOCK_SKEW_SECONDS)));
    this.requiredClaims = requiredClaims();
    this.routes = routes();
    this.ignoresTokensOnPublicPaths = isChosen(Settings.PUBLIC_PATH_TOKENS, "ignore");
    this.maxTokenLength = settings.get(Settings.MAX_TOKEN_LENGTH);
    this.realm =
        settings.find(Settings.REALM).orElseGet(() -> URI.create(issuer.identifier()).getHost());
    this.verbose = isChosen(Settings.DIAGNOSTICS, "verbose");
    this.failsOnUnreachableKeys = settings.get(Settings.FAIL_ON_UNREACHABLE_KEYS);
    keySettings.checkOneSource(source != null);
    this.algorithms = keySettings.algorithms();
    this.sender = Sender.of(settings, algorithms, replayGuard, clock, nanoTime);
    this.ownsKeys = source == null;
    this.keys = source == null ? keySettings.source(algorithms) : () -> source;
    // A hash of the token costs about what HMAC itself does, so there is little to save.
    this.tokenCacheSize = keySettings.isShared() ? 0 : settings.get(Settings.TOKEN_CACHE_SIZE);
    this.loosenings = Loosenings.of(settings, forbidden, routes.publicPaths());
    this.doubts = Doubts.of(settings, routes, !demand.required().isEmpty());
  }

  private boolean isChosen(Setting<String> setting, String choice) {
    return settings.get(setting).equals(choice);
  }

  private Set<String> requiredScopes() {
    Set<String> required = settings.find(Settings.REQUIRED_SCOPES).orElse(Set.of());
    checkAllowed(Settings.REQUIRED_SCOPES, required);
    return required;
  }

  /**
   * Refuses scopes that no token could show.
   *
   * @throws IllegalArgumentException if one of them is not allowed
   */
  void checkAllowed(Setting<?> setting, Set<String> scopes) {
    for (String scope : scopes) {
      if (allowedScopes.contains(scope)) continue;
      String why = Printable.quoted(scope) + " is not one of allowedScopes";
      throw settings.refusedItem(setting, String.join(" ", scopes), why, anAllowedScope());
    }
  }

  private String anAllowedScope() {
    return settings.isShown(Settings.ALLOWED_SCOPES)
        ? allowedScopes.iterator().next()
        : Settings.REQUIRED_SCOPES.example();
  }

  private ForbiddenScopes forbiddenScopes() {
    Set<String> given = settings.find(Settings.FORBIDDEN_SCOPES).orElse(Set.of());
    for (String scope : given) {
      if (allowedScopes.contains(scope)) {
        String why = Printable.quoted(scope) + " is one of allowedScopes too";
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

  private Scopes scopes(ForbiddenScopes forbidden) {
    return new Scopes(
        new ScopeClaim(List.copyOf(settings.get(Settings.SCOPE_CLAIM))),
        allowedScopes,
        implied(),
        forbidden,
        isChosen(Settings.UNLISTED_SCOPES, "reject"),
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

  private RequiredClaims requiredClaims() {
    Set<String> required = new LinkedHashSet<>(settings.get(Settings.REQUIRED_CLAIMS));
    if (isChosen(Settings.TOKEN_TYPE, "at+jwt")) {
      required.addAll(List.of("aud", "sub", "client_id", "iat", "jti")); // RFC 9068 section 2.2
    }
    return new RequiredClaims(required);
  }

  private Routes routes() {
    return new Routes(
        settings.find(Settings.PUBLIC_PATHS).orElse(Set.of()).stream()
            .map(PathPattern::of)
            .toList(),
        settings.find(Settings.RULES).orElse(List.of()).stream().map(this::rule).toList(),
        isChosen(Settings.CORS_PREFLIGHT, "pass"),
        demand);
  }

  private Routes.Rule rule(String line) {
    try {
      return Routes.Rule.of(line, allowedScopes);
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      throw settings.refusedItem(Settings.RULES, line, why, "GET /orders/* " + anAllowedScope());
    }
  }

  /** One line for the start of a log: issuer, audiences, algorithms, scopes. */
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
