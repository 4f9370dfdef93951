package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.sallyport.keys.KeySource;
import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** The ways in: by web.xml, by builder, by policy, by route; and the way out. */
final class EntryPointsTest {
  private static final String AUDIENCE = "api";

  private final TestKey key = TestKey.generate("k", "ES256");
  private final KeyServer server = new KeyServer().publish(key);
  private final AtomicInteger reached = new AtomicInteger();
  private final FilterChain chain = (request, response) -> reached.incrementAndGet();

  @AfterEach
  void close() {
    server.close();
  }

  private Map<String, String> settings() {
    return Map.of(
        "issuer", server.issuer(), "allowHttp", "true", "audience", AUDIENCE, "allowedScopes", "a");
  }

  private String token() {
    return Tokens.good(server.issuer(), AUDIENCE, "a", Instant.now()).mintedBy(key);
  }

  private static HttpServletRequest request(String path) {
    HttpServletRequest request = Mockito.mock(HttpServletRequest.class);
    Mockito.when(request.getDispatcherType()).thenReturn(DispatcherType.REQUEST);
    Mockito.when(request.getMethod()).thenReturn("GET");
    Mockito.when(request.getRequestURI()).thenReturn(path);
    Mockito.when(request.getServletPath()).thenReturn(path);
    return request;
  }

  /** The status that a filter answers, or 200 where it let the request through. */
  private int status(Filter filter, String token) throws Exception {
    HttpServletRequest request = request("/a");
    Mockito.when(request.getHeaders("Authorization"))
        .thenAnswer(call -> Collections.enumeration(List.of("Bearer " + token)));
    return status(filter, request);
  }

  private int status(Filter filter, HttpServletRequest request) throws Exception {
    HttpServletResponse response = Mockito.mock(HttpServletResponse.class);
    Mockito.when(response.getOutputStream()).thenReturn(Mockito.mock(ServletOutputStream.class));
    int[] status = {200};
    Mockito.doAnswer(call -> status[0] = call.getArgument(0))
        .when(response)
        .setStatus(Mockito.anyInt());
    filter.doFilter(request, response, chain);
    return status[0];
  }

  private static FilterConfig config(
      Map<String, String> parameters, String... contextParameterNames) {
    FilterConfig config = Mockito.mock(FilterConfig.class);
    ServletContext context = Mockito.mock(ServletContext.class);
    Mockito.when(config.getServletContext()).thenReturn(context);
    Mockito.when(context.getInitParameterNames())
        .thenAnswer(call -> Collections.enumeration(List.of(contextParameterNames)));
    Mockito.when(config.getInitParameterNames())
        .thenAnswer(call -> Collections.enumeration(parameters.keySet()));
    parameters.forEach(
        (name, value) -> Mockito.when(config.getInitParameter(name)).thenReturn(value));
    return config;
  }

  @Test
  @Tag("T58")
  void a_filter_that_was_never_initialised_lets_nothing_through() throws Exception {
    assertThat(status(new SallyportFilter(), token())).isEqualTo(503);
    assertThat(reached).hasValue(0);
    assertThatThrownBy(() -> new SallyportFilter().requiring("a"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Tag("T58")
  void a_filter_whose_start_failed_lets_nothing_through() throws Exception {
    SallyportFilter filter = new SallyportFilter();
    assertThatThrownBy(() -> filter.init(config(Map.of("issuer", "x"))))
        .isInstanceOf(ServletException.class);
    assertThat(status(filter, token())).isEqualTo(503);
    assertThat(reached).hasValue(0);
  }

  @Test
  @Tag("T90")
  void an_unknown_context_param_stops_the_start_with_a_hint() {
    assertThatThrownBy(
            () -> new SallyportFilter().init(config(settings(), "other", "sallyport.isuer")))
        .hasMessageContaining("'sallyport.isuer'")
        .hasMessageContaining("Did you mean 'sallyport.issuer'?");
  }

  @Test
  void failOnUnreachableKeys_stops_the_start() {
    server.answer(KeyServer.OPENID, Answer.status(500));
    Map<String, String> settings = new LinkedHashMap<>(settings());
    settings.put("failOnUnreachableKeys", "true");
    assertThatThrownBy(() -> new SallyportFilter().init(config(settings)))
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("failOnUnreachableKeys")
        .hasMessageContaining(server.issuer());
  }

  @Test
  void web_xml_builder_and_policy_come_to_the_same() throws Exception {
    SallyportFilter byXml = new SallyportFilter();
    byXml.init(config(settings()));
    SallyportFilter byBuilder =
        SallyportFilter.builder()
            .issuer(server.issuer())
            .allowHttp(true)
            .audience(AUDIENCE)
            .allowedScopes("a")
            .build();
    SallyportFilter byPolicy = SallyportFilter.of(Policy.of(settings()));
    for (SallyportFilter filter : List.of(byXml, byBuilder, byPolicy)) {
      assertThat(status(filter, token())).isEqualTo(200);
      assertThat(status(filter, "a.b.c")).isEqualTo(401);
      filter.destroy();
      assertThat(status(filter, token())).isEqualTo(503);
    }
    try (TokenVerifier verifier = TokenVerifier.of(Policy.of(settings()))) {
      assertThat(verifier.verify(token())).isInstanceOf(Decision.Admitted.class);
    }
  }

  @Test
  void a_filter_made_in_code_takes_no_init_params() {
    SallyportFilter filter = SallyportFilter.of(Policy.of(settings()));
    assertThatThrownBy(() -> filter.init(config(Map.of("audience", "other"))))
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("'audience'")
        .hasMessageContaining("builder()");
    filter.destroy();
  }

  @Test
  void a_source_of_keys_that_throws_is_503_and_no_fault_of_the_token() {
    KeySource failing = Mockito.mock(KeySource.class);
    Mockito.when(failing.find(Mockito.any())).thenThrow(new IllegalStateException("down"));
    try (TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer("https://id.example.com")
            .audience(AUDIENCE)
            .allowedScopes("a")
            .keySource(failing)
            .build()) {
      String token =
          Tokens.good("https://id.example.com", AUDIENCE, "a", Instant.now()).mintedBy(key);
      assertThat(((Decision.Refused) verifier.verify(token)).refusal().reason())
          .isEqualTo(Reason.KEYS_UNAVAILABLE);
    }
  }

  private static TokenVerifier.Builder ownSource(KeySource source) {
    return TokenVerifier.builder()
        .issuer("https://id.example.com")
        .audience(AUDIENCE)
        .allowedScopes("a")
        .keySource(source);
  }

  @Test
  void a_source_made_in_code_is_started_by_the_gate_and_closed_by_whoever_made_it() {
    KeySource source = Mockito.mock(KeySource.class);
    TokenVerifier verifier = ownSource(source).build();
    Mockito.verify(source).start();
    verifier.close();
    Mockito.verify(source, Mockito.never()).close();
  }

  @Test
  void failOnUnreachableKeys_says_why_there_are_no_keys_and_what_to_do() {
    KeySource source = Mockito.mock(KeySource.class);
    Mockito.when(source.awaitKeys(Mockito.any())).thenReturn(Optional.of("no route"));
    assertThatThrownBy(() -> ownSource(source).failOnUnreachableKeys(true).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Sallyport cannot start: failOnUnreachableKeys is 'true' and the keys of"
                + " https://id.example.com cannot be had (no route). Make the issuer reachable from"
                + " here, or leave the setting out to answer 503 until it is");
    Mockito.when(source.awaitKeys(Mockito.any())).thenReturn(Optional.empty());
    ownSource(source).failOnUnreachableKeys(true).build().close();
  }

  @Test
  @Tag("T91")
  void the_start_tells_what_is_guarded_what_is_loose_and_what_looks_like_a_mistake() {
    try (LogLines log = LogLines.of("io.sallyport", Level.INFO)) {
      ownSource(Mockito.mock(KeySource.class))
          .clockSkewSeconds(60)
          .rules("GET /a a")
          .build()
          .close();
      assertThat(log.text().lines())
          .filteredOn(line -> !line.startsWith("WARN the host is within reach: "))
          .containsExactly(
              "INFO guarding: issuer=https://id.example.com audience=api algorithms=RS256 PS256"
                  + " ES256 EdDSA Ed25519 allowedScopes=a requiredScopes=(any allowed one)",
              "WARN is this meant so? rules: what no rule matches takes any one of allowedScopes;"
                  + " end with * /* deny",
              "WARN looser than the default: clockSkewSeconds: a token serves 60 s past its exp");
    }
  }

  @Test
  void a_verifier_that_is_closed_lets_go_of_the_tokens_that_it_remembered() {
    TokenVerifier verifier = TokenVerifier.of(Policy.of(settings()));
    var token = new WeakReference<>(((Decision.Admitted) verifier.verify(token())).token());
    System.gc();
    assertThat(token.get()).as("remembered").isNotNull();
    verifier.close();
    FetchingGate.eventually(
        () -> {
          System.gc();
          assertThat(token.get()).isNull();
        });
    Reference.reachabilityFence(verifier);
  }

  private SallyportFilter filter(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(settings());
    all.put(name, value);
    return SallyportFilter.of(Policy.of(all));
  }

  @Test
  @Tag("T48")
  void what_stands_in_the_attribute_on_entry_is_removed_from_the_request_itself() throws Exception {
    SallyportFilter open = filter("publicPaths", "/open");
    for (Filter filter : List.of(open, open.requiring("a"))) {
      HttpServletRequest request = request("/open");
      status(filter, request);
      Mockito.verify(request).removeAttribute(SallyportFilter.TOKEN_ATTRIBUTE);
    }
    open.destroy();
  }

  @Test
  @Tag("T12")
  void a_defect_in_reading_the_path_is_500_and_the_handler_is_not_reached() throws Exception {
    SallyportFilter filter = filter("publicPaths", "/open");
    HttpServletRequest request = request("/open");
    Mockito.when(request.getServletPath()).thenThrow(new IllegalStateException("recycled"));
    assertThat(status(filter, request)).isEqualTo(500);
    assertThat(reached).hasValue(0);
    filter.destroy();
  }

  @Test
  @Tag("T43")
  void a_container_that_gives_no_list_of_values_gives_no_token() throws Exception {
    SallyportFilter filter = SallyportFilter.of(Policy.of(settings()));
    HttpServletRequest request = request("/a");
    Mockito.when(request.getHeaders("Authorization")).thenReturn(null);
    assertThat(status(filter, request)).isEqualTo(401);
    filter.destroy();
  }

  @Test
  @Tag("T61")
  void after_its_end_a_filter_answers_503_on_public_paths_too() throws Exception {
    Map<String, String> all = new LinkedHashMap<>(settings());
    all.put("publicPaths", "/open");
    all.put("publicPathTokens", "ignore");
    SallyportFilter filter = SallyportFilter.of(Policy.of(all));
    filter.init(config(Map.of()));
    assertThat(status(filter, request("/open"))).isEqualTo(200);
    filter.destroy();
    assertThat(status(filter, request("/open"))).isEqualTo(503);
  }

  @Test
  @Tag("T61")
  void after_its_end_a_route_answers_503_to_what_its_parent_had_let_through() throws Exception {
    SallyportFilter parent = SallyportFilter.of(Policy.of(settings()));
    Filter route = parent.requiring("a");
    HttpServletRequest request = request("/a");
    Mockito.when(request.getHeaders("Authorization"))
        .thenAnswer(call -> Collections.enumeration(List.of("Bearer " + token())));
    HttpServletResponse response = Mockito.mock(HttpServletResponse.class);
    HttpServletRequest[] guarded = new HttpServletRequest[1];
    parent.doFilter(request, response, (r, a) -> guarded[0] = (HttpServletRequest) r);
    assertThat(status(route, guarded[0])).isEqualTo(200);
    parent.destroy();
    assertThat(status(route, guarded[0])).isEqualTo(503);
  }

  @Test
  @Tag("T57")
  void an_error_page_inherits_the_token_of_its_own_filter_and_not_anothers() throws Exception {
    SallyportFilter own = SallyportFilter.of(Policy.of(settings()));
    SallyportFilter other = SallyportFilter.of(Policy.of(settings()));
    HttpServletRequest request = request("/a");
    Mockito.when(request.getHeaders("Authorization"))
        .thenAnswer(call -> Collections.enumeration(List.of("Bearer " + token())));
    Object[] admitted = new Object[1];
    Mockito.doAnswer(call -> admitted[0] = call.getArgument(1))
        .when(request)
        .setAttribute(Mockito.eq(SallyportFilter.TOKEN_ATTRIBUTE), Mockito.any());
    assertThat(status(own, request)).isEqualTo(200);

    Mockito.when(request.getDispatcherType()).thenReturn(DispatcherType.ERROR);
    Mockito.when(request.getAttribute(SallyportFilter.TOKEN_ATTRIBUTE)).thenReturn(admitted[0]);
    assertThat(inherited(own, request)).isNotNull().isSameAs(admitted[0]);
    assertThat(inherited(other, request)).isNull();
    own.destroy();
    other.destroy();
  }

  private static VerifiedToken inherited(Filter filter, HttpServletRequest request)
      throws Exception {
    VerifiedToken[] seen = new VerifiedToken[1];
    filter.doFilter(
        request,
        Mockito.mock(HttpServletResponse.class),
        (guarded, response) -> {
          assertThat(guarded).isInstanceOf(GuardedRequest.class);
          seen[0] = SallyportFilter.token(guarded);
        });
    return seen[0];
  }

  @Test
  void missing_async_support_is_told_of_once() throws Exception {
    SallyportFilter filter = filter("publicPaths", "/open");
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN)) {
      for (int i = 0; i < 2; i++) {
        filter.doFilter(
            request("/open"),
            Mockito.mock(HttpServletResponse.class),
            (request, response) -> request.startAsync());
      }
      assertThat(log.lines("<async-supported>true</async-supported>")).hasSize(1);
    }
    filter.destroy();
  }

  @Test
  @Tag("T86")
  void the_end_of_a_filter_or_verifier_tells_of_the_refusals_that_were_not_told_before()
      throws Exception {
    SallyportFilter filter = SallyportFilter.of(Policy.of(settings()));
    TokenVerifier verifier = TokenVerifier.of(Policy.of(settings()));
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN)) {
      for (int i = 0; i < 3; i++) {
        assertThat(status(filter, "a.b.c")).isEqualTo(401);
        verifier.verify("a.b.c");
      }
      assertThat(log.lines("WARN 1 refused in ")).hasSize(2);
      filter.destroy();
      verifier.close();
      assertThat(log.lines("WARN 2 refused in ")).hasSize(2);
    }
  }

  @Test
  void a_filter_can_be_started_again_after_its_end() throws Exception {
    SallyportFilter filter = SallyportFilter.of(Policy.of(settings()));
    for (int i = 0; i < 3; i++) {
      filter.init(config(Map.of()));
      assertThat(status(filter, token())).isEqualTo(200);
      filter.destroy();
      assertThat(status(filter, token())).isEqualTo(503);
    }
  }

  @Test
  void a_route_keeps_the_gate_open_until_the_last_of_filter_and_routes_ends() throws Exception {
    SallyportFilter parent = SallyportFilter.of(Policy.of(settings()));
    Filter route = parent.requiring("a");
    parent.init(config(Map.of()));
    route.init(config(Map.of()));
    parent.destroy();
    assertThat(status(route, token())).isEqualTo(200);
    route.destroy();
    assertThat(status(route, token())).isEqualTo(503);
  }

  @Test
  void a_route_takes_scopes_that_are_allowed_and_at_least_one() {
    SallyportFilter parent = SallyportFilter.of(Policy.of(settings()));
    assertThatThrownBy(() -> parent.requiring("b")).hasMessageContaining("'b'");
    assertThatThrownBy(() -> parent.requiring()).hasMessageContaining("empty");
    parent.destroy();
  }

  @Test
  void destroying_twice_or_before_the_start_harms_nothing() throws Exception {
    SallyportFilter filter = new SallyportFilter();
    filter.destroy();
    filter.init(config(settings()));
    filter.destroy();
    filter.destroy();
    assertThat(status(filter, token())).isEqualTo(503);
  }

  @Test
  void the_jar_names_its_web_fragment_and_registers_nothing() throws Exception {
    assertThat(SallyportFilter.class.getAnnotation(WebFilter.class)).isNull();
    try (InputStream fragment =
        SallyportFilter.class.getResourceAsStream("/META-INF/web-fragment.xml")) {
      String text = new String(fragment.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains("<name>sallyport</name>").doesNotContain("<filter");
    }
  }
}
