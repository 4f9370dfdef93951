package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/migration.md} sends nobody to a setting, a threat or a page that is not there. */
final class MigrationTest {
  private static final Path PAGE = Path.of("docs", "migration.md");

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  private static List<String> found(String expression, String text) {
    return Pattern.compile(expression)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** The second cells of the tables that say which setting stands in for what. */
  private static List<String> counterparts() throws IOException {
    List<String> cells = new ArrayList<>();
    boolean inTable = false;
    for (String line : page().lines().toList()) {
      if (line.matches("\\| .+ \\| Sallyport \\| \\|")) inTable = true;
      if (!line.startsWith("|")) inTable = false;
      // a bar that belongs to a cell has a backslash before it
      if (inTable) cells.add(line.split("(?<!\\\\)\\|")[2]);
    }
    return cells;
  }

  @Test
  void every_counterpart_is_a_setting() throws IOException {
    List<String> names = found("`([^`]+)`", String.join("\n", counterparts()));
    assertThat(names)
        .hasSizeGreaterThan(30)
        .allSatisfy(name -> assertThat(Settings.has(name)).isTrue());
  }

  @Test
  void every_key_of_the_adapter_is_there() throws IOException {
    String table = page().substring(0, page().indexOf("| the filter's init-param |"));
    assertThat(found("`([a-z-]+)(?:: (?:true|false))?`", table))
        .contains(
            "realm",
            "realm-public-key",
            "auth-server-url",
            "ssl-required",
            "confidential-port",
            "resource",
            "use-resource-role-mappings",
            "public-client",
            "enable-cors",
            "cors-max-age",
            "cors-allowed-methods",
            "cors-allowed-headers",
            "cors-exposed-headers",
            "bearer-only",
            "autodetect-bearer-only",
            "enable-basic-auth",
            "expose-token",
            "credentials",
            "connection-pool-size",
            "socket-timeout-millis",
            "connection-timeout-millis",
            "connection-ttl-millis",
            "disable-trust-manager",
            "allow-any-hostname",
            "proxy-url",
            "truststore",
            "truststore-password",
            "client-keystore",
            "client-keystore-password",
            "client-key-password",
            "always-refresh-token",
            "register-node-at-startup",
            "register-node-period",
            "token-store",
            "adapter-state-cookie-path",
            "token-cookie-path",
            "principal-attribute",
            "turn-off-change-session-id-on-login",
            "token-minimum-time-to-live",
            "min-time-between-jwks-requests",
            "public-key-cache-ttl",
            "ignore-oauth-query-parameter",
            "redirect-rewrite-rules",
            "verify-token-audience",
            "enable-pkce",
            "policy-enforcer");
  }

  @Test
  void the_web_xml_that_it_shows_is_taken() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    Matcher parameter =
        Pattern.compile("<param-name>([^<]+)</param-name>\\s*<param-value>([^<]+)</param-value>")
            .matcher(page());
    while (parameter.find())
      settings.put(parameter.group(1), parameter.group(2).strip().replace("&gt;", ">"));
    Policy policy = Policy.of(settings);
    assertThat(policy.allowedScopes).containsExactly("clerk", "auditor");
    assertThat(policy.routes.rules()).hasSize(3);
  }

  @Test
  void the_threats_and_the_pages_that_it_names_are_there() throws IOException {
    String threats = Files.readString(Path.of("docs", "threat-model.md"));
    List<String> numbers = new ArrayList<>();
    for (String group : found("(?m)\\(([0-9][0-9, to]*)\\)\\.?$", page()))
      numbers.addAll(found("([0-9]+)", group));
    assertThat(numbers)
        .hasSizeGreaterThan(20)
        .allSatisfy(number -> assertThat(threats).contains("| " + number + " | "));
    assertThat(found("\\]\\(([^)#]+)[^)]*\\)", page()))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(PAGE.resolveSibling(link)).exists());
  }
}
