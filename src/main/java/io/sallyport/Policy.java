package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.Scopes.ExposedClaims;
import io.sallyport.Scopes.ForbiddenScopes;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.keys.Rotation;
import io.sallyport.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final int MAX_FILE_BYTES = 256 * 1024;

  final Set<JWSAlgorithm> algorithms;
  final Supplier<KeySource> keys;

  /** Whether the gate made its key source, and so ends it. */
  final boolean ownsKeys;

  final TokenType type;
  final Issuer issuer;
  final Audience audience;
  final ValidityPeriod period;
  final RequiredClaims requiredClaims;
  final Confirmation confirmation = new Confirmation();
  final Set<String> allowedScopes;
  final Scopes scopes;
  final Demand demand;
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

  private final Settings settings;
  private final boolean allowsHttp;

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
    return new Policy(given, null, Clock.systemUTC(), System::nanoTime);
  }

  Policy(Settings settings, @Nullable KeySource source, Clock clock, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.allowsHttp = settings.get(Settings.ALLOW_HTTP);
    this.issuer = new Issuer(settings.get(Settings.ISSUER));
    checkScheme(Settings.ISSUER, URI.create(issuer.identifier()));
    settings.find(Settings.PUBLIC_ORIGIN).ifPresent(o -> checkScheme(Settings.PUBLIC_ORIGIN, o));
    this.audience =
        new Audience(settings.get(Settings.AUDIENCE_CLAIM), settings.get(Settings.AUDIENCE));
    this.allowedScopes = Set.copyOf(settings.get(Settings.ALLOWED_SCOPES));
    Set<String> required = settings.find(Settings.REQUIRED_SCOPES).orElse(Set.of());
    checkAllowed(Settings.REQUIRED_SCOPES, required);
    this.demand = Demand.of(required, settings.get(Settings.ALLOWED_SCOPES));
    this.scopes = scopes();
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
    this.algorithms = algorithms();
    // A cache would cost more than the hash that it saves.
    boolean shared = settings.isGiven(Settings.HMAC_SECRET_FILE);
    this.tokenCacheSize = shared ? 0 : settings.get(Settings.TOKEN_CACHE_SIZE);
    this.ownsKeys = source == null;
    this.keys = source == null ? keys(rotation(clock)) : given(source);
    this.loosenings = loosenings();
  }

  private boolean isChosen(Setting<String> setting, String choice) {
    return settings.get(setting).equals(choice);
  }

  private void checkScheme(Setting<?> setting, URI address) {
    if (!isTrusted(address)) {
      throw setting.refused(
          address.toString(),
          allowsHttp ? "http is for loopback hosts alone" : "http is refused without allowHttp");
    }
  }

  private boolean isTrusted(URI address) {
    if (address.getHost() == null) return false;
    if ("https".equals(address.getScheme())) return true;
    return allowsHttp && "http".equals(address.getScheme()) && isLoopback(address.getHost());
  }

  /** By its name alone: nothing is looked up. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  private void checkAllowed(Setting<?> setting, Set<String> named) {
    for (String scope : named) {
      if (!allowedScopes.contains(scope)) {
        throw setting.refused(
            settings.givenText(setting), Printable.quoted(scope) + " is not one of allowedScopes");
      }
    }
  }

  private Scopes scopes() {
    return new Scopes(
        new ScopeClaim(List.copyOf(settings.get(Settings.SCOPE_CLAIM))),
        allowedScopes,
        implied(),
        ForbiddenScopes.of(forbidden()),
        isChosen(Settings.UNLISTED_SCOPES, "reject"),
        new ExposedClaims(settings.find(Settings.EXPOSED_CLAIMS).orElse(Set.of())));
  }

  private Map<String, Set<String>> implied() {
    Map<String, Set<String>> implied = new LinkedHashMap<>();
    for (String pair : settings.find(Settings.SCOPE_IMPLIES).orElse(Set.of())) {
      int arrow = pair.indexOf('>');
      implied
          .computeIfAbsent(pair.substring(0, arrow), k -> new LinkedHashSet<>())
          .add(pair.substring(arrow + 1));
    }
    return implied;
  }

  private Set<String> forbidden() {
    Set<String> forbidden = new LinkedHashSet<>(ForbiddenScopes.HOST_LEVEL);
    List<String> given = new ArrayList<>(settings.find(Settings.FORBIDDEN_SCOPES).orElse(Set.of()));
    if (given.indexOf("none") > 0) {
      throw refused(Settings.FORBIDDEN_SCOPES, "the word none stands first or not at all");
    }
    if (given.remove("none")) forbidden.clear();
    for (String scope : given) {
      if (allowedScopes.contains(scope)) {
        throw refused(
            Settings.FORBIDDEN_SCOPES, Printable.quoted(scope) + " is one of allowedScopes too");
      }
    }
    forbidden.addAll(given);
    return forbidden;
  }

  private IllegalArgumentException refused(Setting<?> setting, String why) {
    return setting.refused(settings.givenText(setting), why);
  }

  private RequiredClaims requiredClaims() {
    Set<String> required = new LinkedHashSet<>(settings.get(Settings.REQUIRED_CLAIMS));
    if (isChosen(Settings.TOKEN_TYPE, "at+jwt")) {
      required.addAll(List.of("sub", "client_id", "iat", "jti")); // RFC 9068 section 2.2
    }
    return new RequiredClaims(Set.copyOf(required));
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
    String[] words = line.split("\\s+");
    if (words.length < 3) throw Settings.RULES.refused(line, "it has fewer than three words");
    List<String> last = Arrays.asList(words).subList(2, words.length);
    try {
      return new Routes.Rule(methods(words[0]), PathPattern.of(words[1]), demand(line, last));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith("Sallyport") ? e : Settings.RULES.refused(line, message);
    }
  }

  private static Set<String> methods(String word) {
    if (word.equals("*")) return Set.of();
    Set<String> methods = new LinkedHashSet<>();
    for (String method : word.split(",", -1)) {
      if (!method.matches("[A-Z][A-Z_-]*")) {
        throw new IllegalArgumentException(
            Printable.quoted(method) + " is not a method, which is written in capitals");
      }
      methods.add(method);
    }
    return methods;
  }

  private Demand demand(String line, List<String> words) {
    if (words.contains("deny")) {
      if (words.size() > 1) throw new IllegalArgumentException("deny stands alone");
      return Demand.unmet(Refusal.Reason.PATH_DENIED, "the rule " + Printable.quoted(line));
    }
    for (String scope : words) {
      if (!allowedScopes.contains(scope)) {
        throw new IllegalArgumentException(
            Printable.quoted(scope) + " is not one of allowedScopes");
      }
    }
    return Demand.of(Set.copyOf(words), allowedScopes);
  }

  private Set<JWSAlgorithm> algorithms() {
    boolean shared = settings.isGiven(Settings.HMAC_SECRET_FILE);
    Set<JWSAlgorithm> named =
        settings.get(Settings.ALGORITHMS).stream()
            .map(JWSAlgorithm::parse)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (JWSAlgorithm algorithm : named) {
      if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm) != shared) {
        throw Settings.ALGORITHMS.refused(
            String.join(" ", settings.get(Settings.ALGORITHMS)),
            shared
                ? "with hmacSecretFile only HS256, HS384 and HS512 are named, and "
                    + algorithm
                    + " takes public keys"
                : algorithm + " takes a shared secret, so hmacSecretFile has to be set");
      }
    }
    return named;
  }

  private Rotation rotation(Clock clock) {
    int refresh = settings.get(Settings.KEY_REFRESH_SECONDS);
    int maxAge = settings.get(Settings.MAX_KEY_AGE_SECONDS);
    if (maxAge < refresh) {
      throw Settings.MAX_KEY_AGE_SECONDS.refused(
          Integer.toString(maxAge), "it is less than keyRefreshSeconds, which is " + refresh);
    }
    return new Rotation(Duration.ofSeconds(refresh), Duration.ofSeconds(maxAge), clock, nanoTime);
  }

  private Supplier<KeySource> keys(Rotation rotation) {
    List<Setting<?>> sources =
        List.<Setting<?>>of(Settings.JWKS_URI, Settings.JWKS, Settings.HMAC_SECRET_FILE).stream()
            .filter(settings::isGiven)
            .toList();
    if (sources.size() > 1) {
      throw refused(
          sources.get(1), "it and " + sources.get(0).name() + " exclude each other: set one");
    }
    if (settings.isGiven(Settings.JWKS_URI)) {
      URI jwksUri = settings.get(Settings.JWKS_URI);
      checkScheme(Settings.JWKS_URI, jwksUri);
      return () -> KeySources.fetched(jwksUri, algorithms, rotation);
    }
    if (settings.isGiven(Settings.JWKS)) return given(fixed(rotation.clock()));
    if (settings.isGiven(Settings.HMAC_SECRET_FILE)) return given(secret());
    return () -> KeySources.discovered(issuer.identifier(), this::isTrusted, algorithms, rotation);
  }

  private static Supplier<KeySource> given(KeySource source) {
    return () -> source;
  }

  private KeySource fixed(Clock clock) {
    String place = settings.get(Settings.JWKS);
    try {
      return KeySources.fixed(contents(place), algorithms, clock);
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      throw Settings.JWKS.refused(place, cause(e));
    }
  }

  private KeySource secret() {
    String place = settings.get(Settings.HMAC_SECRET_FILE);
    try {
      return KeySources.secret(withoutLineEnd(contents(place)), algorithms);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw Settings.HMAC_SECRET_FILE.refused(place, cause(e));
    }
  }

  private static String cause(Exception e) {
    return e.getClass() == IOException.class || e.getClass() == IllegalArgumentException.class
        ? String.valueOf(e.getMessage())
        : "it cannot be read: " + e.getClass().getSimpleName();
  }

  private static byte[] contents(String place) throws IOException {
    try (InputStream in = open(place)) {
      byte[] contents = in.readNBytes(MAX_FILE_BYTES + 1);
      if (contents.length > MAX_FILE_BYTES) {
        throw new IOException("it has more than " + MAX_FILE_BYTES + " bytes");
      }
      return contents;
    }
  }

  private static InputStream open(String place) throws IOException {
    if (!place.startsWith("classpath:")) return Files.newInputStream(Path.of(place));
    String name = place.substring("classpath:".length()).replaceFirst("^/+", "");
    ClassLoader application = Thread.currentThread().getContextClassLoader();
    InputStream resource = application == null ? null : application.getResourceAsStream(name);
    if (resource == null) resource = Policy.class.getResourceAsStream("/" + name);
    if (resource == null) throw new IOException("there is no such resource on the class path");
    return resource;
  }

  private static byte[] withoutLineEnd(byte[] contents) {
    int end = contents.length;
    if (end > 0 && contents[end - 1] == '\n') end--;
    if (end > 0 && end < contents.length && contents[end - 1] == '\r') end--;
    return Arrays.copyOf(contents, end);
  }

  /** The one table of what is looser than the defaults, and what that costs. */
  private List<String> loosenings() {
    List<String> lines = new ArrayList<>();
    if (allowsHttp) lines.add("allowHttp: keys may come over plain http from a loopback host");
    if (verbose)
      lines.add("diagnostics=verbose: answers say why a token is refused; for development");
    if (ignoresTokensOnPublicPaths) {
      lines.add(
          "publicPathTokens=ignore: a bad token passes on public paths, hidden from handlers");
    }
    if (isChosen(Settings.CORS_PREFLIGHT, "pass")) {
      lines.add("corsPreflight=pass: OPTIONS requests that look like a preflight need no token");
    }
    if (!audience.claim().equals("aud")) {
      lines.add("audienceClaim: the audience is read from " + audience.claim() + ", not from aud");
    }
    if (period.skew().toSeconds() > 30) {
      lines.add(
          "clockSkewSeconds: tokens serve " + period.skew().toSeconds() + " s past their exp");
    }
    if (maxTokenLength > 16_384) {
      lines.add("maxTokenLength: senders may make us read " + maxTokenLength + " characters");
    }
    if (settings.get(Settings.MAX_KEY_AGE_SECONDS) > 3_600) {
      lines.add("maxKeyAgeSeconds: in an outage a withdrawn key serves longer than an hour");
    }
    if (settings.get(Settings.KEY_REFRESH_SECONDS) > 300) {
      lines.add("keyRefreshSeconds: a withdrawn key serves longer than five minutes");
    }
    if (!requiredClaims.names().contains("sub")) {
      lines.add("requiredClaims: tokens without sub pass, and have no subject");
    }
    if (settings.find(Settings.FORBIDDEN_SCOPES).orElse(Set.of()).contains("none")) {
      lines.add("forbiddenScopes=none: host-level scopes no longer refuse a token");
    }
    ForbiddenScopes forbidden = ForbiddenScopes.of(forbidden());
    for (String scope : allowedScopes) {
      if (forbidden.contains(scope)) {
        lines.add(
            "allowedScopes: " + scope + " is a forbidden scope, let through since named here");
      }
    }
    if (routes.publicPaths().stream().anyMatch(PathPattern::isEverything)) {
      lines.add("publicPaths: /* makes every path public");
    }
    return List.copyOf(lines);
  }

  /** One line for the start of a log: issuer, audiences, algorithms, scopes. */
  @Override
  public String toString() {
    return "issuer=%s audience=%s algorithms=%s allowedScopes=%s requiredScopes=%s"
        .formatted(
            issuer.identifier(),
            String.join(" ", audience.accepted()),
            algorithms.stream().map(JWSAlgorithm::getName).collect(Collectors.joining(" ")),
            String.join(" ", settings.get(Settings.ALLOWED_SCOPES)),
            Optional.of(demand.required())
                .filter(required -> !required.isEmpty())
                .map(required -> String.join(" ", required))
                .orElse("any allowed"));
  }
}
