package io.sallyport.examples.webapp;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Embedded Jetty 12.1. */
final class JettyServer implements ApplicationServer {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final ContextHandlerCollection applications = new ContextHandlerCollection(true);

  /**
   * Starts one.
   *
   * @param port the port, or 0 for any free one
   */
  JettyServer(int port) throws Exception {
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(applications);
    try {
      server.start();
    } catch (IOException e) {
      server.stop();
      throw e;
    }
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public ClassLoader deploy(Path application) throws Exception {
    WebAppContext context = new WebAppContext();
    context.setContextPath(CONTEXT_PATH);
    context.setWar(application.toUri().toString());
    context.setClassLoader(new WebAppClassLoader(new ServerClasses(), context));
    applications.addHandler(context);
    context.start();
    return context.getClassLoader();
  }

  @Override
  public void deploy(ServletContainerInitializer application) throws Exception {
    ServletContextHandler context = new ServletContextHandler(CONTEXT_PATH);
    context.addServletContainerInitializer(application);
    applications.addHandler(context);
    context.start();
  }

  @Override
  public void undeploy() throws Exception {
    for (Handler context : applications.getHandlers()) {
      context.stop();
      applications.removeHandler(context);
      context.destroy();
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
