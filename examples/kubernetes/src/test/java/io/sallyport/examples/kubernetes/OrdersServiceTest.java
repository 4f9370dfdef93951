package io.sallyport.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.Policy;
import io.sallyport.testkit.TestIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service answers as the settings of the manifests say. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OrdersServiceTest {
  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  /** The ConfigMap's settings, for an issuer that is there and a machine that may be anything. */
  static Map<String, String> settings(TestIssuer issuer) throws IOException {
    JsonNode map = Manifests.in(Path.of("manifests")).all("ConfigMap").findFirst().orElseThrow();
    Map<String, String> settings = ManifestRules.settings(map);
    settings.put("issuer", issuer.issuer());
    settings.put("allowHttp", "true");
    settings.put("hostExposure", "off");
    return settings;
  }

  /** A folder as the kubelet makes it: links to files in a hidden folder. */
  static void mount(Map<String, String> settings, Path folder) throws IOException {
    Path data = Files.createDirectories(folder.resolve("..2026_11_24"));
    Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      Files.writeString(data.resolve(setting.getKey()), setting.getValue() + "\n");
      Path link = folder.resolve(setting.getKey());
      Files.createSymbolicLink(link, Path.of("..data", setting.getKey()));
    }
  }

  private int status(int port, String method, String path, String... authorization)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.noBody());
    if (authorization.length > 0) request.header("Authorization", "Bearer " + authorization[0]);
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  void it_answers_as_the_settings_of_the_manifests_say() throws Exception {
    try (TestIssuer issuer = TestIssuer.start()) {
      mount(settings(issuer), folder);
      Policy policy = SettingsFolder.policy(folder);
      InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      OrdersService service = OrdersService.start(policy, loopback);
      try {
        int port = service.port();
        String audience = settings(issuer).get("audience");
        String reader = issuer.token().audience(audience).scope("orders:read").mint();
        String writer = issuer.token().audience(audience).scope("orders:write").mint();
        String stranger = issuer.token().scope("orders:read").mint();
        String climber =
            issuer.token().audience(audience).scope("orders:read", "docker:run").mint();

        assertThat(status(port, "GET", "/health")).isEqualTo(200);
        assertThat(status(port, "GET", "/orders")).isEqualTo(401);
        assertThat(status(port, "GET", "/orders", reader)).isEqualTo(200);
        assertThat(status(port, "POST", "/orders", reader)).isEqualTo(403);
        assertThat(status(port, "POST", "/orders", writer)).isEqualTo(201);
        assertThat(status(port, "GET", "/orders", stranger)).isEqualTo(401);
        assertThat(status(port, "GET", "/orders", climber)).isEqualTo(403);
        assertThat(status(port, "GET", "/metrics", writer)).isEqualTo(403);
      } finally {
        service.stop();
      }
    }
  }

  @Test
  void a_misspelt_setting_stops_the_start() throws Exception {
    mount(Map.of("isuer", "https://id.example.com"), folder);
    assertThatThrownBy(() -> SettingsFolder.policy(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Did you mean 'issuer'?");
  }
}
