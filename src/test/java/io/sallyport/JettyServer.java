package io.sallyport;

import java.beans.Expression;
import java.net.InetAddress;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Embedded Jetty 12, with the application's own classes before the server's. */
final class JettyServer implements ApplicationServer {
  private final String environment;
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final ContextHandlerCollection applications = new ContextHandlerCollection(true);

  JettyServer(String environment) throws Exception {
    this.environment = environment;
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
    Object context =
        JettyContainer.make("org.eclipse.jetty." + environment + ".webapp.WebAppContext");
    JettyContainer.call(context, "setWar", application.folder().toUri().toString());
    JettyContainer.call(context, "setContextPath", "/app");
    JettyContainer.call(context, "setParentLoaderPriority", false);
    JettyContainer.call(applications, "addHandler", context);
    for (Handler handler : applications.getHandlers()) handler.start();
    return (ClassLoader) new Expression(context, "getClassLoader", null).getValue();
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
