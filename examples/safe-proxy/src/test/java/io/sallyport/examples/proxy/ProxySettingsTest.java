package io.sallyport.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProxySettingsTest {
  @TempDir Path folder;

  private static Properties with(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty("upstream", "https://orders.internal:8443/api");
    properties.setProperty("sallyport.publicOrigin", "https://api.example.com");
    properties.setProperty(name, value);
    return properties;
  }

  @Test
  void few_settings_are_enough() {
    ProxySettings settings = ProxySettings.of(with("sallyport.issuer", " https://id.example.com "));

    assertThat(settings.listen().getAddress().isLoopbackAddress()).isTrue();
    assertThat(settings.listen().getPort()).isEqualTo(8080);
    assertThat(settings.publicHost()).isEqualTo("api.example.com");
    assertThat(settings.upstream()).isEqualTo(Upstream.of("https://orders.internal:8443/api"));
    assertThat(settings.addresses().listed()).isEmpty();
    assertThat(settings.credential()).isNull();
    assertThat(settings.limits()).isEqualTo(new ProxySettings.Limits(2_000, 10_000, 30_000));
    assertThat(settings.gate())
        .isEqualTo(
            Map.of("publicOrigin", "https://api.example.com", "issuer", "https://id.example.com"));
  }

  @ParameterizedTest
  @CsvSource({
    "listen, 8080",
    "listen, :8080",
    "listen, localhost:",
    "listen, localhost:65536",
    "listen, localhost:x",
    "upstream, ''",
    "upstream, unix:/run/docker.sock",
    "addresses, localhost",
    "connectMillis, 0",
    "idleMillis, -1",
    "totalMillis, 1e3",
    "totalMillis, 10000000",
    "credentialFile, missing",
    "sallyport.publicOrigin, ''",
    "sallyport.publicOrigin, api.example.com",
    "sallyport.publicOrigin, https://[",
    "upstreams, https://orders.internal",
    "Upstream, https://orders.internal",
    "publicOrigin, https://api.example.com",
  })
  void what_makes_no_sense_stops_the_start_and_is_named(String name, String value) {
    assertThatThrownBy(() -> ProxySettings.of(with(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name.equals("addresses") ? "localhost" : name);
  }

  @Test
  void a_credential_is_for_an_upstream_that_nobody_can_listen_to() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "own");
    Properties properties = with("credentialFile", file.toString());
    ServiceCredential credential = ProxySettings.of(properties).credential();
    assertThat(credential).isNotNull();
    assertThat(credential.authorization()).isEqualTo("Bearer own");
    assertThat(credential.toString()).doesNotContain("own");

    properties.setProperty("upstream", "http://orders.internal:8080");
    assertThatThrownBy(() -> ProxySettings.of(properties))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("credentialFile: the credential would go out in plain text; allowed: https");
  }

  @ParameterizedTest
  @CsvSource({"''", "two words", "'quo\"ted'", "=", "a=b", "tök", "'a\r\nX-User: admin'"})
  void a_file_without_a_bearer_token_stops_the_start(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), text);
    assertThatThrownBy(() -> ProxySettings.of(with("credentialFile", file.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("credentialFile: ");
  }

  /** Without an issuer within reach, as it is on the machine of whoever tries it. */
  @Test
  void the_settings_of_the_example_start_a_proxy() throws Exception {
    String example = Files.readString(Path.of("proxy.properties"));
    String onAnyPort = example.replace("127.0.0.1:8080", "127.0.0.1:0");
    assertThat(onAnyPort).isNotEqualTo(example);
    Path file = Files.writeString(folder.resolve("proxy.properties"), onAnyPort);

    SafeProxy proxy = SafeProxy.start(SafeProxy.settings(file), null);
    try {
      String request = "GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n";
      assertThat(Wire.send(proxy.port(), request).values("WWW-Authenticate"))
          .containsExactly("Bearer realm=\"id.example.com\", scope=\"orders:read\"");
    } finally {
      proxy.stop();
    }
  }
}
