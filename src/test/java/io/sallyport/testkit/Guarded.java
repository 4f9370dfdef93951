package io.sallyport.testkit;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Embedded Jetty as anybody would start it, with orders behind a filter. */
final class Guarded implements AutoCloseable {
  static final String ORDERS = "the orders of";

  private final Server server;
  private final AtomicInteger served = new AtomicInteger();

  Guarded(Filter filter) {
    this(filter, null);
  }

  /**
   * Starts it.
   *
   * @param tls what it shows itself by, or null for plain HTTP
   */
  Guarded(Filter filter, SslContextFactory.@Nullable Server tls) {
    this.server = new Server();
    ServerConnector connector =
        tls == null ? new ServerConnector(server) : new ServerConnector(server, tls);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    ServletContextHandler application = new ServletContextHandler();
    application.addFilter(new FilterHolder(filter), "/*", EnumSet.allOf(DispatcherType.class));
    application.addServlet(new ServletHolder(new Orders()), "/*");
    server.setHandler(application);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  URI at(String path) {
    return server.getURI().resolve(path);
  }

  URI orders() {
    return at("/orders");
  }

  /** How often the handler was reached. */
  int served() {
    return served.get();
  }

  private final class Orders extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      served.incrementAndGet();
      response.getWriter().print(ORDERS + " " + request.getRemoteUser());
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
