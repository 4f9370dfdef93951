package io.sallyport;

import java.beans.Expression;
import java.beans.Statement;
import java.net.InetAddress;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** Embedded Jetty 12. */
record JettyContainer(Server server, int port) implements Container {
  /**
   * Starts one.
   *
   * @param environment "ee9", "ee10" or "ee11": Jetty has its servlet classes once for each
   */
  static Container start(String environment, Application application, Threads threads)
      throws Exception {
    Server server =
        new Server(threads == Threads.VIRTUAL ? new VirtualThreadPool() : new QueuedThreadPool());
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(64 * 1024);
    ServerConnector connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    addApplication(server, "org.eclipse.jetty." + environment + ".servlet.", application);
    try {
      server.start();
    } catch (Exception e) {
      server.stop();
      throw e;
    }
    return new JettyContainer(server, connector.getLocalPort());
  }

  private static void addApplication(Server server, String prefix, Application application)
      throws Exception {
    Object errors = make(prefix + "ErrorPageErrorHandler");
    call(errors, "addErrorPage", 400, 599, "/error");
    Object context = make(prefix + "ServletContextHandler");
    call(context, "setErrorHandler", errors);
    call(context, "addServletContainerInitializer", application);
    call(server, "setHandler", context);
  }

  static Object make(String name) throws Exception {
    return new Expression(Class.forName(name), "new", null).getValue();
  }

  static void call(Object target, String method, Object... arguments) throws Exception {
    new Statement(target, method, arguments).execute();
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
