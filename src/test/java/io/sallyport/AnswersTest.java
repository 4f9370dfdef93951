package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

/** What clients and operators are told of a refusal, and what neither ever is. */
@TestInstance(Lifecycle.PER_CLASS)
final class AnswersTest {
  private static final String AUDIENCE = "https://api.example.com";
  private static final String SECRET_CLAIM = "correct-horse-battery-staple";

  private final TestKey key = TestKey.generate("key-1", "ES256");
  private final TestKey other = TestKey.generate("key-1", "ES256");
  private final KeyServer server = new KeyServer();
  private final Sight sight = new Sight();
  private Container jetty;
  private Container verbose;

  @BeforeAll
  void start() throws Exception {
    server.publish(key);
    jetty = Container.start(context -> register(context, builder().build()));
    verbose =
        Container.start(context -> register(context, builder().diagnostics("verbose").build()));
  }

  private void register(ServletContext context, SallyportFilter filter) {
    Container.filter(context, filter, "/*");
    Container.servlet(context, sight, "/*");
  }

  private SallyportFilter.Builder builder() {
    return SallyportFilter.builder()
        .issuer(server.issuer())
        .allowHttp(true)
        .audience(AUDIENCE)
        .allowedScopes("orders:read orders:write")
        .requiredScopes("orders:read");
  }

  @AfterAll
  void stop() {
    jetty.close();
    verbose.close();
    server.close();
  }

  private TestToken good() {
    return Tokens.good(server.issuer(), AUDIENCE, "orders:read", Instant.now())
        .claim("secret", SECRET_CLAIM);
  }

  /** Tokens that are refused before their signature has been verified. */
  private Map<String, String> unverified() {
    String token = good().mintedBy(key);
    String[] parts = token.split("\\.");
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("too long", "a".repeat(16_385));
    tokens.put("opaque", "2YotnFZFEjr1zCsicMWpAA");
    tokens.put("two segments", parts[0] + "." + parts[1]);
    tokens.put("five segments", token + ".a.b");
    tokens.put("padding", token + "==");
    tokens.put("header no JSON", "bnVsbA." + parts[1] + "." + parts[2]);
    tokens.put("alg none", TestToken.base64Url("{\"alg\":\"none\"}") + "." + parts[1] + ".AA");
    tokens.put("crit", good().header("crit", List.of("exp")).mintedBy(key));
    tokens.put("unknown kid", good().header("kid", "nobody").mintedBy(key));
    tokens.put("other key", good().mintedBy(other));
    tokens.put("other key, expired", good().claim("exp", 1).mintedBy(other));
    tokens.put("other key, wildcard", good().claim("scope", "*").mintedBy(other));
    tokens.put("no signature", parts[0] + "." + parts[1] + ".AA");
    return tokens;
  }

  /** Tokens that the issuer has signed and that are refused all the same. */
  private Map<String, String> verified() {
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("expired", good().claim("exp", Instant.now().getEpochSecond() - 31).mintedBy(key));
    tokens.put("not yet", good().claim("nbf", Instant.now().getEpochSecond() + 90).mintedBy(key));
    tokens.put("other issuer", good().claim("iss", "https://evil.example").mintedBy(key));
    tokens.put("other audience", good().claim("aud", "other-api").mintedBy(key));
    tokens.put("no sub", good().without("sub").mintedBy(key));
    tokens.put("bound", good().claim("cnf", Map.of("jkt", "x")).mintedBy(key));
    tokens.put("wildcard", good().claim("scope", "orders:read x:*").mintedBy(key));
    tokens.put("host", good().claim("scope", "orders:read docker:run").mintedBy(key));
    tokens.put("no scope", good().without("scope").mintedBy(key));
    tokens.put("missing scope", good().claim("scope", "orders:write").mintedBy(key));
    return tokens;
  }

  private static Http.Answer send(Container container, String token) {
    return Http.get(container.port(), "/orders", "Authorization: Bearer " + token);
  }

  private static String withoutWhatVaries(Http.Answer answer) {
    return answer
        .text()
        .lines()
        .filter(line -> !line.startsWith("Date:"))
        .collect(Collectors.joining("\n"))
        .replaceAll("\"correlation\":\"[0-9a-f]{16}\"", "\"correlation\":\"-\"");
  }

  @Test
  @Tag("T87")
  void before_the_signature_is_verified_every_refusal_reads_the_same() {
    Set<String> answers = new LinkedHashSet<>();
    unverified()
        .forEach(
            (name, token) -> {
              Http.Answer answer = send(jetty, token);
              assertThat(answer.status()).as(name).isEqualTo(401);
              answers.add(withoutWhatVaries(answer));
            });
    assertThat(answers).hasSize(1);
    assertThat(answers.iterator().next())
        .contains(
            "WWW-Authenticate: Bearer realm=\"127.0.0.1\", error=\"invalid_token\","
                + " error_description=\"The access token is malformed or not verifiable\"")
        .contains("Cache-Control: no-store");
  }

  @Test
  @Tag("T87")
  void after_it_the_description_is_one_of_a_fixed_list() {
    Map<String, String> expected =
        Map.of(
            "expired", "The access token expired",
            "not yet", "The access token is not yet valid",
            "other issuer", "The access token is from another issuer",
            "other audience", "The access token is for another audience",
            "wildcard", "The access token has too broad a scope");
    Map<String, String> tokens = verified();
    expected.forEach(
        (name, description) ->
            assertThat(send(jetty, tokens.get(name)).challenge())
                .as(name)
                .contains("error_description=\"" + description + "\""));
    assertThat(send(jetty, tokens.get("bound")).fields("WWW-Authenticate"))
        .hasSize(2)
        .allMatch(
            line -> line.contains("error_description=\"The access token is bound to a key\""));
  }

  @Test
  @Tag("T37")
  void too_broad_a_token_is_403_and_learns_what_it_takes() {
    for (String name : List.of("wildcard", "host", "no scope", "missing scope")) {
      Http.Answer answer = send(jetty, verified().get(name));
      assertThat(answer.status()).as(name).isEqualTo(403);
      assertThat(answer.challenge())
          .as(name)
          .startsWith("Bearer realm=\"127.0.0.1\", error=\"insufficient_scope\", ")
          .endsWith(", scope=\"orders:read\"");
    }
  }

  @Test
  void the_body_is_a_problem_document() throws Exception {
    Http.Answer answer = send(jetty, verified().get("expired"));
    Map<String, Object> problem = JSONObjectUtils.parse(answer.body());
    assertThat(answer.field("Content-Type")).hasValue("application/problem+json");
    assertThat(problem)
        .containsEntry("title", "Access token refused")
        .containsEntry("status", 401L)
        .containsEntry("error", "invalid_token")
        .containsEntry("detail", "The access token expired")
        .containsOnlyKeys("title", "status", "error", "detail", "correlation");
    assertThat(problem.get("correlation").toString()).matches("[0-9a-f]{16}");
  }

  @Test
  @Tag("T84")
  void no_answer_and_no_log_line_holds_any_of_the_token() {
    List<String> tokens = new ArrayList<>(unverified().values());
    tokens.addAll(verified().values());
    try (LogLines log = LogLines.of("io.sallyport", Level.TRACE)) {
      StringBuilder told = new StringBuilder();
      for (String token : tokens) {
        told.append(send(jetty, token).text()).append('\n');
        told.append(send(verbose, token).text()).append('\n');
      }
      String admitted = good().mintedBy(key);
      assertThat(send(jetty, admitted).status()).isEqualTo(200);
      tokens.add(admitted);
      told.append(log.text());
      assertThat(log.lines("refused")).isNotEmpty();
      assertThat(told).doesNotContain(SECRET_CLAIM);
      for (String token : tokens) {
        for (int i = 0; i + 16 <= token.length(); i += 8) {
          assertThat(told.indexOf(token.substring(i, i + 16))).as(token).isNegative();
        }
      }
    }
  }

  @Test
  void verbose_diagnostics_say_why_once_the_signature_holds_and_not_before() {
    Http.Answer expired = send(verbose, verified().get("other audience"));
    assertThat(expired.body())
        .contains("\"reason\":\"SP-304\"")
        .contains("has to hold one of [https://api.example.com], found [other-api]");
    for (String token : unverified().values()) {
      assertThat(withoutWhatVaries(send(verbose, token)))
          .isEqualTo(withoutWhatVaries(send(jetty, token)));
    }
  }

  @Test
  void the_correlation_stands_in_the_log_line_with_the_reason() throws Exception {
    try (LogLines log = LogLines.of("io.sallyport", Level.DEBUG)) {
      Http.Answer answer = send(jetty, verified().get("expired"));
      Object correlation = JSONObjectUtils.parse(answer.body()).get("correlation");
      assertThat(log.lines("correlation=" + correlation))
          .hasSize(1)
          .first()
          .asString()
          .startsWith("DEBUG refused SP-305 EXPIRED issuer=" + server.issuer())
          .contains("exp is ", "now is ", "signed under kid 'key-1'");
    }
  }

  @Test
  @Tag("T85")
  void values_in_the_log_are_cut_and_cannot_forge_a_line() {
    String hostile = "evil\r\nWARN forged\u001b[31m\u2028\u202e" + "x".repeat(500);
    try (LogLines log = LogLines.of("io.sallyport", Level.TRACE)) {
      send(jetty, good().claim("iss", hostile).mintedBy(key));
      send(jetty, good().claim("aud", hostile).mintedBy(key));
      send(jetty, good().header("typ", hostile).mintedBy(key));
      send(jetty, good().claim("scope", List.of("*" + hostile)).mintedBy(key));
      send(jetty, good().header("kid", hostile).mintedBy(key));
      assertThat(log.lines("evil")).hasSize(4);
      assertThat(log.text().lines().toList()).noneMatch(line -> line.startsWith("WARN forged"));
      assertThat(log.text()).doesNotContain("\u001b", "\u2028", "\u202e", "x".repeat(65));
    }
  }

  @Test
  @Tag("T86")
  void a_flood_of_refusals_is_one_line_a_minute_with_the_number_of_each_kind() {
    AtomicLong nanos = new AtomicLong();
    RefusalLog refusals = new RefusalLog("https://id.example.com", nanos::get);
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      for (int i = 0; i < 100_000; i++) {
        Reason reason = i % 4 == 0 ? Reason.SIGNATURE_INVALID : Reason.EXPIRED;
        refusals.note(new Refusal(reason, "x"));
      }
      assertThat(log.text().lines()).hasSize(1);
      nanos.addAndGet(Duration.ofSeconds(60).toNanos());
      refusals.note(new Refusal(Reason.EXPIRED, "x"));
      assertThat(log.text().lines().toList())
          .hasSize(2)
          .last()
          .asString()
          .isEqualTo(
              "WARN 100000 refused in 60 s: 75001 expired, 24999 invalid signature"
                  + " (each one with its reason at DEBUG)");
      refusals.note(new Refusal(Reason.EXPIRED, "x"));
      refusals.close();
      assertThat(log.text().lines()).hasSize(3);
    }
  }

  @Test
  @Tag("T86")
  @Tag("slow")
  void a_hundred_thousand_refused_tokens_in_ten_seconds_are_a_handful_of_lines() {
    AtomicLong nanos = new AtomicLong();
    Map<String, String> tokens = unverified();
    tokens.keySet().removeIf(name -> name.startsWith("other key")); // they take their time
    List<String> cheap = List.copyOf(tokens.values());
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      TokenVerifier verifier =
          TokenVerifier.builder()
              .issuer(server.issuer())
              .allowHttp(true)
              .audience(AUDIENCE)
              .allowedScopes("orders:read")
              .nanoTime(nanos::get)
              .build();
      for (int i = 0; i < 100_000; i++) {
        nanos.addAndGet(Duration.ofSeconds(10).toNanos() / 100_000);
        assertThat(verifier.verify(cheap.get(i % cheap.size())))
            .isInstanceOf(Decision.Refused.class);
      }
      verifier.close();
      assertThat(log.text().lines()).hasSizeLessThan(10);
      assertThat(log.lines(" refused in "))
          .hasSize(2)
          .last()
          .asString()
          .startsWith("WARN 99999 refused in ");
    }
  }

  @Test
  @Tag("T86")
  void a_flood_of_defects_is_one_trace_a_minute() throws Exception {
    SallyportFilter filter = builder().build();
    HttpServletRequest request = mock(HttpServletRequest.class);
    when(request.getDispatcherType()).thenReturn(DispatcherType.REQUEST);
    when(request.getHeaders("Authorization")).thenThrow(new IllegalStateException());
    HttpServletResponse response = mock(HttpServletResponse.class);
    when(response.getOutputStream()).thenReturn(mock(ServletOutputStream.class));
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      for (int i = 0; i < 100; i++) filter.doFilter(request, response, (r, a) -> sight.calls());
      assertThat(log.lines("a defect in the gate")).hasSize(1);
    }
    verify(response, times(100)).setStatus(500);
  }

  @Test
  void the_first_line_counts_its_seconds_from_the_start_and_each_other_one_from_the_line_before() {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // nothing says where nanoTime begins
    RefusalLog refusals = new RefusalLog("https://id.example.com", nanos::get);
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      nanos.addAndGet(Duration.ofSeconds(7).toNanos());
      refusals.note(new Refusal(Reason.EXPIRED, "x"));
      assertThat(log.text()).startsWith("WARN 1 refused in 7 s: 1 expired");
      nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
      refusals.note(new Refusal(Reason.EXPIRED, "x"));
      assertThat(log.text().lines()).as("a nanosecond before the minute").hasSize(1);
      nanos.addAndGet(1);
      refusals.note(new Refusal(Reason.EXPIRED, "x"));
      assertThat(log.text().lines().toList())
          .last()
          .asString()
          .startsWith("WARN 2 refused in 60 s: 2 expired");
      nanos.addAndGet(Duration.ofSeconds(5).toNanos());
      refusals.note(new Refusal(Reason.EXPIRED, "x"));
      refusals.close();
      assertThat(log.text().lines().toList())
          .last()
          .asString()
          .startsWith("WARN 1 refused in 5 s: 1 expired");
      refusals.close();
      assertThat(log.text().lines()).as("there is nothing more to tell").hasSize(3);
    }
  }

  @Test
  void an_answer_that_is_on_its_way_is_left_alone() throws Exception {
    HttpServletResponse response = mock(HttpServletResponse.class);
    when(response.isCommitted()).thenReturn(true);
    answer(response);
    verify(response).isCommitted();
    verifyNoMoreInteractions(response);
  }

  @Test
  void an_answer_replaces_what_a_filter_in_front_has_written() throws Exception {
    HttpServletResponse response = mock(HttpServletResponse.class);
    ServletOutputStream out = mock(ServletOutputStream.class);
    when(response.getOutputStream()).thenReturn(out);
    answer(response);
    ArgumentCaptor<byte[]> body = ArgumentCaptor.forClass(byte[].class);
    InOrder order = inOrder(response, out);
    order.verify(response).resetBuffer();
    order.verify(response).setContentLength(anyInt());
    order.verify(out).write(body.capture());
    verify(response).setContentLength(body.getValue().length);
    verify(response).setContentType("application/problem+json");
  }

  @Test
  void an_answer_goes_to_the_writer_where_a_filter_in_front_has_taken_it() throws Exception {
    HttpServletResponse response = mock(HttpServletResponse.class);
    StringWriter written = new StringWriter();
    when(response.getOutputStream()).thenThrow(new IllegalStateException("the writer is taken"));
    when(response.getWriter()).thenReturn(new PrintWriter(written));
    answer(response);
    assertThat(written)
        .hasToString(
            "{\"title\":\"Access token refused\",\"status\":401,\"error\":\"invalid_token\","
                + "\"detail\":\"The access token expired\",\"correlation\":\"0123456789abcdef\"}");
  }

  @Test
  @Tag("T69")
  void keys_that_cannot_be_had_and_defects_have_no_challenge_and_the_former_a_time_to_wait()
      throws Exception {
    for (Reason reason : Reason.values()) {
      HttpServletResponse response = mock(HttpServletResponse.class);
      when(response.getOutputStream()).thenReturn(mock(ServletOutputStream.class));
      answer(response, reason);
      boolean waits = reason.kind() == Reason.Kind.UNAVAILABLE;
      boolean challenged = !waits && reason.kind() != Reason.Kind.DEFECT;
      verify(response, times(waits ? 1 : 0)).setHeader("Retry-After", "5");
      verify(response, times(challenged ? 1 : 0)).setHeader(eq("WWW-Authenticate"), anyString());
      verify(response).setHeader("Cache-Control", "no-store");
    }
  }

  private static void answer(HttpServletResponse response) throws IOException {
    answer(response, Reason.EXPIRED);
  }

  private static void answer(HttpServletResponse response, Reason reason) throws IOException {
    new Challenge("orders", false)
        .answer(response, new Refusal(reason, "x"), Demand.NOTHING, null, null, "0123456789abcdef");
  }

  @Test
  @Tag("T84")
  void a_defect_is_logged_by_its_kind_and_place_without_what_it_says() {
    Throwable defect = new IllegalStateException("a.secret.token");
    assertThat(Defect.withoutMessage(defect))
        .hasMessage("java.lang.IllegalStateException")
        .hasNoCause()
        .extracting(Throwable::getStackTrace)
        .isEqualTo(defect.getStackTrace());
  }

  @Test
  void a_challenge_holds_the_characters_that_RFC_6750_allows_and_cannot_be_built_with_others() {
    assertThat(
            new Challenge(" !#[]~", false).authenticate(Reason.TOKEN_MISSING, Demand.NOTHING, null))
        .isEqualTo("Bearer realm=\" !#[]~\"");
    for (String realm : List.of("\"", "\\", "\u001f", "\u007f", "\r\n", "é")) {
      assertThatThrownBy(() -> new Challenge(realm, false))
          .hasMessage("not fit for a challenge: character 0");
    }
  }

  @Test
  @Tag("T51")
  void a_request_that_is_not_http_is_refused() {
    SallyportFilter filter = builder().build();
    FilterChain chain = (request, response) -> sight.calls();
    assertThatThrownBy(
            () -> filter.doFilter(mock(ServletRequest.class), mock(ServletResponse.class), chain))
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("HTTP");
  }

  @Test
  @Tag("T78")
  void a_cached_token_is_judged_by_time_again_on_each_hit() {
    Instant now = Instant.parse("2026-11-24T12:00:00Z");
    MovingClock clock = new MovingClock(now);
    try (TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer(server.issuer())
            .allowHttp(true)
            .audience(AUDIENCE)
            .allowedScopes("orders:read")
            .clock(clock)
            .build()) {
      String token =
          Tokens.good(server.issuer(), AUDIENCE, "orders:read", now)
              .claim("nbf", now.getEpochSecond())
              .mintedBy(key);
      Decision.Admitted first = (Decision.Admitted) verifier.verify(token);
      Decision.Admitted second = (Decision.Admitted) verifier.verify(token);
      assertThat(second.token()).as("a hit").isSameAs(first.token());
      clock.now = now.plusSeconds(329);
      assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class);
      clock.now = now.plusSeconds(330);
      assertThat(((Decision.Refused) verifier.verify(token)).refusal().reason())
          .isEqualTo(Reason.EXPIRED);
      clock.now = now.minusSeconds(31);
      assertThat(((Decision.Refused) verifier.verify(token)).refusal().reason())
          .isEqualTo(Reason.NOT_YET_VALID);
      clock.now = now;
      assertThat(verifier.verify(token)).isInstanceOf(Decision.Admitted.class);
    }
  }

  /** A clock that a test sets. */
  private static final class MovingClock extends Clock {
    private volatile Instant now;

    MovingClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  @Test
  void a_defect_in_the_gate_is_a_plain_500_and_the_handler_is_not_reached() throws Exception {
    HttpServletRequest request = mock(HttpServletRequest.class);
    when(request.getDispatcherType()).thenReturn(DispatcherType.REQUEST);
    when(request.getHeaders("Authorization"))
        .thenThrow(new IllegalStateException("Bearer a.secret.token"));
    HttpServletResponse response = mock(HttpServletResponse.class);
    when(response.getOutputStream()).thenReturn(mock(ServletOutputStream.class));
    int before = sight.calls();
    try (LogLines log = LogLines.of("io.sallyport", Level.DEBUG)) {
      builder().build().doFilter(request, response, (r, a) -> sight.calls());
      assertThat(log.lines("SP-901 DEFECT")).hasSize(1);
      assertThat(log.lines("a defect in the gate")).hasSize(1);
      assertThat(log.text()).doesNotContain("a.secret.token");
    }
    verify(response).setStatus(500);
    assertThat(sight.calls()).isEqualTo(before);
  }
}
