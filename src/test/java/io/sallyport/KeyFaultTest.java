package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table of what can be wrong with an issuer's server, each row tried twice: at a cold start,
 * where it may cost no more than a 503 in time, and in service, where it may cost nothing. All rows
 * run side by side, since most of them wait for a deadline.
 */
@Tag("T65")
@Tag("T66")
@Tag("T67")
@Tag("T69")
final class KeyFaultTest {
  private static Answer hangingUp() {
    return line -> {
      throw new IOException("hung up on purpose");
    };
  }

  private static final TestKey FIRST = TestKey.generate("first", "RS256");
  private static final TestKey SECOND = TestKey.generate("second", "ES256");
  private static final TestKey NEVER = TestKey.generate("never", "ES256");
  private static final Duration IN_TIME = Duration.ofMillis(5500);
  private static final Duration DRIP = Duration.ofMillis(300);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  private static final byte[] NOTHING = new byte[0];

  /** Where redirects point to, with the very keys that are asked for. */
  private static final KeyServer ELSEWHERE = new KeyServer().publish(FIRST, SECOND, NEVER);

  private static final ExecutorService THREADS = Executors.newFixedThreadPool(32);
  private static final Map<String, Future<?>> COLD = new LinkedHashMap<>();
  private static final Map<String, Future<?>> IN_SERVICE = new LinkedHashMap<>();

  /** The ways in which the answer of the key set's address is no key set. */
  private static Map<String, Answer> noKeySets() {
    Map<String, Answer> faults = new LinkedHashMap<>(bodies());
    String jwks = KeyServer.jwks(FIRST.jwk(), SECOND.jwk(), NEVER.jwk());
    Answer.Message good = Answer.json(jwks);
    byte[] json = jwks.getBytes(StandardCharsets.UTF_8);

    faults.put("stalls before the header", good.stalledBeforeHeader());
    faults.put("stalls in the header", good.stalledInHeader());
    faults.put("stalls before the body", good.stalledBeforeBody());
    faults.put("stalls in the body", good.stalledInBody());
    faults.put("stalls in a refusal", Answer.status(500).stalledInHeader());
    faults.put("drips the header", good.drippingFrom(-60, DRIP));
    faults.put("drips the body", good.drippingFrom(0, DRIP));
    faults.put("drips the last byte", good.drippingFrom(json.length - 30, DRIP));

    faults.put("hangs up at once", hangingUp());
    faults.put("hangs up in the header", good.cutAt(-10));
    faults.put("hangs up before the body", good.cutAt(0));
    faults.put("hangs up in the body", good.cutAt(200));
    faults.put("hangs up one byte early", good.cutAt(json.length - 1));
    faults.put("announces more than it sends", message(OK + "Content-Length: 99999\r\n\r\n", json));
    faults.put("announces less than it sends", message(OK + "Content-Length: 99\r\n\r\n", json));
    faults.put("announces a negative length", message(OK + "Content-Length: -1\r\n\r\n", json));
    faults.put("announces no number", message(OK + "Content-Length: many\r\n\r\n", json));
    faults.put(
        "announces two lengths",
        message(OK + "Content-Length: 5\r\nContent-Length: " + json.length + "\r\n\r\n", json));
    faults.put(
        "announces a chunk of no size",
        message(OK + "Transfer-Encoding: chunked\r\n\r\nsome\r\n", json));
    faults.put(
        "never ends its chunks", message(OK + "Transfer-Encoding: chunked\r\n\r\nffff\r\n", json));

    faults.put("speaks no HTTP", message("SSH-2.0-OpenSSH_9.9\r\n", NOTHING));
    faults.put("speaks TLS", message("\u0015\u0003\u0001\u0000\u0002\u0002\u0028", NOTHING));
    faults.put("has no status", message("HTTP/1.1\r\n\r\n", json));
    faults.put("has a word for a status", message("HTTP/1.1 good\r\n\r\n", json));
    faults.put("has a field without a colon", message("HTTP/1.1 200 OK\r\nrubbish\r\n\r\n", json));
    faults.put("wants to go on", message("HTTP/1.1 100 Continue\r\n\r\n", NOTHING));
    faults.put(
        "wants another protocol",
        message("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", json));

    faults.put("has no end of body", Answer.endless(OK + "\r\n", " "));
    faults.put(
        "has no end of chunks",
        Answer.endless(OK + "Transfer-Encoding: chunked\r\n\r\n", "10\r\n                \r\n"));
    faults.put("has no end of fields", Answer.endless("HTTP/1.1 200 OK\r\n", "A: b\r\n"));
    faults.put("has no end of one field", Answer.endless("HTTP/1.1 200 OK\r\nA: ", "b"));
    faults.put("has no end of its status line", Answer.endless("HTTP/1.1 200 ", "K"));
    faults.put("has no end of beginnings", Answer.endless("", "HTTP/1.1 102 Wait\r\n\r\n"));
    faults.put(
        "is 60 MB long",
        Answer.endless(OK + "Content-Length: " + 60 * 1024 * 1024 + "\r\n\r\n", " "));
    faults.put(
        "is 60 MB long inside the keys",
        Answer.endless(
            OK + "Content-Length: " + 60 * 1024 * 1024 + "\r\n\r\n{\"keys\":[{\"kid\":\"", "a"));
    faults.put(
        "is packed", Answer.of(200, "application/json", packed(json), "Content-Encoding: gzip"));
    faults.put(
        "is said to be packed", Answer.of(200, "application/json", json, "Content-Encoding: br"));

    for (int status : new int[] {301, 302, 303, 307, 308}) {
      String there = "Location: " + ELSEWHERE.keysUri();
      faults.put("sends elsewhere with " + status, Answer.of(status, "text/plain", json, there));
    }
    faults.put("sends round in a circle", Answer.status(302, "Location: " + KeyServer.KEYS));
    faults.put("sends to a file", Answer.status(302, "Location: file:///etc/passwd"));
    for (int status : new int[] {201, 202, 203, 206, 300, 400, 403, 404, 418, 429, 500, 502, 503}) {
      faults.put("answers " + status, Answer.of(status, "application/json", json));
    }
    faults.put("answers 204", message("HTTP/1.1 204 No Content\r\n\r\n", NOTHING));
    faults.put("answers 304", message("HTTP/1.1 304 Not Modified\r\n\r\n", NOTHING));
    faults.put(
        "wants a password", Answer.of(401, "text/plain", json, "WWW-Authenticate: Basic realm=x"));
    faults.put(
        "wants a proxy's password",
        Answer.of(407, "text/plain", json, "Proxy-Authenticate: Basic realm=x"));
    return faults;
  }

  /** Documents that are no JWK set, or one without a usable key. */
  private static Map<String, Answer> bodies() {
    String first = FIRST.jwk().toJSONString();
    String good = "{\"keys\":[" + first + "]}";
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("nothing", "");
    bodies.put("blanks", " \r\n\t ");
    bodies.put("HTML", "<!doctype html><title>Sign in</title>");
    bodies.put("one key outside of a set", first);
    bodies.put("half a set", good.substring(0, good.length() / 2));
    bodies.put("a set and half of the next", good + "{\"keys\":[");
    bodies.put("two sets", good + good);
    bodies.put("a set twice over", "{\"keys\":[" + first + "],\"keys\":[]}");
    bodies.put("a comment", "/* keys */" + good);
    bodies.put("single quotes", good.replace('"', '\''));
    bodies.put("a comma too many", "{\"keys\":[" + first + ",]}");
    bodies.put("a byte-order mark", "\ufeff" + good);
    bodies.put("null", "null");
    bodies.put("an array", "[" + first + "]");
    bodies.put("a text", "\"keys\"");
    bodies.put("a number", "1e999999999");
    bodies.put("no member", "{}");
    bodies.put("another member", "{\"Keys\":[" + first + "]}");
    bodies.put("no keys", "{\"keys\":[]}");
    bodies.put("null for keys", "{\"keys\":null}");
    bodies.put("an object for keys", "{\"keys\":" + first + "}");
    bodies.put("a text for keys", "{\"keys\":\"first\"}");
    bodies.put("only nulls", "{\"keys\":[null,null]}");
    bodies.put("only secrets", "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"first\",\"k\":\"AAAA\"}]}");
    bodies.put("only strange keys", "{\"keys\":[{\"kty\":\"LWE\",\"kid\":\"first\"}]}");
    bodies.put("only keys for encryption", good.replace("{\"kty\"", "{\"use\":\"enc\",\"kty\""));
    bodies.put("deep arrays", "[".repeat(50_000) + "]".repeat(50_000));
    bodies.put("deep objects", "{\"keys\":".repeat(20_000) + "1" + "}".repeat(20_000));
    bodies.put("a deep key", "{\"keys\":[{\"x5c\":" + "[".repeat(9000) + "]".repeat(9000) + "}]}");

    Map<String, Answer> answers = new LinkedHashMap<>();
    bodies.forEach((name, body) -> answers.put("holds " + name, Answer.json(body)));
    answers.put("holds UTF-16", document(good.getBytes(StandardCharsets.UTF_16)));
    answers.put(
        "holds Latin 1",
        document(good.replace("first", "f\u00efrst").getBytes(StandardCharsets.ISO_8859_1)));
    answers.put("holds zeros", document(new byte[1000]));
    return answers;
  }

  /** The ways in which an issuer's metadata does not lead to its keys. */
  private static Map<String, Answer> noMetadata(KeyServer server) {
    String metadata = server.metadata(server.issuer());
    Answer.Message good = Answer.json(metadata);
    String issuer = "{\"issuer\":\"" + server.issuer() + "\"";
    Map<String, Answer> faults = new LinkedHashMap<>();
    faults.put("stalls before the header", good.stalledBeforeHeader());
    faults.put("stalls in the header", good.stalledInHeader());
    faults.put("stalls in the body", good.stalledInBody());
    faults.put("drips", good.drippingFrom(0, DRIP));
    faults.put("stalls in a refusal", Answer.status(404).stalledInHeader());
    faults.put("hangs up", good.cutAt(10));
    faults.put("has no end", Answer.endless(OK + "\r\n", " "));
    faults.put("answers 500", Answer.status(500));
    faults.put("answers 404", Answer.status(404));
    faults.put("sends elsewhere", Answer.status(302, "Location: " + ELSEWHERE.issuer()));
    faults.put("holds HTML", Answer.json("<!doctype html>"));
    faults.put("holds nothing", Answer.json(""));
    faults.put("holds an array", Answer.json("[" + metadata + "]"));
    faults.put("names another issuer", Answer.json(server.metadata("https://evil.example")));
    faults.put(
        "names the issuer with a slash", Answer.json(server.metadata(server.issuer() + "/")));
    faults.put("names no issuer", Answer.json("{\"jwks_uri\":\"" + server.keysUri() + "\"}"));
    faults.put("names two issuers", Answer.json(metadata.replace("{", "{\"issuer\":\"x\",")));
    faults.put("names no keys", Answer.json(issuer + "}"));
    for (String value :
        new String[] {
          "null",
          "5",
          "[]",
          "\"\"",
          "\"/keys\"",
          "\"http://\"",
          "\"file:///etc/passwd\"",
          "\"http://10.0.0.1/keys\"",
          "\"jar:file:/x.jar!/keys\"",
          "\"ftp://127.0.0.1/keys\"",
          "\"http://127.0.0.1@10.0.0.1/keys\"",
          "\"https://10.0.0.1:1\\u0000/keys\""
        }) {
      faults.put("names " + value, Answer.json(issuer + ",\"jwks_uri\":" + value + "}"));
    }
    return faults;
  }

  private static Answer message(String head, byte[] body) {
    return Answer.message(head, body);
  }

  private static Answer document(byte[] body) {
    return Answer.of(200, "application/json", body);
  }

  private static byte[] packed(byte[] body) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  @BeforeAll
  static void tryAll() {
    noKeySets()
        .forEach(
            (name, fault) -> {
              Consumer<KeyServer> begin = server -> server.answer(KeyServer.KEYS, fault);
              COLD.put("keys: " + name, THREADS.submit(() -> coldStart(begin)));
              IN_SERVICE.put("keys: " + name, THREADS.submit(() -> inService(begin)));
            });
    COLD.put("keys: dead", THREADS.submit(() -> coldStart(KeyServer::die)));
    IN_SERVICE.put("keys: dead", THREADS.submit(() -> inService(KeyServer::die)));
    try (KeyServer names = new KeyServer()) {
      for (String name : noMetadata(names).keySet()) {
        COLD.put(
            "metadata: " + name,
            THREADS.submit(
                () ->
                    coldStart(
                        server -> server.answer(KeyServer.OPENID, noMetadata(server).get(name)))));
      }
    }
  }

  @AfterAll
  static void close() {
    THREADS.shutdownNow();
    ELSEWHERE.close();
  }

  /** No key has ever been there: 503 in time, and 200 as soon as there is one. */
  private static void coldStart(Consumer<KeyServer> begin) {
    try (KeyServer server = new KeyServer().publish(FIRST)) {
      begin.accept(server);
      try (FetchingGate gate = new FetchingGate(server, settings -> settings)) {
        long start = System.nanoTime();
        assertThat(gate.verdict(FIRST)).isEqualTo(Reason.KEYS_UNAVAILABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
        assertThat(server.sent()).as("what sockets hold aside").isLessThan(32 * 1024 * 1024);

        mend(server);
        eventually(() -> assertThat(gate.verdict(FIRST)).isEqualTo("ann"));
      }
    }
  }

  /** The last good keys go on; what they do not know is 503, and known soon after the fault. */
  private static void inService(Consumer<KeyServer> begin) {
    try (KeyServer server = new KeyServer().publish(FIRST);
        FetchingGate gate = new FetchingGate(server, settings -> settings)) {
      assertThat(gate.verdict(FIRST)).isEqualTo("ann");
      begin.accept(server);

      assertThat(gate.verdict(NEVER)).isEqualTo(Reason.KEYS_UNAVAILABLE);
      assertThat(gate.verdict(FIRST)).isEqualTo("ann");
      assertThat(gate.verdict(NEVER)).isEqualTo(Reason.KEYS_UNAVAILABLE);
      assertThat(gate.verdict(FIRST)).isEqualTo("ann");

      mend(server);
      eventually(() -> assertThat(gate.verdict(SECOND)).isEqualTo("ann"));
      assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    }
  }

  private static void mend(KeyServer server) {
    server.die();
    server.answer(KeyServer.OPENID, Answer.json(server.metadata(server.issuer())));
    server.publish(FIRST, SECOND);
    server.comeBack();
  }

  static Stream<String> coldStarts() {
    return COLD.keySet().stream();
  }

  static Stream<String> faultsInService() {
    return IN_SERVICE.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("coldStarts")
  @Tag("T63")
  @Tag("T73")
  void at_a_cold_start_it_is_503_in_time_and_then_200(String fault) throws Exception {
    COLD.get(fault).get();
    assertThat(ELSEWHERE.asked()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faultsInService")
  @Tag("T63")
  void in_service_the_last_good_keys_go_on(String fault) throws Exception {
    IN_SERVICE.get(fault).get();
    assertThat(ELSEWHERE.asked()).isEmpty();
  }
}
