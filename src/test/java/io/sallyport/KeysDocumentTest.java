package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.keys.Rotation;
import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code docs/keys.md} has the figures of the code, and log lines that are really written. */
final class KeysDocumentTest {
  private static final Page PAGE = Page.of("docs/keys.md");
  private static final String PATH = "/realms/acme";
  private static final String SHOWN = "https://id.example.com";

  private final TestKey first = TestKey.generate("key-1", "ES256");
  private final TestKey second = TestKey.generate("key-2", "ES256");
  private final KeyServer server = new KeyServer();
  private final AtomicLong ahead = new AtomicLong();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void every_figure_is_that_of_the_code() throws Exception {
    List<String> table = PAGE.lines().stream().filter(line -> line.endsWith(" |")).toList();
    assertThat(table)
        .contains(
            row("connecting to the issuer", seconds("keys.JsonEndpoint", "CONNECT_TIMEOUT")),
            row(
                "a whole fetch, discovery included",
                seconds("keys.RotatingKeys", "FETCH_DEADLINE")),
            row("size of an answer", kibibytes("keys.KeySetReader", "MAX_BYTES")),
            row("size of a file with keys or a secret", kibibytes("KeySettings", "MAX_FILE_BYTES")),
            row("keys of a set", constant("keys.KeySetReader", "MAX_KEYS")),
            row(
                "RSA keys",
                "%s to %s bits"
                    .formatted(
                        constant("keys.PublicJwk", "MIN_RSA_BITS"),
                        constant("keys.PublicJwk", "MAX_RSA_BITS"))),
            row("time between fetches", Settings.KEY_REFRESH_SECONDS),
            row("how long the last good keys serve in an outage", Settings.MAX_KEY_AGE_SECONDS),
            row("first pause after a failed fetch", "1 s"),
            row(
                "longest pause after failed fetches",
                seconds("keys.RotatingKeys", "LONGEST_BACK_OFF")),
            row(
                "wait for the fetch that an unknown `kid` asked for",
                seconds("keys.RotatingKeys", "PATIENCE_FOR_NEW_KEY")),
            row("time without another such fetch", seconds("keys.RotatingKeys", "COOL_DOWN")),
            row("`Retry-After` of a 503", constant("Challenge", "RETRY_AFTER_SECONDS") + " s"),
            row(
                "wait for the first keys with `failOnUnreachableKeys`",
                seconds("Start", "PATIENCE")),
            row(
                "wait for the thread when the filter ends",
                seconds("keys.RotatingKeys", "PATIENCE_AT_CLOSE")));
  }

  private static String row(String figure, Object value) {
    return "| " + figure + " | " + value + " | |";
  }

  private static String row(String figure, Setting<Integer> setting) {
    String range = setting.allowed().replace("a whole number from ", "");
    return "| %s | %s s | `%s`, %s |".formatted(figure, setting.standard(), setting.name(), range);
  }

  private static String seconds(String type, String name) throws Exception {
    Duration time = (Duration) constant(type, name);
    double seconds = time.toMillis() / 1000.0;
    return (seconds == Math.rint(seconds) ? Long.toString((long) seconds) : "" + seconds) + " s";
  }

  private static String kibibytes(String type, String name) throws Exception {
    return (Integer) constant(type, name) / 1024 + " KiB";
  }

  private static Object constant(String type, String name) throws Exception {
    Field field = Class.forName("io.sallyport." + type).getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }

  /** So that none of them grows old in a sentence while the table is kept right. */
  @Test
  void no_sentence_has_a_figure_that_the_table_does_not_have() {
    Pattern figure = Pattern.compile("(?<![\\w.-])([0-9.]*[0-9] (?:s|KiB|bits))\\b");
    String text = PAGE.text().replaceAll("(?s)```log\n.*?```", "");
    int end = text.indexOf("## All figures");
    String table = text.substring(end);
    List<String> backOff = List.of("2 s", "4 s", "8 s");
    List<String> named =
        figure.matcher(text.substring(0, end)).results().map(MatchResult::group).toList();
    assertThat(named).hasSizeGreaterThan(10);
    assertThat(named).allMatch(one -> backOff.contains(one) || table.contains(" " + one + " "));
  }

  @Test
  void the_pauses_after_failed_fetches_are_as_it_says() throws Exception {
    Rotation rotation =
        new Rotation(
            Duration.ofSeconds(300), Duration.ofSeconds(3600), Clock.systemUTC(), System::nanoTime);
    KeySource keys =
        KeySources.fetched(URI.create(SHOWN + "/keys"), Set.of(JWSAlgorithm.ES256), rotation);
    Method backOff = keys.getClass().getDeclaredMethod("backOff", int.class);
    backOff.setAccessible(true);
    List<Object> pauses = new ArrayList<>();
    for (int failures = 1; failures <= 6; failures++) pauses.add(backOff.invoke(keys, failures));
    assertThat(pauses)
        .extracting(pause -> ((Duration) pause).toSeconds())
        .containsExactly(1L, 2L, 4L, 8L, 15L, 15L);
    assertThat(PAGE.text().replace('\n', ' '))
        .contains("after 1 s, then 2 s, 4 s, 8 s, and from then on every 15 s");
  }

  @Test
  void every_log_line_is_written_just_so() throws Exception {
    List<String> said;
    try (LogLines log = LogLines.of("io.sallyport", Level.DEBUG)) {
      aRotationAndAnOutage();
      keysOfNoUse();
      anIssuerWithoutMetadata();
      anIssuerOfAnotherName();
      aStartThatWaits();
      said =
          log.text()
              .replace(server.issuer(), SHOWN)
              .replaceAll("correlation=[0-9a-f]{16}", "correlation=…")
              .lines()
              .toList();
    }
    List<String> shown =
        PAGE.fences("log").stream().flatMap(fence -> fence.code().lines()).toList();
    assertThat(shown).hasSizeGreaterThan(10);
    assertThat(said).containsAll(shown);
  }

  private FetchingGate gate() {
    return new FetchingGate(
        server.issuer() + PATH,
        settings -> settings.nanoTime(() -> System.nanoTime() + ahead.get()));
  }

  private void publishMetadata(String issuer) {
    server.answer(PATH + KeyServer.OPENID, Answer.json(server.metadata(issuer)));
  }

  private void aRotationAndAnOutage() {
    publishMetadata(server.issuer() + PATH);
    server.publish(first);
    try (FetchingGate gate = gate()) {
      String token = gate.token(first);
      assertThat(gate.verdict(token)).isEqualTo("ann");
      server.publish(first, second);
      assertThat(gate.verdict(second)).isEqualTo("ann");
      TestKey unknown = TestKey.generate("nobody", "ES256");
      assertThat(gate.verdict(unknown)).isEqualTo(Reason.KEY_UNKNOWN);

      server.answer(KeyServer.KEYS, Answer.status(503));
      for (Duration pause : List.of(Duration.ofSeconds(31), Duration.ofSeconds(2))) {
        pass(pause);
        assertThat(gate.verdict(unknown)).isEqualTo(Reason.KEYS_UNAVAILABLE);
        assertThat(gate.verdict(token)).isEqualTo("ann");
      }
      pass(Duration.ofHours(1));
      assertThat(gate.verdict(token)).isEqualTo(Reason.KEYS_UNAVAILABLE);
      server.publish(first, second);
      pass(Duration.ofMinutes(1));
      assertThat(gate.verdict(token)).isEqualTo("ann");
    }
  }

  private void pass(Duration time) {
    ahead.addAndGet(time.toNanos());
  }

  private void keysOfNoUse() {
    ECKey signing = (ECKey) first.jwk("enc-1", "ES256");
    JWK encrypting = new ECKey.Builder(signing).keyUse(KeyUse.ENCRYPTION).build();
    JWK weak = TestKey.rsa("short-1", "RS256", 1024).jwk();
    server.publish(
        first.jwk(),
        encrypting,
        weak,
        first.as("twin", "ES256").jwk(),
        second.as("twin", "ES256").jwk());
    try (FetchingGate gate = gate()) {
      assertThat(gate.verdict(first)).isEqualTo("ann");
    }
  }

  private void anIssuerWithoutMetadata() {
    server.answer(PATH + KeyServer.OPENID, Answer.status(404));
    try (FetchingGate gate = gate()) {
      assertThat(gate.verdict(first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    }
  }

  private void anIssuerOfAnotherName() {
    publishMetadata(server.issuer() + PATH + "/");
    try (FetchingGate gate = gate()) {
      assertThat(gate.verdict(first)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    }
  }

  private void aStartThatWaits() {
    publishMetadata(server.issuer() + PATH);
    server.answer(KeyServer.KEYS, Answer.status(503));
    SallyportFilter filter =
        SallyportFilter.builder()
            .issuer(server.issuer() + PATH)
            .allowHttp(true)
            .audience("https://api.example.com")
            .allowedScopes("a")
            .failOnUnreachableKeys(true)
            .build();
    FilterConfig config = mock();
    assertThatThrownBy(() -> filter.init(config)).isInstanceOf(ServletException.class);
  }

  /** The JDK's properties of proxies are read by its default selector. */
  @Test
  void keys_are_fetched_through_the_proxy_of_the_platform() throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> firstLine(proxy));
      ProxySelector.setDefault(only("id.example.com", proxy.getLocalSocketAddress(), before));
      TokenVerifier verifier =
          TokenVerifier.builder()
              .issuer(SHOWN)
              .jwksUri(SHOWN + "/keys")
              .audience("api")
              .allowedScopes("a")
              .build();
      try {
        assertThat(asked.get(10, TimeUnit.SECONDS))
            .isEqualTo("CONNECT id.example.com:443 HTTP/1.1");
      } finally {
        verifier.close();
      }
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  private static String firstLine(ServerSocket proxy) {
    try (Socket line = proxy.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(line.getInputStream(), StandardCharsets.US_ASCII))) {
      return in.readLine();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static ProxySelector only(String host, SocketAddress proxy, ProxySelector others) {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        if (!host.equals(uri.getHost())) return others.select(uri);
        InetSocketAddress address = (InetSocketAddress) proxy;
        return List.of(new Proxy(Proxy.Type.HTTP, address));
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException e) {}
    };
  }
}
