package io.sallyport.cli;

import io.sallyport.cli.Converted.Remark;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of Keycloak's retired Java adapter (keycloak.json) as ours. What it was less strict
 * about is not loosened here; what has no counterpart is told of, key by key, and no value that may
 * be a secret is repeated.
 */
final class KeycloakAdapter {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(?:env\\.)?([^}:]*)((?::[^}]*)?)}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  private static final String LOGIN =
      "belongs to logging users in. Sallyport judges tokens and never asks for one; leave logging in"
          + " to the browser's application or to a gateway in front";
  private static final String SESSION = "there is no session: each request brings its token";
  private static final String CLIENT =
      "no counterpart is needed: Sallyport asks Keycloak for public keys alone, and for no token";
  private static final String FETCH =
      "no counterpart is needed: a fetch of keys has 5 s in all, over a connection of its own";

  /** What needs no setting, whatever its value. */
  private static final Map<String, String> NEEDLESS =
      Map.ofEntries(
          Map.entry("public-client", CLIENT),
          Map.entry("credentials", CLIENT + ". Take the secret out of the application"),
          Map.entry("confidential-port", CLIENT),
          Map.entry("connection-pool-size", FETCH),
          Map.entry("socket-timeout-millis", FETCH),
          Map.entry("connection-timeout-millis", FETCH),
          Map.entry("connection-ttl-millis", FETCH),
          Map.entry("token-store", SESSION),
          Map.entry("adapter-state-cookie-path", SESSION),
          Map.entry("token-cookie-path", SESSION),
          Map.entry("turn-off-change-session-id-on-login", SESSION),
          Map.entry("register-node-at-startup", SESSION),
          Map.entry("register-node-period", SESSION),
          Map.entry(
              "autodetect-bearer-only",
              "no counterpart is needed: a request without a token is always answered 401"),
          Map.entry(
              "realm-public-key",
              "not taken over: keys are fetched, so that they may rotate. Where they cannot be"
                  + " fetched, set jwks to a file with the realm's JWK set"),
          Map.entry(
              "min-time-between-jwks-requests",
              "fixed: an unknown kid causes one fetch in 30 s at most"));

  /** What did something that is done no more, whatever its value. */
  private static final Map<String, String> LOST =
      Map.ofEntries(
          Map.entry("always-refresh-token", LOGIN),
          Map.entry("token-minimum-time-to-live", LOGIN),
          Map.entry("redirect-rewrite-rules", LOGIN),
          Map.entry(
              "policy-enforcer",
              "Keycloak's authorization services are not asked; say with rules which scopes open"
                  + " which path"),
          Map.entry(
              "truststore",
              "the JVM's trust store is used: -Djavax.net.ssl.trustStore=... names another"),
          Map.entry("truststore-password", "the JVM's: -Djavax.net.ssl.trustStorePassword=..."),
          Map.entry("client-keystore", "keys are fetched without a client certificate"),
          Map.entry("client-keystore-password", "keys are fetched without a client certificate"),
          Map.entry("client-key-password", "keys are fetched without a client certificate"),
          Map.entry(
              "proxy-url", "the JVM's proxy is used: -Dhttps.proxyHost=... -Dhttps.proxyPort=..."));

  /** What did something that is done no more, if it was true. */
  private static final Map<String, String> LOST_IF_TRUE =
      Map.of(
          "enable-basic-auth",
          "basic authentication is not offered; clients get a token themselves",
          "expose-token",
          "on purpose: nothing gives the token away, neither to handlers nor to a browser",
          "enable-pkce",
          LOGIN,
          "disable-trust-manager",
          "on purpose: whoever can pretend to be Keycloak could hand out keys of his own. Put its"
              + " authority into the JVM's trust store",
          "allow-any-hostname",
          "on purpose: whoever has any certificate could hand out keys of his own. Have Keycloak show"
              + " one for its host");

  private static final List<String> CORS_FIELDS =
      List.of(
          "cors-max-age", "cors-allowed-methods", "cors-allowed-headers", "cors-exposed-headers");

  private final Map<String, @Nullable Object> adapter;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> openQuestions = new LinkedHashMap<>();
  private final List<Remark> remarks = new ArrayList<>();

  /** Keys of which everything has been said. */
  private final Set<String> done = new LinkedHashSet<>();

  private KeycloakAdapter(Map<String, @Nullable Object> adapter) {
    this.adapter = adapter;
  }

  /**
   * Converts them.
   *
   * @param adapter keycloak.json
   * @param skipPattern the filter's {@code keycloak.config.skipPattern}, or null
   */
  static Converted convert(Map<String, @Nullable Object> adapter, @Nullable String skipPattern) {
    return new KeycloakAdapter(adapter).convert(skipPattern);
  }

  private Converted convert(@Nullable String skipPattern) {
    issuer();
    audience();
    scopes();
    if (skipPattern != null) publicPaths(skipPattern);
    cors();
    keyRefresh();
    bearerOnly();
    principal();
    queryParameter();
    adapter.keySet().forEach(this::rest);
    return new Converted(settings, openQuestions, remarks);
  }

  private void issuer() {
    String server = text("auth-server-url");
    String realm = text("realm");
    if (adapter.containsKey("ssl-required")) {
      remark(
          "ssl-required", "always so: keys come over https, from loopback hosts perhaps over http");
    }
    String issuer = server == null || realm == null ? null : issuer(server, realm);
    if (issuer == null) {
      ask("issuer", "ISSUER", "the realm's issuer, exactly as the tokens' iss has it");
      return;
    }
    settings.put("issuer", issuer);
    remark(
        "auth-server-url",
        "taken over with the realm. Compare it with the iss of a token: behind a proxy Keycloak puts"
            + " its public address there");
  }

  /** Null, and a remark, where it cannot be one. */
  private @Nullable String issuer(String server, String realm) {
    String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    String issuer = base + "/realms/" + encoded(realm);
    if (server.contains("${")) return issuer;
    URI address;
    try {
      address = new URI(server);
    } catch (URISyntaxException e) {
      lose("auth-server-url", "is no URL");
      return null;
    }
    if (address.getHost() == null) {
      lose("auth-server-url", "is relative, and an issuer is known by its whole address");
      return null;
    }
    if ("https".equals(address.getScheme())) return issuer;
    if ("http".equals(address.getScheme()) && isLoopback(address.getHost())) {
      settings.put("allowHttp", "true");
      remark("auth-server-url", "is http, so allowHttp=true is set; for development alone");
      return issuer;
    }
    lose(
        "auth-server-url",
        "is not https, and keys that come over plain http are anybody's. Name the https address that"
            + " the tokens' iss has");
    return null;
  }

  private static boolean isLoopback(String host) {
    return host.matches("localhost|\\[::1]|127(\\.[0-9]{1,3}){3}");
  }

  private static String encoded(String segment) {
    if (segment.contains("${")) return segment;
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void audience() {
    String resource = text("resource");
    boolean wasChecked = isTrue("verify-token-audience");
    if (resource == null || resource.matches(".*\\s.*")) {
      ask("audience", "AUDIENCE", "the name of this service in the tokens' aud");
      return;
    }
    settings.put("audience", resource);
    remark(
        "verify-token-audience",
        wasChecked
            ? "always so: the tokens' aud has to hold the resource"
            : "always so, and it was not before: have an audience mapper put the resource into the"
                + " tokens' aud, or every token is refused (SP-304)");
  }

  private void scopes() {
    String resource = text("resource");
    boolean ofResource = isTrue("use-resource-role-mappings");
    if (ofResource && resource != null && !resource.matches(".*\\s.*")) {
      settings.put("scopeClaim", "/resource_access/" + pointer(resource) + "/roles");
    } else {
      settings.put("scopeClaim", "/realm_access/roles");
      if (ofResource) {
        lose(
            "use-resource-role-mappings",
            "needs a resource without white space; realm roles are taken instead");
      }
    }
    ask(
        "allowedScopes",
        "ALLOWED_SCOPES",
        "the roles that the application asks for, with white space between them; no other role is"
            + " visible to it");
  }

  /** As a member's name stands in a JSON Pointer (RFC 6901 section 3). */
  private static String pointer(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private void publicPaths(String skipPattern) {
    List<String> paths = SkipPattern.paths(skipPattern);
    if (paths.isEmpty()) {
      lose(
          "keycloak.config.skipPattern",
          "is a regular expression that is no list of paths; write publicPaths by hand, such as"
              + " /health /assets/*");
      return;
    }
    settings.put("publicPaths", String.join(" ", paths));
    remark(
        "keycloak.config.skipPattern",
        "became publicPaths: /assets/* is /assets and all below it, and never /assets2");
  }

  private void cors() {
    if (!isTrue("enable-cors")) {
      for (String field : CORS_FIELDS) {
        if (adapter.containsKey(field)) remark(field, "had no effect without enable-cors");
      }
      return;
    }
    settings.put("corsPreflight", "pass");
    lose(
        "enable-cors",
        "preflights pass without a token, and nothing answers them: put the container's CORS filter"
            + " in front, which answers them itself and makes corsPreflight needless");
    for (String field : CORS_FIELDS) {
      if (adapter.containsKey(field)) lose(field, "for the container's CORS filter");
    }
  }

  private void keyRefresh() {
    String key = "public-key-cache-ttl";
    if (!adapter.containsKey(key)) return;
    done.add(key);
    if (adapter.get(key) instanceof Long seconds && seconds >= 1 && seconds <= 300) {
      settings.put("keyRefreshSeconds", seconds.toString());
      return;
    }
    remark(key, "not taken over: keys are fetched anew every 300 s (keyRefreshSeconds)");
  }

  private void bearerOnly() {
    if (isTrue("bearer-only")) {
      remark("bearer-only", "always so");
      return;
    }
    lose("bearer-only", "was not set: the login that a browser was sent to " + LOGIN);
  }

  private void principal() {
    String attribute = text("principal-attribute");
    if (attribute == null) return;
    if (attribute.equals("sub")) {
      remark("principal-attribute", "always so");
      return;
    }
    lose(
        "principal-attribute",
        "getUserPrincipal() and getRemoteUser() give the sub, which is never given to somebody else;"
            + " a handler gets other claims by token.claim(name, String.class)");
  }

  private void queryParameter() {
    String key = "ignore-oauth-query-parameter";
    if (!adapter.containsKey(key)) return;
    if (isTrue(key)) remark(key, "always so");
    else lose(key, "on purpose: a token in the query is never read, since it ends up in logs");
  }

  /** What has not been spoken of yet. */
  private void rest(String key) {
    if (!done.add(key)) return;
    String lostIfTrue = LOST_IF_TRUE.get(key);
    if (lostIfTrue != null) {
      if (isTrue(key)) lose(key, lostIfTrue);
      else remark(key, "stays off");
      return;
    }
    if (NEEDLESS.containsKey(key)) {
      remark(key, String.valueOf(NEEDLESS.get(key)));
    } else {
      lose(key, LOST.getOrDefault(key, "is no key of the adapter that is known here; look it up"));
    }
  }

  private void ask(String setting, String name, String question) {
    settings.put(setting, "${" + name + "}");
    openQuestions.put(name, question);
  }

  private void remark(String key, String text) {
    done.add(key);
    remarks.add(new Remark(key, false, text));
  }

  private void lose(String key, String text) {
    done.add(key);
    remarks.add(new Remark(key, true, text));
  }

  private boolean isTrue(String key) {
    done.add(key);
    Object value = adapter.get(key);
    if (value == null || value instanceof Boolean) return Boolean.TRUE.equals(value);
    if ("true".equals(value)) return true;
    if (!"false".equals(value)) lose(key, "is neither true nor false, and is taken for false");
    return false;
  }

  /** A text with its references in our spelling, or null where there is none. */
  private @Nullable String text(String key) {
    done.add(key);
    Object value = adapter.get(key);
    if (value == null) return null;
    boolean isText =
        value instanceof String text
            && !text.isBlank()
            && text.chars().noneMatch(Character::isISOControl);
    if (isText) return withOurReferences(key, ((String) value).strip());
    lose(key, "is not text that can be read");
    return null;
  }

  private @Nullable String withOurReferences(String key, String text) {
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder ours = new StringBuilder();
    while (reference.find()) {
      if (!NAME.matcher(reference.group(1)).matches()) {
        lose(key, "refers to something that has no plain name");
        return null;
      }
      String spelled = "${" + reference.group(1) + reference.group(2) + "}";
      reference.appendReplacement(ours, Matcher.quoteReplacement(spelled));
    }
    return reference.appendTail(ours).toString();
  }
}
