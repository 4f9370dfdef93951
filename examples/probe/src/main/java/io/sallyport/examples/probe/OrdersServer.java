package io.sallyport.examples.probe;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** Embedded Jetty with orders behind a gate of one's choice. */
public final class OrdersServer implements AutoCloseable {
  private final Server jetty;

  private OrdersServer(Server jetty) {
    this.jetty = jetty;
  }

  /**
   * Starts one on a free port of loopback.
   *
   * @param gate the filter that guards every path
   * @return the server, to be closed
   * @throws Exception if it does not start
   */
  public static OrdersServer behind(Filter gate) throws Exception {
    Server jetty = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    // With sessions, as Spring Security wants to have them for what it sends to a log-in.
    ServletContextHandler application = new ServletContextHandler(ServletContextHandler.SESSIONS);
    application.addFilter(new FilterHolder(gate), "/*", EnumSet.allOf(DispatcherType.class));
    application.addServlet(new ServletHolder(new Orders()), "/*");
    jetty.setHandler(application);
    jetty.start();
    return new OrdersServer(jetty);
  }

  /**
   * The endpoint.
   *
   * @return where the orders are
   */
  public URI orders() {
    return jetty.getURI().resolve("/orders");
  }

  /** It trusts the gate, and answers whatever comes through. */
  private static final class Orders extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().println("orders");
    }
  }

  @Override
  public void close() {
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty does not stop", e);
    }
  }
}
