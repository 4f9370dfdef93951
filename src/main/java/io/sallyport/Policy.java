package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings, checked against each other and made into the stages of the gate: what is the
 * filter's here, what is an issuer's in an {@link IssuerPolicy} for each. Immutable: a policy is
 * right or it is not there.
 *
 * @since 0.1.0
 */
public final class Policy {
  private static final String CONTEXT_PREFIX = "sallyport.";

  /** One at least. */
  final List<IssuerPolicy> issuers;

  final Sender sender;

  /** What some issuer's tokens may show. */
  final Set<String> allowedScopes;

  final StepUp stepUp;
  final Demand demand;
  final TokenCheck tokenCheck;

  /** Whether the application has a check of its own. */
  final boolean asksApplication;

  final Listeners listeners;
  final Routes routes;
  final @Nullable ResourceMetadata metadata;
  final boolean ignoresTokensOnPublicPaths;
  final int maxTokenLength;
  final int tokenCacheSize;
  final String realm;
  final boolean verbose;
  final boolean failsOnUnreachableKeys;
  final String hostExposure;
  final Clock clock;
  final LongSupplier nanoTime;

  /** What is looser than the defaults, a line each. */
  final List<String> loosenings;

  /** What is allowed and looks like a mistake, a line each. */
  final List<String> doubts;

  private final GivenSettings settings;

  /**
   * Checks settings given as texts by their names, as in web.xml.
   *
   * @param settings values by the names of the settings
   * @return the policy
   * @throws IllegalArgumentException if a setting is unknown, missing or makes no sense; the
   *     message names it, what was found, what is allowed, and an example
   */
  public static Policy of(Map<String, String> settings) {
    return of(settings, Map.of(), Clock.systemUTC());
  }

  /**
   * Checks settings given as texts in two places, as in web.xml, and by another clock than that of
   * the system: so that tools can say beforehand what an application's start will say, and of any
   * instant what was decided at it.
   *
   * @param settings values by the names of the settings, such as a filter's init-params
   * @param contextParams what counts where {@code settings} has nothing: values by the names with
   *     {@code sallyport.} before them. Other names are somebody else's and are not looked at
   * @param clock tells the time by which tokens are judged
   * @return the policy
   * @throws IllegalArgumentException if a setting is unknown, missing or makes no sense; the
   *     message names it, what was found, what is allowed, and an example
   */
  public static Policy of(
      Map<String, String> settings, Map<String, String> contextParams, Clock clock) {
    GivenSettings given = new GivenSettings(Substitution.ofThisProcess());
    settings.forEach(given::put);
    contextParams.forEach(
        (parameter, value) -> {
          if (!parameter.startsWith(CONTEXT_PREFIX)) return;
          String name = parameter.substring(CONTEXT_PREFIX.length());
          if (!Settings.has(name)) throw Settings.unknown(CONTEXT_PREFIX, name);
          if (settings.get(name) == null) given.put(name, value);
        });
    return new Policy(given, null, null, List.of(), clock, System::nanoTime);
  }

  Policy(
      GivenSettings settings,
      @Nullable TokenCheck check,
      @Nullable ReplayGuard replayGuard,
      List<SallyportListener> listeners,
      Clock clock,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.asksApplication = check != null;
    this.tokenCheck = check != null ? check : token -> true;
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.listeners = new Listeners(listeners, nanoTime);
    this.issuers =
        IssuerSettings.of(settings).stream()
            .map(own -> new IssuerPolicy(own, this.listeners, clock, nanoTime))
            .toList();
    KeySettings addresses = new KeySettings(settings, this.listeners, clock, nanoTime);
    for (Setting<URI> address : List.of(Settings.PUBLIC_ORIGIN, Settings.RESOURCE)) {
      settings.find(address).ifPresent(uri -> addresses.checkScheme(address, uri));
    }
    this.allowedScopes =
        issuers.stream()
            .flatMap(issuer -> issuer.allowedScopes.stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    this.stepUp = stepUp();
    this.demand = demand().with(stepUp);
    this.routes = routes();
    this.sender = Sender.of(settings, algorithms(), replayGuard, clock, nanoTime);
    this.metadata = metadata();
    this.ignoresTokensOnPublicPaths = isChosen(Settings.PUBLIC_PATH_TOKENS, "ignore");
    this.maxTokenLength = settings.get(Settings.MAX_TOKEN_LENGTH);
    this.realm =
        settings
            .find(Settings.REALM)
            .orElseGet(() -> URI.create(issuers.get(0).issuer.identifier()).getHost());
    this.verbose = isChosen(Settings.DIAGNOSTICS, "verbose");
    this.hostExposure = settings.get(Settings.HOST_EXPOSURE);
    this.failsOnUnreachableKeys = settings.get(Settings.FAIL_ON_UNREACHABLE_KEYS);
    this.tokenCacheSize =
        issuers.stream().anyMatch(issuer -> issuer.isWorthRemembering)
            ? settings.get(Settings.TOKEN_CACHE_SIZE)
            : 0;
    this.loosenings = Loosenings.of(settings, issuers, routes.publicPaths());
    this.doubts = Doubts.of(issuers, routes);
  }

  private Set<JWSAlgorithm> algorithms() {
    return issuers.stream()
        .flatMap(issuer -> issuer.algorithms.stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private boolean isChosen(Setting<String> setting, String choice) {
    return settings.get(setting).equals(choice);
  }

  private StepUp stepUp() {
    Duration skew = Duration.ofSeconds(settings.get(Settings.CLOCK_SKEW_SECONDS));
    return new StepUp(
        settings.find(Settings.ACR_VALUES).orElse(Set.of()),
        settings.find(Settings.MAX_AUTH_AGE_SECONDS).map(Duration::ofSeconds).orElse(null),
        new ValidityPeriod(clock, skew));
  }

  private @Nullable ResourceMetadata metadata() {
    URI resource = settings.find(Settings.RESOURCE).orElse(null);
    if (resource == null) return null;
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(
        "authorization_servers",
        issuers.stream().map(issuer -> issuer.issuer.identifier()).toList());
    members.put("scopes_supported", allowedScopes);
    members.put("bearer_methods_supported", List.of("header"));
    members.put("dpop_signing_alg_values_supported", sender.algorithms().keySet());
    if (sender.constraint() == Sender.Constraint.DPOP) {
      members.put("dpop_bound_access_tokens_required", true);
    }
    if (sender.expectsCertificates()) {
      members.put("tls_client_certificate_bound_access_tokens", true);
    }
    URI publicOrigin = settings.find(Settings.PUBLIC_ORIGIN).orElse(null);
    return new ResourceMetadata(resource, publicOrigin, members);
  }

  private Demand demand() {
    if (issuers.size() == 1) return issuers.get(0).demand;
    return Demand.byIssuer(
        issuers.stream()
            .collect(
                Collectors.toMap(
                    issuer -> issuer.issuer.identifier(),
                    issuer -> issuer.demand,
                    (one, other) -> one,
                    LinkedHashMap::new)));
  }

  /**
   * Refuses scopes that no token could show.
   *
   * @throws IllegalArgumentException if one of them is not allowed
   */
  void checkAllowed(Setting<?> setting, Set<String> scopes) {
    issuers.get(0).checkAllowed(settings, setting, scopes, allowedScopes);
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
      return Routes.Rule.of(line, allowedScopes, stepUp);
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      String example = "GET /orders/* " + issuers.get(0).anAllowedScope();
      throw settings.refusedItem(Settings.RULES, line, why, example);
    }
  }

  /** Whether one of these issuers' stages made the token, and no other filter's. */
  boolean hasNarrowed(VerifiedToken token) {
    return issuers.stream().anyMatch(issuer -> token.isNarrowedBy(issuer.scopes));
  }

  /** What the log calls the issuer where a refusal does not tell which it is. */
  String undecidedIssuer() {
    return issuers.size() == 1 ? issuers.get(0).issuer.identifier() : "(not known)";
  }

  /**
   * The settings as they count, defaults included, for whoever looks a configuration over.
   *
   * @return an unmodifiable list in the order of the documentation: the filter's own, and behind
   *     them each issuer's where issuers are named; what has neither value nor default is left out
   */
  public List<EffectiveSetting> effective() {
    List<EffectiveSetting> effective = new ArrayList<>();
    boolean areNamed = !settings.issuers().isEmpty();
    for (Setting<?> setting : Settings.ALL) {
      if (areNamed && Settings.isOfAnIssuer(setting)) continue;
      settings.effective(setting).ifPresent(effective::add);
      if (setting.name().equals(Settings.REALM.name()) && !settings.isGiven(setting)) {
        effective.add(new EffectiveSetting(setting.name(), realm, realm, false));
      }
    }
    for (IssuerPolicy issuer : areNamed ? issuers : List.<IssuerPolicy>of()) {
      for (Setting<?> setting : Settings.ALL) {
        if (!Settings.isOfAnIssuer(setting)) continue;
        issuer.settings.effective(setting).ifPresent(effective::add);
      }
    }
    return List.copyOf(effective);
  }

  /**
   * What is looser than the defaults, and what each of these costs: the start warns of it.
   *
   * @return an unmodifiable list of lines
   */
  public List<String> loosenings() {
    return loosenings;
  }

  /**
   * What is allowed and looks like a mistake: the start asks about it.
   *
   * @return an unmodifiable list of lines
   */
  public List<String> doubts() {
    return doubts;
  }

  /** One line for the start of a log: each issuer with audiences, algorithms, scopes. */
  @Override
  public String toString() {
    return issuers.stream().map(IssuerPolicy::toString).collect(Collectors.joining("; "));
  }
}
