package io.sallyport.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.SallyportFilter;
import io.sallyport.examples.proxy.Wire.Answer;
import io.sallyport.examples.proxy.Witness.Seen;
import io.sallyport.testkit.TestIssuer;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.ee10.proxy.AsyncProxyServlet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody with a good token, and then an upstream and a name server that have turned, want to
 * reach what is planted beside the proxy: an HTTP server on loopback, and one on a Unix domain
 * socket. They have seen no connection when it is over.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class InternalServerTest {
  private static TestIssuer issuer;

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Witness planted;
  private Witness socket;
  private Witness upstream;

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
    planted = keep(Witness.at("127.0.0.1", 0));
    socket = keep(Witness.at(UnixDomainSocketAddress.of(folder.resolve("runtime.sock"))));
    upstream = keep(Witness.at("127.0.0.1", 0));
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) open.get(i).close();
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private int proxy(SocketAddressResolver resolver, String address, String... settings)
      throws Exception {
    SafeProxy proxy = SafeProxy.start(Proxies.settings(issuer, address, settings), resolver);
    keep(proxy::stop);
    return proxy.port();
  }

  /** A proxy that may connect to all of loopback: what keeps it off the planted is not that. */
  private int generousProxy() throws Exception {
    return proxy(null, Proxies.at(upstream, "/api"), "addresses", "127.0.0.0/8 ::1 0.0.0.0");
  }

  private Answer get(int proxy, String target) throws IOException {
    return Wire.get(proxy, target, token());
  }

  private String token() {
    return issuer.mint("orders:read");
  }

  private String bytes(Attempt attempt) throws IOException {
    return attempt.bytes("127.0.0.1:" + planted.port(), socket.address().toString(), token());
  }

  private void assertNobodyCame() throws IOException {
    assertThat(planted.visitors()).as("at the planted server").isZero();
    assertThat(socket.visitors()).as("at the planted socket").isZero();
  }

  @ParameterizedTest
  @MethodSource("io.sallyport.examples.proxy.Attempt#all")
  void no_request_leads_there(Attempt attempt) throws Exception {
    int proxy = generousProxy();

    Answer answer = Wire.send(proxy, bytes(attempt));

    assertThat(attempt.statuses()).as(answer.text()).contains(answer.status());
    assertNobodyCame();
    for (Seen seen : upstream.seen()) {
      assertThat(seen.target().split("[?]")[0])
          .startsWith("/api/")
          .doesNotContain("..", "internal", "\\");
      assertThat(seen.values("Host")).containsExactly("127.0.0.1:" + upstream.port());
      assertThat(seen.head()).doesNotContain("Authorization", "Bearer");
      assertThat(seen.values("X-Verified-Subject")).containsExactly("ann");
    }
    assertThat(get(proxy, "/orders").status()).as("afterwards").isEqualTo(200);
    assertThat(upstream.only().line()).isEqualTo("GET /api/orders HTTP/1.1");
  }

  @Test
  void there_are_many_of_them() {
    assertThat(Attempt.all()).hasSizeGreaterThan(100).doesNotHaveDuplicates();
  }

  /** The attempts are worth something: Jetty's own servlet behind the same filter goes there. */
  @Test
  void the_same_requests_lead_an_ordinary_proxy_there() throws Exception {
    int ordinary = ordinaryProxy(new ServletHolder(new AsyncProxyServlet()));
    for (Attempt attempt : Attempt.all()) Wire.send(ordinary, bytes(attempt));
    assertThat(planted.visitors()).isPositive();
  }

  private int ordinaryProxy(ServletHolder servlet) throws Exception {
    SallyportFilter gate =
        SallyportFilter.builder()
            .issuer(issuer.issuer())
            .allowHttp(true)
            .audience(TestIssuer.AUDIENCE)
            .allowedScopes("orders:read")
            .hostExposure("off")
            .build();
    ServletContextHandler context = new ServletContextHandler("/");
    context.addFilter(new FilterHolder(gate), "/*", EnumSet.allOf(DispatcherType.class));
    context.addServlet(servlet, "/*");
    Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    server.setHandler(context);
    server.start();
    keep(server::stop);
    return server.getURI().getPort();
  }

  /** The positive control of everything here. */
  @Test
  void it_is_reached_where_it_is_listed() throws Exception {
    int proxy = proxy(null, Proxies.at(planted, ""), "addresses", "127.0.0.1");

    assertThat(get(proxy, "/orders").status()).isEqualTo(200);

    assertThat(planted.visitors()).isEqualTo(1);
    assertThat(planted.only().line()).isEqualTo("GET /orders HTTP/1.1");
  }

  @Test
  void it_is_not_where_it_is_not() throws Exception {
    int proxy = proxy(null, Proxies.at(planted, ""));
    assertThat(get(proxy, "/orders").status()).isEqualTo(502);
    assertNobodyCame();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://{planted}/",
        "http://{planted}/api/",
        "//{planted}/",
        "///{planted}/",
        "/\\{planted}/",
        "http://{upstream}@{planted}/api/",
        "http://{planted}#@{upstream}/api/",
        "unix:{socket}",
        "http://unix:{socket}",
        "/internal",
        "/api/../internal",
        "/api/%2e%2e/internal",
        "../internal",
        "/api//{planted}/",
      })
  void no_redirect_leads_there_or_is_handed_on(String location) throws Exception {
    int proxy = generousProxy();
    String to =
        location
            .replace("{planted}", "127.0.0.1:" + planted.port())
            .replace("{upstream}", "127.0.0.1:" + upstream.port())
            .replace("{socket}", socket.address().toString());
    for (String status :
        List.of("300 Choices", "301 a", "302 b", "303 c", "305 d", "307 e", "308 f")) {
      upstream.answer(Witness.answering(status, "Location: " + to, ""));

      Answer answer = get(proxy, "/orders");

      assertThat(answer.status()).as(status).isEqualTo(502);
      assertThat(answer.values("Location")).isEmpty();
      assertThat(answer.text()).doesNotContain("127.0.0.1");
      assertThat(upstream.only().target()).isEqualTo("/api/orders");
    }
    assertNobodyCame();
  }

  /** As whoever writes the settings may be mistaken, or may have been given an address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:{port}",
        "http://127.0.0.1:{port}",
        "http://127.1:{port}",
        "http://2130706433:{port}",
        "http://0x7f000001:{port}",
        "http://[::ffff:127.0.0.1]:{port}",
        "http://[::ffff:7f00:1]:{port}",
        "http://[::127.0.0.1]:{port}",
        "http://[64:ff9b::7f00:1]:{port}",
        "http://[2002:7f00:1::]:{port}",
        "http://0.0.0.0:{port}",
        "http://0:{port}",
        "http://[::]:{port}",
        "http://[::1]:{port}",
        "http://orders.example@127.0.0.1:{port}",
        "ws://127.0.0.1:{port}",
        "unix:{socket}",
        "unix://{socket}",
        "http+unix://{socket}/",
        "http://unix:{socket}",
      })
  void no_spelling_of_the_upstream_leads_there(String address) throws Exception {
    String spelled =
        address
            .replace("{port}", String.valueOf(planted.port()))
            .replace("{socket}", socket.address().toString());
    int proxy;
    try {
      proxy = proxy(null, spelled);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("upstream=");
      return;
    }
    assertThat(get(proxy, "/orders").status()).isEqualTo(502);
    assertNobodyCame();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"})
  void a_spelling_leads_there_where_it_is_listed(String host) throws Exception {
    int proxy =
        proxy(
            null, "http://" + host + ":" + planted.port(), "addresses", "127.0.0.0/8 ::1 0.0.0.0");
    assertThat(get(proxy, "/orders").status()).isEqualTo(200);
    assertThat(planted.visitors()).isPositive();
  }

  /** What the name server says, of a name that is as good as any. */
  private static SocketAddressResolver resolving(String... answers) {
    return (host, port, context, promise) ->
        promise.succeeded(
            Arrays.stream(answers).map(address -> new InetSocketAddress(address, port)).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1 127.0.0.1",
        "0.0.0.0",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::",
        "169.254.169.254",
        "fd00:ec2::254",
        "10.0.0.1",
        "100.100.100.200",
        "fe80::1",
        "224.0.0.1",
      })
  void no_name_leads_there(String addresses) throws Exception {
    int proxy =
        proxy(resolving(addresses.split(" ")), "http://orders.example:" + planted.port() + "/api");
    Answer answer = get(proxy, "/orders");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).isEqualTo("502 Bad Gateway\n");
    assertNobodyCame();
  }

  @Test
  void a_name_leads_there_where_its_address_is_listed() throws Exception {
    int proxy =
        proxy(
            resolving("10.0.0.1", "127.0.0.1"),
            "http://orders.example:" + planted.port() + "/api",
            "addresses",
            "127.0.0.1");
    assertThat(get(proxy, "/orders").status()).isEqualTo(200);
    assertThat(planted.only().values("Host")).containsExactly("orders.example:" + planted.port());
  }

  /**
   * A name server that answers with a good address first, and with loopback from then on. The good
   * one is 127.0.0.2, listed; the planted has the same port at 127.0.0.1.
   */
  private static SocketAddressResolver rebinding(AtomicInteger asked) {
    return (host, port, context, promise) -> {
      String address = asked.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1";
      promise.succeeded(List.of(new InetSocketAddress(address, port)));
    };
  }

  private Witness good() throws Exception {
    try {
      return keep(Witness.at("127.0.0.2", planted.port()));
    } catch (BindException e) {
      return Assumptions.abort("rebinding is not tested: 127.0.0.2 is no address of this host");
    }
  }

  @Test
  void a_name_that_turns_to_loopback_does_not_lead_there() throws Exception {
    Witness good = good();
    good.answer(Witness.answering("200 OK", "Connection: close", "good"));
    AtomicInteger asked = new AtomicInteger();
    int proxy =
        proxy(
            rebinding(asked),
            "http://orders.example:" + planted.port() + "/api",
            "addresses",
            "127.0.0.2");

    assertThat(get(proxy, "/orders").body()).isEqualTo("good");
    good.close();
    for (int i = 0; i < 5; i++) assertThat(get(proxy, "/orders").status()).isEqualTo(502);

    assertThat(asked).as("a question for each connection").hasValue(6);
    assertNobodyCame();
  }

  /** What the other way costs: the address that was checked is not the one that is used. */
  @Test
  void a_check_before_the_connection_would_be_passed() throws Exception {
    good();
    AddressPolicy policy = AddressPolicy.allowing("127.0.0.2");
    SocketAddressResolver names = rebinding(new AtomicInteger());
    List<InetAddress> checked = new ArrayList<>();
    names.resolve(
        "orders.example",
        planted.port(),
        java.util.Map.of(),
        org.eclipse.jetty.util.Promise.from(
            all -> all.forEach(address -> checked.add(address.getAddress())), failure -> {}));
    assertThat(checked).isNotEmpty().allMatch(policy::allows);

    HttpClient client = client(new ClientConnector());
    client.setSocketAddressResolver(names);
    client.start();
    client.GET("http://orders.example:" + planted.port() + "/orders");

    assertThat(planted.visitors()).isEqualTo(1);
  }

  @Test
  void a_name_with_a_dead_address_and_loopback_does_not_lead_there() throws Exception {
    int proxy =
        proxy(
            resolving("127.0.0.2", "127.0.0.1"),
            "http://orders.example:" + planted.port() + "/api",
            "addresses",
            "127.0.0.2");
    assertThat(get(proxy, "/orders").status()).isIn(502, 504);
    assertNobodyCame();
  }

  /** Nothing of the proxy asks for one; this is about the day when something does. */
  @Test
  void the_connector_takes_no_unix_socket() throws Exception {
    Transport unix = new Transport.TCPUnix(Path.of(socket.address().toString()));
    HttpClient checked = client(new CheckedConnector(AddressPolicy.allowing("127.0.0.0/8")));
    HttpClient ordinary = client(new ClientConnector());
    checked.start();
    ordinary.start();

    assertThatThrownBy(() -> checked.newRequest("http://127.0.0.1/").transport(unix).send())
        .hasRootCauseMessage("address not allowed");
    assertNobodyCame();

    assertThat(ordinary.newRequest("http://127.0.0.1/").transport(unix).send().getStatus())
        .isEqualTo(200);
    assertThat(socket.visitors()).as("it can be reached").isEqualTo(1);
  }

  private HttpClient client(ClientConnector connector) {
    HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    keep(client::stop);
    return client;
  }
}
