package io.sallyport;

import java.net.InetAddress;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Embedded Jetty 12.1, Servlet 6.0. */
record JettyContainer(Server server, int port) implements Container {
  static Container start(Application application) throws Exception {
    Server server = new Server();
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(64 * 1024);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
    errors.addErrorPage(400, 599, "/error");
    context.setErrorHandler(errors);
    context.addServletContainerInitializer(
        (classes, servletContext) -> {
          try {
            application.register(servletContext);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception e) {
      server.stop();
      throw e;
    }
    return new JettyContainer(server, connector.getLocalPort());
  }

  /** Starts a web application from its folder, with the classes of the tests before its own. */
  static Container start(Path folder) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    WebAppContext app = new WebAppContext(folder.toUri().toString(), "/");
    app.setParentLoaderPriority(true);
    app.setThrowUnavailableOnStartupException(true);
    server.setHandler(app);
    server.start();
    return new JettyContainer(server, connector.getLocalPort());
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
