package io.sallyport.examples.webapp;

import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;

/** An embedded container on a loopback port, with one web application at a time. */
interface ApplicationServer extends AutoCloseable {
  /** Where {@link #deploy} puts the application. */
  String CONTEXT_PATH = "/app";

  /** Starts the container that this run of the tests is about, without an application. */
  static ApplicationServer start() throws Exception {
    String container = System.getProperty("container", "");
    return switch (container) {
      case "jetty" -> new JettyServer(0);
      case "tomcat" -> new TomcatServer();
      default -> throw new IllegalArgumentException("container=" + container);
    };
  }

  int port();

  /**
   * Deploys an archive, or a folder with what was in one. If the application cannot start, the
   * container goes on without it.
   *
   * @return the class loader of the application, which sees no class of the tests
   */
  ClassLoader deploy(Path application) throws Exception;

  /** Deploys an application that is set up in code, at the same place. */
  void deploy(ServletContainerInitializer application) throws Exception;

  /** Takes the application out again, whatever has become of it. */
  void undeploy() throws Exception;

  @Override
  void close();
}
