package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.jwk.JWK;
import com.sun.management.ThreadMXBean;
import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How keys are found, what is read of them, and what a fetch tells to whom. */
final class KeyFetchTest {
  private static final TestKey FIRST = TestKey.generate("first", "RS256");
  private final TestKey second = TestKey.generate("second", "ES256");
  private final KeyServer server = new KeyServer();
  private final List<FetchingGate> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(FetchingGate::close);
    server.close();
  }

  private FetchingGate gate() {
    return gate(settings -> settings);
  }

  private FetchingGate gate(UnaryOperator<TokenVerifier.Builder> more) {
    return kept(new FetchingGate(server, more));
  }

  private FetchingGate kept(FetchingGate gate) {
    open.add(gate);
    return gate;
  }

  @Test
  void keys_are_found_by_openid_discovery() {
    server.publish(FIRST);
    assertThat(gate().verdict(FIRST)).isEqualTo("ann");
    assertThat(server.paths()).containsExactly(KeyServer.OPENID, KeyServer.KEYS);
  }

  @Test
  void keys_are_found_by_rfc_8414_where_there_is_no_openid_discovery() {
    String issuer = server.issuer() + "/tenant/one";
    server.publish(FIRST);
    server.answer(KeyServer.OAUTH + "/tenant/one", Answer.json(server.metadata(issuer)));
    FetchingGate gate = kept(new FetchingGate(issuer, settings -> settings));
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    assertThat(server.paths())
        .containsExactly(
            "/tenant/one" + KeyServer.OPENID, KeyServer.OAUTH + "/tenant/one", KeyServer.KEYS);
  }

  @Test
  void keys_are_asked_for_at_their_address_alone_where_it_is_set() {
    server.publish(FIRST);
    FetchingGate gate =
        kept(new FetchingGate("http://127.0.0.1:1", s -> s.jwksUri(server.keysUri())));
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    assertThat(server.paths()).containsExactly(KeyServer.KEYS);
  }

  @Test
  void metadata_that_names_another_issuer_leads_to_no_fetch_of_keys() {
    server.publish(FIRST);
    server.answer(KeyServer.OPENID, Answer.json(server.metadata("https://evil.example")));
    assertThat(gate().verdict(FIRST)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    assertThat(server.fetches()).isZero();
  }

  @Test
  void a_key_set_that_has_moved_is_found_again_when_its_old_place_has_no_keys() {
    server.publish(FIRST);
    FetchingGate gate = gate(settings -> settings.keyRefreshSeconds(1));
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    server.answer("/moved", Answer.json(KeyServer.jwks(second.jwk())));
    String metadata = server.metadata(server.issuer());
    server.answer(
        KeyServer.OPENID,
        Answer.json(metadata.replace("\\/keys", "\\/moved").replace("/keys", "/moved")));
    server.answer(KeyServer.KEYS, Answer.json("{\"keys\":[]}"));
    eventually(() -> assertThat(gate.verdict(second)).isEqualTo("ann"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:/etc/passwd", "jar:file:/x.jar!/keys", "ftp://127.0.0.1/keys"})
  @Tag("T62")
  void keys_that_are_not_at_https_stop_the_start(String jwksUri) {
    assertThatThrownBy(() -> gate(settings -> settings.jwksUri(jwksUri)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'jwksUri'")
        .hasMessageContaining("https");
  }

  @Test
  @Tag("T65")
  void a_host_that_does_not_take_the_connection_is_given_up_after_2_seconds() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        LogLines log = LogLines.of("io.sallyport.keys", Level.WARN)) {
      List<Socket> queue = new ArrayList<>();
      for (int i = 0; i < 2; i++) queue.add(new Socket(deaf.getInetAddress(), deaf.getLocalPort()));
      String jwksUri = "http://127.0.0.1:" + deaf.getLocalPort() + "/keys";
      FetchingGate gate = kept(new FetchingGate(server, s -> s.jwksUri(jwksUri)));
      long start = System.nanoTime();
      assertThat(gate.verdict(FIRST)).isEqualTo(Reason.KEYS_UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(1900), Duration.ofMillis(4500));
      eventually(() -> assertThat(log.text()).contains("connect timed out"));
      for (Socket waiting : queue) waiting.close();
    }
  }

  @Test
  @Tag("T66")
  void an_endless_body_costs_less_than_a_mebibyte() {
    Answer endless = Answer.endless("HTTP/1.1 200 OK\r\n\r\n", " ");
    server.publish(FIRST);
    FetchingGate gate = gate(settings -> settings.keyRefreshSeconds(1));
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    server.answer(KeyServer.KEYS, endless);
    awaitFetches(server.fetches() + 2); // the first one loads what is needed for a failure
    long allocated = allocatedByFetching();
    awaitFetches(server.fetches() + 1);
    assertThat(allocatedByFetching() - allocated).isLessThan(1024 * 1024);
  }

  private void awaitFetches(long count) {
    eventually(() -> assertThat(server.fetches()).isGreaterThanOrEqualTo(count));
  }

  /** Bytes allocated so far by the threads that fetch, ours and the HTTP client's. */
  private static long allocatedByFetching() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("HttpClient") || t.getName().equals("sallyport-keys"))
        .mapToLong(t -> threads.getThreadAllocatedBytes(t.getId()))
        .sum();
  }

  @Test
  @Tag("T66")
  void at_most_a_hundred_keys_are_read() {
    List<JWK> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) keys.add(second.as("k" + i, "ES256").jwk());
    keys.add(FIRST.jwk());
    server.publish(keys.toArray(JWK[]::new));
    FetchingGate gate = gate();
    assertThat(gate.verdict(second.as("k99", "ES256"))).isEqualTo("ann");
    assertThat(gate.verdict(FIRST)).isEqualTo(Reason.KEY_UNKNOWN);
  }

  @Test
  @Tag("T68")
  void a_bad_key_costs_that_key_and_not_the_set() {
    String good = FIRST.jwk().toJSONString();
    List<String> bad =
        List.of(
            "null",
            "5",
            "{}",
            "{\"kty\":\"XYZ\",\"kid\":\"x\"}",
            "{\"kty\":\"RSA\",\"kid\":5,\"n\":\"AQAB\",\"e\":\"AQAB\"}",
            "{\"kty\":\"RSA\",\"kid\":\"x\"}",
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\",\"kid\":\"off-curve\"}",
            "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\",\"kid\":\"short\"}",
            "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\",\"kid\":\"dh\"}",
            "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"secret\"}",
            good.replace("}", ",\"use\":\"\"}"),
            good.replace("}", ",\"x5c\":[\"rubbish\"]}"));
    for (String key : bad) {
      server.answer(KeyServer.KEYS, Answer.json("{\"keys\":[" + key + "," + good + "]}"));
      assertThat(gate().verdict(FIRST)).as(key).isEqualTo("ann");
    }
  }

  @Test
  @Tag("T76")
  void a_fetch_carries_no_cookie_and_no_credential() {
    server.publish(FIRST);
    byte[] metadata = server.metadata(server.issuer()).getBytes(StandardCharsets.UTF_8);
    server.answer(
        KeyServer.OPENID, Answer.of(200, "application/json", metadata, "Set-Cookie: a=b"));
    FetchingGate gate = gate(settings -> settings.keyRefreshSeconds(1));
    assertThat(gate.verdict(FIRST)).isEqualTo("ann");
    eventually(() -> assertThat(server.fetches()).isGreaterThan(1));
    assertThat(server.asked())
        .allSatisfy(
            asked ->
                assertThat(asked.fields().keySet())
                    .isSubsetOf(
                        "accept",
                        "connection",
                        "content-length",
                        "host",
                        "http2-settings",
                        "upgrade",
                        "user-agent"));
  }

  @Test
  void the_operator_is_told_of_each_change_of_keys_and_once_of_an_outage() {
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      server.publish(FIRST.jwk(), TestKey.rsa("weak\r\nkey", "RS256", 1024).jwk());
      FetchingGate gate = gate(settings -> settings.keyRefreshSeconds(1));
      assertThat(gate.verdict(FIRST)).isEqualTo("ann");
      server.publish(FIRST, second);
      eventually(() -> assertThat(log.text()).contains("keys now first, second"));
      server.answer(KeyServer.KEYS, Answer.status(500));
      eventually(() -> assertThat(log.text()).contains("answered 500"));
      server.publish(second);
      eventually(() -> assertThat(log.text()).contains("keys now second"));

      assertThat(log.lines("keys now first"))
          .as("one line for each set")
          .hasSize(2)
          .first()
          .asString()
          .startsWith("INFO");
      assertThat(log.lines("weak??key")).hasSize(1).first().asString().startsWith("WARN");
      assertThat(log.lines("answered 500")).hasSize(1).first().asString().contains("serve on");
      assertThat(log.lines("guarding: issuer=" + server.issuer())).hasSize(1);
    }
  }

  @Test
  @Tag("T22")
  void twin_keys_are_told_of_once() {
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN)) {
      server.publish(FIRST.jwk(), TestKey.generate("first", "RS256").jwk(), second.jwk());
      FetchingGate gate = gate(settings -> settings.keyRefreshSeconds(1));
      assertThat(gate.verdict(FIRST)).isEqualTo(Reason.KEY_AMBIGUOUS);
      assertThat(gate.verdict(second)).isEqualTo("ann");
      long before = server.fetches();
      eventually(() -> assertThat(server.fetches()).isGreaterThan(before + 1));
      assertThat(log.lines("several keys")).hasSize(1);
    }
  }
}
