package io.sallyport.examples.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sets, in a file of Java properties. {@code sallyport.NAME} is the filter's
 * setting {@code NAME}. An unknown name stops the start, as it does there.
 *
 * @param listen where the proxy listens
 * @param publicHost the host that clients address
 * @param upstream the one server behind it
 * @param addresses which addresses the upstream's name may lead to
 * @param credential the proxy's own for the upstream, or null for none
 * @param limits how long anything may take
 * @param gate the filter's settings
 */
record ProxySettings(
    InetSocketAddress listen,
    String publicHost,
    Upstream upstream,
    AddressPolicy addresses,
    @Nullable ServiceCredential credential,
    Limits limits,
    Map<String, String> gate) {
  private static final String GATE = "sallyport.";
  private static final List<String> NAMES =
      List.of(
          "listen",
          "upstream",
          "addresses",
          "credentialFile",
          "connectMillis",
          "idleMillis",
          "totalMillis");

  /**
   * How long the proxy waits, each in milliseconds.
   *
   * @param connect for a connection to the upstream
   * @param idle for the next byte on it
   * @param total for the whole answer
   */
  record Limits(int connect, int idle, int total) {}

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException naming the setting that makes no sense, and what is allowed
   */
  static ProxySettings of(Properties properties) {
    Map<String, String> own = new TreeMap<>();
    Map<String, String> gate = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      String value = properties.getProperty(name).strip();
      if (name.startsWith(GATE)) gate.put(name.substring(GATE.length()), value);
      else if (NAMES.contains(name)) own.put(name, value);
      else throw refused(name, "there is no such setting", String.join(", ", NAMES));
    }
    Upstream upstream = Upstream.of(own.getOrDefault("upstream", ""));
    return new ProxySettings(
        listen(own.getOrDefault("listen", "127.0.0.1:8080")),
        publicHost(gate.getOrDefault("publicOrigin", "")),
        upstream,
        AddressPolicy.allowing(own.getOrDefault("addresses", "")),
        credential(own.get("credentialFile"), upstream),
        new Limits(
            millis(own, "connectMillis", 2_000),
            millis(own, "idleMillis", 10_000),
            millis(own, "totalMillis", 30_000)),
        Map.copyOf(gate));
  }

  private static IllegalArgumentException refused(String name, String why, String allowed) {
    return new IllegalArgumentException(name + ": " + why + "; allowed: " + allowed);
  }

  private static InetSocketAddress listen(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
      throw refused("listen", "it is no host and port", "127.0.0.1:8080");
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port > 65535) throw refused("listen", "there is no such port", "127.0.0.1:8080");
    return new InetSocketAddress(text.substring(0, colon), port);
  }

  /** The filter wants it for DPoP; the proxy, to know which requests are meant for it. */
  private static String publicHost(String origin) {
    try {
      String host = URI.create(origin).getHost();
      if (host != null) return host;
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw refused(GATE + "publicOrigin", "it names no host", "https://api.example.com");
  }

  private static @Nullable ServiceCredential credential(@Nullable String file, Upstream upstream) {
    if (file == null) return null;
    if (!upstream.isConfidential()) {
      throw refused("credentialFile", "the credential would go out in plain text", "https");
    }
    ServiceCredential credential = new ServiceCredential(Path.of(file));
    try {
      credential.authorization();
    } catch (IOException e) {
      throw refused("credentialFile", e.toString(), "a file with a bearer token");
    }
    return credential;
  }

  private static int millis(Map<String, String> own, String name, int standard) {
    String text = own.getOrDefault(name, String.valueOf(standard));
    if (!text.matches("[1-9]\\d{0,6}")) throw refused(name, "it is no time", "1 to 9999999");
    return Integer.parseInt(text);
  }
}
