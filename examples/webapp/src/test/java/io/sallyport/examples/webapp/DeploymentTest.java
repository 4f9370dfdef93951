package io.sallyport.examples.webapp;

import static io.sallyport.examples.webapp.Client.challenge;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestIssuer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How the WAR starts and ends in a container, and what becomes of it when web.xml says otherwise.
 */
@Tag("war")
@DisplayNameGeneration(ReplaceUnderscores.class)
class DeploymentTest {
  private static final boolean TOMCAT = System.getProperty("container", "").equals("tomcat");
  private static final int NOT_STARTED = TOMCAT ? 404 : 503;

  @TempDir private Path folder;
  private TestIssuer issuer;
  private Surroundings surroundings;
  private ApplicationServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    issuer = TestIssuer.start("ES256");
    surroundings = Surroundings.with(issuer.issuer());
    server = ApplicationServer.start();
    client = new Client(server);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    surroundings.close();
    issuer.close();
  }

  private HttpResponse<String> orders() throws Exception {
    return client.get("/api/orders", issuer.mint("orders:read"));
  }

  private String realm() throws Exception {
    return challenge(client.get("/api/orders")).replaceFirst("^Bearer realm=\"([^\"]*)\".*", "$1");
  }

  @Test
  void when_it_goes_no_thread_of_it_is_left() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    ClassLoader application = server.deploy(Archive.file());
    assertThat(orders().statusCode()).isEqualTo(200);
    Predicate<Thread> isOurs = thread -> thread.getName().startsWith("sallyport");
    Predicate<Thread> isOfTheApplication =
        thread ->
            thread.getContextClassLoader() == application
                && !thread.getName().startsWith("HttpClient"); // Java 17 cannot close them
    assertThat(Thread.getAllStackTraces().keySet()).anyMatch(isOurs);

    server.undeploy();

    assertThat(orders().statusCode()).isEqualTo(404);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread))
        .noneMatch(isOurs)
        .noneMatch(isOfTheApplication);
  }

  @Test
  void its_own_binding_tells_the_operator_of_each_filter() throws Exception {
    try (LogLines log = new LogLines()) {
      server.deploy(Archive.file());

      assertThat(log.lines()).filteredOn(line -> line.startsWith("guarding: ")).hasSize(3);
      for (String audience : Set.of(Surroundings.API, Surroundings.REPORTS, Surroundings.ADMIN)) {
        assertThat(log.lines()).anyMatch(line -> line.contains(audience));
      }
    }
  }

  @Test
  void without_an_issuer_it_does_not_start_and_says_what_is_missing() throws Exception {
    surroundings.clear("SALLYPORT_ISSUER");
    try (LogLines log = new LogLines()) {
      server.deploy(Archive.file());

      for (String path : Set.of("/api/orders", "/api/health", "/error", "/reports/2026-11", "/")) {
        assertThat(client.get(path).statusCode()).as(path).isEqualTo(NOT_STARTED);
        assertThat(client.get(path, issuer.mint("orders:read")).statusCode())
            .as(path)
            .isEqualTo(NOT_STARTED);
      }
      assertThat(log.lines())
          .anyMatch(line -> line.contains("Sallyport cannot start: ") && line.contains("'issuer'"))
          .anyMatch(line -> line.contains("SALLYPORT_ISSUER is neither an environment variable"));
    }
  }

  @Test
  void an_issuer_that_cannot_be_reached_is_503_until_it_can() throws Exception {
    surroundings.set("SALLYPORT_ISSUER", "http://127.0.0.1:1");
    server.deploy(Archive.file());
    String token = issuer.token().issuer("http://127.0.0.1:1").scope("orders:read").mint();

    HttpResponse<String> answer = client.get("/api/orders", token);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains("\"correlation\"");
    assertThat(client.get("/api/health").statusCode()).isEqualTo(200);
    assertThat(client.get("/api/orders").statusCode()).isEqualTo(401);
  }

  @Test
  void an_issuer_that_cannot_be_reached_stops_the_start_by_setting() throws Exception {
    surroundings.set("SALLYPORT_ISSUER", "http://127.0.0.1:1");
    try (LogLines log = new LogLines()) {
      server.deploy(
          Archive.in(folder)
              .replace("sallyport.realm", "sallyport.failOnUnreachableKeys")
              .replace("${SALLYPORT_REALM:orders}", "true")
              .folder());

      assertThat(client.get("/api/health").statusCode()).isEqualTo(NOT_STARTED);
      assertThat(log.lines()).anyMatch(line -> line.contains("failOnUnreachableKeys is 'true'"));
    }
  }

  @Test
  void a_name_with_a_default_is_the_environments_before_the_propertys_in_each_container()
      throws Exception {
    surroundings.set("SALLYPORT_REALM", "property");
    server.deploy(Archive.file());
    assertThat(realm()).isEqualTo("environment");
  }

  @Test
  void a_name_without_a_default_is_the_propertys_first_in_Tomcat() throws Exception {
    surroundings.set("SALLYPORT_REALM", "property");
    server.deploy(
        Archive.in(folder).replace("${SALLYPORT_REALM:orders}", "${SALLYPORT_REALM}").folder());
    assertThat(realm()).isEqualTo(TOMCAT ? "property" : "environment");
  }

  @Test
  void a_default_behind_a_colon_and_a_hyphen_is_Tomcats_and_takes_nothing_from_the_environment()
      throws Exception {
    server.deploy(
        Archive.in(folder)
            .replace("${SALLYPORT_REALM:orders}", "${SALLYPORT_REALM:-orders} ${NOWHERE:-orders}")
            .folder());
    assertThat(realm()).isEqualTo(TOMCAT ? "orders orders" : "environment -orders");
  }

  @Test
  void no_other_jar_adds_anything() throws Exception {
    server.deploy(withBackdoor().folder());
    assertThat(client.get("/fragment/2026-11").statusCode()).isEqualTo(404);
    assertThat(client.get("/initializer/2026-11").statusCode()).isEqualTo(404);
    assertThat(orders().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<absolute-ordering><name>sallyport</name><others/></absolute-ordering>"})
  void by_another_ordering_every_jar_could(String ordering) throws Exception {
    String own = "<absolute-ordering>\n    <name>sallyport</name>\n  </absolute-ordering>";
    server.deploy(withBackdoor().replace(own, ordering).folder());
    assertThat(client.get("/fragment/2026-11").body()).contains("report=/2026-11\n");
    assertThat(client.get("/initializer/2026-11").body()).contains("report=/2026-11\n");
  }

  private Archive withBackdoor() throws IOException {
    Archive archive = Archive.in(folder);
    Backdoor.write(archive.lib().resolve("backdoor.jar"));
    return archive;
  }

  @Test
  void an_error_page_that_no_filter_is_mapped_to_would_get_the_token() throws Exception {
    server.deploy(
        Archive.in(folder)
            .replace(
                "<url-pattern>/api/*</url-pattern>\n    <url-pattern>/error</url-pattern>",
                "<url-pattern>/api/*</url-pattern>")
            .folder());
    String token = issuer.mint("orders:read");
    assertThat(client.get("/api/nothing", token).body()).contains("authorization=Bearer " + token);
  }

  @Test
  void a_filter_without_async_support_says_so_when_a_request_has_to_wait() throws Exception {
    server.deploy(
        Archive.in(folder)
            .replace(
                """
                <filter-class>io.sallyport.SallyportFilter</filter-class>
                    <async-supported>true</async-supported>\
                """,
                "<filter-class>io.sallyport.SallyportFilter</filter-class>")
            .folder());
    String token = issuer.token().scope("orders:read").expiresIn(Duration.ofSeconds(2)).mint();
    try (LogLines log = new LogLines()) {
      // Jetty refuses startAsync(), but not startAsync(request, response), which Jersey calls.
      assertThat(client.get("/api/orders/next", token).statusCode()).isEqualTo(TOMCAT ? 500 : 204);
      assertThat(log.lines())
          .anyMatch(line -> line.contains("add <async-supported>true</async-supported>"));
    }
    assertThat(orders().statusCode()).isEqualTo(200);
  }

  @Test
  void without_the_feature_Jersey_asks_for_no_role() throws Exception {
    server.deploy(
        Archive.in(folder)
            .replace("jakarta.ws.rs.Application", "jersey.config.server.provider.classnames")
            .replace(Api.class.getName(), OrdersResource.class.getName())
            .folder());
    String reader = issuer.mint("orders:read");
    assertThat(client.send("POST", "/api/orders", reader).statusCode()).isEqualTo(201);
  }

  @Test
  void a_security_constraint_of_the_container_does_not_know_the_caller() throws Exception {
    String constraint = Files.readString(Path.of("src/test/resources/security-constraint.xml"));
    server.deploy(Archive.in(folder).replace("</web-app>", constraint + "</web-app>").folder());

    assertThat(orders().statusCode()).isNotEqualTo(200);
    assertThat(client.get("/reports/2026-11", reports()).statusCode()).isEqualTo(200);
  }

  private String reports() {
    return issuer.token().audience(Surroundings.REPORTS).scope("reports:read").mint();
  }

  @Test
  @EnabledIfSystemProperty(named = "container", matches = "tomcat")
  void a_web_xml_that_is_not_of_its_schema_does_not_start_in_Tomcat_here() throws Exception {
    server.deploy(
        Archive.in(folder)
            .replace("<load-on-startup>1</load-on-startup>", "<load-at-start/>")
            .folder());
    assertThat(orders().statusCode()).isEqualTo(404);
  }
}
