package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are bound to a client's certificate (RFC 8705), by TLS handshakes with Jetty. */
@TestInstance(Lifecycle.PER_CLASS)
final class MutualTlsTest {
  private static final String ISSUER = "https://id.example.com";
  private static final String AUDIENCE = "https://api.example.com";

  @TempDir static Path folder;

  private final TestKey key = TestKey.generate("key-1", "ES256");
  private final Server jetty = new Server();
  private Path server;
  private Path client;
  private Path other;
  private int port;

  @BeforeAll
  void start() throws Exception {
    Certificates certificates = new Certificates(folder);
    server = Path.of(certificates.selfSigned("localhost", "san=ip:127.0.0.1"));
    client = Path.of(certificates.selfSigned("client", "san=dns:client.example"));
    other = Path.of(certificates.selfSigned("other", "san=dns:client.example"));
    ContextHandlerCollection contexts = new ContextHandlerCollection();
    contexts.addHandler(context("/direct", builder()));
    contexts.addHandler(
        context("/proxied", builder().trustedProxies("192.0.2.0/24", "127.0.0.0/8")));
    contexts.addHandler(context("/mtls", builder().senderConstraint("mtls")));
    jetty.setHandler(contexts);
    ServerConnector connector = tls();
    jetty.addConnector(connector);
    jetty.start();
    port = connector.getLocalPort();
  }

  private ServerConnector tls() throws Exception {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(Certificates.context(server, List.of(client, other)));
    tls.setWantClientAuth(true);
    HttpConfiguration http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            jetty, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    return connector;
  }

  private SallyportFilter.Builder builder() {
    return SallyportFilter.builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .allowedScopes("orders:read")
        .keySource(Trial.fixed(key.jwk()));
  }

  private ServletContextHandler context(String path, SallyportFilter.Builder settings) {
    ServletContextHandler context = new ServletContextHandler(path);
    context.addFilter(
        new FilterHolder(settings.build()), "/*", EnumSet.allOf(DispatcherType.class));
    context.addServlet(new ServletHolder(new Sight()), "/*");
    return context;
  }

  @AfterAll
  void stop() throws Exception {
    jetty.stop();
  }

  private static byte[] der(Path store) throws Exception {
    return Certificates.load(store).getCertificate("server").getEncoded();
  }

  private TestToken unbound() {
    return Tokens.good(ISSUER, AUDIENCE, "orders:read", Instant.now());
  }

  /** A token that the issuer has bound to a certificate. */
  private String boundTo(Path certificate) throws Exception {
    return unbound()
        .claim("cnf", Map.of("x5t#S256", TestToken.hash(der(certificate))))
        .mintedBy(key);
  }

  /** A certificate as a proxy sends it (RFC 9440 section 2.1). */
  private static String field(Path certificate) throws Exception {
    return ":" + Base64.getEncoder().encodeToString(der(certificate)) + ":";
  }

  private HttpResponse<String> get(
      String path, @Nullable Path certificate, String token, String... fields) throws Exception {
    SSLContext tls = Certificates.context(certificate, List.of(server));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path + "/orders"))
            .header("Authorization", "Bearer " + token);
    if (fields.length > 0) request.headers(fields);
    return HttpClient.newBuilder()
        .sslContext(tls)
        .build()
        .send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void assertRefused(HttpResponse<String> answer, Reason reason) {
    String told =
        " realm=\"id.example.com\", error=\"invalid_token\", error_description=\""
            + reason.description()
            + "\", scope=\"orders:read\"";
    List<String> challenges = new ArrayList<>(List.of("Bearer" + told));
    if (reason != Reason.TOKEN_UNBOUND) {
      challenges.add("DPoP" + told + ", algs=\"RS256 PS256 ES256 EdDSA Ed25519\"");
    }
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate")).isEqualTo(challenges);
  }

  @Test
  void RFC_8705_section_3_a_token_passes_with_the_certificate_that_it_is_bound_to()
      throws Exception {
    HttpResponse<String> answer = get("/direct", client, boundTo(client));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("subject=ann\n", "auth=Bearer\n");
    assertThat(get("/mtls", client, boundTo(client)).statusCode()).isEqualTo(200);
  }

  @Test
  void RFC_8705_section_3_another_certificate_is_answered_401_invalid_token() throws Exception {
    assertRefused(get("/direct", other, boundTo(client)), Reason.CERTIFICATE_MISMATCH);
  }

  @Test
  void RFC_8705_section_3_a_connection_without_certificate_is_answered_401_invalid_token()
      throws Exception {
    assertRefused(get("/direct", null, boundTo(client)), Reason.CERTIFICATE_MISSING);
  }

  @Test
  @Tag("T78")
  void a_remembered_token_needs_its_certificate_on_every_request() throws Exception {
    String token = boundTo(client);
    assertThat(get("/direct", client, token).statusCode()).isEqualTo(200);
    assertThat(get("/direct", other, token).statusCode()).isEqualTo(401);
    assertThat(get("/direct", null, token).statusCode()).isEqualTo(401);
    assertThat(get("/direct", client, token).statusCode()).isEqualTo(200);
  }

  @Test
  void RFC_8705_section_3_1_the_hash_is_SHA_256_of_the_DER_in_base64url_without_padding()
      throws Exception {
    String hash = TestToken.hash(der(client));
    for (String spelling : List.of(hash + "=", " " + hash, hash.substring(1))) {
      String token = unbound().claim("cnf", Map.of("x5t#S256", spelling)).mintedBy(key);
      assertThat(get("/direct", client, token).statusCode()).as(spelling).isEqualTo(401);
    }
  }

  @Test
  void an_unbound_token_passes_with_any_certificate_unless_bound_ones_are_demanded()
      throws Exception {
    String token = unbound().mintedBy(key);
    assertThat(get("/direct", client, token).statusCode()).isEqualTo(200);
    assertRefused(get("/mtls", client, token), Reason.TOKEN_UNBOUND);
  }

  @Test
  void a_token_bound_to_a_certificate_and_a_key_needs_the_proof_of_both() throws Exception {
    TestKey proofKey = TestKey.generate("client", "ES256");
    Map<String, Object> cnf =
        Map.of("x5t#S256", TestToken.hash(der(client)), "jkt", proofKey.thumbprint());
    String token = unbound().claim("cnf", cnf).mintedBy(key);
    assertThat(get("/direct", client, token).statusCode()).isEqualTo(401);
    String uri = "https://127.0.0.1:" + port + "/direct/orders";
    for (Path certificate : List.of(other, client)) {
      String proof = Proofs.good(proofKey, "GET", uri, token, Instant.now()).mintedBy(proofKey);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(uri))
              .headers("Authorization", "DPoP " + token, "DPoP", proof)
              .build();
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .sslContext(Certificates.context(certificate, List.of(server)))
              .build()
              .send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(certificate == client ? 200 : 401);
    }
  }

  @Test
  @Tag("T49")
  void RFC_9440_section_2_1_a_trusted_proxy_is_believed_and_handlers_do_not_see_its_word()
      throws Exception {
    HttpResponse<String> answer =
        get("/proxied", null, boundTo(client), "Client-Cert", field(client));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("subject=ann\n", "credentials=[]\n");
    assertRefused(
        get("/proxied", null, boundTo(client), "Client-Cert", field(other)),
        Reason.CERTIFICATE_MISMATCH);
  }

  @Test
  @Tag("T47")
  void RFC_9440_section_4_what_anybody_else_says_of_a_certificate_is_not_believed()
      throws Exception {
    assertRefused(
        get("/direct", null, boundTo(client), "Client-Cert", field(client)),
        Reason.CERTIFICATE_MISSING);
    assertRefused(
        get("/direct", other, boundTo(client), "Client-Cert", field(client)),
        Reason.CERTIFICATE_MISMATCH);
    HttpResponse<String> hidden =
        get("/direct", client, boundTo(client), "Client-Cert", field(other));
    assertThat(hidden.statusCode()).isEqualTo(200);
    assertThat(hidden.body()).contains("credentials=[]\n");
  }

  @Test
  void the_certificate_of_a_proxy_itself_is_not_that_of_its_client() throws Exception {
    assertRefused(get("/proxied", client, boundTo(client)), Reason.CERTIFICATE_MISSING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "::", ":AAA:", ":A A=:", "AAAA", "\"AAAA\"", ":AAAA:;x"})
  void RFC_9440_section_2_1_what_is_no_byte_sequence_is_no_certificate(String text)
      throws Exception {
    assertThat(get("/proxied", null, boundTo(client), "Client-Cert", text).statusCode())
        .isEqualTo(401);
  }

  @Test
  void RFC_9440_section_2_1_two_fields_are_no_certificate() throws Exception {
    String field = field(client);
    assertRefused(
        get("/proxied", null, boundTo(client), "Client-Cert", field, "Client-Cert", field),
        Reason.CERTIFICATE_MISSING);
  }
}
