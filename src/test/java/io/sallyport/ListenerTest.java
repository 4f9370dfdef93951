package io.sallyport;

import static io.sallyport.FetchingGate.eventually;
import static io.sallyport.Trial.EC;
import static io.sallyport.Trial.ED;
import static io.sallyport.Trial.ISSUER;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import ch.qos.logback.classic.Level;
import io.sallyport.keys.KeyHealth;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What listeners hear of decisions, and what they can do to them: nothing. */
final class ListenerTest {
  private static final String SECRET = "correct-horse-battery-staple";
  private static final String PARTNER = "https://login.example.org/tenant";

  private final Heard heard = new Heard();
  private final FilterChain chain = (request, response) -> {};

  // ---- what is told

  private static List<Trial> trials() {
    return Stream.of(
            HostileTokenTest.characters(),
            HostileTokenTest.otherKinds(),
            HostileTokenTest.encodings(),
            HostileTokenTest.notOneObject(),
            HostileTokenTest.repeated(),
            HostileTokenTest.numbers(),
            HostileTokenKeysTest.algorithms(),
            HostileTokenKeysTest.embedded(),
            HostileTokenKeysTest.extensions(),
            HostileTokenKeysTest.kids(),
            HostileTokenKeysTest.forged(),
            HostileTokenClaimsTest.types(),
            HostileTokenClaimsTest.issuers(),
            HostileTokenClaimsTest.audiences(),
            HostileTokenClaimsTest.times(),
            HostileTokenClaimsTest.subjects(),
            HostileTokenClaimsTest.required(),
            HostileTokenClaimsTest.confirmations())
        .flatMap(rows -> rows)
        .filter(row -> row.gate() == Trial.GATE)
        .toList();
  }

  @Test
  void each_decision_on_a_token_is_told_of_once_and_no_piece_of_the_token() {
    TokenVerifier gate =
        Trial.gate(RSA.jwk(), EC.jwk(), ED.jwk()).tokenCacheSize(0).listener(heard).build();
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    for (Trial trial : trials()) {
      heard.forgetDecisions();
      Decision decision = gate.verify(trial.token());
      assertThat(heard.decisions()).as(trial.name()).containsExactly(line(decision));
      assertThat(Trial.pieces(String.join("\n", heard.decisions()), trial.token())).isEmpty();
      if (trial.reason() != null) reasons.add(trial.reason());
    }
    assertThat(reasons).hasSizeGreaterThan(15);
  }

  private static String line(Decision decision) {
    return decision instanceof Decision.Refused refused
        ? Heard.line(refused.refusal())
        : Heard.verifiedBy(((Decision.Admitted) decision).token().issuer());
  }

  @ParameterizedTest
  @EnumSource
  void whatever_the_reason_a_refusal_is_told_of_with_it(Reason reason) {
    Listeners listeners = new Listeners(List.of(heard), System::nanoTime);
    Refusal refusal = new Refusal(reason, "detail", ISSUER);
    listeners.refused(listeners.begin(), refusal);
    assertThat(heard.decisions()).containsExactly(Heard.line(refusal));
  }

  @Test
  void a_token_that_is_remembered_is_told_of_like_any_other() {
    TokenVerifier gate = Trial.gate(RSA.jwk()).listener(heard).build();
    String token = good().mintedBy(RSA);
    for (int i = 0; i < 3; i++) gate.verify(token);
    assertThat(heard.decisions()).hasSize(3).containsOnly(Heard.verifiedBy(ISSUER));
  }

  @Test
  void each_of_several_issuers_is_told_of_by_its_own_name_and_another_one_by_none() {
    TokenVerifier gate =
        TokenVerifier.builder()
            .audience(Trial.AUDIENCE)
            .allowedScopes("orders:read")
            .clock(Trial.CLOCK)
            .listener(heard)
            .issuer("corp", own -> own.issuer(ISSUER).keySource(Trial.fixed(RSA.jwk())))
            .issuer("partner", own -> own.issuer(PARTNER).keySource(Trial.fixed(EC.jwk())))
            .build();
    gate.verify(good().mintedBy(RSA));
    gate.verify(good().claim("iss", PARTNER).mintedBy(EC));
    gate.verify(good().claim("iss", PARTNER).claim("exp", 1).mintedBy(EC));
    gate.verify(good().claim("iss", "https://evil.example").mintedBy(EC));
    assertThat(heard.decisions()).hasSize(4);
    assertThat(heard.decisions().subList(0, 2))
        .containsExactly(Heard.verifiedBy(ISSUER), Heard.verifiedBy(PARTNER));
    assertThat(heard.decisions().get(2)).contains("reason=EXPIRED", "issuer=" + PARTNER);
    assertThat(heard.decisions().get(3))
        .contains("reason=ISSUER_UNKNOWN", "issuer=null")
        .doesNotContain("evil");
  }

  @Test
  void a_gate_that_is_closed_tells_of_its_refusals_too() {
    TokenVerifier gate = Trial.gate(RSA.jwk()).listener(heard).build();
    gate.close();
    gate.verify(good().mintedBy(RSA));
    assertThat(heard.decisions()).singleElement().asString().contains("reason=GATE_CLOSED");
  }

  @Test
  void an_explanation_is_no_decision() {
    TokenVerifier gate = Trial.gate(RSA.jwk()).listener(heard).build();
    gate.explain(good().mintedBy(RSA));
    gate.explain("x");
    assertThat(heard.decisions()).isEmpty();
  }

  @Test
  void every_listener_hears_of_everything_in_the_order_in_which_they_were_given() {
    List<String> order = new ArrayList<>();
    TokenVerifier gate =
        Trial.gate(RSA.jwk())
            .listener(telling("first", order))
            .listener(telling("second", order))
            .build();
    gate.verify(good().mintedBy(RSA));
    gate.verify("x");
    assertThat(order)
        .containsExactly(
            "first verified", "second verified", "first TOKEN_NOT_JWS", "second TOKEN_NOT_JWS");
  }

  private static SallyportListener telling(String name, List<String> order) {
    return new SallyportListener() {
      @Override
      public void verified(String issuer, Duration took) {
        order.add(name + " verified");
      }

      @Override
      public void refused(Refusal refusal, Duration took) {
        order.add(name + " " + refusal.reason());
      }
    };
  }

  @Test
  void a_listener_need_not_listen_to_anything() {
    SallyportListener deaf = new SallyportListener() {};
    TokenVerifier gate = Trial.gate(RSA.jwk()).listener(deaf).build();
    assertThat(gate.verify(good().mintedBy(RSA))).isInstanceOf(Decision.Admitted.class);
    assertThat(gate.verify("x")).isInstanceOf(Decision.Refused.class);
    KeyHealth keys = new KeyHealth(KeyHealth.State.FRESH, 1, null, null);
    deaf.keysRefreshed(ISSUER, keys, Duration.ZERO);
    deaf.keysFailed(ISSUER, keys, Duration.ZERO);
    assertThatThrownBy(() -> Trial.gate(RSA.jwk()).listener(null))
        .isInstanceOf(NullPointerException.class);
  }

  // ---- time

  @Test
  void how_long_a_decision_took_is_told_by_the_monotonic_clock() {
    AtomicLong nanos = new AtomicLong();
    TokenVerifier gate =
        Trial.gate(RSA.jwk())
            .nanoTime(nanos::get)
            .tokenCheck(token -> nanos.addAndGet(7_000_000) > 0)
            .listener(heard)
            .build();
    gate.verify(good().mintedBy(RSA));
    gate.verify("x");
    assertThat(heard.took()).containsExactly(Duration.ofMillis(7), Duration.ZERO);
  }

  @Test
  void with_nobody_to_tell_no_clock_is_read() {
    String token = good().mintedBy(RSA);
    AtomicInteger readings = new AtomicInteger();
    TokenVerifier untold = Trial.gate(RSA.jwk()).nanoTime(readings::incrementAndGet).build();
    untold.verify(token);
    readings.set(0);
    untold.verify(token);
    assertThat(readings).hasValue(0);

    TokenVerifier told =
        Trial.gate(RSA.jwk()).nanoTime(readings::incrementAndGet).listener(heard).build();
    told.verify(token);
    readings.set(0);
    told.verify(token);
    assertThat(readings).as("before and after").hasValue(2);
  }

  // ---- the filter

  private SallyportFilter.Builder filter() {
    return SallyportFilter.builder()
        .issuer(ISSUER)
        .audience(Trial.AUDIENCE)
        .allowedScopes("orders:read", "orders:write")
        .requiredScopes("orders:read")
        .clock(Trial.CLOCK)
        .keySource(Trial.fixed(RSA.jwk()))
        .listener(heard);
  }

  private static HttpServletRequest request(String token) {
    HttpServletRequest request = mock(HttpServletRequest.class);
    when(request.getDispatcherType()).thenReturn(DispatcherType.REQUEST);
    ServletContext context = mock(ServletContext.class);
    when(context.getContextPath()).thenReturn("");
    when(request.getServletContext()).thenReturn(context);
    when(request.getHeaders("Authorization"))
        .thenAnswer(call -> Collections.enumeration(List.of("Bearer " + token)));
    return request;
  }

  private static HttpServletResponse response() throws Exception {
    HttpServletResponse response = mock(HttpServletResponse.class);
    when(response.getOutputStream()).thenReturn(mock(ServletOutputStream.class));
    return response;
  }

  /** A request goes through one filter and then, if it gets there, through the other. */
  private void pass(Filter outer, Filter inner, String token) throws Exception {
    outer.doFilter(
        request(token),
        response(),
        (request, response) -> inner.doFilter(request, response, chain));
  }

  @Test
  void what_the_filter_has_admitted_is_not_told_of_again_by_its_route() throws Exception {
    SallyportFilter filter = filter().build();
    Filter route = filter.requiring("orders:write");
    String token = good().claim("scope", "orders:read orders:write").mintedBy(RSA);
    pass(filter, route, token);
    assertThat(heard.decisions()).containsExactly(Heard.verifiedBy(ISSUER));
    pass(route, filter, token);
    assertThat(heard.decisions()).hasSize(2).containsOnly(Heard.verifiedBy(ISSUER));
    route.doFilter(request(token), response(), chain);
    assertThat(heard.decisions()).hasSize(3).containsOnly(Heard.verifiedBy(ISSUER));
  }

  @Test
  void what_the_filter_has_admitted_and_its_route_refuses_is_told_of_by_both() throws Exception {
    SallyportFilter filter = filter().build();
    pass(filter, filter.requiring("orders:write"), good().mintedBy(RSA));
    assertThat(heard.decisions()).hasSize(2).first().isEqualTo(Heard.verifiedBy(ISSUER));
    assertThat(heard.decisions().get(1)).contains("reason=SCOPE_MISSING", "issuer=" + ISSUER);
  }

  @Test
  void a_filter_of_other_settings_further_in_decides_anew_and_tells_of_it() throws Exception {
    pass(filter().build(), filter().build(), good().mintedBy(RSA));
    assertThat(heard.decisions()).hasSize(2).containsOnly(Heard.verifiedBy(ISSUER));
  }

  @Test
  void a_defect_of_ours_is_told_of_as_a_refusal() throws Exception {
    HttpServletRequest unreadable = request("x");
    when(unreadable.getHeaders("Authorization")).thenThrow(new IllegalStateException(SECRET));
    filter().build().doFilter(unreadable, response(), chain);

    HttpServletRequest placeless = request("x");
    when(placeless.getServletPath()).thenThrow(new IllegalStateException(SECRET));
    when(placeless.getRequestURI()).thenThrow(new IllegalStateException(SECRET));
    filter().rules("* /* orders:read").build().doFilter(placeless, response(), chain);

    assertThat(heard.decisions())
        .hasSize(2)
        .allMatch(line -> line.contains("reason=DEFECT") && !line.contains(SECRET));
  }

  @Test
  void a_filter_that_has_been_destroyed_tells_of_its_refusals_those_of_its_metadata_too()
      throws Exception {
    SallyportFilter filter = filter().resource("https://api.example.com/mcp").build();
    filter.destroy();
    HttpServletRequest metadata = request("x");
    when(metadata.getMethod()).thenReturn("GET");
    when(metadata.getServletPath()).thenReturn("/.well-known/oauth-protected-resource/mcp");
    when(metadata.getRequestURI()).thenReturn("/.well-known/oauth-protected-resource/mcp");
    when(metadata.getContextPath()).thenReturn("");
    filter.doFilter(metadata, response(), chain);
    filter.doFilter(request("x"), response(), chain);
    assertThat(heard.decisions()).hasSize(2).allMatch(line -> line.contains("reason=GATE_CLOSED"));
  }

  // ---- listeners that fail

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException(SECRET),
        new Exception(SECRET),
        new AssertionError(SECRET),
        new StackOverflowError(SECRET),
        new NoClassDefFoundError(SECRET),
        new InterruptedException(SECRET));
  }

  /** Throws whatever it is from each method. */
  private static SallyportListener failing(Throwable failure) {
    return new SallyportListener() {
      @Override
      public void verified(String issuer, Duration took) {
        ListenerTest.<RuntimeException>sneak(failure);
      }

      @Override
      public void refused(Refusal refusal, Duration took) {
        ListenerTest.<RuntimeException>sneak(failure);
      }

      @Override
      public void keysRefreshed(String issuer, KeyHealth keys, Duration took) {
        ListenerTest.<RuntimeException>sneak(failure);
      }

      @Override
      public void keysFailed(String issuer, KeyHealth keys, Duration took) {
        ListenerTest.<RuntimeException>sneak(failure);
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void what_a_listener_throws_changes_no_decision_and_is_told_of_once_a_minute(Throwable failure) {
    AtomicLong nanos = new AtomicLong();
    TokenVerifier gate =
        Trial.gate(RSA.jwk())
            .nanoTime(nanos::get)
            .listener(failing(failure))
            .listener(heard)
            .build();
    try (LogLines log = LogLines.of("io.sallyport", Level.DEBUG)) {
      for (int i = 0; i < 3; i++) {
        assertThat(gate.verify(good().mintedBy(RSA))).isInstanceOf(Decision.Admitted.class);
        assertThat(gate.verify("x")).isInstanceOf(Decision.Refused.class);
      }
      assertThat(heard.decisions()).hasSize(6);
      assertThat(log.lines("WARN a listener failed")).hasSize(1);
      assertThat(log.lines("DEBUG a listener failed")).hasSize(5);
      assertThat(log.lines(failure.getClass().getName())).isNotEmpty();

      nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
      gate.verify("x");
      assertThat(log.lines("WARN a listener failed")).hasSize(1);
      nanos.addAndGet(1);
      gate.verify("x");
      assertThat(log.lines("WARN a listener failed")).hasSize(2);
      assertThat(log.text()).doesNotContain(SECRET);
    }
    assertThat(Thread.interrupted()).isEqualTo(failure instanceof InterruptedException);
  }

  @Test
  void what_a_listener_throws_ends_no_fetching_of_keys() {
    TestKey key = TestKey.generate("key-1", "ES256");
    try (KeyServer server = new KeyServer().publish(key);
        FetchingGate gate =
            new FetchingGate(
                server,
                settings ->
                    settings
                        .keyRefreshSeconds(1)
                        .listener(failing(new StackOverflowError()))
                        .listener(heard))) {
      eventually(() -> assertThat(server.fetches()).isGreaterThan(2));
      server.die();
      eventually(() -> assertThat(heard.fetches().toString()).contains("failed"));
      server.comeBack();
      int before = heard.fetches().size();
      eventually(
          () ->
              assertThat(heard.fetches().subList(before, heard.fetches().size()))
                  .contains("refreshed " + server.issuer() + " FRESH"));
      assertThat(gate.verdict(key)).isEqualTo("ann");
    }
  }

  // ---- keys

  @Test
  void each_fetch_is_told_of_by_how_the_keys_stand_after_it() {
    TestKey key = TestKey.generate("key-1", "ES256");
    try (KeyServer server = new KeyServer().publish(key);
        FetchingGate gate =
            new FetchingGate(server, settings -> settings.keyRefreshSeconds(1).listener(heard))) {
      String good = "refreshed " + server.issuer() + " FRESH";
      eventually(() -> assertThat(heard.fetches()).hasSizeGreaterThan(1).containsOnly(good));
      server.die();
      String failed = "failed " + server.issuer() + " STALE: " + server.keysUri();
      eventually(() -> assertThat(heard.fetches()).last().asString().startsWith(failed));
      assertThat(gate.verdict(key)).as("the last good keys serve on").isEqualTo("ann");
      server.comeBack();
      eventually(() -> assertThat(heard.fetches()).last().isEqualTo(good));
    }
  }

  @Test
  void a_fetch_that_leaves_no_keys_is_told_of_as_that_and_by_its_issuer() {
    TestKey key = TestKey.generate("key-1", "ES256");
    try (KeyServer corp = new KeyServer().publish(key);
        KeyServer partner = new KeyServer();
        TokenVerifier gate =
            TokenVerifier.builder()
                .allowHttp(true)
                .audience(Trial.AUDIENCE)
                .allowedScopes("a")
                .listener(heard)
                .issuer("corp", own -> own.issuer(corp.issuer()))
                .issuer("partner", own -> own.issuer(partner.issuer()).jwksUri(partner.keysUri()))
                .build()) {
      eventually(
          () ->
              assertThat(heard.fetches())
                  .contains("refreshed " + corp.issuer() + " FRESH")
                  .anyMatch(
                      line ->
                          line.equals(
                              "failed "
                                  + partner.issuer()
                                  + " UNAVAILABLE: "
                                  + partner.keysUri()
                                  + " answered 404")));
      String token =
          Tokens.good(partner.issuer(), Trial.AUDIENCE, "a", Instant.now()).mintedBy(key);
      gate.verify(token);
      assertThat(heard.decisions())
          .singleElement()
          .asString()
          .contains("reason=KEYS_UNAVAILABLE", "issuer=" + partner.issuer());
    }
  }
}
