package io.sallyport.examples.mcp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an authorization server, on a port of its own. Whoever names a client is that
 * client, with any secret, and gets the scopes that it asks for; so leave it on loopback. Its key
 * lives as long as the process.
 */
final class DevelopmentIssuer {
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final int LONGEST_BODY = 64 * 1024;

  private final HttpServer server;
  private final String name;
  private final String resource;
  private final ECKey key;

  /**
   * Starts the issuer.
   *
   * @param port where on loopback, or 0 for any free one
   * @param resource the one that there are tokens for
   */
  DevelopmentIssuer(int port, String resource) throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(NotesServer.HOST, port), 0);
    this.name = "http://" + NotesServer.HOST + ":" + server.getAddress().getPort();
    this.resource = resource;
    try {
      this.key = new ECKeyGenerator(Curve.P_256).keyID("dev").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK from 17 on has P-256", e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** The {@code iss} of its tokens, below which its metadata is. */
  String name() {
    return name;
  }

  /** A token that is good for ten minutes. */
  String token(String subject, String... scopes) {
    return token(subject, LIFETIME, scopes);
  }

  /** A token as RFC 9068 section 2 has it. */
  String token(String subject, Duration lifetime, String... scopes) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID(key.getKeyID())
            .build();
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(name)
            .subject(subject)
            .audience(resource)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(lifetime)))
            .jwtID(UUID.randomUUID().toString())
            .claim("client_id", subject)
            .claim("scope", String.join(" ", scopes))
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that was made here does not sign", e);
    }
    return token.serialize();
  }

  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
        case "GET /.well-known/oauth-authorization-server" -> write(exchange, 200, metadata());
        case "GET /jwks" -> write(exchange, 200, new JWKSet(key).toJSONObject(true));
        case "POST /token" -> grant(exchange);
        default -> write(exchange, 404, Map.of("error", "nothing is here"));
      }
    }
  }

  /** RFC 8414 section 2. Clients insist on an authorization_endpoint; there is nothing at it. */
  private Map<String, Object> metadata() {
    return Map.of(
        "issuer",
        name,
        "jwks_uri",
        name + "/jwks",
        "token_endpoint",
        name + "/token",
        "authorization_endpoint",
        name + "/authorize",
        "response_types_supported",
        List.of("code"),
        "grant_types_supported",
        List.of("client_credentials"),
        "token_endpoint_auth_methods_supported",
        List.of("client_secret_basic"));
  }

  /** Client credentials (RFC 6749 section 4.4), for the resource that was named (RFC 8707). */
  private void grant(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
    Map<String, String> form;
    String client;
    try {
      form = form(new String(body, StandardCharsets.UTF_8));
      client = client(exchange.getRequestHeaders().getFirst("Authorization"));
    } catch (IllegalArgumentException e) {
      write(exchange, 400, Map.of("error", "invalid_request"));
      return;
    }
    if (client.isEmpty()) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"development\"");
      write(exchange, 401, Map.of("error", "invalid_client"));
    } else if (!"client_credentials".equals(form.get("grant_type"))) {
      write(exchange, 400, Map.of("error", "unsupported_grant_type"));
    } else if (!resource.equals(form.get("resource"))) {
      write(exchange, 400, Map.of("error", "invalid_target"));
    } else {
      String scope = form.getOrDefault("scope", "");
      Map<String, Object> granted = new HashMap<>();
      granted.put("access_token", token(client, scope));
      granted.put("token_type", "Bearer");
      granted.put("expires_in", LIFETIME.toSeconds());
      granted.put("scope", scope);
      write(exchange, 200, granted);
    }
  }

  /** The client's name in the Basic scheme (RFC 6749 section 2.3.1), or nothing. */
  private static String client(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith("Basic ")) return "";
    byte[] pair = Base64.getDecoder().decode(authorization.substring("Basic ".length()));
    return decoded(new String(pair, StandardCharsets.UTF_8).split(":", 2)[0]);
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&")) {
      String[] pair = field.split("=", 2);
      if (pair.length == 2) form.put(decoded(pair[0]), decoded(pair[1]));
    }
    return form;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void write(HttpExchange exchange, int status, Map<String, ?> json)
      throws IOException {
    byte[] body = JSONObjectUtils.toJSONString(json).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
