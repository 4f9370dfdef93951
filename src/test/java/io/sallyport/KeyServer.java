package io.sallyport;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An issuer's HTTP server on loopback: metadata and keys, well-behaved unless told otherwise. */
final class KeyServer implements AutoCloseable {
  static final String OPENID = "/.well-known/openid-configuration";
  static final String OAUTH = "/.well-known/oauth-authorization-server";
  static final String KEYS = "/keys";

  /** Answers one request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** What a request looked like from here. */
  record Asked(String path, Headers headers) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  KeyServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    answer(OPENID, json(metadata(issuer())));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    asked.add(new Asked(path, exchange.getRequestHeaders()));
    try (exchange) {
      answers.getOrDefault(path, status(404)).to(exchange);
    }
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String keysUri() {
    return issuer() + KEYS;
  }

  String metadata(String issuer) {
    return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", keysUri()));
  }

  KeyServer publish(SigningKey... keys) {
    return publish(Arrays.stream(keys).map(SigningKey::jwk).toArray(JWK[]::new));
  }

  KeyServer publish(JWK... keys) {
    answer(KEYS, json(jwks(keys)));
    return this;
  }

  static String jwks(JWK... keys) {
    List<Map<String, Object>> members = Arrays.stream(keys).map(JWK::toJSONObject).toList();
    return JSONObjectUtils.toJSONString(Map.of("keys", members));
  }

  void answer(String path, Answer answer) {
    answers.put(path, answer);
  }

  /** The paths that have been asked for, in order. */
  List<String> paths() {
    return asked.stream().map(Asked::path).toList();
  }

  List<Asked> asked() {
    return asked;
  }

  long fetches() {
    return paths().stream().filter(KEYS::equals).count();
  }

  static Answer json(String body) {
    return body(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  static Answer status(int status) {
    return body(status, "text/plain", new byte[0]);
  }

  static Answer body(int status, String type, byte[] body) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
