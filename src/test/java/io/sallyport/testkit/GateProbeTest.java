package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.Certificates;
import io.sallyport.SallyportFilter;
import io.sallyport.testkit.Finding.Severity;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The probe finds what is wrong with a gate, and nothing at one that holds. */
@TestInstance(Lifecycle.PER_CLASS)
final class GateProbeTest {
  private final TestIssuer issuer = TestIssuer.start();
  private GateProbe.Report ofNaive;
  private GateProbe.Report ofSignatures;

  @BeforeAll
  void probe() {
    ofNaive = report(new NaiveGate());
    ofSignatures = report(new NaiveGate.OfSignatures(issuer));
  }

  @AfterAll
  void stop() {
    issuer.close();
  }

  private SallyportFilter sallyport() {
    return SallyportFilter.builder()
        .issuer(issuer.issuer())
        .allowHttp(true)
        .audience(TestIssuer.AUDIENCE)
        .allowedScopes("orders:read", "orders:write")
        .requiredScopes("orders:read")
        .build();
  }

  /** A filter that passes on to ours what it likes to. */
  private abstract class AroundSallyport extends HttpFilter {
    private static final long serialVersionUID = 1L;
    final transient Filter gate = sallyport();

    @Override
    public void destroy() {
      gate.destroy();
    }
  }

  private GateProbe probe(URI endpoint) {
    return GateProbe.of(endpoint).issuer(issuer).token(token -> token.scope("orders:read"));
  }

  private GateProbe.Report report(Filter filter) {
    try (Guarded server = new Guarded(filter)) {
      return probe(server.orders()).run();
    }
  }

  private static List<String> ids(GateProbe.Report report, Severity severity) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::id)
        .toList();
  }

  private static String detail(GateProbe.Report report, String id) {
    return report.findings().stream()
        .filter(finding -> finding.id().equals(id))
        .map(Finding::detail)
        .findFirst()
        .orElseThrow();
  }

  // ---- a gate that holds

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "RS256", "EdDSA"})
  void nothing_is_found_at_our_own_filter(String algorithm) {
    try (Guarded server = new Guarded(sallyport())) {
      GateProbe.Report report =
          probe(server.orders())
              .token(token -> token.scope("orders:read").algorithm(algorithm))
              .run();
      assertThat(report.findings()).as(report.toString()).isEmpty();
      report.assertHolds();
      assertThat(report.attempts()).hasSizeGreaterThan(150);
      assertThat(report.leftOut()).contains("method-get").hasSizeLessThan(5);
    }
  }

  @Test
  void our_own_filter_lets_in_little_of_what_the_RFCs_leave_open() {
    try (Guarded server = new Guarded(sallyport())) {
      List<Attempt> served =
          probe(server.orders()).run().attempts().stream().filter(Attempt::served).toList();
      assertThat(served)
          .extracting(Attempt::id)
          .containsExactly(
              "field-double-blank", "field-blank-behind", "json-nul", "json-exponent-negative");
      assertThat(served).allMatch(Attempt::open);
      assertThat(server.served()).as("with the good token twice").isEqualTo(served.size() + 2);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, /?x=1", "POST, /orders/new", "DELETE, /a/%6frder"})
  void an_endpoint_may_have_any_path_and_any_method(String method, String path) {
    try (Guarded server = new Guarded(sallyport())) {
      GateProbe.Report report =
          probe(server.at(path))
              .method(method)
              .field("X-Tenant", "acme")
              .body("application/json", "{}")
              .run();
      assertThat(report.findings()).as(report.toString()).isEmpty();
      assertThat(report.toString()).startsWith(method + " " + server.at(path) + "\n");
    }
  }

  @Test
  void a_good_token_alone_is_enough_for_what_takes_no_signature_of_the_issuer() {
    try (Guarded server = new Guarded(sallyport())) {
      List<Integer> progress = new ArrayList<>();
      GateProbe.Report report =
          GateProbe.of(server.orders())
              .goodToken(() -> issuer.mint("orders:read"))
              .onProgress(progress::add)
              .run();
      assertThat(report.findings()).as(report.toString()).isEmpty();
      assertThat(report.attempts()).hasSizeGreaterThan(150);
      assertThat(report.leftOut())
          .contains("claim-exp-past", "method-delete", "alg-hs256-rs256-pem");
      assertThat(progress)
          .isEqualTo(IntStream.rangeClosed(1, report.attempts().size()).boxed().toList());
    }
  }

  @Test
  void it_speaks_TLS_and_looks_at_the_name_in_the_certificate(@TempDir Path folder)
      throws Exception {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    Path store = Path.of(new Certificates(folder).selfSigned("server", "san=ip:127.0.0.1"));
    tls.setKeyStorePath(store.toString());
    tls.setKeyStorePassword(Certificates.PASSWORD);
    try (Guarded server = new Guarded(GateProbeTest::open, tls)) {
      URI orders = URI.create("https://127.0.0.1:" + server.orders().getPort() + "/orders");
      SSLContext trusting = Certificates.context(null, List.of(store));
      GateProbe.Report report = probe(orders).tls(trusting.getSocketFactory()).run();
      assertThat(ids(report, Severity.GOT_THROUGH)).containsExactly("request-no-token");
      assertThat(server.served()).isEqualTo(2);

      URI otherName = URI.create("https://localhost:" + orders.getPort() + "/orders");
      assertThatThrownBy(() -> probe(otherName).tls(trusting.getSocketFactory()).run())
          .hasMessageContaining("the endpoint does not answer");
      assertThatThrownBy(() -> probe(orders).run())
          .hasMessageContaining("the endpoint does not answer");
      assertThat(server.served()).isEqualTo(2);
    }
  }

  private static void open(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, response);
  }

  // ---- what gets through

  @Test
  void a_filter_that_looks_at_no_signature_lets_in_whatever_it_can_read() {
    GateProbe.Report report = ofNaive;
    assertThat(ids(report, Severity.GOT_THROUGH))
        .contains(
            Likeness.REFERENCE,
            "form-signature-cut-off",
            "alg-none",
            "alg-hs256-rs256-pem",
            "header-jwk",
            "header-x5c",
            "signature-es256-zeros",
            "claim-iss-other",
            "claim-aud-other",
            "claim-exp-past",
            "scope-missing",
            "request-two-tokens")
        .doesNotContain("request-no-token", "form-dots", "claim-iss-missing", "json-comment");
    assertThat(report.holds()).isFalse();
    assertThatThrownBy(report::assertHolds)
        .isInstanceOf(AssertionError.class)
        .hasMessage(report.toString())
        .hasMessageContaining(
            "GOT_THROUGH claim-exp-past: exp of 1000000000 (RFC 7519 section 4.1.4: exp is a"
                + " number in the future): answered 200");
  }

  @Test
  void a_filter_that_looks_at_the_signature_alone_lets_in_what_is_unfit() {
    assertThat(ids(ofSignatures, Severity.GOT_THROUGH))
        .contains(
            "claim-iss-other",
            "claim-aud-missing",
            "claim-aud-other",
            "claim-exp-missing",
            "claim-exp-past",
            "claim-nbf-future",
            "claim-cnf-key",
            "header-crit",
            "header-typ-logout",
            "scope-missing",
            "scope-wildcard",
            "scope-docker",
            "form-padding-behind",
            "form-unused-bits-of-signature")
        .noneMatch(id -> id.startsWith("alg-") || id.startsWith("signature-"));
  }

  @Test
  void a_filter_that_takes_a_public_key_for_a_secret_is_found_by_its_form() {
    Filter confused =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          boolean verifies(String[] parts, Map<String, Object> header) {
            String alg = String.valueOf(header.get("alg"));
            if (!alg.startsWith("HS")) return super.verifies(parts, header);
            byte[] der = issuer.key("RS256").pair().getPublic().getEncoded();
            byte[] mac = TestToken.hmac(alg, der, input(parts));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac).equals(parts[2]);
          }
        };
    assertThat(ids(report(confused), Severity.GOT_THROUGH))
        .contains("alg-hs256-rs256-der")
        .doesNotContain("alg-hs256-rs256-pem", "alg-hs256-es256-der", "alg-none");
  }

  @Test
  void a_filter_that_fetches_the_key_that_a_token_names_is_found_though_it_refuses_the_token() {
    Filter curious =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          boolean verifies(String[] parts, Map<String, Object> header) {
            if (header.get("jku") instanceof String jku) fetch(jku);
            return super.verifies(parts, header);
          }
        };
    GateProbe.Report report = report(curious);
    assertThat(ids(report, Severity.GOT_THROUGH))
        .contains("header-jku", "header-jku-known-kid")
        .doesNotContain("header-x5u", "header-kid-address", "header-jwk");
    assertThat(detail(report, "header-jku")).isEqualTo("fetched what the token names");
  }

  private static void fetch(String address) {
    try (InputStream in = URI.create(address).toURL().openStream()) {
      in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_token_that_is_taken_from_elsewhere_is_found() {
    Filter generous =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          String token(HttpServletRequest request) {
            String queried = request.getParameter("access_token");
            return queried == null ? super.token(request) : queried;
          }
        };
    GateProbe.Report report = report(generous);
    assertThat(ids(report, Severity.GOT_THROUGH))
        .contains("elsewhere-query", "elsewhere-query-and-forged", "elsewhere-form")
        .doesNotContain("elsewhere-cookie", "elsewhere-proxy", "request-no-token");
  }

  @Test
  void a_filter_that_guards_one_spelling_of_the_path_and_one_method_is_found() {
    Filter literal =
        new AroundSallyport() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void doFilter(
              HttpServletRequest request, HttpServletResponse response, FilterChain chain)
              throws IOException, ServletException {
            boolean guarded =
                request.getMethod().equals("GET") && request.getRequestURI().equals("/orders");
            if (guarded) gate.doFilter(request, response, chain);
            else chain.doFilter(request, response);
          }
        };
    GateProbe.Report report = report(literal);
    assertThat(ids(report, Severity.GOT_THROUGH))
        .contains("path-parameter", "path-slash-behind", "path-up", "path-capitals", "method-head")
        .contains("method-post", "method-unknown", "elsewhere-form")
        .allMatch(id -> id.matches("(path|method|elsewhere|message)-.*"));
  }

  @Test
  void at_an_open_endpoint_there_is_nothing_more_to_find() {
    GateProbe.Report report = report(GateProbeTest::open);
    assertThat(report.findings())
        .singleElement()
        .hasToString(
            "GOT_THROUGH request-no-token: no credentials (RFC 6750 section 3: a challenge):"
                + " answered 200");
    assertThat(report.attempts()).hasSize(1);
  }

  // ---- what leaks, breaks, or is answered wrongly

  @Test
  void a_filter_that_echoes_the_token_is_found() {
    Filter echo =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          String said(String token) {
            return "cannot verify " + token;
          }
        };
    GateProbe.Report report = report(echo);
    assertThat(ids(report, Severity.LEAKED))
        .contains(Likeness.REFERENCE, "alg-none", "form-no-signature")
        .doesNotContain("request-no-token");
    assertThat(detail(report, Likeness.REFERENCE)).isEqualTo("the body tells a piece of the token");
  }

  @Test
  void a_filter_that_tells_of_a_claim_or_a_class_is_found() {
    Filter chatty =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          boolean admits(String[] parts, Map<String, Object> header, Map<String, Object> claims) {
            seen = String.valueOf(claims.get("probe"));
            return super.admits(parts, header, claims);
          }

          private volatile String seen = "";

          @Override
          void refuse(HttpServletResponse response, String challenge, String why)
              throws IOException {
            response.setHeader("X-Seen", seen);
            super.refuse(response, challenge, why);
          }

          @Override
          String said(String token) {
            return "java.lang.IllegalArgumentException: bad token";
          }
        };
    GateProbe.Report report = report(chatty);
    assertThat(detail(report, "signature-over-other-subject"))
        .isEqualTo("the body tells what is inside: 'java.lang.'");
    assertThat(detail(report, "request-two-tokens-forged-first"))
        .isEqualTo("the body tells what is inside: 'java.lang.'");
    assertThat(detail(report, "method-options"))
        .isEqualTo("the field X-Seen tells a claim or a member of the token's header");
  }

  @Test
  void a_401_without_a_challenge_is_found() {
    Filter silent =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          void refuse(HttpServletResponse response, String challenge, String why) {
            response.setStatus(401);
          }
        };
    GateProbe.Report report = report(silent);
    assertThat(ids(report, Severity.WRONG_CHALLENGE))
        .contains("request-no-token", "alg-none", Likeness.REFERENCE);
    assertThat(detail(report, "request-no-token")).isEqualTo("status 401 without WWW-Authenticate");
  }

  @Test
  void another_status_than_the_due_one_is_found() {
    Filter forbidding =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          void refuse(HttpServletResponse response, String challenge, String why)
              throws IOException {
            super.refuse(response, challenge, why);
            response.setStatus(challenge.equals(CHALLENGE) ? 401 : 403);
          }
        };
    GateProbe.Report report = report(forbidding);
    assertThat(ids(report, Severity.WRONG_CHALLENGE)).doesNotContain("request-no-token");
    assertThat(detail(report, "alg-none")).isEqualTo("answered 403, where 401 is due");
  }

  @Test
  void a_failure_is_found_and_so_is_a_gate_that_lets_nobody_in_afterwards() {
    AtomicInteger refused = new AtomicInteger();
    Filter fragile =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          protected void doFilter(
              HttpServletRequest request, HttpServletResponse response, FilterChain chain)
              throws IOException, ServletException {
            if (refused.get() > 200) throw new IllegalStateException("worn out");
            super.doFilter(request, response, chain);
          }

          @Override
          String said(String token) {
            refused.incrementAndGet();
            if (token.endsWith(".")) throw new IllegalStateException("no signature");
            return super.said(token);
          }
        };
    GateProbe.Report report = report(fragile);
    assertThat(ids(report, Severity.BROKE))
        .contains("form-signature-cut-off", "alg-none", "request-good-token-afterwards")
        .doesNotContain("request-no-token", "form-no-signature");
    assertThat(detail(report, "alg-none")).isEqualTo("answered 500");
    assertThat(report.holds()).isFalse();
  }

  @Test
  void forged_tokens_that_are_told_apart_are_a_finding_and_no_fault() {
    Filter telling =
        new AroundSallyport() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void doFilter(
              HttpServletRequest request, HttpServletResponse response, FilterChain chain)
              throws IOException, ServletException {
            String field = String.valueOf(request.getHeader("Authorization"));
            boolean whole = field.split("\\.", -1).length == 3;
            response.setHeader("X-Form", whole ? "whole" : "broken");
            gate.doFilter(request, response, chain);
          }
        };
    GateProbe.Report report = report(telling);
    assertThat(ids(report, Severity.TELLS_APART))
        .hasSameSizeAs(report.findings())
        .contains("form-no-signature", "form-fourth-segment")
        .doesNotContain("signature-first-bit", "alg-none");
    assertThat(report.holds()).isTrue();
    assertThatCode(report::assertHolds).doesNotThrowAnyException();
  }

  // ---- how it is used

  @Test
  void a_gate_that_refuses_the_good_token_proves_nothing() {
    try (Guarded server = new Guarded(sallyport())) {
      GateProbe wrong = probe(server.orders()).token(token -> token.scope("other"));
      assertThatThrownBy(wrong::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "the good token is not served, so a refusal would prove nothing: status 403,"
                  + " WWW-Authenticate [Bearer realm=\"127.0.0.1\"");
    }
  }

  @Test
  void a_marker_tells_the_handler_from_a_start_page() {
    Filter welcoming =
        new NaiveGate.OfSignatures(issuer) {
          private static final long serialVersionUID = 1L;

          @Override
          void refuse(HttpServletResponse response, String challenge, String why)
              throws IOException {
            response.getWriter().print("Welcome! Please log in.");
          }
        };
    try (Guarded server = new Guarded(welcoming)) {
      GateProbe probe = probe(server.orders());
      assertThat(ids(probe.run(), Severity.GOT_THROUGH)).containsExactly("request-no-token");

      GateProbe.Report report = probe.marker(Guarded.ORDERS).run();
      assertThat(ids(report, Severity.GOT_THROUGH))
          .contains("claim-aud-other")
          .doesNotContain("request-no-token", "alg-none", "path-capitals");
      assertThat(detail(report, "alg-none")).isEqualTo("answered 200, where 401 is due");
      assertThat(report.findings()).extracting(Finding::id).doesNotContain("path-capitals");

      assertThatThrownBy(() -> probe.marker("something else").run())
          .hasMessageEndingWith("and the marker is not in the body");
    }
  }

  @Test
  void an_accepted_finding_can_be_left_out_by_its_name() {
    try (Guarded server = new Guarded(new NaiveGate.OfSignatures(issuer))) {
      GateProbe.Report report = probe(server.orders()).without("claim-cnf-key").run();
      assertThat(report.findings()).extracting(Finding::id).doesNotContain("claim-cnf-key");
      assertThat(report.leftOut()).contains("claim-cnf-key");
      assertThat(report.toString()).contains("\nleft out: claim-cnf-key method-get\n");
    }
    assertThatThrownBy(() -> probe(URI.create("http://localhost/")).without("claim-cfn-key"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no attack claim-cfn-key");
  }

  @Test
  void where_no_scope_is_demanded_none_is_missed() {
    try (Guarded server = new Guarded(new NaiveGate.OfSignatures(issuer))) {
      GateProbe.Report report =
          GateProbe.of(server.orders()).issuer(issuer).token(token -> token.without("aud")).run();
      assertThat(report.findings())
          .extracting(Finding::id)
          .noneMatch(id -> id.startsWith("scope-") || id.startsWith("claim-aud-"));
      assertThat(report.leftOut()).contains("scope-missing", "claim-aud-missing");
    }
  }

  @Test
  void the_report_for_a_program_says_the_same_as_the_one_for_a_person() throws Exception {
    GateProbe.Report report = ofNaive;
    Map<String, Object> json = JSONObjectUtils.parse(report.toJson());
    assertThat(json)
        .containsOnlyKeys("endpoint", "holds", "requests", "findings", "letIn", "leftOut")
        .containsEntry("holds", false)
        .containsEntry("requests", (long) report.attempts().size());
    assertThat((List<?>) json.get("findings")).hasSameSizeAs(report.findings());
    Map<?, ?> first = (Map<?, ?>) ((List<?>) json.get("findings")).get(0);
    assertThat(first.keySet())
        .extracting(String::valueOf)
        .containsExactlyInAnyOrder("severity", "id", "title", "about", "detail");
    assertThat(report.toString())
        .contains(report.attempts().size() + " hostile requests: ")
        .contains("\nlet in, as the RFCs leave open: ", " json-nul ");
    for (Finding finding : report.findings()) {
      assertThat(report.toString()).contains("\n" + finding + "\n");
    }
    assertThat(report.findings()).extracting(Finding::severity).isSorted();
  }

  @Test
  void it_takes_an_address_and_one_source_of_good_tokens() throws IOException {
    URI nobody = URI.create("http://127.0.0.1:" + freePort() + "/");
    for (String address : List.of("ftp://localhost/", "http:///orders", "orders", "mailto:a@b")) {
      assertThatThrownBy(() -> GateProbe.of(URI.create(address)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(address);
    }
    assertThatThrownBy(() -> GateProbe.of(nobody).run())
        .hasMessageContaining("either an issuer or");
    assertThatThrownBy(() -> probe(nobody).goodToken(() -> "x").run())
        .hasMessageContaining("either an issuer or");
    assertThatThrownBy(() -> probe(nobody).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the endpoint does not answer");
    for (String token : List.of("opaque", "a.b", "a.b.c", "YQ.YQ.YQ")) {
      assertThatThrownBy(() -> GateProbe.of(nobody).goodToken(() -> token).run())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no signed JWT");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void no_part_of_a_token_is_in_a_report() {
    assertThat(ofNaive.toString().toLowerCase(Locale.ROOT)).doesNotContain("eyj", "canary");
  }
}
