package io.sallyport;

import java.net.InetAddress;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Embedded Jetty 12.1 ee10, with the application's own classes before the server's. */
final class JettyServer implements ApplicationServer {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final ContextHandlerCollection applications = new ContextHandlerCollection(true);

  JettyServer() throws Exception {
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    server.setHandler(applications);
    server.start();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public ClassLoader deploy(WebApplication application) throws Exception {
    WebAppContext context = new WebAppContext(application.folder().toUri().toString(), "/app");
    context.setParentLoaderPriority(false);
    applications.addHandler(context);
    context.start();
    return context.getClassLoader();
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
