package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an application that is not at the root of its container says what it is (RFC 9728). */
final class MetadataOfWebApplicationInContainerTest {
  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  @TempDir Path folder;

  private static Map<String, String> settings(String issuer, String resource) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("issuer", issuer);
    settings.put("allowHttp", "true");
    settings.put("allowedScopes", "orders:read");
    settings.put("resource", resource);
    settings.put("realm", "r");
    return settings;
  }

  /**
   * Tomcat asks no filter for a path that no servlet has; outside of tests one has all the rest.
   */
  private WebApplication application(Map<String, String> settings) throws IOException {
    WebApplication application = WebApplication.in(folder, settings);
    Path webXml = folder.resolve("WEB-INF/web.xml");
    String orders = "<url-pattern>/orders</url-pattern>";
    String all = orders + "<url-pattern>/</url-pattern>";
    Files.writeString(webXml, Files.readString(webXml).replace(orders, all));
    return application;
  }

  @ParameterizedTest
  @CsvSource({
    // resource, path that clients see, path that the container gets
    "https://api.example.com/app/mcp, /app/W/app/mcp, /app/W/app/mcp",
    "https://api.example.com/app, /app/W/app, /app/W/app",
    "https://api.example.com, /app/W, /app/W",
    // a proxy in front that hides the context path
    "https://api.example.com/mcp, /W/mcp, /app/W/mcp",
    "https://api.example.com/application, /W/application, /app/W/application"
  })
  void the_challenge_points_to_an_address_that_the_application_answers(
      String resource, String seen, String got) throws Exception {
    try (KeyServer keys = new KeyServer().publish(TestKey.generate("k", "ES256"));
        ApplicationServer server = ApplicationServer.start()) {
      server.deploy(application(settings(keys.issuer(), resource)));
      String address = "https://api.example.com" + seen.replace("/W", WELL_KNOWN);
      assertThat(Http.get(server.port(), "/app/orders").challenge())
          .isEqualTo(
              "Bearer realm=\"r\", scope=\"orders:read\", resource_metadata=\"" + address + "\"");
      Http.Answer answer = Http.get(server.port(), got.replace("/W", WELL_KNOWN));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("\"resource\":\"" + resource + "\"");
      server.undeploy();
    }
  }

  @Test
  void another_spelling_of_the_context_path_is_no_way_to_it() throws Exception {
    try (KeyServer keys = new KeyServer().publish(TestKey.generate("k", "ES256"));
        ApplicationServer server = ApplicationServer.start()) {
      server.deploy(application(settings(keys.issuer(), "https://a.example/mcp")));
      for (String before : new String[] {"/app/.", "/app/x/..", "/x/../app", "/app;x", "//app"}) {
        Http.Answer answer = Http.get(server.port(), before + WELL_KNOWN + "/mcp");
        assertThat(answer.status()).as(before).isBetween(400, 404);
      }
      server.undeploy();
    }
  }
}
