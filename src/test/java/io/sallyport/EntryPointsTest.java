package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.keys.KeySource;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** The ways in: by web.xml, by builder, by policy, by route; and the way out. */
final class EntryPointsTest {
  private static final String AUDIENCE = "api";

  private final SigningKey key = SigningKey.ec("k", "ES256");
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
    return Jws.good(server.issuer(), AUDIENCE, "a", Instant.now()).signedBy(key);
  }

  /** The status that a filter answers, or 200 where it let the request through. */
  private int status(jakarta.servlet.Filter filter, String token) throws Exception {
    var request = Mockito.mock(jakarta.servlet.http.HttpServletRequest.class);
    var response = Mockito.mock(jakarta.servlet.http.HttpServletResponse.class);
    Mockito.when(request.getDispatcherType()).thenReturn(jakarta.servlet.DispatcherType.REQUEST);
    Mockito.when(request.getMethod()).thenReturn("GET");
    Mockito.when(request.getHeaders("Authorization"))
        .thenAnswer(call -> Collections.enumeration(List.of("Bearer " + token)));
    Mockito.when(response.getOutputStream())
        .thenReturn(Mockito.mock(jakarta.servlet.ServletOutputStream.class));
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
      String token = Jws.good("https://id.example.com", AUDIENCE, "a", Instant.now()).signedBy(key);
      assertThat(((Decision.Refused) verifier.verify(token)).refusal().reason())
          .isEqualTo(Reason.KEYS_UNAVAILABLE);
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
    jakarta.servlet.Filter route = parent.requiring("a");
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
