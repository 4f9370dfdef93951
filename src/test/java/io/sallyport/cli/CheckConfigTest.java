package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.sallyport.SallyportFilter;
import io.sallyport.cli.Command.Result;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the start of an application will say, said before it. */
final class CheckConfigTest {
  private static final String GOOD =
      """
      issuer=https://id.example.com/realms/acme
      audience=https://api.example.com
      allowedScopes=orders:read orders:write
      """;

  private static final String EVERY_DISPATCHER =
      """
      <url-pattern>/*</url-pattern><dispatcher>REQUEST</dispatcher><dispatcher>ASYNC</dispatcher>
      <dispatcher>FORWARD</dispatcher><dispatcher>INCLUDE</dispatcher><dispatcher>ERROR</dispatcher>
      """;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Result check(Object... arguments) {
    List<String> words = new ArrayList<>(List.of("check-config"));
    for (Object argument : arguments) words.add(argument.toString());
    return Command.plain().run(words.toArray(String[]::new));
  }

  private static String param(String element, String name, String value) {
    return "<%s><param-name>%s</param-name><param-value>%s</param-value></%s>"
        .formatted(element, name, value, element);
  }

  private static String filter(String name, Map<String, String> params) {
    StringBuilder text = new StringBuilder("<filter><filter-name>" + name + "</filter-name>");
    text.append("<filter-class> io.sallyport.SallyportFilter </filter-class>");
    params.forEach((param, value) -> text.append(param("init-param", param, value)));
    return text + "</filter>" + mapping(name, EVERY_DISPATCHER);
  }

  private static String mapping(String filter, String rest) {
    return "<filter-mapping><filter-name>%s</filter-name>%s</filter-mapping>"
        .formatted(filter, rest);
  }

  private static String webApp(String content) {
    return "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\">%s</web-app>"
        .formatted(content);
  }

  private static Map<String, String> good() {
    Map<String, String> params = new LinkedHashMap<>();
    for (String line : GOOD.lines().toList()) params.put(line.split("=")[0], line.split("=", 2)[1]);
    return params;
  }

  @Test
  void a_good_configuration_is_shown_as_it_counts() throws IOException {
    Result result = check(file("orders.properties", GOOD + "clockSkewSeconds=10\n"));
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("orders.properties: would start")
        .contains("guarding: issuer=https://id.example.com/realms/acme")
        .containsPattern("(?m)^  issuer +https://id\\.example\\.com/realms/acme$")
        .containsPattern("(?m)^  clockSkewSeconds +10$")
        .containsPattern("(?m)^  tokenType +any  \\(default\\)$")
        .containsPattern("(?m)^  realm +id\\.example\\.com  \\(default\\)$")
        .doesNotContain("Looser", "meant so");
  }

  @Test
  void a_fault_is_told_of_in_the_words_of_the_start() throws Exception {
    Map<String, String> params = new LinkedHashMap<>(good());
    params.put("clockSkewSeconds", "minute");
    Path webXml = file("web.xml", webApp(filter("sallyport", params)));
    Result result = check(webXml);
    assertThat(result.code()).isOne();
    assertThat(result.out()).contains("would not start", startMessage(params, Map.of()));
  }

  @Test
  void a_context_param_is_refused_under_its_whole_name() throws Exception {
    Map<String, String> context = Map.of("sallyport.audiense", "https://api.example.com");
    String content =
        param("context-param", "sallyport.audiense", "https://api.example.com")
            + filter("sallyport", good());
    Result result = check(file("web.xml", webApp(content)));
    assertThat(result.code()).isOne();
    assertThat(result.out())
        .contains(startMessage(good(), context), "Did you mean 'sallyport.audience'?");
  }

  /** What the filter itself throws in a container. */
  private static String startMessage(Map<String, String> params, Map<String, String> context) {
    ServletContext application = mock();
    FilterConfig config = mock();
    when(config.getServletContext()).thenReturn(application);
    when(config.getInitParameterNames()).thenReturn(Collections.enumeration(params.keySet()));
    when(application.getInitParameterNames()).thenReturn(Collections.enumeration(context.keySet()));
    params.forEach((name, value) -> when(config.getInitParameter(name)).thenReturn(value));
    context.forEach((name, value) -> when(application.getInitParameter(name)).thenReturn(value));
    SallyportFilter filter = new SallyportFilter();
    Throwable refused = catchThrowable(() -> filter.init(config));
    assertThat(refused).isInstanceOf(jakarta.servlet.ServletException.class);
    return refused.getMessage();
  }

  @Test
  void every_filter_of_a_web_xml_is_looked_at_with_the_context_params_behind_it()
      throws IOException {
    String content =
        param("context-param", "sallyport.issuer", "https://id.example.com/realms/acme")
            + param("context-param", "sallyport.allowedScopes", "common")
            + param("context-param", "log4jConfiguration", "x.xml")
            + "<filter><filter-name>other</filter-name><filter-class>a.B</filter-class></filter>"
            + filter("orders", Map.of("audience", "orders", "allowedScopes", "orders:read"))
            + filter("stock", Map.of("audience", "stock"));
    Path webXml = file("web.xml", webApp(content));
    Result result = check(webXml);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("filter orders of " + webXml + ": would start")
        .contains("filter stock of " + webXml + ": would start")
        .containsPattern("(?m)^  allowedScopes +orders:read$")
        .containsPattern("(?m)^  allowedScopes +common$")
        .doesNotContain("filter other");
    Result one = check("--web-xml", webXml, "--filter", "stock");
    assertThat(one.code()).isZero();
    assertThat(one.out()).contains("filter stock").doesNotContain("filter orders");
  }

  @Test
  void several_issuers_are_shown_each_under_its_name() throws IOException {
    String text =
        """
        issuers=corp partner
        audience=https://api.example.com
        corp.issuer=https://id.example.com
        corp.allowedScopes=orders:read
        partner.issuer=https://login.example.org
        partner.allowedScopes=stock:read
        """;
    Result result = check(file("two.properties", text));
    assertThat(result.code()).as(result.out()).isZero();
    assertThat(result.out())
        .containsPattern("(?m)^  issuers +corp partner$")
        .containsPattern("(?m)^  corp\\.audience +https://api\\.example\\.com$")
        .containsPattern("(?m)^  partner\\.issuer +https://login\\.example\\.org$")
        .containsPattern("(?m)^  partner\\.tokenType +any  \\(default\\)$");
  }

  @Test
  void what_is_loose_or_looks_like_a_mistake_costs_only_the_strict() throws IOException {
    Path file =
        file("loose.properties", GOOD + "clockSkewSeconds=120\nscopeClaim=realm_access.roles\n");
    Result result = check(file);
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("Looser than the default:\n  clockSkewSeconds: a token serves 120 s")
        .contains("Is this meant so?\n  scopeClaim: 'realm_access.roles' is one claim with dots");
    assertThat(check("--strict", file).code()).isOne();
    assertThat(check("--strict", file("good.properties", GOOD)).code()).isZero();
  }

  @Test
  void what_comes_out_of_a_file_is_not_shown() throws IOException {
    Path secret = file("audience", "hush-hush");
    Path file =
        file(
            "a.properties",
            GOOD.replaceAll("(?m)^audience=.*", "audience=\\${file:" + secret + "}"));
    Result result = check(file);
    assertThat(result.code()).as(result.out()).isZero();
    assertThat(result.out()).contains("${file:" + secret + "}");
    assertThat(result.out().replaceFirst("(?m)^guarding:.*$", "")).doesNotContain("hush-hush");
    assertThat(check("--json", file).out()).doesNotContain("hush-hush");
  }

  @Test
  void a_setting_of_the_command_line_stands_in_for_that_of_the_file() throws IOException {
    Path file = file("orders.properties", GOOD);
    assertThat(check("--config", file, "-s", "clockSkewSeconds=7").out())
        .containsPattern("(?m)^  clockSkewSeconds +7$");
    assertThat(check("-s", "issuer=x", file).code()).isOne();
  }

  @Test
  void rules_keep_their_lines() throws IOException {
    Map<String, String> params = new LinkedHashMap<>(good());
    params.put("rules", "\n  GET /orders/* orders:read\n  * /* deny\n");
    Result result = check(file("web.xml", webApp(filter("sallyport", params))));
    assertThat(result.code()).as(result.out()).isZero();
    assertThat(result.out())
        .containsPattern("(?m)^  rules +GET /orders/\\* orders:read \\| \\* /\\* deny$");
  }

  @Test
  void names_with_a_prefix_count_in_properties_as_context_params_do() throws IOException {
    String text = GOOD.replaceAll("(?m)^", "sallyport.").stripTrailing();
    text =
        text.substring(0, text.length()) + "\nclockSkewSeconds=5\nsallyport.clockSkewSeconds=9\n";
    Result result = check(file("p.properties", text));
    assertThat(result.code()).as(result.out()).isZero();
    assertThat(result.out()).containsPattern("(?m)^  clockSkewSeconds +5$");
  }

  @Test
  void a_filter_that_guards_nothing_or_not_everything_is_doubted() throws IOException {
    assertThat(doubts("(?s)<filter-mapping>.*", "")).contains("it guards nothing");
    assertThat(doubts("/\\*", "/orders/*")).contains("no filter-mapping has the url-pattern /*");
    assertThat(doubts("<dispatcher>ERROR</dispatcher>", ""))
        .contains("no filter-mapping has the dispatcher ERROR");
    assertThat(doubts("(?s)<dispatcher>.*</dispatcher>", ""))
        .contains("no filter-mapping has the dispatcher ASYNC, ERROR, FORWARD, INCLUDE, so");
  }

  private String doubts(String regex, String replacement) throws IOException {
    String filter = filter("sallyport", good()).replaceAll(regex, replacement);
    return check(file("web.xml", webApp(filter))).out();
  }

  @Test
  void nothing_outside_of_a_web_xml_gets_into_it() throws IOException {
    Path secret = file("secret.txt", "hush-hush");
    String entity = "<!DOCTYPE web-app [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>";
    Map<String, String> params = new LinkedHashMap<>(good());
    params.put("realm", "&x;");
    Result result = check(file("web.xml", entity + webApp(filter("sallyport", params))));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out() + result.err()).doesNotContain("hush-hush").contains("web.xml");

    String parameter = "<!DOCTYPE web-app [<!ENTITY % x SYSTEM \"" + secret.toUri() + "\"> %x;]>";
    Result other = check(file("web.xml", parameter + webApp(filter("sallyport", good()))));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.out() + other.err()).doesNotContain("hush-hush");
  }

  @Test
  void entities_that_multiply_stop_at_a_bound() throws IOException {
    StringBuilder bomb = new StringBuilder("<!DOCTYPE web-app [<!ENTITY e0 \"lol\">");
    for (int i = 1; i < 12; i++) {
      bomb.append("<!ENTITY e" + i + " \"" + ("&e" + (i - 1) + ";").repeat(10) + "\">");
    }
    Map<String, String> params = new LinkedHashMap<>(good());
    params.put("realm", "&e11;");
    Result result = check(file("web.xml", bomb + "]>" + webApp(filter("sallyport", params))));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("web.xml cannot be read");
  }

  @Test
  void the_DTD_of_an_old_web_xml_is_not_asked_for() throws IOException {
    String doctype =
        "<!DOCTYPE web-app PUBLIC \"-//Sun Microsystems, Inc.//DTD Web Application 2.3//EN\""
            + " \"http://127.0.0.1:1/dtd/web-app_2_3.dtd\">";
    String content = webApp(filter("sallyport", good())).replaceFirst(" xmlns=.*?>", ">");
    Result result = check(file("web.xml", doctype + content));
    assertThat(result.code()).as(result.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web.xml        | <web-app><filter></web-app>      | line 1, column",
        "web.xml        | <web-app></web-app>              | has no filter of the class",
        "web.xml        | nonsense                         | line 1, column",
        "two.properties | realm=a\\nrealm=b                | sets realm twice",
        "bad.properties | realm=\\u00zz                    | is no properties file"
      })
  void a_file_that_cannot_be_read_is_told_of_with_what_may_be(String name, String text, String said)
      throws IOException {
    Result result = check(file(name, text.replace("\\n", "\n")));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("error: ", said, "Allowed: ", "Example: ");
  }

  @Test
  void params_and_filters_that_stand_twice_are_not_chosen_from() throws IOException {
    String twice =
        filter("sallyport", good())
            .replaceFirst(
                "<init-param>", param("init-param", "issuer", "https://x") + "<init-param>");
    assertThat(check(file("web.xml", webApp(twice))).err())
        .contains("has the init-param issuer twice in the filter sallyport");
    String both = filter("sallyport", good()) + filter("sallyport", good());
    assertThat(check(file("web.xml", webApp(both))).err())
        .contains("has two filters of the name sallyport");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none.properties", "none.xml"})
  void a_file_that_is_not_there_is_named(String name) {
    Result result = check(folder.resolve(name));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("There is no file " + folder.resolve(name), "Example: ");
  }

  @Test
  void a_file_in_another_encoding_is_not_guessed_at() throws IOException {
    Path file = folder.resolve("latin.properties");
    Files.write(file, "realm=caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(check(file).err()).contains("is not in UTF-8");
  }

  @Test
  void options_that_contradict_each_other_are_told_of() throws IOException {
    Path file = file("orders.properties", GOOD);
    Path webXml = file("web.xml", webApp(filter("sallyport", good())));
    assertThat(check().err()).contains("No configuration is given", "Example: ");
    assertThat(check(file, "--web-xml", webXml).err()).contains("more than one file");
    assertThat(check("--config", file, "--web-xml", webXml).err()).contains("more than one file");
    assertThat(check(file, "--filter", "sallyport").err()).contains("--filter is given without");
    assertThat(check(webXml, "--filter", "other").err())
        .contains("no Sallyport filter of the name 'other'", "filter sallyport of");
    assertThat(check(file, "-s", "realm").err()).contains("-s takes a name and a value");
    assertThat(check(file, "-s", "realm=a", "-s", "realm=b").err()).contains("sets realm twice");
  }

  @Test
  void json_says_the_same() throws IOException {
    Map<String, ?> result = check("--json", file("a.properties", GOOD + "allowHttp=true")).json();
    assertThat(result.toString())
        .contains("good=true", "fault=null", "tokenType=any", "allowHttp: keys may come over");
    Map<String, ?> fault = check("--json", file("b.properties", "issuer=x")).json();
    assertThat(fault.toString()).contains("good=false", "fault=Sallyport cannot start: ");
  }
}
