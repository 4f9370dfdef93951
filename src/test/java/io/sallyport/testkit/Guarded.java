package io.sallyport.testkit;

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

/** Embedded Jetty as anybody would start it, with orders behind a filter. */
final class Guarded implements AutoCloseable {
  static final String ORDERS = "the orders of";

  private final Server server;

  Guarded(Filter filter) throws Exception {
    server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ServletContextHandler application = new ServletContextHandler();
    application.addFilter(new FilterHolder(filter), "/*", EnumSet.allOf(DispatcherType.class));
    application.addServlet(new ServletHolder(new Orders()), "/*");
    server.setHandler(application);
    server.start();
  }

  URI orders() {
    return server.getURI().resolve("/orders");
  }

  private static final class Orders extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print(ORDERS + " " + request.getRemoteUser());
    }
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
