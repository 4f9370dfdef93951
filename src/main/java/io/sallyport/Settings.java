package io.sallyport;

import io.sallyport.text.Printable;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every setting that there is, by name. */
final class Settings {
  static final Setting<String> ISSUER =
      Setting.text(
          "issuer",
          "an https URL without query and fragment, exactly as the tokens' iss has it"
              + " (http only for a loopback host, with allowHttp)",
          "https://id.example.com/realms/acme",
          SettingSyntax::issuer);
  static final Setting<Set<String>> AUDIENCE =
      Setting.words(
          "audience",
          null,
          "one or more names of this service, one of which a token's aud has to hold exactly",
          "https://api.example.com",
          SettingSyntax::audience);
  static final Setting<String> AUDIENCE_CLAIM =
      new Setting<>(
          "audienceClaim", "aud", "the name of a claim", "client_id", SettingSyntax::name);
  static final Setting<Set<String>> ALLOWED_SCOPES =
      Setting.words(
          "allowedScopes",
          null,
          "one or more scopes, each named exactly, without *",
          "orders:read orders:write",
          SettingSyntax::scope);
  static final Setting<Set<String>> REQUIRED_SCOPES =
      Setting.words(
          "requiredScopes",
          null,
          "one or more of allowedScopes, all of which a token has to have",
          "orders:read",
          SettingSyntax::scope);
  static final Setting<Set<String>> SCOPE_IMPLIES =
      Setting.words(
          "scopeImplies",
          null,
          "pairs of scopes with > between them",
          "orders:write>orders:read",
          SettingSyntax::implication);
  static final Setting<String> UNLISTED_SCOPES = Setting.choice("unlistedScopes", "drop", "reject");
  static final Setting<Set<String>> FORBIDDEN_SCOPES =
      Setting.words(
          "forbiddenScopes",
          null,
          "scopes, exact or with a * at the end, which add to the host-level list;"
              + " the word none first leaves that list out",
          "billing:* payroll",
          SettingSyntax::forbidden);
  static final Setting<Set<String>> SCOPE_CLAIM =
      Setting.words(
          "scopeClaim",
          "scope scp",
          "names of claims, or JSON Pointers that begin with a slash",
          "/realm_access/roles",
          SettingSyntax::claimOrPointer);
  static final Setting<Set<String>> ALGORITHMS =
      Setting.words(
          "algorithms",
          "RS256 PS256 ES256 EdDSA Ed25519",
          "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519,"
              + " or with hmacSecretFile HS256 HS384 HS512; none never",
          "RS256 ES256",
          SettingSyntax::algorithm);
  static final Setting<URI> JWKS_URI =
      new Setting<>(
          "jwksUri",
          null,
          "an https URL (http only for a loopback host, with allowHttp)",
          "https://id.example.com/realms/acme/certs",
          SettingSyntax::address);
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
          "requiredClaims", "sub", "one or more names of claims", "sub jti", SettingSyntax::name);
  static final Setting<Set<String>> EXPOSED_CLAIMS =
      Setting.words(
          "exposedClaims", null, "one or more names of claims", "sub tenant", SettingSyntax::name);
  static final Setting<Integer> MAX_TOKEN_LENGTH =
      Setting.number("maxTokenLength", 16_384, 64, 1_048_576);
  static final Setting<Integer> TOKEN_CACHE_SIZE =
      Setting.number("tokenCacheSize", 10_000, 0, 10_000_000);
  static final Setting<String> REALM =
      Setting.text(
          "realm",
          "printable ASCII characters without double quote and backslash",
          "orders",
          SettingSyntax::realm);
  static final Setting<URI> PUBLIC_ORIGIN =
      new Setting<>(
          "publicOrigin",
          null,
          "the origin that clients see: https, host and perhaps port, and nothing after it"
              + " (http only for a loopback host, with allowHttp)",
          "https://api.example.com",
          SettingSyntax::origin);
  static final Setting<URI> RESOURCE =
      new Setting<>(
          "resource",
          null,
          "the identifier of this resource, by which clients ask for tokens: an https URL without"
              + " query and fragment, its path normalised"
              + " (http only for a loopback host, with allowHttp)",
          "https://api.example.com/mcp",
          SettingSyntax::resource);
  static final Setting<Set<String>> PUBLIC_PATHS =
      Setting.words(
          "publicPaths",
          null,
          "paths within the application, exact or with /* at the end, decoded and normalised",
          "/health /assets/*",
          SettingSyntax::path);
  static final Setting<String> PUBLIC_PATH_TOKENS =
      Setting.choice("publicPathTokens", "check", "ignore");
  static final Setting<List<String>> RULES =
      Setting.lines(
          "rules",
          "a line each of METHODS PATH SCOPES: methods with commas or *, a path as in publicPaths,"
              + " scopes out of allowedScopes or the word deny,"
              + " and behind scopes perhaps acr=VALUE, once or more, and maxAge=SECONDS",
          "GET /orders/* orders:read");
  static final Setting<Set<String>> ACR_VALUES =
      Setting.words(
          "acrValues",
          null,
          "one or more values, one of which a token's acr has to equal, of printable ASCII"
              + " characters without double quote and backslash",
          "gold platinum",
          StepUp::acr);
  static final Setting<Integer> MAX_AUTH_AGE_SECONDS =
      new Setting<>(
          "maxAuthAgeSeconds", null, "a whole number from 1 to 31536000", "3600", StepUp::seconds);
  static final Setting<String> SENDER_CONSTRAINT =
      Setting.choice("senderConstraint", "auto", "dpop", "mtls", "any");
  static final Setting<Integer> DPOP_MAX_AGE_SECONDS =
      Setting.number("dpopMaxAgeSeconds", 60, 1, 300);
  static final Setting<String> DPOP_NONCE = Setting.choice("dpopNonce", "off", "required");
  static final Setting<Set<String>> TRUSTED_PROXIES =
      Setting.words(
          "trustedProxies",
          null,
          "addresses in numbers, or ranges of them with a / and a number of bits after it",
          "10.0.0.0/8 2001:db8::7",
          SettingSyntax::addressRange);
  static final Setting<String> CORS_PREFLIGHT = Setting.choice("corsPreflight", "guard", "pass");
  static final Setting<Integer> KEY_REFRESH_SECONDS =
      Setting.number("keyRefreshSeconds", 300, 1, 86_400);
  static final Setting<Integer> MAX_KEY_AGE_SECONDS =
      Setting.number("maxKeyAgeSeconds", 3_600, 1, 604_800);
  static final Setting<String> HOST_EXPOSURE =
      Setting.choice("hostExposure", "warn", "refuse", "off");
  static final Setting<String> DIAGNOSTICS = Setting.choice("diagnostics", "quiet", "verbose");
  static final Setting<Boolean> FAIL_ON_UNREACHABLE_KEYS = Setting.flag("failOnUnreachableKeys");
  static final Setting<Boolean> ALLOW_HTTP = Setting.flag("allowHttp");
  static final Setting<Set<String>> ISSUERS =
      Setting.words(
          "issuers",
          null,
          "one or more names for issuers, each a letter and then letters, digits, - or _;"
              + " a name with a dot stands before the settings of that issuer",
          "corp partner",
          SettingSyntax::issuerName);

  /** What {@code requiring(…)} is given: no setting, but read and refused as one. */
  static final Setting<Set<String>> REQUIRING =
      Setting.words(
          "requiring", null, "one or more of allowedScopes", "orders:read", SettingSyntax::scope);

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
          RESOURCE,
          PUBLIC_PATHS,
          PUBLIC_PATH_TOKENS,
          RULES,
          ACR_VALUES,
          MAX_AUTH_AGE_SECONDS,
          SENDER_CONSTRAINT,
          DPOP_MAX_AGE_SECONDS,
          DPOP_NONCE,
          TRUSTED_PROXIES,
          CORS_PREFLIGHT,
          KEY_REFRESH_SECONDS,
          MAX_KEY_AGE_SECONDS,
          HOST_EXPOSURE,
          DIAGNOSTICS,
          FAIL_ON_UNREACHABLE_KEYS,
          ALLOW_HTTP,
          ISSUERS);

  /** What speaks of tokens and their keys, so that each of several issuers may have its own. */
  private static final List<Setting<?>> OF_AN_ISSUER =
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
          KEY_REFRESH_SECONDS,
          MAX_KEY_AGE_SECONDS);

  private static final Set<String> NAMES_OF_AN_ISSUER =
      OF_AN_ISSUER.stream().map(Setting::name).collect(Collectors.toUnmodifiableSet());

  private static final Map<String, Setting<?>> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::name, setting -> setting));

  private Settings() {}

  /**
   * The setting of that name, which may have an issuer's name with a dot before it.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Setting<?> of(String name) {
    int dot = name.indexOf('.');
    Setting<?> setting = BY_NAME.get(name.substring(dot + 1));
    if (setting == null) throw unknown("", name);
    if (dot < 0) return setting;
    if (isOfAnIssuer(setting)) return setting.named(name);
    throw new IllegalArgumentException(
        "Sallyport cannot start: there is no setting %s, since %s is the filter's and no issuer's."
                .formatted(Printable.quoted(name), setting.name())
            + " Allowed after an issuer's name and a dot: %s. Example: %s = %s"
                .formatted(names(OF_AN_ISSUER), setting.name(), setting.example()));
  }

  /**
   * Whether each of several issuers may have its own. By name: a record that is compared would keep
   * the class loader of a redeployed application.
   */
  static boolean isOfAnIssuer(Setting<?> setting) {
    return NAMES_OF_AN_ISSUER.contains(setting.name());
  }

  /** Whether there is such a setting, with or without the name of an issuer before it. */
  static boolean has(String name) {
    return BY_NAME.containsKey(name.substring(name.indexOf('.') + 1));
  }

  /**
   * Says that there is no such setting.
   *
   * @param prefix what stands before the names where this one was found
   */
  static IllegalArgumentException unknown(String prefix, String name) {
    Set<String> known = new LinkedHashSet<>(BY_NAME.keySet());
    String issuer = name.substring(0, name.indexOf('.') + 1);
    for (Setting<?> setting : OF_AN_ISSUER) known.add(issuer + setting.name());
    String hint =
        NearestName.of(name, known)
            .map(near -> " Did you mean '" + prefix + Printable.plain(near) + "'?")
            .orElse("");
    return new IllegalArgumentException(
        "Sallyport cannot start: there is no setting %s.%s Allowed: %s. Example: %s = %s"
            .formatted(
                Printable.quoted(prefix + name),
                hint,
                names(ALL),
                prefix + ISSUER.name(),
                ISSUER.example()));
  }

  private static String names(List<Setting<?>> settings) {
    return settings.stream().map(Setting::name).collect(Collectors.joining(", "));
  }
}
