package io.sallyport.examples.webapp;

import io.sallyport.testkit.TestIssuer;
import java.util.List;

/**
 * Starts the WAR in Jetty on loopback, with an issuer of its own: {@code mvn -q -f examples
 * -Pwebapp -DskipTests}. {@code -Dport=N} chooses the port, and 0 any free one.
 */
public final class Run implements AutoCloseable {
  private final TestIssuer issuer = TestIssuer.start();
  private final ApplicationServer server;

  private Run(int port) throws Exception {
    System.setProperty("SALLYPORT_ISSUER", issuer.issuer());
    System.setProperty("SALLYPORT_ALLOW_HTTP", "true");
    server = new JettyServer(port);
    server.deploy(Archive.file());
  }

  /** Starts it, and ends with its process. */
  public static void main(String[] arguments) throws Exception {
    Run run = start(Integer.getInteger("port", 8080));
    System.out.println(
        """

        The web application is at %s. Paste one of these, answered 200, 401 and 403:

        %s

        Ctrl+C ends it, and its keys with it.
        """
            .formatted(run.address(), String.join("\n\n", run.curls())));
    Thread.currentThread().join();
  }

  /** Starts it. */
  static Run start(int port) throws Exception {
    return new Run(port);
  }

  private String address() {
    return "http://127.0.0.1:" + server.port() + ApplicationServer.CONTEXT_PATH;
  }

  /** Three lines for a shell, answered 200, 401 and 403. */
  List<String> curls() {
    String orders = address() + "/api/orders";
    String field = "-H \"Authorization: Bearer " + issuer.mint("orders:read") + "\" ";
    return List.of(
        "curl -i " + field + orders, "curl -i " + orders, "curl -i -X POST " + field + orders);
  }

  @Override
  public void close() {
    server.close();
    issuer.close();
    System.clearProperty("SALLYPORT_ISSUER");
    System.clearProperty("SALLYPORT_ALLOW_HTTP");
  }
}
