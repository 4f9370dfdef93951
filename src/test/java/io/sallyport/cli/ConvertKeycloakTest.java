package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.Command.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The retired adapter's settings as ours, and no word of them lost. */
final class ConvertKeycloakTest {
  private static final String SERVICE =
      """
      {
        "realm": "acme",
        "auth-server-url": "https://id.example.com/auth/",
        "ssl-required": "external",
        "resource": "orders",
        "bearer-only": true,
        "verify-token-audience": true,
        "use-resource-role-mappings": true,
        "public-key-cache-ttl": 120
      }
      """;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Result convert(String json, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("convert-keycloak"));
    words.addAll(List.of(options));
    words.add(file("keycloak.json", json).toString());
    return Command.plain().run(words.toArray(String[]::new));
  }

  private static String with(String member) {
    return "{\"realm\": \"acme\", \"auth-server-url\": \"https://id.example.com\","
        + " \"resource\": \"orders\", \"bearer-only\": true, "
        + member
        + "}";
  }

  @Test
  void a_service_of_the_adapter_becomes_one_of_ours() throws IOException {
    Result result = convert(SERVICE, "--properties");
    assertThat(result.code()).as(result.out()).isZero();
    assertThat(result.out().lines().filter(line -> !line.startsWith("#") && !line.isBlank()))
        .containsExactly(
            "issuer=https://id.example.com/auth/realms/acme",
            "audience=orders",
            "scopeClaim=/resource_access/orders/roles",
            "allowedScopes=${ALLOWED_SCOPES}",
            "keyRefreshSeconds=120");
    assertThat(result.out()).contains("# To be filled in:\n#   ${ALLOWED_SCOPES}: the roles");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.xml", "sallyport.properties"})
  void what_it_prints_is_right_once_it_has_been_filled_in(String name) throws IOException {
    String[] options = name.endsWith(".xml") ? new String[0] : new String[] {"--properties"};
    String odd = with("\"--a --->b\": 1, \"x\\ny=z\": 2, \"enable-cors\": true, \"resource2\": 1");
    for (String json : List.of(SERVICE, odd)) {
      String printed = convert(json, options).out();
      Result before = check(name, printed);
      assertThat(before.code()).as(before.err()).isOne();
      assertThat(before.out()).contains("ALLOWED_SCOPES is neither an environment variable");
      Result after = check(name, printed.replace("${ALLOWED_SCOPES}", "user admin"));
      assertThat(after.code()).as(after.out() + after.err()).isZero();
      assertThat(after.out()).doesNotContain("meant so");
    }
  }

  private Result check(String name, String text) throws IOException {
    return Command.plain().run("check-config", file(name, text).toString());
  }

  /** Each key that the adapter's documentation has, with a value that makes it do something. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "realm-public-key                     | \"MIGf\"",
        "ssl-required                         | \"all\"",
        "confidential-port                    | 8443",
        "use-resource-role-mappings           | true",
        "public-client                        | true",
        "enable-cors                          | true",
        "cors-max-age                         | 1000",
        "cors-allowed-methods                 | \"GET\"",
        "cors-allowed-headers                 | \"X\"",
        "cors-exposed-headers                 | \"X\"",
        "autodetect-bearer-only               | true",
        "enable-basic-auth                    | true",
        "expose-token                         | true",
        "credentials                          | {\"secret\": \"hush-hush\"}",
        "connection-pool-size                 | 20",
        "socket-timeout-millis                | 5000",
        "connection-timeout-millis            | 6000",
        "connection-ttl-millis                | 500",
        "disable-trust-manager                | true",
        "allow-any-hostname                   | true",
        "proxy-url                            | \"http://hush-hush@proxy\"",
        "truststore                           | \"t.jks\"",
        "truststore-password                  | \"hush-hush\"",
        "client-keystore                      | \"c.jks\"",
        "client-keystore-password             | \"hush-hush\"",
        "client-key-password                  | \"hush-hush\"",
        "always-refresh-token                 | true",
        "register-node-at-startup             | true",
        "register-node-period                 | 600",
        "token-store                          | \"cookie\"",
        "adapter-state-cookie-path            | \"/\"",
        "token-cookie-path                    | \"/\"",
        "principal-attribute                  | \"preferred_username\"",
        "turn-off-change-session-id-on-login  | true",
        "token-minimum-time-to-live           | 10",
        "min-time-between-jwks-requests       | 10",
        "public-key-cache-ttl                 | 86400",
        "ignore-oauth-query-parameter         | true",
        "redirect-rewrite-rules               | {\"^/a$\": \"/b\"}",
        "verify-token-audience                | true",
        "enable-pkce                          | true",
        "policy-enforcer                      | {}",
        "something-of-a-fork                  | \"hush-hush\""
      })
  void no_key_is_dropped_without_a_word(String key, String value) throws IOException {
    Map<String, ?> plain =
        convert(with("\"bearer-only\": true").replace(", \"bearer-only\": true, ", ", "), "--json")
            .json();
    Result result = convert(with("\"" + key + "\": " + value), "--json");
    boolean isSetting = !plain.get("settings").equals(result.json().get("settings"));
    assertThat(isSetting || result.out().contains("\"" + key + ": ")).as(result.out()).isTrue();
    assertThat(result.out()).doesNotContain("hush-hush");
  }

  @Test
  void what_has_no_counterpart_is_named_and_told_by_the_exit_code() throws IOException {
    Result result = convert(with("\"expose-token\": true, \"something-of-a-fork\": 1"));
    assertThat(result.code()).isOne();
    assertThat(result.out())
        .contains(
            "Without a counterpart:", "expose-token: on purpose", "something-of-a-fork: is no key");
    assertThat(convert(with("\"expose-token\": false")).code()).isZero();
  }

  @Test
  void an_application_with_a_login_loses_it() throws IOException {
    Result result =
        convert(with("\"x\": 1").replace("\"bearer-only\": true, \"x\": 1", "\"realm2\": 1"));
    assertThat(result.code()).isOne();
    assertThat(result.out()).contains("bearer-only: was not set");
  }

  @Test
  void nothing_gets_looser_than_it_is_here() throws IOException {
    String json = with("\"public-key-cache-ttl\": 86400, \"verify-token-audience\": false");
    Result result = convert(json, "--properties");
    assertThat(result.out())
        .contains("audience=orders\n", "it was not before: have an audience mapper")
        .contains("public-key-cache-ttl: not taken over")
        .doesNotContain("keyRefreshSeconds=");
  }

  @ParameterizedTest
  @CsvSource({
    "https://id.example.com,          https://id.example.com/realms/acme",
    "https://id.example.com/,         https://id.example.com/realms/acme",
    "https://id.example.com/auth,     https://id.example.com/auth/realms/acme",
    "http://localhost:8180/auth,      http://localhost:8180/auth/realms/acme",
    "http://id.example.com,           ${ISSUER}",
    "/auth,                           ${ISSUER}",
    "'https://id example',            ${ISSUER}",
    "'${env.KEYCLOAK:https://k}/auth', '${KEYCLOAK:https://k}/auth/realms/acme'",
    "'${keycloak.url}',               '${keycloak.url}/realms/acme'",
    "'${1}',                          ${ISSUER}"
  })
  void the_issuer_is_made_of_server_and_realm(String server, String issuer) throws IOException {
    String json = with("\"x\": 1").replace("https://id.example.com", server);
    Map<?, ?> settings = (Map<?, ?>) convert(json, "--json").json().get("settings");
    assertThat(settings.get("issuer")).isEqualTo(issuer);
    assertThat(settings.containsKey("allowHttp")).isEqualTo(server.startsWith("http://localhost"));
  }

  @Test
  void a_realm_and_a_resource_are_spelled_as_their_places_want_it() throws IOException {
    String json =
        with("\"use-resource-role-mappings\": true")
            .replace("acme", "my realm")
            .replace("orders", "a/b~c");
    Map<?, ?> settings = (Map<?, ?>) convert(json, "--json").json().get("settings");
    assertThat(settings.get("issuer")).isEqualTo("https://id.example.com/realms/my%20realm");
    assertThat(settings.get("scopeClaim")).isEqualTo("/resource_access/a~1b~0c/roles");
    assertThat(settings.get("audience")).isEqualTo("a/b~c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/health /health",
        "^/health$ /health",
        "/assets/.* /assets/*",
        "/assets.* /assets/*",
        "/a\\.css /a.css",
        "^/(path1|path2|path3).* '/path1/* /path2/* /path3/*'",
        "^/(?:css|js)/.*$ '/css/* /js/*'",
        "/health|/assets/.* '/health /assets/*'",
        ".* null",
        "/a[0-9]+ null",
        ".*\\.css null",
        "/a|/b.*/c null",
        "/(a|b)/(c|d) null",
        "/a+ null"
      })
  void a_skip_pattern_becomes_paths_or_is_named(String regex, String paths) throws IOException {
    Result result = convert(SERVICE, "--json", "--skip-pattern", regex);
    Map<?, ?> settings = (Map<?, ?>) result.json().get("settings");
    boolean isNone = paths.equals("null");
    assertThat(settings.get("publicPaths")).isEqualTo(isNone ? null : paths);
    assertThat(result.out()).contains("keycloak.config.skipPattern: ");
    assertThat(result.code()).isEqualTo(isNone ? 1 : 0);
  }

  @Test
  void a_value_of_the_wrong_type_is_told_of() throws IOException {
    Result result = convert(with("\"use-resource-role-mappings\": 1, \"principal-attribute\": 7"));
    assertThat(result.out())
        .contains("use-resource-role-mappings: is neither true nor false")
        .contains("principal-attribute: is not text");
    assertThat(convert(with("\"use-resource-role-mappings\": \"true\""), "--properties").out())
        .contains("scopeClaim=/resource_access/orders/roles");
  }

  @Test
  void a_file_that_is_no_keycloak_json_is_told_of() throws IOException {
    assertThat(convert("{\n  \"realm\": \"hush-hush\",,}").err())
        .contains("is not one well-formed JSON object (line 2, column ", "Example: ")
        .doesNotContain("hush-hush");
    assertThat(convert("{\"realm\": 1, \"realm\": 2}").err()).contains("(line 1, column ");
    assertThat(convert("{\"a\": 1}").err()).contains("has neither realm nor auth-server-url");
    Result none = Command.plain().run("convert-keycloak", folder.resolve("none.json").toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("There is no file " + folder.resolve("none.json"));
    assertThat(Command.plain().run("convert-keycloak").code()).isEqualTo(2);
  }
}
