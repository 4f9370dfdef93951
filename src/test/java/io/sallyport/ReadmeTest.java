package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README says nothing that is not so; see also {@link DocumentationTest}. */
final class ReadmeTest {
  private static final String ISSUER = "https://id.example.com/realms/acme";
  private static final String AUDIENCE = "https://api.example.com";
  private static final Page README = Page.of("README.md");

  private static final String IMPORTS =
      """
      import io.sallyport.*;
      import jakarta.servlet.*;
      import java.util.*;
      import org.eclipse.jetty.ee10.servlet.*;
      import org.eclipse.jetty.server.*;
      """;

  /** Defaults that are no value: docs/settings.md has them too. */
  private static final List<String> STANDARDS_IN_WORDS =
      List.of(
          "required",
          "required, or resource",
          "none",
          "discovery",
          "all",
          "host of issuer",
          "[host-level list](#scopes)");

  @TempDir Path folder;

  private static String fence(String language, int number) {
    return README.fences(language).get(number).code() + "\n";
  }

  @Test
  void the_settings_that_it_names_are_those_of_the_code_with_their_defaults() {
    Map<String, String> table = new LinkedHashMap<>();
    Matcher row =
        Pattern.compile("^\\| `(\\w+)` \\| ([^|]+) \\| [^|]+ \\|$", Pattern.MULTILINE)
            .matcher(README.text());
    while (row.find()) table.put(row.group(1), row.group(2).strip().replace("`", ""));
    assertThat(table).hasSizeGreaterThan(10);
    assertThat(table.keySet()).isSubsetOf(Settings.ALL.stream().map(Setting::name).toList());
    table.forEach(
        (name, standard) -> {
          String own = Settings.of(name).standard();
          if (own != null) assertThat(standard).as(name).isEqualTo(own);
          else assertThat(standard).as(name).isIn(STANDARDS_IN_WORDS);
        });
  }

  @Test
  void every_forbidden_scope_is_named() {
    for (String name : ForbiddenScopes.of(List.of()).names()) {
      assertThat(README.text()).contains("`" + name + "`");
    }
    for (String beginning : ForbiddenScopes.of(List.of()).beginnings()) {
      assertThat(README.text()).contains("`" + beginning + "…`");
    }
  }

  @Test
  void the_coordinates_are_those_of_the_pom() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String dependency = fence("xml", 0);
    for (String element : List.of("groupId", "artifactId", "version")) {
      Pattern pattern = Pattern.compile("<" + element + ">([^<]+)<");
      Matcher inPom = pattern.matcher(pom);
      Matcher inReadme = pattern.matcher(dependency);
      assertThat(inPom.find() && inReadme.find()).isTrue();
      assertThat(inReadme.group(1)).isEqualTo(inPom.group(1));
    }
  }

  private void compile(String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of("-d", folder.toString(), "-proc:none"),
                null,
                List.of(
                    new SimpleJavaFileObject(
                        URI.create("string:///Snippets.java"), SimpleJavaFileObject.Kind.SOURCE) {
                      @Override
                      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                      }
                    }))
            .call();
    assertThat(compiled).as(messages + "\n" + source).isTrue();
  }

  /** Runs the program of the first screen, with the issuer's address put in. */
  @Test
  void the_first_screen_runs_and_answers_as_it_says() throws Exception {
    TestKey key = TestKey.generate("k", "RS256");
    try (KeyServer server = new KeyServer()) {
      server.publish(key);
      int port = freePort();
      String program =
          fence("java", 0)
              .replace("\"" + ISSUER + "\"", "\"" + server.issuer() + "\"")
              .replace(".audience(", ".allowHttp(true).realm(\"id.example.com\").audience(")
              .replace("8080", Integer.toString(port));
      compile(IMPORTS + program.replace("public class", "class"));
      try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
        var main = loader.loadClass("Orders").getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) new String[0]);

        String reader =
            Tokens.good(server.issuer(), AUDIENCE, "orders:read", Instant.now()).mintedBy(key);
        String writer =
            Tokens.good(server.issuer(), AUDIENCE, "orders:write", Instant.now()).mintedBy(key);
        Map<String, String> tokens = Map.of("$READER", reader, "$WRITER", writer);
        for (String exchange : fence("console", 0).split("\\n\\n")) {
          answersAsPrinted(port, exchange, tokens);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void answersAsPrinted(int port, String exchange, Map<String, String> tokens) {
    List<String> lines = exchange.lines().toList();
    List<String> fields = new ArrayList<>();
    tokens.forEach(
        (name, token) -> {
          if (lines.get(0).contains(name)) fields.add("Authorization: Bearer " + token);
        });
    Http.Answer answer = Http.get(port, "/orders", fields.toArray(String[]::new));
    assertThat(lines.get(1)).startsWith("HTTP/1.1 " + answer.status() + " ");
    for (String field : lines.subList(2, lines.size())) {
      assertThat(answer.fields()).as(exchange).contains(field);
    }
    if (answer.status() == 200) assertThat(answer.body()).isEqualTo("orders of ann");
  }

  @Test
  @Tag("T58")
  void the_web_xml_snippet_guards_a_web_application() throws Exception {
    TestKey key = TestKey.generate("k", "RS256");
    try (KeyServer server = new KeyServer()) {
      server.publish(key);
      String snippet =
          fence("xml", 1)
              .replace(ISSUER, server.issuer())
              .replaceFirst(
                  "</init-param>",
                  "</init-param><init-param><param-name>allowHttp</param-name>"
                      + "<param-value>true</param-value></init-param>");
      Path webInf = Files.createDirectories(folder.resolve("app/WEB-INF"));
      Files.writeString(
          webInf.resolve("web.xml"),
          "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\">"
              + snippet
              + "<servlet><servlet-name>sight</servlet-name><servlet-class>io.sallyport.Sight"
              + "</servlet-class></servlet><servlet-mapping><servlet-name>sight</servlet-name>"
              + "<url-pattern>/*</url-pattern></servlet-mapping></web-app>");
      Server jetty = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      WebAppContext app = new WebAppContext(webInf.getParent().toUri().toString(), "/");
      app.setParentLoaderPriority(true);
      app.setThrowUnavailableOnStartupException(true);
      jetty.setHandler(app);
      try {
        jetty.start();
        int port = jetty.getURI().getPort();
        String reader =
            "Authorization: Bearer "
                + Tokens.good(server.issuer(), AUDIENCE, "orders:read", Instant.now())
                    .mintedBy(key);
        assertThat(Http.get(port, "/orders/1").status()).isEqualTo(401);
        assertThat(Http.get(port, "/orders/1", reader).body()).contains("subject=ann\n");
        assertThat(Http.send(port, "POST", "/orders/1", reader).status()).isEqualTo(403);
        assertThat(Http.send(port, "DELETE", "/orders/1", reader).status()).isEqualTo(403);
        assertThat(Http.get(port, "/admin/x", reader).status()).isEqualTo(403);
      } finally {
        jetty.stop();
      }
    }
  }
}
