package io.sallyport.examples.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.TokenVerifier;
import io.sallyport.testkit.Outage;
import io.sallyport.testkit.TestIssuer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients at a real server, with tokens of an issuer in this JVM. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class OrdersServerTest {
  private static final String NEEDED = "Bearer realm=\"orders\", scope=\"orders:read\"";
  private static final String UNVERIFIED =
      "Bearer realm=\"orders\", error=\"invalid_token\","
          + " error_description=\"The access token is malformed or not verifiable\"";

  private TestIssuer issuer;
  private OrdersServer server;

  @BeforeEach
  void start() throws Exception {
    issuer = TestIssuer.start("ES256");
    server = OrdersServer.start(0, verifier());
  }

  private TokenVerifier verifier() {
    return TokenVerifier.builder()
        .issuer(issuer.issuer())
        .audience(TestIssuer.AUDIENCE)
        .allowedScopes(Message.READ, Message.WRITE)
        .requiredScopes(Message.READ)
        .keyRefreshSeconds(1)
        .allowHttp(true)
        .build();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    issuer.close();
  }

  private static String bearer(String token) {
    return "Bearer " + token;
  }

  private Client open(String token) throws InterruptedException {
    Client client = Client.open(server.port(), OrdersServer.ORDERS, bearer(token));
    assertThat(client.hear()).isEqualTo("ready");
    return client;
  }

  private Client.Refused refused(String... credentials) {
    return Client.refused(server.port(), OrdersServer.ORDERS, credentials);
  }

  private Client browser() {
    return Client.open(server.port(), OrdersServer.BROWSER);
  }

  private TestToken reader() {
    return issuer.token().scope(Message.READ);
  }

  // The handshake.

  @Test
  void a_good_token_opens_a_session() throws Exception {
    Client client = open(issuer.mint(Message.READ, Message.WRITE));

    assertThat(client.ask("list")).isEqualTo("orders of ann");
    assertThat(client.ask("add a rope")).isEqualTo("added for ann");
    assertThat(client.ask("burn everything")).isEqualTo("unknown");

    client.leave();
    assertThat(client.end().code()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer ", "BEARER  "})
  void the_scheme_is_known_in_any_letter_case(String scheme) throws Exception {
    Client client =
        Client.open(server.port(), OrdersServer.ORDERS, scheme + issuer.mint(Message.READ));

    assertThat(client.hear()).isEqualTo("ready");
  }

  @Test
  void without_a_token_there_is_no_session_and_a_challenge_says_what_it_takes() {
    Client.Refused answer = refused();

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).isEqualTo(NEEDED);
    assertThat(answer.fields().firstValue("Cache-Control")).hasValue("no-store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YW5uOmFubg==", "Bearertoken", "DPoP e30.e30.c2ln"})
  void another_scheme_is_as_good_as_none(String credential) {
    Client.Refused answer = refused(credential);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).isEqualTo(NEEDED);
  }

  @Test
  void a_token_in_the_query_is_not_looked_at() {
    String query = "?access_token=" + issuer.mint(Message.READ);

    Client.Refused answer = Client.refused(server.port(), OrdersServer.ORDERS + query);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).isEqualTo(NEEDED);
  }

  @Test
  void an_expired_token_opens_nothing() {
    Client.Refused answer = refused(bearer(reader().expiresIn(Duration.ofMinutes(-1)).mint()));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge())
        .isEqualTo(
            "Bearer realm=\"orders\", error=\"invalid_token\","
                + " error_description=\"The access token expired\"");
  }

  @Test
  void a_token_for_another_audience_opens_nothing() {
    Client.Refused answer = refused(bearer(reader().audience("https://other.example").mint()));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge())
        .contains("error=\"invalid_token\"")
        .contains("The access token is for another audience");
  }

  @Test
  void forged_and_damaged_tokens_all_get_the_same_answer() {
    String good = issuer.mint(Message.READ);
    TestKey stranger = TestKey.generate(issuer.key().kid(), "ES256");

    Stream.of(reader().mintedBy(stranger), good.substring(0, good.length() - 4), "no.jwt.here")
        .map(token -> refused(bearer(token)))
        .forEach(
            answer -> {
              assertThat(answer.status()).isEqualTo(401);
              assertThat(answer.challenge()).isEqualTo(UNVERIFIED);
            });
  }

  @Test
  void a_token_without_the_scope_opens_nothing_and_is_told_which_it_takes() {
    Client.Refused answer = refused(bearer(issuer.mint(Message.WRITE)));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.challenge())
        .contains("error=\"insufficient_scope\"")
        .endsWith(", scope=\"orders:read\"");
  }

  @Test
  void more_than_one_token_is_a_malformed_request() {
    String good = bearer(issuer.mint(Message.READ));

    for (Client.Refused answer :
        List.of(refused(good, good), refused(good + ", " + good), refused("Bearer"))) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.challenge()).contains("error=\"invalid_request\"");
    }
  }

  @Test
  void while_there_are_no_keys_the_client_is_to_keep_its_token() throws Exception {
    server.stop();
    issuer.outage(Outage.REFUSED);
    server = OrdersServer.start(0, verifier());

    Client.Refused answer = refused(bearer(issuer.mint(Message.READ)));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.challenge()).isEqualTo("none");
    assertThat(answer.fields().firstValue("Retry-After")).hasValue("5");

    Client browser = browser();
    browser.say(issuer.mint(Message.READ));
    assertThat(browser.end().code()).isEqualTo(1013);
  }

  @Test
  void a_token_of_a_key_that_the_issuer_has_withdrawn_opens_nothing() throws Exception {
    String token = issuer.mint(Message.READ);
    open(token).leave();

    issuer.rotate();
    issuer.withdraw();

    long fetches = issuer.fetches();
    until(() -> issuer.fetches() >= fetches + 2); // the first may have been under way
    Client.Refused answer = refused(bearer(token));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).isEqualTo(UNVERIFIED);
    open(issuer.mint(Message.READ)).leave();
  }

  @ParameterizedTest
  @ValueSource(strings = {OrdersServer.ORDERS, "/", "/elsewhere"})
  void what_is_no_handshake_needs_a_token_too_and_finds_nothing(String path) throws Exception {
    assertThat(status(path)).isEqualTo(401);
    assertThat(status(path, "Authorization", bearer(issuer.mint(Message.READ)))).isEqualTo(404);
  }

  private int status(String path, String... fields) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + server.port() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (fields.length > 0) request.headers(fields);
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  // The session.

  @Test
  void a_session_is_closed_when_its_token_expires() throws Exception {
    TestToken token = reader().expiresIn(Duration.ofSeconds(3));
    Client client = open(token.mint());
    assertThat(client.ask("list")).isEqualTo("orders of ann");

    Client.Close close = client.end();

    assertThat(close).isEqualTo(new Client.Close(3000, "The access token expired"));
    assertThat(Instant.now())
        .isAfterOrEqualTo(exp(token))
        .isCloseTo(exp(token), within(5, ChronoUnit.SECONDS));
  }

  private static Instant exp(TestToken token) {
    String exp = token.claimsJson().replaceAll(".*\"exp\":(\\d+).*", "$1");
    return Instant.ofEpochSecond(Long.parseLong(exp));
  }

  /** The skew is for clocks that differ; it opens a session, and does not let it last. */
  @Test
  void a_token_that_is_good_by_the_skew_alone_opens_a_session_that_ends_at_once() throws Exception {
    String token = reader().expiresIn(Duration.ofSeconds(-5)).mint();

    Client client = Client.open(server.port(), OrdersServer.ORDERS, bearer(token));

    assertThat(client.end().code()).isEqualTo(3000);
    assertThat(client.hasHeardNothing()).isTrue();
  }

  @Test
  void a_client_that_does_not_follow_is_not_answered_and_cut_off() throws Exception {
    String token = reader().expiresIn(Duration.ofSeconds(3)).mint();
    try (RudeClient client = new RudeClient(server.port(), OrdersServer.ORDERS, token)) {
      assertThat(client.hear().opcode()).as("ready").isEqualTo(RudeClient.TEXT);

      RudeClient.Frame last = client.hear();
      client.say("list");

      assertThat(last.opcode()).isEqualTo(RudeClient.CLOSE);
      assertThat(last.code()).isEqualTo(3000);
      assertThat(client.isCutOff()).isTrue();
    }
  }

  @Test
  void a_client_that_does_not_read_is_cut_off_before_its_answers_fill_the_memory()
      throws Exception {
    String token = reader().subject("a".repeat(250)).mint();
    try (RudeClient client = new RudeClient(server.port(), OrdersServer.ORDERS, token)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000_000; i++) client.say("list");
              })
          .isInstanceOf(IOException.class);
    }
    until(() -> server.sessions().isEmpty());
  }

  @Test
  void each_message_takes_its_own_scope() throws Exception {
    Client client = open(issuer.mint(Message.READ));

    assertThat(client.ask("add a rope")).isEqualTo("forbidden orders:write");
    assertThat(client.ask("list")).isEqualTo("orders of ann");
  }

  @Test
  void a_message_that_is_longer_than_any_token_ends_the_session() throws Exception {
    Client client = open(issuer.mint(Message.READ));

    client.say("list" + " ".repeat(20_000));

    assertThat(client.end().code()).isEqualTo(1009);
  }

  @ParameterizedTest
  @ValueSource(strings = {OrdersServer.ORDERS, OrdersServer.BROWSER})
  void a_session_does_not_know_the_text_of_the_token(String path) throws Exception {
    Client.open(server.port(), path, bearer(issuer.mint(Message.READ)));
    until(() -> server.sessions().size() == 1);
    Session session = server.sessions().iterator().next();

    Map<String, List<String>> fields = session.getUpgradeRequest().getHeaders();

    assertThat(fields).isNotEmpty();
    assertThat(fields.keySet()).noneMatch("Authorization"::equalsIgnoreCase);
    assertThat(session.getUpgradeRequest().getHeader("Authorization")).isNull();
    assertThat(fields.toString()).doesNotContain("Bearer");
  }

  // A client that cannot set fields.

  @Test
  void the_token_may_be_the_first_message() throws Exception {
    Client client = browser();

    assertThat(client.ask(issuer.mint(Message.READ))).isEqualTo("ready");
    assertThat(client.ask("list")).isEqualTo("orders of ann");
    assertThat(client.ask("add a rope")).isEqualTo("forbidden orders:write");
  }

  @Test
  void that_session_ends_with_its_token_too() throws Exception {
    Client client = browser();

    assertThat(client.ask(reader().expiresIn(Duration.ofSeconds(3)).mint())).isEqualTo("ready");

    assertThat(client.end()).isEqualTo(new Client.Close(3000, "The access token expired"));
  }

  @Test
  void before_a_good_token_nothing_is_answered() throws Exception {
    Client client = browser();

    client.say("list");

    assertThat(client.end())
        .isEqualTo(new Client.Close(3000, "The access token is malformed or not verifiable"));
    assertThat(client.hasHeardNothing()).isTrue();
  }

  @Test
  void a_first_message_is_judged_as_a_handshake_is() throws Exception {
    Map<String, Integer> codes =
        Map.of(
            reader().expiresIn(Duration.ofMinutes(-1)).mint(), 3000,
            reader().audience("https://other.example").mint(), 3000,
            issuer.mint(Message.WRITE), 3003);
    for (Map.Entry<String, Integer> token : codes.entrySet()) {
      Client client = browser();
      client.say(token.getKey());
      assertThat(client.end().code()).isEqualTo(token.getValue());
      assertThat(client.hasHeardNothing()).isTrue();
    }
  }

  @Test
  void a_second_try_is_not_looked_at() throws Exception {
    try (RudeClient client = new RudeClient(server.port(), OrdersServer.BROWSER, "not looked at")) {
      client.say("no token");
      RudeClient.Frame last = client.hear();
      client.say("list");

      assertThat(last.opcode()).isEqualTo(RudeClient.CLOSE);
      assertThat(client.isCutOff()).isTrue();
    }
  }

  @Test
  void a_client_that_brings_no_token_is_sent_away() throws Exception {
    server.stop();
    Duration patience = Duration.ofMillis(300);
    server = OrdersServer.start(0, verifier(), patience);
    Instant opened = Instant.now();

    Client.Close close = browser().end();

    assertThat(close).isEqualTo(new Client.Close(3008, "No token came in time"));
    assertThat(Instant.now()).isAfterOrEqualTo(opened.plus(patience));
  }

  // The end.

  @Test
  void a_server_that_is_stopped_ends_its_sessions_and_leaves_no_thread() throws Exception {
    server.stop();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    OrdersServer other = OrdersServer.start(0, verifier());
    String token = issuer.mint(Message.READ);
    Client client = Client.open(other.port(), OrdersServer.ORDERS, bearer(token));
    Client waiting = Client.open(other.port(), OrdersServer.BROWSER);
    assertThat(client.hear()).isEqualTo("ready");
    try (RudeClient rude = new RudeClient(other.port(), OrdersServer.ORDERS, token)) {
      Set<Thread> started = threadsSince(before);
      assertThat(started).extracting(Thread::getName).anyMatch(n -> n.startsWith("sallyport"));

      other.stop();

      assertThat(client.end()).isEqualTo(new Client.Close(1001, "The server is being stopped"));
      assertThat(waiting.end().code()).isEqualTo(1001);
      assertThat(rude.hear().opcode()).as("ready").isEqualTo(RudeClient.TEXT);
      assertThat(rude.hear().code()).isEqualTo(1001);
      assertThat(rude.isCutOff()).isTrue();
      for (Thread thread : started) thread.join(10_000);
    }
    assertThat(threadsSince(before)).isEmpty();
  }

  @Test
  void a_server_that_cannot_start_leaves_no_thread() throws Exception {
    server.stop();
    Set<Thread> before = Thread.getAllStackTraces().keySet();

    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> OrdersServer.start(taken.getLocalPort(), verifier()))
          .hasRootCauseInstanceOf(BindException.class);
    }

    for (Thread thread : threadsSince(before)) thread.join(10_000);
    assertThat(threadsSince(before)).isEmpty();
  }

  /** Java 17 cannot close its HTTP client, whose threads end some time after its collection. */
  private static Set<Thread> threadsSince(Set<Thread> before) {
    Set<Thread> since = new HashSet<>(Thread.getAllStackTraces().keySet());
    since.removeAll(before);
    since.removeIf(thread -> thread.getName().startsWith("HttpClient-"));
    since.removeIf(thread -> thread.getName().startsWith("key-server"));
    return since;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    CountDownLatch pause = new CountDownLatch(1);
    for (int i = 0; !condition.holds(); i++) {
      assertThat(i).as("tries").isLessThan(400);
      pause.await(50, TimeUnit.MILLISECONDS);
    }
  }
}
