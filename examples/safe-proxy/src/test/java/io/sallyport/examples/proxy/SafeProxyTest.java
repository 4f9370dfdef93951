package io.sallyport.examples.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sallyport.examples.proxy.Wire.Answer;
import io.sallyport.examples.proxy.Witness.Seen;
import io.sallyport.testkit.TestIssuer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets through the proxy, and what the upstream sees of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SafeProxyTest {
  private static TestIssuer issuer;

  private Witness upstream;
  private SafeProxy proxy;

  @BeforeAll
  static void startIssuer() {
    issuer = TestIssuer.start("ES256");
  }

  @AfterAll
  static void stopIssuer() {
    issuer.close();
  }

  @BeforeEach
  void start() throws Exception {
    upstream = Witness.at("127.0.0.1", 0);
    proxy = proxy();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.stop();
    upstream.close();
  }

  private SafeProxy proxy(String... settings) throws Exception {
    String[] more =
        Stream.concat(Stream.of("addresses", "127.0.0.1"), Stream.of(settings))
            .toArray(String[]::new);
    return SafeProxy.start(
        Proxies.settings(issuer, Proxies.at(upstream, "/api"), more), /* resolver= */ null);
  }

  private void restart(String... settings) throws Exception {
    proxy.stop();
    proxy = proxy(settings);
  }

  private static String token() {
    return issuer.mint("orders:read", "orders:write", "billing:read");
  }

  private Answer get(String target, String... fields) throws Exception {
    return Wire.get(proxy.port(), target, token(), fields);
  }

  @Test
  void an_honest_request_arrives_with_who_it_is_from_and_without_a_credential() throws Exception {
    String cookie = "session=" + "0123456789abcdef".repeat(2);
    Answer answer =
        get(
            "/orders/7%20a?page=2&q=a+b%2F",
            "Accept: application/json",
            "Accept: text/plain",
            "If-None-Match: \"7\"",
            "Cookie: " + cookie);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("here I am");
    Seen seen = upstream.only();
    assertThat(seen.line()).isEqualTo("GET /api/orders/7%20a?page=2&q=a+b%2F HTTP/1.1");
    assertThat(seen.values("Host")).containsExactly("127.0.0.1:" + upstream.port());
    assertThat(seen.values("Accept")).containsExactly("application/json", "text/plain");
    assertThat(seen.values("If-None-Match")).containsExactly("\"7\"");
    assertThat(seen.values("X-Verified-Subject")).containsExactly("ann");
    assertThat(seen.values("X-Verified-Scopes")).containsExactly("orders:read orders:write");
    assertThat(seen.values("Via")).containsExactly("1.1 sallyport-safe-proxy");
    assertThat(seen.names())
        .containsOnly(
            "host", "accept", "if-none-match", "x-verified-subject", "x-verified-scopes", "via");
    assertThat(seen.head()).doesNotContain(token().substring(0, 20), cookie, "Bearer");
  }

  @Test
  void without_a_good_token_nothing_arrives() throws Exception {
    String bare = "GET /orders HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n";
    String expired = issuer.token().scope("orders:read").expiresIn(Duration.ofMinutes(-5)).mint();

    assertThat(Wire.send(proxy.port(), bare).status()).isEqualTo(401);
    assertThat(Wire.get(proxy.port(), "/orders", expired).status()).isEqualTo(401);
    assertThat(Wire.get(proxy.port(), "/orders", issuer.mint("billing:read")).status())
        .isEqualTo(403);
    assertThat(upstream.visitors()).isZero();
  }

  @Test
  void the_filters_rules_count() throws Exception {
    restart("sallyport.rules", "GET /* orders:read\n* /* orders:write");
    String reader = issuer.mint("orders:read");

    assertThat(Wire.get(proxy.port(), "/orders", reader).status()).isEqualTo(200);
    assertThat(Wire.send(proxy.port(), Wire.request("DELETE", "/orders/7", reader)).status())
        .isEqualTo(403);
    assertThat(upstream.only().line()).isEqualTo("GET /api/orders HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Proxy-Authorization: Basic YW5uOnNlY3JldA==",
        "proxy-AUTHORIZATION: Basic YW5uOnNlY3JldA==",
        "DPoP: eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
        "Client-Cert: :MIIB:",
        "Client-Cert-Chain: :MIIB:",
        "X-Client-Cert: MIIB",
        "X-SSL-Client-Cert: MIIB",
        "X-Forwarded-Client-Cert: Hash=00",
        "Cookie: session=1",
        "Cookie2: session=1",
        "X-Api-Key: 1",
        "Forwarded: for=10.0.0.1;host=internal",
        "X-Forwarded-For: 10.0.0.1",
        "X-Forwarded-Host: internal",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Prefix: /internal",
        "X-Forwarded-User: admin",
        "X-Real-IP: 10.0.0.1",
        "X-Original-URL: /internal",
        "X-Rewrite-URL: /internal",
        "X-HTTP-Method-Override: DELETE",
        "X-User: admin",
        "X-Remote-User: admin",
        "Remote-User: admin",
        "X-Verified-Subject: admin",
        "x-verified-subject: admin",
        "X_Verified_Subject: admin",
        "X-Verified-Scopes: admin",
        "X-Verified-Issuer: https://evil.example",
        "Via: 1.1 somebody",
        "Max-Forwards: 1",
        "Origin: https://evil.example",
        "Referer: https://evil.example/",
        "Keep-Alive: timeout=5",
        "Proxy-Connection: keep-alive",
        "TE: trailers",
        "Trailer: X-User",
        "HTTP2-Settings: AAMAAABk",
        "Expect: 100-continue",
        "Proxy: http://127.0.0.1:1",
        "X-Whatever: 1",
      })
  void what_the_client_says_of_itself_does_not_arrive(String field) throws Exception {
    assertThat(get("/orders", field).status()).isEqualTo(200);

    Seen seen = upstream.only();
    assertThat(seen.names())
        .containsExactlyInAnyOrder("host", "x-verified-subject", "x-verified-scopes", "via");
    assertThat(seen.values("X-Verified-Subject")).containsExactly("ann");
    assertThat(seen.values("X-Verified-Scopes")).containsExactly("orders:read orders:write");
    assertThat(seen.values("Via")).containsExactly("1.1 sallyport-safe-proxy");
  }

  @Test
  void what_connection_lists_is_dropped_and_never_what_the_proxy_says_itself() throws Exception {
    String request =
        Wire.request("GET", "/orders", token(), "Accept: text/plain", "Accept-Language: de")
            .replace(
                "Connection: close",
                "Connection: close, aCCept\r\n"
                    + "Connection: Host, Via, X-Verified-Subject, X-Verified-Scopes");

    assertThat(Wire.send(proxy.port(), request).status()).isEqualTo(200);
    Seen seen = upstream.only();
    assertThat(seen.names())
        .containsExactlyInAnyOrder(
            "host", "accept-language", "x-verified-subject", "x-verified-scopes", "via");
    assertThat(seen.values("Host")).containsExactly("127.0.0.1:" + upstream.port());
  }

  @Test
  void a_subject_that_is_no_ascii_is_percent_encoded() throws Exception {
    String token = issuer.token().subject("zoë 100% |x").scope("orders:read").mint();
    assertThat(Wire.get(proxy.port(), "/orders", token).status()).isEqualTo(200);
    assertThat(upstream.only().values("X-Verified-Subject"))
        .containsExactly("zo%C3%AB%20100%25%20|x");
  }

  @Test
  void on_a_public_path_nobody_is_verified() throws Exception {
    restart("sallyport.publicPaths", "/health");
    String request =
        "GET /health HTTP/1.1\r\nHost: api.example.com\r\nX-Verified-Subject: admin\r\n"
            + "Connection: close\r\n\r\n";
    assertThat(Wire.send(proxy.port(), request).status()).isEqualTo(200);
    assertThat(upstream.only().names()).containsExactlyInAnyOrder("host", "via");
  }

  @Test
  void a_body_arrives_whole_by_length_and_in_chunks() throws Exception {
    String body = "0123456789abcdef".repeat(4096);
    String start = Wire.request("POST", "/orders", token(), "Content-Type: text/plain");
    String byLength =
        start.replace("\r\n\r\n", "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    String inChunks =
        start.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n")
            + "10000;ext=1\r\n%s\r\n3\r\nabc\r\n0\r\nX-User: admin\r\n\r\n".formatted(body);

    assertThat(Wire.send(proxy.port(), byLength).status()).isEqualTo(200);
    Seen first = upstream.only();
    assertThat(first.values("Content-Length")).containsExactly(String.valueOf(body.length()));
    assertThat(first.values("Content-Type")).containsExactly("text/plain");
    assertThat(first.body()).isEqualTo(body);

    assertThat(Wire.send(proxy.port(), inChunks).status()).isEqualTo(200);
    Seen second = upstream.only();
    assertThat(second.values("Transfer-Encoding")).containsExactly("chunked");
    assertThat(second.body()).isEqualTo(body + "abc");
    assertThat(second.head()).doesNotContain("X-User");
  }

  @Test
  void an_empty_body_is_none() throws Exception {
    String post = Wire.request("POST", "/orders", token(), "Content-Length: 0");
    assertThat(Wire.send(proxy.port(), post).status()).isEqualTo(200);
    assertThat(upstream.only().values("Content-Length")).containsExactly("0");
    assertThat(get("/orders", "Content-Type: text/plain").status()).isEqualTo(200);
    assertThat(upstream.only().values("Transfer-Encoding")).isEmpty();
  }

  @Test
  void a_client_that_waits_for_a_100_gets_it_from_the_proxy() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
      String head =
          Wire.request("PUT", "/orders/7", token(), "Content-Length: 3", "Expect: 100-continue");
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      byte[] interim = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue".length());
      assertThat(new String(interim, ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue");
      socket.getOutputStream().write("abc".getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(answer).contains("HTTP/1.1 200 OK").endsWith("here I am");
    }
    assertThat(upstream.only().body()).isEqualTo("abc");
  }

  /** The rest of it would be the next request on that connection, with another's identity. */
  @Test
  void a_body_that_ends_early_is_never_followed_by_another_request() throws Exception {
    for (String length : List.of("1000", "3000000000", "9223372036854775807")) {
      String cut = Wire.request("POST", "/orders", token(), "Content-Length: " + length) + "abc";
      assertThat(Wire.send(proxy.port(), cut).status()).as(length).isNotEqualTo(200);
      assertThat(get("/orders/7").status()).as(length).isEqualTo(200);
      assertThat(upstream.seen())
          .as(length)
          .extracting(Seen::line)
          .containsExactly("GET /api/orders/7 HTTP/1.1");
    }
  }

  @Test
  void an_answer_comes_back_with_what_belongs_to_it_alone() throws Exception {
    upstream.answer(
        Witness.answering(
            "200 Fine",
            String.join(
                "\r\n",
                "Content-Type: application/json",
                "ETag: \"7\"",
                "Cache-Control: private",
                "Set-Cookie: session=1",
                "Set-Cookie2: session=1",
                "Server: internal/1.0",
                "X-Powered-By: internal",
                "Via: 1.1 internal",
                "Alt-Svc: h2=\"internal:443\"",
                "Refresh: 0; url=http://internal/",
                "Link: <http://internal/>; rel=next",
                "Content-Location: http://internal/",
                "Location: http://internal/",
                "Access-Control-Allow-Origin: *",
                "Clear-Site-Data: \"*\"",
                "Strict-Transport-Security: max-age=0",
                "Proxy-Authenticate: Basic",
                "WWW-Authenticate: Basic",
                "Keep-Alive: timeout=5",
                "Vary: Accept",
                "Connection: X-Secret, vary",
                "X-Secret: 1"),
            "{}"));

    Answer answer = get("/orders");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
    assertThat(answer.head().lines().skip(1).map(line -> line.substring(0, line.indexOf(':'))))
        .containsExactlyInAnyOrder(
            "Date", "Content-Type", "ETag", "Cache-Control", "Content-Length", "Connection");
    assertThat(answer.text()).doesNotContain("internal");
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, 200 OK, 200",
    "GET, 204 No Content, 204",
    "GET, 304 Not Modified, 304",
    "GET, 403 Forbidden, 403",
    "GET, 404 Not Found, 404",
    "GET, 429 Too Many Requests, 429",
    "GET, 500 Internal Server Error, 500",
  })
  void other_answers_come_back_too(String method, String status, int code) throws Exception {
    boolean empty = code == 204 || code == 304;
    upstream.answer(
        empty
            ? Witness.raw("HTTP/1.1 " + status + "\r\nETag: \"7\"\r\n\r\n")
            : Witness.answering(status, "Content-Type: text/plain", "abc"));

    Answer answer = Wire.send(proxy.port(), Wire.request(method, "/orders", token()));

    assertThat(answer.status()).isEqualTo(code);
    assertThat(answer.body()).isEqualTo(empty || method.equals("HEAD") ? "" : "abc");
    assertThat(upstream.only().line()).startsWith(method + " ");
  }

  @Test
  void a_notice_before_the_answer_is_not_the_answer() throws Exception {
    upstream.answer(
        Witness.raw(
            "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"));
    for (int i = 0; i < 3; i++) {
      Answer answer = get("/orders");
      assertThat(answer.text()).contains("HTTP/1.1 200 OK").endsWith("abc").doesNotContain("</x>");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "302 Found, /api/orders/8?x=1#y, /orders/8?x=1#y",
    "301 Moved Permanently, 8, /orders/8",
    "307 Temporary Redirect, ORIGIN/api/, /",
    "201 Created, ORIGIN/api/orders/8, /orders/8",
  })
  void a_location_below_the_upstream_is_handed_on_as_one_below_the_proxy(
      String status, String location, String here) throws Exception {
    String there = location.replace("ORIGIN", Proxies.at(upstream, ""));
    upstream.answer(Witness.answering(status, "Location: " + there, ""));

    Answer answer = get("/orders/7");

    assertThat(answer.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
    assertThat(answer.values("Location")).containsExactly(here);
    assertThat(upstream.only().target()).as("not followed").isEqualTo("/api/orders/7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 407 Proxy Auth\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nETag: \"127.0.0.1\"\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 500 Server Error\r\nETag: \"127.0.0.1\"\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n127.0.0.1",
        "HTTP/1.1 200 OK\r\n127.0.0.1\r\n\r\n",
        "SSH-2.0-127.0.0.1\r\n",
        "127.0.0.1",
        "",
      })
  void an_answer_that_is_none_is_a_plain_502(String raw) throws Exception {
    upstream.answer(
        (request, out) -> {
          out.write(raw.getBytes(ISO_8859_1));
          throw new EOFException("ends the connection");
        });
    assertPlain(get("/orders"), 502, "502 Bad Gateway\n");
  }

  @Test
  void an_upstream_that_is_down_is_a_plain_502() throws Exception {
    try (Socket deaf = new Socket()) { // has the port, and does not listen
      deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      restart("upstream", "http://127.0.0.1:" + deaf.getLocalPort());
      assertPlain(get("/orders"), 502, "502 Bad Gateway\n");
    }
  }

  @Test
  void an_upstream_that_takes_no_connection_is_a_plain_504_in_time() throws Exception {
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 8; i++) {
        SocketChannel connection = SocketChannel.open();
        waiting.add(connection);
        connection.configureBlocking(false);
        connection.connect(full.getLocalSocketAddress());
      }
      String address = "http://127.0.0.1:" + full.getLocalPort();
      restart("upstream", address, "connectMillis", "300", "totalMillis", "60000");
      Instant start = Instant.now();

      assertPlain(get("/orders"), 504, "504 Gateway Timeout\n");

      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofMillis(4500));
    } finally {
      for (SocketChannel connection : waiting) connection.close();
    }
  }

  @Test
  void a_token_of_the_greatest_length_arrives() throws Exception {
    String token = issuer.token().scope("orders:read").claim("pad", "x".repeat(11_900)).mint();
    assertThat(token.length()).isBetween(16_000, 16_384);
    assertThat(Wire.get(proxy.port(), "/orders", token).status()).isEqualTo(200);
  }

  @Test
  void an_upstream_whose_certificate_nobody_vouches_for_is_a_plain_502(@TempDir Path folder)
      throws Exception {
    Identity identity = Identity.make(folder, "upstream");
    AtomicInteger requests = new AtomicInteger();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.trusting(identity)));
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      int port = server.getAddress().getPort();
      restart("upstream", "https://127.0.0.1:" + port);
      assertPlain(get("/orders"), 502, "502 Bad Gateway\n");
      assertThat(requests).hasValue(0);

      Socket trusting = identity.trusted().getSocketFactory().createSocket("127.0.0.1", port);
      assertThat(Wire.send(trusting, Wire.request("GET", "/", token())).status()).isEqualTo(204);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"500, 60000", "60000, 500"})
  void an_upstream_that_says_nothing_is_a_plain_504_in_time(String idle, String total)
      throws Exception {
    restart("idleMillis", idle, "totalMillis", total);
    CountDownLatch over = new CountDownLatch(1);
    upstream.answer((request, out) -> over.await());
    Instant start = Instant.now();

    assertPlain(get("/orders"), 504, "504 Gateway Timeout\n");

    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
    over.countDown();
  }

  @Test
  void an_answer_that_drips_is_cut_off_in_time() throws Exception {
    restart("totalMillis", "1000", "idleMillis", "500");
    CountDownLatch never = new CountDownLatch(1);
    upstream.answer(
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(ISO_8859_1));
          for (int i = 0; i < 1000; i++) {
            out.write('.');
            never.await(50, TimeUnit.MILLISECONDS);
          }
        });
    Instant start = Instant.now();

    Answer answer = get("/orders");

    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
    assertThat(answer.body().length()).isLessThan(1000);
  }

  private static void assertPlain(Answer answer, int status, String body) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.head().lines().skip(1).map(line -> line.split(":")[0]))
        .containsExactlyInAnyOrder(
            "Date", "Cache-Control", "Content-Type", "Content-Length", "Connection");
    assertThat(answer.text()).doesNotContain("127.0.0.1", "Exception", "Jetty");
  }

  @Test
  void the_proxys_own_credential_goes_in_place_of_the_clients(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "first.own-token_~+/==\n");
    restart("credentialFile", file.toString());

    assertThat(get("/orders", "Connection: Authorization").status()).isEqualTo(200);
    assertThat(upstream.only().values("Authorization"))
        .containsExactly("Bearer first.own-token_~+/==");

    Files.writeString(file, "second");
    assertThat(get("/orders").status()).isEqualTo(200);
    assertThat(upstream.only().values("Authorization")).containsExactly("Bearer second");

    Files.writeString(file, "second\r\nX-User: admin");
    assertPlain(get("/orders"), 502, "502 Bad Gateway\n");
    Files.delete(file);
    assertPlain(get("/orders"), 502, "502 Bad Gateway\n");
    assertThat(upstream.seen()).isEmpty();
  }

  @Test
  void many_at_once_each_arrive_as_themselves() throws Exception {
    upstream.answer(
        (request, out) -> {
          String who = request.target() + " " + request.values("X-Verified-Subject").get(0);
          Witness.answering("200 OK", "Content-Type: text/plain", who).write(request, out);
        });
    List<String> subjects = Stream.iterate(0, n -> n + 1).limit(60).map(n -> "s" + n).toList();
    List<String> answers =
        subjects.parallelStream()
            .map(
                subject -> {
                  String token = issuer.token().subject(subject).scope("orders:read").mint();
                  try {
                    return Wire.get(proxy.port(), "/of/" + subject, token).body();
                  } catch (IOException e) {
                    return e.toString();
                  }
                })
            .collect(Collectors.toList());
    assertThat(answers)
        .containsExactlyElementsOf(
            subjects.stream().map(subject -> "/api/of/" + subject + " " + subject).toList());
  }
}
