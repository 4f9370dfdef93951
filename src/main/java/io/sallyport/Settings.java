package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.text.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every setting that there is, and the ones that somebody gave, by name. */
final class Settings {
  static final Setting<String> ISSUER =
      Setting.text(
          "issuer",
          "an https URL without query and fragment, exactly as the tokens' iss has it"
              + " (http only for a loopback host, with allowHttp)",
          "https://id.example.com/realms/acme",
          Settings::issuer);
  static final Setting<Set<String>> AUDIENCE =
      Setting.words(
          "audience",
          null,
          "one or more names of this service, one of which a token's aud has to hold exactly",
          "https://api.example.com",
          Settings::printable);
  static final Setting<String> AUDIENCE_CLAIM =
      new Setting<>("audienceClaim", "aud", "the name of a claim", "client_id", Settings::name);
  static final Setting<Set<String>> ALLOWED_SCOPES =
      Setting.words(
          "allowedScopes",
          null,
          "one or more scopes, each named exactly, without *",
          "orders:read orders:write",
          Settings::scope);
  static final Setting<Set<String>> REQUIRED_SCOPES =
      Setting.words(
          "requiredScopes",
          null,
          "one or more of allowedScopes, all of which a token has to have",
          "orders:read",
          Settings::scope);
  static final Setting<Set<String>> SCOPE_IMPLIES =
      Setting.words(
          "scopeImplies",
          null,
          "pairs of scopes with > between them",
          "orders:write>orders:read",
          Settings::implication);
  static final Setting<String> UNLISTED_SCOPES = Setting.choice("unlistedScopes", "drop", "reject");
  static final Setting<Set<String>> FORBIDDEN_SCOPES =
      Setting.words(
          "forbiddenScopes",
          null,
          "scopes, exact or with a * at the end, which add to the host-level list;"
              + " the word none first leaves that list out",
          "billing:* payroll",
          Settings::forbidden);
  static final Setting<Set<String>> SCOPE_CLAIM =
      Setting.words(
          "scopeClaim",
          "scope scp",
          "names of claims, or JSON Pointers that begin with a slash",
          "/realm_access/roles",
          Settings::claimOrPointer);
  static final Setting<Set<String>> ALGORITHMS =
      Setting.words(
          "algorithms",
          "RS256 PS256 ES256 EdDSA Ed25519",
          "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519,"
              + " or with hmacSecretFile HS256 HS384 HS512; none never",
          "RS256 ES256",
          Settings::algorithm);
  static final Setting<URI> JWKS_URI =
      new Setting<>(
          "jwksUri",
          null,
          "an https URL (http only for a loopback host, with allowHttp)",
          "https://id.example.com/realms/acme/certs",
          Settings::address);
  static final Setting<String> JWKS =
      Setting.text(
          "jwks",
          "a file with a JWK set, or classpath: and a resource's name",
          "classpath:keys.json",
          Function.identity());
  static final Setting<String> HMAC_SECRET_FILE =
      Setting.text(
          "hmacSecretFile",
          "a file whose bytes are the secret, at least as many as the hash has",
          "/run/secrets/token-hmac",
          Function.identity());
  static final Setting<String> TOKEN_TYPE = Setting.choice("tokenType", "any", "at+jwt");
  static final Setting<Integer> CLOCK_SKEW_SECONDS = Setting.number("clockSkewSeconds", 30, 0, 300);
  static final Setting<Set<String>> REQUIRED_CLAIMS =
      Setting.words(
          "requiredClaims", "sub", "one or more names of claims", "sub jti", Settings::name);
  static final Setting<Set<String>> EXPOSED_CLAIMS =
      Setting.words(
          "exposedClaims", null, "one or more names of claims", "sub tenant", Settings::name);
  static final Setting<Integer> MAX_TOKEN_LENGTH =
      Setting.number("maxTokenLength", 16_384, 64, 1_048_576);
  static final Setting<Integer> TOKEN_CACHE_SIZE =
      Setting.number("tokenCacheSize", 10_000, 0, 10_000_000);
  static final Setting<String> REALM =
      Setting.text(
          "realm",
          "printable ASCII characters without double quote and backslash",
          "orders",
          Settings::realm);
  static final Setting<URI> PUBLIC_ORIGIN =
      new Setting<>(
          "publicOrigin",
          null,
          "the origin that clients see: https, host and perhaps port, and nothing after it"
              + " (http only for a loopback host, with allowHttp)",
          "https://api.example.com",
          Settings::origin);
  static final Setting<Set<String>> PUBLIC_PATHS =
      Setting.words(
          "publicPaths",
          null,
          "paths within the application, exact or with /* at the end, decoded and normalised",
          "/health /assets/*",
          Settings::path);
  static final Setting<String> PUBLIC_PATH_TOKENS =
      Setting.choice("publicPathTokens", "check", "ignore");
  static final Setting<List<String>> RULES =
      Setting.lines(
          "rules",
          "a line each of METHODS PATH SCOPES: methods with commas or *, a path as in publicPaths,"
              + " scopes out of allowedScopes or the word deny",
          "GET /orders/* orders:read");
  static final Setting<String> CORS_PREFLIGHT = Setting.choice("corsPreflight", "guard", "pass");
  static final Setting<Integer> KEY_REFRESH_SECONDS =
      Setting.number("keyRefreshSeconds", 300, 1, 86_400);
  static final Setting<Integer> MAX_KEY_AGE_SECONDS =
      Setting.number("maxKeyAgeSeconds", 3_600, 1, 604_800);
  static final Setting<String> DIAGNOSTICS = Setting.choice("diagnostics", "quiet", "verbose");
  static final Setting<Boolean> FAIL_ON_UNREACHABLE_KEYS = Setting.flag("failOnUnreachableKeys");
  static final Setting<Boolean> ALLOW_HTTP = Setting.flag("allowHttp");

  /** All of them, in the order in which the documentation lists them. */
  static final List<Setting<?>> ALL =
      List.of(
          ISSUER,
          AUDIENCE,
          AUDIENCE_CLAIM,
          ALLOWED_SCOPES,
          REQUIRED_SCOPES,
          SCOPE_IMPLIES,
          UNLISTED_SCOPES,
          FORBIDDEN_SCOPES,
          SCOPE_CLAIM,
          ALGORITHMS,
          JWKS_URI,
          JWKS,
          HMAC_SECRET_FILE,
          TOKEN_TYPE,
          CLOCK_SKEW_SECONDS,
          REQUIRED_CLAIMS,
          EXPOSED_CLAIMS,
          MAX_TOKEN_LENGTH,
          TOKEN_CACHE_SIZE,
          REALM,
          PUBLIC_ORIGIN,
          PUBLIC_PATHS,
          PUBLIC_PATH_TOKENS,
          RULES,
          CORS_PREFLIGHT,
          KEY_REFRESH_SECONDS,
          MAX_KEY_AGE_SECONDS,
          DIAGNOSTICS,
          FAIL_ON_UNREACHABLE_KEYS,
          ALLOW_HTTP);

  private static final Map<String, Setting<?>> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::name, setting -> setting));

  private static final Set<String> ALGORITHM_NAMES =
      Stream.of(JWSAlgorithm.Family.RSA, JWSAlgorithm.Family.HMAC_SHA)
          .flatMap(Set::stream)
          .map(JWSAlgorithm::getName)
          .collect(
              Collectors.collectingAndThen(
                  Collectors.toSet(),
                  names -> {
                    names.addAll(List.of("ES256", "ES384", "ES512", "EdDSA", "Ed25519"));
                    return Set.copyOf(names);
                  }));

  private final Substitution substitution;
  private final Map<Setting<?>, String> given = new LinkedHashMap<>();

  Settings(Substitution substitution) {
    this.substitution = substitution;
  }

  /**
   * Gives a setting its text.
   *
   * @throws IllegalArgumentException if there is no such setting, it has been given before, or the
   *     text makes no sense by itself
   */
  void put(String name, @Nullable String text) {
    Setting<?> setting = BY_NAME.get(name);
    if (setting == null) throw unknown("", name);
    if (text == null) throw setting.refused(null, "it is null");
    String value;
    try {
      value = substitution.apply(text);
    } catch (IllegalArgumentException e) {
      throw setting.refused(text, String.valueOf(e.getMessage()));
    }
    if (value.isBlank()) throw setting.refused(text, "it is empty");
    setting.read(value);
    if (given.putIfAbsent(setting, value) != null) {
      throw setting.refused(
          value, "it has been set before, to " + Printable.quoted(given.get(setting)));
    }
  }

  static boolean has(String name) {
    return BY_NAME.containsKey(name);
  }

  /**
   * Says that there is no such setting.
   *
   * @param prefix what stands before the names where this one was found
   */
  static IllegalArgumentException unknown(String prefix, String name) {
    String hint = nearest(name).map(near -> " Did you mean '" + prefix + near + "'?").orElse("");
    return new IllegalArgumentException(
        "Sallyport cannot start: there is no setting %s.%s Allowed: %s. Example: %s = %s"
            .formatted(
                Printable.quoted(prefix + name),
                hint,
                ALL.stream().map(Setting::name).collect(Collectors.joining(", ")),
                prefix + ISSUER.name(),
                ISSUER.example()));
  }

  private static Optional<String> nearest(String name) {
    String folded = fold(name);
    return ALL.stream()
        .map(Setting::name)
        .min(Comparator.comparingInt(known -> distance(folded, fold(known))))
        .filter(known -> distance(folded, fold(known)) <= 3);
  }

  /** Letter case, hyphens, dots and underscores are what people most often get wrong. */
  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
  }

  /** Levenshtein's, but for a beginning, which counts as near. */
  private static int distance(String a, String b) {
    if (a.length() >= 3 && b.startsWith(a)) return 1;
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) row[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  boolean isGiven(Setting<?> setting) {
    return given.containsKey(setting);
  }

  /** The text as it was given, or null. */
  @Nullable String givenText(Setting<?> setting) {
    return given.get(setting);
  }

  /** What was given, else the default; for a setting that has one. */
  <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow(() -> setting.refused(null, "it has no default"));
  }

  /** What was given, else the default, else nothing. */
  <T> Optional<T> find(Setting<T> setting) {
    String text = given.getOrDefault(setting, setting.standard());
    return text == null ? Optional.empty() : Optional.of(setting.read(text));
  }

  private static String issuer(String text) {
    URI uri = address(text);
    if (uri.getRawQuery() != null) throw new IllegalArgumentException("it has a query");
    return text;
  }

  private static URI origin(String text) {
    URI uri = address(text);
    if (!uri.getRawPath().isEmpty() || uri.getRawQuery() != null) {
      throw new IllegalArgumentException("there is something after host and port");
    }
    return uri;
  }

  private static URI address(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is not a URL", e);
    }
    if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
      throw new IllegalArgumentException("it does not begin with https://");
    }
    if (uri.getHost() == null) throw new IllegalArgumentException("it has no host");
    if (uri.getRawUserInfo() != null) throw new IllegalArgumentException("it has user information");
    if (uri.getRawFragment() != null) throw new IllegalArgumentException("it has a fragment");
    return uri;
  }

  private static String printable(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("it holds a control character");
    }
    return text;
  }

  private static String name(String text) {
    if (text.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("one name, without white space");
    }
    return printable(text);
  }

  /** A scope-token of RFC 6749 section 3.3, and no wildcard. */
  private static String scope(String text) {
    if (text.indexOf('*') >= 0) throw new IllegalArgumentException("a scope with * is too broad");
    return scopeToken(text);
  }

  private static String scopeToken(String text) {
    boolean good = text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
    if (!good) {
      throw new IllegalArgumentException(
          Printable.quoted(text) + " has a character that a scope cannot have");
    }
    return text;
  }

  private static String implication(String text) {
    String[] sides = text.split(">", -1);
    if (sides.length != 2 || sides[0].isEmpty() || sides[1].isEmpty()) {
      throw new IllegalArgumentException(Printable.quoted(text) + " is not a pair with one >");
    }
    scope(sides[0]);
    scope(sides[1]);
    return text;
  }

  private static String forbidden(String text) {
    int star = text.indexOf('*');
    if (star == 0) throw new IllegalArgumentException("* alone forbids everything");
    if (star > 0 && star < text.length() - 1) {
      throw new IllegalArgumentException("a * stands only at the end");
    }
    return scopeToken(text);
  }

  private static String claimOrPointer(String text) {
    if (text.startsWith("/") && text.matches(".*~([^01].*|)")) {
      throw new IllegalArgumentException("a ~ in a JSON Pointer is followed by 0 or 1");
    }
    return printable(text);
  }

  private static String algorithm(String text) {
    if (!ALGORITHM_NAMES.contains(text)) {
      throw new IllegalArgumentException(Printable.quoted(text) + " is not one of them");
    }
    return text;
  }

  private static String path(String text) {
    PathPattern.of(text);
    return text;
  }

  private static String realm(String text) {
    boolean good = text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
    if (!good) throw new IllegalArgumentException("it has a character that a realm cannot have");
    return text;
  }
}
