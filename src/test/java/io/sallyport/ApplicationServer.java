package io.sallyport;

import java.util.List;

/**
 * A running container on a loopback port, with one web application at a time under {@code /app}.
 */
interface ApplicationServer extends AutoCloseable {
  /** Starts the container that this run of the tests is about, without an application. */
  static ApplicationServer start() throws Exception {
    String[] name = Container.name();
    return switch (name[0]) {
      case "jetty" -> new JettyServer(name[2]);
      case "tomcat" -> new TomcatServer();
      case "undertow" -> new UndertowServer();
      default -> throw new IllegalArgumentException(name[0]);
    };
  }

  int port();

  /**
   * Deploys an application.
   *
   * @return the class loader of its own
   * @throws Exception if it does not start; some containers go on without it instead
   */
  ClassLoader deploy(WebApplication application) throws Exception;

  /** Takes the application out again, whatever has become of it. */
  void undeploy() throws Exception;

  /** What the container itself has found left behind by applications that are gone. */
  default List<String> leaks() {
    return List.of();
  }

  @Override
  void close();
}
