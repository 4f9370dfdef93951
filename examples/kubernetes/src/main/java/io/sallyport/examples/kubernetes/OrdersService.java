package io.sallyport.examples.kubernetes;

import io.sallyport.Policy;
import io.sallyport.SallyportFilter;
import jakarta.servlet.DispatcherType;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The service that the manifests run: two servlets behind the filter, whose settings are the files
 * of a folder. It writes to no file.
 */
public final class OrdersService {
  private static final int PORT = 8080;

  private final Server server = new Server();
  private final ServerConnector connector;

  private OrdersService(Policy policy, InetSocketAddress address) throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    server.setHandler(application(policy));
    server.setStopAtShutdown(true);
    server.start();
  }

  private static ServletContextHandler application(Policy policy) {
    ServletContextHandler context = new ServletContextHandler("/");
    FilterHolder gate = new FilterHolder(SallyportFilter.of(policy));
    context.addFilter(gate, "/*", EnumSet.allOf(DispatcherType.class));
    context.addServlet(new ServletHolder(new HealthServlet()), "/health");
    context.addServlet(new ServletHolder(new OrdersServlet()), "/orders/*");
    return context;
  }

  /** Starts the service with the settings in the folder; {@code -Dport=N} is for another port. */
  public static void main(String[] arguments) throws Exception {
    try {
      Policy policy = SettingsFolder.policy(Path.of(arguments[0]));
      InetSocketAddress everywhere =
          new InetSocketAddress("0.0.0.0", Integer.getInteger("port", PORT));
      OrdersService service = start(policy, everywhere);
      System.out.println("listening on port " + service.port());
      service.server.join();
    } catch (Exception e) { // whatever it is, a service half started must not look alive
      System.err.println("The service cannot start: " + e.getMessage());
      System.exit(1);
    }
  }

  static OrdersService start(Policy policy, InetSocketAddress address) throws Exception {
    return new OrdersService(policy, address);
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Stops the server, the filter and its threads. */
  void stop() throws Exception {
    server.stop();
  }
}
