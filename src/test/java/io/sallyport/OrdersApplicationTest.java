package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.sallyport.testkit.GateProbe;
import io.sallyport.testkit.Outage;
import io.sallyport.testkit.TestIssuer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/testing.md} shows, as the test of an application of its own. */
final class OrdersApplicationTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final TestIssuer issuer = TestIssuer.start();
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = orders(issuer.issuer());
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    issuer.close();
  }

  /** The application as it is, but for the issuer that it trusts. */
  private static Server orders(String issuer) throws Exception {
    SallyportFilter gate =
        SallyportFilter.builder()
            .issuer(issuer)
            .allowHttp(true)
            .audience(TestIssuer.AUDIENCE)
            .allowedScopes("orders:read", "orders:write")
            .requiredScopes("orders:read")
            .keyRefreshSeconds(1)
            .build();
    ServletContextHandler app = new ServletContextHandler();
    app.addFilter(new FilterHolder(gate), "/*", EnumSet.allOf(DispatcherType.class));
    app.addServlet(new ServletHolder(new OrdersServlet()), "/orders");
    Server server = new Server(0);
    server.setHandler(app);
    server.start();
    return server;
  }

  private HttpResponse<String> get(String... fields) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.getURI().resolve("/orders"));
    if (fields.length > 0) request.headers(fields);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private int statusOf(String token) throws Exception {
    return get("Authorization", "Bearer " + token).statusCode();
  }

  @Test
  void who_may_read_orders_gets_their_own() throws Exception {
    String token = issuer.token().subject("bob").scope("orders:read").mint();
    HttpResponse<String> answer = get("Authorization", "Bearer " + token);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("orders of bob");
  }

  @Test
  void nobody_else_gets_anything() throws Exception {
    assertThat(get().statusCode()).isEqualTo(401);
    assertThat(statusOf(issuer.mint("orders:write"))).isEqualTo(403);
    assertThat(statusOf(issuer.token().scope("orders:read").audience("other").mint()))
        .isEqualTo(401);
    assertThat(
            statusOf(issuer.token().scope("orders:read").expiresIn(Duration.ofMinutes(-1)).mint()))
        .isEqualTo(401);
    assertThat(statusOf(issuer.token().scope("orders:read").without("sub").mint())).isEqualTo(401);
  }

  @Test
  void a_rotation_goes_unnoticed() throws Exception {
    String before = issuer.mint("orders:read");
    assertThat(statusOf(before)).isEqualTo(200);
    issuer.rotate();
    assertThat(statusOf(issuer.mint("orders:read"))).as("under the new key").isEqualTo(200);
    assertThat(statusOf(before)).as("the old one is still published").isEqualTo(200);
    issuer.withdraw();
    await(() -> statusOf(before) == 401);
  }

  @Test
  void an_outage_of_the_issuer_stops_nobody_whose_key_is_known() throws Exception {
    String token = issuer.mint("orders:read");
    assertThat(statusOf(token)).isEqualTo(200);
    issuer.outage(Outage.SERVER_ERROR);
    assertThat(statusOf(token)).isEqualTo(200);
    issuer.rotate();
    assertThat(statusOf(issuer.mint("orders:read"))).as("it cannot be known").isEqualTo(503);
    issuer.recover();
    await(() -> statusOf(issuer.mint("orders:read")) == 200);
  }

  @Test
  void a_bound_token_is_good_with_its_proof_alone() throws Exception {
    TestKey client = TestKey.generate("client", "ES256");
    String token = issuer.token().scope("orders:read").boundTo(client).mint();
    String orders = server.getURI().resolve("/orders").toString();
    String proof = TestToken.proof(client, "GET", orders, token).mint();
    assertThat(get("Authorization", "DPoP " + token, "DPoP", proof).statusCode()).isEqualTo(200);
    assertThat(get("Authorization", "DPoP " + token, "DPoP", proof).statusCode())
        .as("a second time")
        .isEqualTo(401);
    assertThat(statusOf(token)).as("as if it were not bound").isEqualTo(401);
  }

  @Test
  void no_hostile_request_gets_through() {
    GateProbe.of(server.getURI().resolve("/orders"))
        .issuer(issuer)
        .token(token -> token.scope("orders:read"))
        .run()
        .assertHolds();
  }

  @Test
  void a_handler_by_itself() throws Exception {
    HttpServletRequest request = mock();
    HttpServletResponse response = mock();
    StringWriter body = new StringWriter();
    when(request.getMethod()).thenReturn("GET");
    when(request.getAttribute(SallyportFilter.TOKEN_ATTRIBUTE)).thenReturn(verified("orders:read"));
    when(response.getWriter()).thenReturn(new PrintWriter(body));
    new OrdersServlet().service(request, response);
    assertThat(body).hasToString("orders of ann");
  }

  /** Only the gate makes a verified token, so it is asked for one. */
  private VerifiedToken verified(String... scopes) {
    try (TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer(issuer.issuer())
            .allowHttp(true)
            .audience(TestIssuer.AUDIENCE)
            .allowedScopes("orders:read", "orders:write")
            .build()) {
      Decision decision = verifier.verify(issuer.mint(scopes));
      return ((Decision.Admitted) decision).token();
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits for what a thread of the filter brings about. */
  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
