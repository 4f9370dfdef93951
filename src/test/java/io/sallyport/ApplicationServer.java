package io.sallyport;

import java.util.List;

/**
 * A running container on a loopback port, with one web application at a time under {@code /app}.
 */
interface ApplicationServer extends AutoCloseable {
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
