package io.sallyport.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sallyport.testkit.TestIssuer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.error.DefaultErrorAttributes;
import org.springframework.boot.webmvc.error.ErrorAttributes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** The application with a server, and with tokens of an issuer in this JVM. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(OrdersApplicationTest.Beside.class)
@DirtiesContext
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OrdersApplicationTest {
  private static final TestIssuer issuer = TestIssuer.start();

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("sallyport.issuer", issuer::issuer);
    registry.add("sallyport.allowHttp", () -> "true");
  }

  @LocalServerPort private int port;

  @Autowired private OrderStreams streams;

  private Caller caller;

  @BeforeEach
  void find() {
    caller = new Caller(port);
  }

  @AfterAll
  static void stop() {
    issuer.close();
  }

  @Test
  void a_good_token_reaches_the_controller() throws Exception {
    HttpResponse<String> answer = caller.get("/orders", issuer.mint("orders:read"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"of\":\"ann\"", "\"mayAdd\":false");
  }

  @Test
  void a_scope_is_a_role() throws Exception {
    String both = issuer.mint("orders:read", "orders:write");

    assertThat(caller.get("/orders", both).body()).contains("\"mayAdd\":true");
  }

  @Test
  void a_controller_gets_at_the_claims() throws Exception {
    HttpResponse<String> answer = caller.post("/orders", issuer.mint("orders:write"), "a rope");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).contains("\"of\":\"ann\"", "\"by\":\"web\"");
  }

  @Test
  void without_a_token_the_answer_is_401_and_says_what_it_takes() throws Exception {
    HttpResponse<String> answer = caller.get("/orders");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Caller.challenge(answer))
        .isEqualTo("Bearer realm=\"127.0.0.1\", scope=\"orders:read\"");
  }

  @Test
  void an_expired_token_is_refused() throws Exception {
    String expired = issuer.token().scope("orders:read").expiresIn(Duration.ofMinutes(-1)).mint();

    HttpResponse<String> answer = caller.get("/orders", expired);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Caller.challenge(answer)).contains("The access token expired");
  }

  @Test
  void a_missing_scope_is_403() throws Exception {
    HttpResponse<String> answer = caller.post("/orders", issuer.mint("orders:read"), "a rope");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(Caller.challenge(answer))
        .contains("error=\"insufficient_scope\"")
        .contains("scope=\"orders:write\"");
  }

  @Test
  void a_refusal_is_the_filters_own_answer_and_none_of_boots() throws Exception {
    String reader = issuer.mint("orders:read");
    List<HttpResponse<String>> refusals =
        List.of(
            caller.get("/orders"),
            caller.get("/orders", "no.jwt.here"),
            caller.post("/orders", reader, "a rope"),
            caller.get("/elsewhere", reader),
            caller.get("/error", reader));

    assertThat(refusals).map(HttpResponse::statusCode).containsExactly(401, 401, 403, 403, 403);
    for (HttpResponse<String> refusal : refusals) {
      assertThat(Caller.type(refusal)).isEqualTo("application/problem+json");
      assertThat(refusal.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(refusal.body())
          .contains("\"correlation\":\"")
          .doesNotContain("\"timestamp\"", "\"path\"");
    }
  }

  @Test
  void an_error_page_knows_the_caller_and_no_credentials() throws Exception {
    String token = issuer.mint("orders:read");

    HttpResponse<String> answer = caller.get("/orders/broken", token);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("\"timestamp\"", "\"caller\":\"ann\"", "\"fields\":[")
        .contains("\"authorization\":null")
        .doesNotContainIgnoringCase("\"authorization\"]", "\"authorization\",")
        .doesNotContain(token);
  }

  @Test
  void what_is_not_there_is_told_by_boot_to_those_who_may_know() throws Exception {
    HttpResponse<String> answer = caller.get("/orders/7", issuer.mint("orders:read"));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"caller\":\"ann\"");
    assertThat(caller.get("/orders/7").statusCode()).isEqualTo(401);
  }

  @Test
  void neither_handlers_nor_other_filters_see_the_token() throws Exception {
    HttpResponse<String> answer = caller.get("/orders/fields", issuer.mint("orders:read"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().toLowerCase(Locale.ROOT))
        .contains("filter: [", "handler: [", "user-agent")
        .doesNotContain("authorization");
  }

  // Streams.

  @Test
  void a_stream_ends_when_its_token_expires() throws Exception {
    Instant exp = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(6);
    String token = issuer.token().scope("orders:read").claim("exp", exp.getEpochSecond()).mint();

    HttpResponse<Stream<String>> stream = caller.listen("/orders/stream", token);
    assertThat(Caller.type(stream)).startsWith("text/event-stream");
    Iterator<String> lines = stream.body().filter(line -> !line.isEmpty()).iterator();
    assertThat(lines.next()).isEqualTo("data:ready");
    caller.post("/orders", issuer.mint("orders:write"), "a rope");
    assertThat(lines.next()).isEqualTo("data:a rope");

    assertThat(lines.hasNext()).isFalse();
    assertThat(Instant.now()).isAfterOrEqualTo(exp).isCloseTo(exp, within(5, ChronoUnit.SECONDS));
    Wait.until(() -> streams.size() == 0);
    assertThat(caller.post("/orders", issuer.mint("orders:write"), "oil").statusCode())
        .isEqualTo(201);
  }

  @Test
  void nobody_hears_of_the_orders_of_others() throws Exception {
    String bob = issuer.token().subject("bob").scope("orders:write").mint();
    String token = issuer.token().scope("orders:read").expiresIn(Duration.ofSeconds(3)).mint();
    HttpResponse<Stream<String>> stream = caller.listen("/orders/stream", token);

    assertThat(caller.post("/orders", bob, "a rope").statusCode()).isEqualTo(201);

    assertThat(stream.body().filter(line -> !line.isEmpty())).containsExactly("data:ready");
  }

  /**
   * What an application may have beside: it is in no file that a start of the application finds.
   */
  static final class Beside {
    @Bean
    RouterFunction<ServerResponse> routes() {
      return RouterFunctions.route()
          .GET(
              "/orders/fields",
              request -> {
                HttpServletRequest servlet = request.servletRequest();
                return ServerResponse.ok()
                    .body(servlet.getAttribute("filter") + "\n" + seen("handler", servlet));
              })
          .GET(
              "/orders/broken",
              request -> {
                throw new IllegalStateException("broken on purpose");
              })
          .build();
    }

    private static String seen(String by, HttpServletRequest request) {
      return by + ": " + Collections.list(request.getHeaderNames());
    }

    /** As early as a filter can be. */
    @Bean
    FilterRegistrationBean<Filter> curious() {
      Filter filter =
          (request, response, chain) -> {
            request.setAttribute("filter", seen("filter", (HttpServletRequest) request));
            chain.doFilter(request, response);
          };
      FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
      registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
      return registration;
    }

    /** An error page that tells all it can see. */
    @Bean
    ErrorAttributes talkative() {
      return new DefaultErrorAttributes() {
        @Override
        public Map<String, @Nullable Object> getErrorAttributes(
            WebRequest request, ErrorAttributeOptions options) {
          Map<String, @Nullable Object> all = super.getErrorAttributes(request, options);
          List<String> fields = new ArrayList<>();
          request.getHeaderNames().forEachRemaining(fields::add);
          all.put("fields", fields);
          all.put("authorization", request.getHeader("Authorization"));
          all.put("caller", request.getRemoteUser());
          return all;
        }
      };
    }
  }
}
