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

/** README says nothing that is not so. */
final class ReadmeTest {
  private static final String ISSUER = "https://id.example.com/realms/acme";
  private static final String AUDIENCE = "https://api.example.com";
  private static final Pattern FENCE =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private static final String IMPORTS =
      """
      import io.sallyport.*;
      import jakarta.servlet.*;
      import jakarta.servlet.http.*;
      import java.util.*;
      import org.eclipse.jetty.ee10.servlet.*;
      import org.eclipse.jetty.server.*;
      """;

  private static final String HANDLER =
      """
      class OrdersServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;
        @Override protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws java.io.IOException {
          response.getWriter().print("orders of " + SallyportFilter.token(request).subject());
        }
      }
      """;

  @TempDir Path folder;

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  private static List<String> fences(String language) throws IOException {
    List<String> found = new ArrayList<>();
    Matcher fence = FENCE.matcher(readme());
    while (fence.find()) {
      if (fence.group(1).equals(language)) found.add(fence.group(2));
    }
    return found;
  }

  @Test
  void the_settings_are_those_of_the_code_with_their_defaults() throws IOException {
    Map<String, String> table = new LinkedHashMap<>();
    Matcher row =
        Pattern.compile("^\\| `(\\w+)` \\| ([^|]+) \\| [^|]+ \\|$", Pattern.MULTILINE)
            .matcher(readme());
    while (row.find()) table.put(row.group(1), row.group(2).strip().replace("`", ""));
    assertThat(table.keySet())
        .containsExactlyElementsOf(Settings.ALL.stream().map(Setting::name).toList());
    for (Setting<?> setting : Settings.ALL) {
      if (setting.standard() != null) {
        assertThat(table).as(setting.name()).containsEntry(setting.name(), setting.standard());
      } else {
        assertThat(table.get(setting.name()))
            .as(setting.name())
            .isIn(
                "required",
                "required, or resource",
                "none",
                "discovery",
                "all",
                "host of issuer",
                "[host-level list](#scopes)");
      }
    }
  }

  @Test
  void every_forbidden_scope_is_named() throws IOException {
    for (String name : ForbiddenScopes.of(List.of()).names()) {
      assertThat(readme()).contains("`" + name + "`");
    }
    for (String beginning : ForbiddenScopes.of(List.of()).beginnings()) {
      assertThat(readme()).contains("`" + beginning + "…`");
    }
  }

  @Test
  void the_coordinates_are_those_of_the_pom() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String dependency = fences("xml").get(0);
    for (String element : List.of("groupId", "artifactId", "version")) {
      Pattern pattern = Pattern.compile("<" + element + ">([^<]+)<");
      Matcher inPom = pattern.matcher(pom);
      Matcher inReadme = pattern.matcher(dependency);
      assertThat(inPom.find() && inReadme.find()).isTrue();
      assertThat(inReadme.group(1)).isEqualTo(inPom.group(1));
    }
  }

  @Test
  void the_documents_that_it_names_are_there() throws IOException {
    Matcher link = Pattern.compile("\\]\\(([\\w./-]+)\\)").matcher(readme());
    int links = 0;
    for (; link.find(); links++) assertThat(Path.of(link.group(1))).exists();
    assertThat(links).isGreaterThan(4);
  }

  @Test
  void every_java_snippet_compiles() throws Exception {
    List<String> snippets = fences("java");
    assertThat(snippets).hasSize(6);
    String whole = IMPORTS + HANDLER;
    compile(
        whole
            + snippets.get(0).replace("public class", "class")
            + "class Routes { void add(ServletContextHandler app) {"
            + snippets.get(1)
            + "} }"
            + "class Handler { void handle(ServletRequest request) {"
            + snippets.get(2)
            + "} }"
            + "class Listener { String listen(String text) {"
            + snippets.get(4)
            + "} }"
            + "class Streams { void begin(HttpServletRequest request) {"
            + snippets.get(3)
            + "} }"
            + "class Issuers { void gate() {"
            + snippets.get(5)
            + "} }");
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

  @Test
  void the_settings_of_several_issuers_are_taken_as_they_stand() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    Matcher param =
        Pattern.compile("<param-name>(.+)</param-name>\\s+<param-value>(.+)</param-value>")
            .matcher(fences("xml").get(2));
    while (param.find()) settings.put(param.group(1), param.group(2));
    assertThat(settings).hasSize(7);
    assertThat(Policy.of(settings).issuers).hasSize(2);
  }

  /** Runs the program of the first screen, with the issuer's address put in. */
  @Test
  void the_first_screen_runs_and_answers_as_it_says() throws Exception {
    TestKey key = TestKey.generate("k", "RS256");
    try (KeyServer server = new KeyServer()) {
      server.publish(key);
      int port = freePort();
      String program =
          fences("java")
              .get(0)
              .replace("\"" + ISSUER + "\"", "\"" + server.issuer() + "\"")
              .replace(".audience(", ".allowHttp(true).realm(\"id.example.com\").audience(")
              .replace("8080", Integer.toString(port));
      compile(IMPORTS + HANDLER + program.replace("public class", "class"));
      try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
        var main = loader.loadClass("Orders").getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) new String[0]);

        String reader =
            Tokens.good(server.issuer(), AUDIENCE, "orders:read", Instant.now()).mintedBy(key);
        String writer =
            Tokens.good(server.issuer(), AUDIENCE, "orders:write", Instant.now()).mintedBy(key);
        Map<String, String> tokens = Map.of("$READER", reader, "$WRITER", writer);
        for (String exchange : fences("console").get(0).split("\\n\\n")) {
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
          fences("xml")
              .get(1)
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
