package io.sallyport.examples.webapp;

import static io.sallyport.examples.webapp.Client.challenge;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestIssuer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The WAR in a container, as its clients see it. */
@Tag("war")
@DisplayNameGeneration(ReplaceUnderscores.class)
class WebApplicationTest {
  private static final Pattern EXCHANGE =
      Pattern.compile(
          "\\$ curl -i( -X (?<method>\\w+))?( -H \"Authorization: Bearer (?<token>[^\"]+)\")?"
              + " localhost:8080/app(?<path>\\S+)\\nHTTP/1.1 (?<status>\\d{3}) .*"
              + "(\\nWWW-Authenticate: (?<challenge>.*))?");

  private static TestIssuer issuer;
  private static Surroundings surroundings;
  private static ApplicationServer server;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    issuer = TestIssuer.start();
    surroundings = Surroundings.with(issuer.issuer());
    server = ApplicationServer.start();
    client = new Client(server);
    server.deploy(Archive.file());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    surroundings.close();
    issuer.close();
  }

  private static String reader() {
    return issuer.mint("orders:read");
  }

  private static String writer() {
    return issuer.mint("orders:read", "orders:write");
  }

  private static String token(String audience, String... scopes) {
    return issuer.token().audience(audience).scope(scopes).mint();
  }

  @Test
  void a_good_token_is_the_caller_in_JAX_RS_and_in_the_servlet_API() throws Exception {
    String token =
        issuer.token().subject("bob").scope("orders:read").claim("tenant", "acme").mint();

    HttpResponse<String> answer = client.get("/api/caller", token);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .contains("principal=bob\n", "scheme=Bearer\n", "mayWrite=false\n", "tenant=acme\n")
        .contains("user=bob\n");
  }

  @Test
  void a_role_is_a_scope_of_the_token() throws Exception {
    assertThat(client.get("/api/caller", writer()).body()).contains("mayWrite=true\n");
    HttpResponse<String> placed = client.send("POST", "/api/orders", writer());
    assertThat(placed.statusCode()).isEqualTo(201);
    assertThat(placed.body()).isEqualTo("placed by ann\n");
  }

  @Test
  void a_missing_role_is_a_403_of_JAX_RS_on_the_applications_own_page() throws Exception {
    HttpResponse<String> answer = client.send("POST", "/api/orders", reader());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).startsWith("error=403\ndispatch=ERROR\n");
    assertThat(challenge(answer)).as("it is none of the filter's").isEmpty();
    assertThat(client.get("/api/orders", reader()).statusCode()).isEqualTo(200);
  }

  @Test
  void without_a_token_the_answer_says_what_it_takes() throws Exception {
    HttpResponse<String> answer = client.get("/api/orders");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(challenge(answer)).isEqualTo("Bearer realm=\"environment\", scope=\"orders:read\"");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(answer.body()).contains("\"status\":401", "\"correlation\"");
  }

  @Test
  void an_expired_token_is_401() throws Exception {
    String expired = issuer.token().scope("orders:read").expiresIn(Duration.ofMinutes(-1)).mint();

    HttpResponse<String> answer = client.get("/api/orders", expired);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(challenge(answer)).contains("error=\"invalid_token\"", "expired");
  }

  @Test
  void a_token_for_another_service_is_401() throws Exception {
    HttpResponse<String> answer =
        client.get("/api/orders", token("https://other.example", "orders:read"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(challenge(answer)).contains("error=\"invalid_token\"");
  }

  @Test
  void a_token_is_good_at_the_filter_of_its_audience_alone() throws Exception {
    Map<String, String> audiences =
        Map.of(
            "/api/orders", Surroundings.API,
            "/reports/2026-11", Surroundings.REPORTS,
            "/admin/", Surroundings.ADMIN);
    for (String path : audiences.keySet()) {
      for (String audience : audiences.values()) {
        String token = token(audience, "orders:read", "reports:read", "admin:read");
        assertThat(client.get(path, token).statusCode())
            .as(path + " with " + audience)
            .isEqualTo(audiences.get(path).equals(audience) ? 200 : 401);
      }
    }
  }

  @Test
  void a_scope_that_a_rule_takes_is_named() throws Exception {
    HttpResponse<String> answer = client.get("/api/orders", issuer.mint("orders:write"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(challenge(answer)).contains("error=\"insufficient_scope\"", "scope=\"orders:read\"");
  }

  @Test
  void what_no_rule_allows_is_denied_to_everybody() throws Exception {
    HttpResponse<String> deleted = client.send("DELETE", "/api/orders", writer());
    assertThat(deleted.statusCode()).isEqualTo(403);
    assertThat(challenge(deleted)).contains("insufficient_scope").doesNotContain("scope=\"");

    String admin = token(Surroundings.ADMIN, "admin:read");
    assertThat(client.get("/admin/", admin).body()).contains("user=ann\n");
    for (String method : List.of("POST", "PUT", "DELETE", "SALLY")) {
      assertThat(client.send(method, "/admin/", admin).statusCode()).as(method).isEqualTo(403);
    }
  }

  @Test
  void a_scope_that_reaches_for_the_host_refuses_the_token() throws Exception {
    HttpResponse<String> answer =
        client.get("/api/orders", issuer.mint("orders:read", "docker:run"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(challenge(answer)).contains("error=\"insufficient_scope\"");
  }

  @Test
  void health_needs_no_token_and_takes_no_bad_one() throws Exception {
    assertThat(client.get("/api/health").body()).isEqualTo("up\n");
    assertThat(client.get("/api/health", reader()).statusCode()).isEqualTo(200);
    assertThat(client.get("/api/health", "a.b.c").statusCode()).isEqualTo(401);
    assertThat(client.get("/api/health/more").statusCode()).isEqualTo(401);
    assertThat(client.get("/api/healthy").statusCode()).isEqualTo(401);
  }

  @Test
  void no_resource_sees_the_credentials() throws Exception {
    isSeenWithoutCredentials(client.get("/api/caller", reader()), "REQUEST", "ann");
    isSeenWithoutCredentials(
        client.get("/admin/", token(Surroundings.ADMIN, "admin:read")), "REQUEST", "ann");
    assertThat(client.get("/api/caller", reader()).body())
        .containsPattern("(?im)^headers=.*user-agent")
        .doesNotContainPattern("(?im)^headers=.*authorization");
  }

  @Test
  void a_forward_goes_on_without_the_credentials() throws Exception {
    isSeenWithoutCredentials(
        client.get("/reports/latest", token(Surroundings.REPORTS, "reports:read")),
        "FORWARD",
        "ann");
  }

  @Test
  void the_error_page_never_sees_the_credentials_and_the_caller_where_its_own_filter_has_decided()
      throws Exception {
    isSeenWithoutCredentials(client.get("/api/nothing", reader()), "ERROR", "ann");
    HttpResponse<String> answer =
        client.get("/reports/1999-01", token(Surroundings.REPORTS, "reports:read"));
    assertThat(answer.statusCode()).isEqualTo(404);
    isSeenWithoutCredentials(answer, "ERROR", "null");
  }

  private static void isSeenWithoutCredentials(
      HttpResponse<String> answer, String dispatch, String user) {
    assertThat(answer.body())
        .contains("dispatch=" + dispatch + "\n", "user=" + user + "\n", "authorization=null\n")
        .containsPattern("(?im)^fields=.*user-agent")
        .doesNotContainPattern("(?im)^fields=.*authorization");
  }

  @Test
  void the_error_page_is_not_for_clients_to_ask_for() throws Exception {
    assertThat(client.get("/error").statusCode()).isEqualTo(401);
    assertThat(client.get("/error", writer()).statusCode()).isEqualTo(403);
  }

  @Test
  void outside_of_the_three_filters_there_is_nothing() throws Exception {
    for (String path : List.of("", "/", "/api2", "/WEB-INF/web.xml", "/META-INF/", "/index.html")) {
      assertThat(client.get(path, writer()).statusCode()).as(path).isIn(301, 302, 403, 404);
    }
  }

  /** Some containers refuse some of these themselves, before any filter. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/;x/orders",
        "/api/orders;x",
        "/api/orders;x=1",
        "/api/%6frders%2f..",
        "/api/health;x",
        "/api//orders",
        "/api/x/../orders",
        "/admin/;x"
      })
  void a_path_that_can_be_read_in_several_ways_is_400(String path) throws Exception {
    String token = path.startsWith("/admin") ? token(Surroundings.ADMIN, "admin:read") : writer();
    assertThat(client.get(path, token).statusCode()).isEqualTo(400);
  }

  @Test
  void a_request_that_waits_is_answered_by_another_one() throws Exception {
    CompletableFuture<HttpResponse<String>> waiting =
        client.begin("/api/orders/next", reader()).orTimeout(20, TimeUnit.SECONDS);
    while (!waiting.isDone()) client.send("POST", "/api/orders", writer());

    assertThat(waiting.join().statusCode()).isEqualTo(200);
    assertThat(waiting.join().body()).isEqualTo("placed by ann\n");
  }

  @Test
  void a_request_that_waits_ends_with_its_token() {
    String brief = issuer.token().scope("orders:read").expiresIn(Duration.ofSeconds(2)).mint();

    HttpResponse<String> answer =
        client.begin("/api/orders/next", brief).orTimeout(20, TimeUnit.SECONDS).join();

    assertThat(answer.statusCode()).isEqualTo(204);
  }

  /** Within the skew the filter takes a token past its end; waiting takes none of that. */
  @Test
  void a_token_past_its_end_does_not_wait_without_end() {
    String past = issuer.token().scope("orders:read").expiresIn(Duration.ofSeconds(-5)).mint();

    HttpResponse<String> answer =
        client.begin("/api/orders/next", past).orTimeout(20, TimeUnit.SECONDS).join();

    assertThat(answer.statusCode()).isEqualTo(204);
  }

  @Test
  void the_lines_for_a_shell_in_README_are_answered_as_they_say() throws Exception {
    int answered = 0;
    for (MatchResult fence : DocumentsTest.fences("README.md")) {
      if (!fence.group(1).equals("console")) continue;
      for (Matcher line = EXCHANGE.matcher(fence.group(2)); line.find(); answered++) {
        String method = line.group("method") == null ? "GET" : line.group("method");
        HttpResponse<String> answer =
            line.group("token") == null
                ? client.get(line.group("path"))
                : client.send(method, line.group("path"), reader());
        assertThat(answer.statusCode())
            .as(line.group())
            .isEqualTo(Integer.parseInt(line.group("status")));
        assertThat(challenge(answer).replace("\"environment\"", "\"orders\""))
            .as(line.group())
            .isEqualTo(line.group("challenge") == null ? "" : line.group("challenge"));
      }
    }
    assertThat(answered).isEqualTo(3);
  }
}
