package io.sallyport.examples.proxy;

import io.sallyport.testkit.TestIssuer;
import java.io.IOException;
import java.util.Properties;

/** Settings of proxies under test. */
final class Proxies {
  private Proxies() {}

  /**
   * Settings as an operator would write them, for tokens of one issuer, on any free port.
   *
   * @param upstream the address of the server behind it
   * @param more names and values by turns
   */
  static ProxySettings settings(TestIssuer issuer, String upstream, String... more) {
    Properties properties = new Properties();
    properties.setProperty("listen", "127.0.0.1:0");
    properties.setProperty("upstream", upstream);
    properties.setProperty("connectMillis", "1000");
    properties.setProperty("totalMillis", "3000");
    properties.setProperty("sallyport.issuer", issuer.issuer());
    properties.setProperty("sallyport.audience", TestIssuer.AUDIENCE);
    properties.setProperty("sallyport.publicOrigin", "https://" + Wire.HOST);
    properties.setProperty("sallyport.allowedScopes", "orders:read orders:write");
    properties.setProperty("sallyport.allowHttp", "true");
    properties.setProperty("sallyport.hostExposure", "off");
    for (int i = 0; i < more.length; i += 2) properties.setProperty(more[i], more[i + 1]);
    return ProxySettings.of(properties);
  }

  /** The address of a server on loopback. */
  static String at(Witness server, String path) throws IOException {
    return "http://127.0.0.1:" + server.port() + path;
  }
}
