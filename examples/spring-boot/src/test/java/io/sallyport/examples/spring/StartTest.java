package io.sallyport.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sallyport.testkit.Outage;
import io.sallyport.testkit.TestIssuer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What starts the application, and what stops its start. */
@ExtendWith(OutputCaptureExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class StartTest {
  private TestIssuer issuer;

  @BeforeEach
  void start() {
    issuer = TestIssuer.start("ES256");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private ConfigurableApplicationContext run(String... settings) {
    return run(Map.of(), settings);
  }

  private ConfigurableApplicationContext run(Map<String, Object> variables, String... settings) {
    StandardEnvironment environment = new StandardEnvironment();
    String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    environment
        .getPropertySources()
        .replace(name, new SystemEnvironmentPropertySource(name, variables));
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.add("--server.port=0");
    arguments.add("--sallyport.issuer=" + issuer.issuer());
    arguments.add("--sallyport.allowHttp=true");
    SpringApplication application = new SpringApplication(OrdersApplication.class);
    application.setEnvironment(environment);
    return application.run(arguments.toArray(String[]::new));
  }

  private static Caller caller(ConfigurableApplicationContext application) {
    return new Caller(
        application.getEnvironment().getRequiredProperty("local.server.port", int.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --sallyport.audiance=x                | there is no setting 'audiance'. Did you mean 'audience'?
          --sallyport.allowed-scopes=x          | there is no setting 'allowed-scopes'. Did you mean 'allowedScopes'?
          --sallyport.allowedScopes[0]=x        | there is no setting 'allowedScopes.0'. Did you mean 'allowedScopes'?
          --sallyport.clockSkewSeconds=9000     | the setting 'clockSkewSeconds' is '9000' (it is out of range)
          --sallyport.allowedScopes=orders:*    | the setting 'allowedScopes' is 'orders:*'
          --sallyport.audience=                 | the setting 'audience' is '' (it is empty)
          --sallyport.audience=${NO_SUCH_THING} | the setting 'audience' is '${NO_SUCH_THING}'
          """)
  void a_wrong_setting_stops_the_start_and_is_named(
      String setting, String message, CapturedOutput output) {
    Throwable thrown = catchThrowable(() -> run(setting).close());

    assertThat(thrown)
        .rootCause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Sallyport cannot start: " + message);
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "Sallyport cannot start: " + message);
    assertThat(output).doesNotContain("at io.sallyport.");
  }

  @Test
  void an_issuer_that_is_out_of_reach_is_a_503_until_it_is_there() throws Exception {
    issuer.outage(Outage.REFUSED);
    try (ConfigurableApplicationContext application = run()) {
      Caller caller = caller(application);
      String token = issuer.mint("orders:read");

      HttpResponse<String> answer = caller.get("/orders", token);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(Caller.challenge(answer)).isEqualTo("none");

      issuer.recover();
      Wait.until(() -> caller.get("/orders", token).statusCode() == 200);
    }
  }

  @Test
  void it_stops_the_start_where_that_is_wished(CapturedOutput output) {
    issuer.outage(Outage.REFUSED);

    assertThatThrownBy(() -> run("--sallyport.failOnUnreachableKeys=true").close())
        .isInstanceOf(RuntimeException.class);

    assertThat(output)
        .contains("Sallyport cannot start: failOnUnreachableKeys is 'true' and the keys of");
  }

  @Test
  void a_variable_of_the_environment_is_taken_where_a_setting_names_it() throws Exception {
    Map<String, Object> variables = Map.of("SCOPES", "orders:read", "RULES", "GET /* orders:read");
    try (ConfigurableApplicationContext application =
        run(variables, "--sallyport.allowedScopes=${SCOPES}", "--sallyport.rules=${RULES}")) {
      Caller caller = caller(application);

      assertThat(caller.get("/orders", issuer.mint("orders:read")).statusCode()).isEqualTo(200);
      assertThat(caller.get("/orders", issuer.mint("orders:write")).statusCode()).isEqualTo(403);
    }
  }

  /** Kubernetes sets the first for a service of that name: to Boot it is a setting. */
  @ParameterizedTest
  @CsvSource({
    "SALLYPORT_SERVICE_HOST, there is no setting 'service.host'",
    "SALLYPORT_ALLOWEDSCOPES, there is no setting 'allowedscopes'. Did you mean 'allowedScopes'?",
    "SALLYPORT_CLOCKSKEWSECONDS, there is no setting 'clockskewseconds'"
  })
  void a_variable_that_looks_like_a_setting_is_one(String variable, String message) {
    assertThatThrownBy(() -> run(Map.of(variable, "7")).close())
        .rootCause()
        .hasMessageStartingWith("Sallyport cannot start: " + message);
  }

  @Test
  void a_variable_stands_in_for_a_setting_without_capital_letters() throws Exception {
    try (ConfigurableApplicationContext application = run(Map.of("SALLYPORT_REALM", "shop"))) {
      assertThat(Caller.challenge(caller(application).get("/orders")))
          .startsWith("Bearer realm=\"shop\"");
    }
  }

  @Test
  void several_issuers_have_a_dot_in_their_settings() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "application",
                Map.of(
                    "sallyport.issuers", "corp partner",
                    "sallyport.audience", TestIssuer.AUDIENCE,
                    "sallyport.corp.issuer", "https://id.example.com",
                    "sallyport.corp.allowedScopes", "orders:read orders:write",
                    "sallyport.partner.issuer", "https://id.example.org",
                    "sallyport.partner.allowedScopes", "orders:read")));

    assertThatCode(() -> new SallyportConfiguration().sallyport(environment))
        .doesNotThrowAnyException();
  }

  @Test
  void what_a_file_holds_is_imported_by_boot(@TempDir Path secrets) throws Exception {
    Files.writeString(secrets.resolve("sallyport.audience"), "https://other.example\n");
    String other = issuer.token().scope("orders:read").audience("https://other.example").mint();
    try (ConfigurableApplicationContext application =
        run("--spring.config.import=configtree:" + secrets + "/")) {
      assertThat(caller(application).get("/orders", other).statusCode()).isEqualTo(200);
    }
  }

  /** Spring reads the references before the library does, and knows no files. */
  @Test
  void a_reference_to_a_file_is_no_way_to_do_that(@TempDir Path secrets) throws Exception {
    Path file = Files.writeString(secrets.resolve("audience"), "https://other.example\n");
    String other = issuer.token().scope("orders:read").audience("https://other.example").mint();
    String path = issuer.token().scope("orders:read").audience(file.toString()).mint();
    try (ConfigurableApplicationContext application =
        run("--sallyport.audience=${file:" + file + "}")) {
      Caller caller = caller(application);

      assertThat(caller.get("/orders", other).statusCode()).isEqualTo(401);
      assertThat(caller.get("/orders", path).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void the_filter_ends_with_the_application() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();

    run().close();

    Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
    after.removeAll(before);
    assertThat(after).extracting(Thread::getName).noneMatch(name -> name.startsWith("sallyport"));
  }
}
