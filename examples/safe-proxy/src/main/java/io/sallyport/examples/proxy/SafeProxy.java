package io.sallyport.examples.proxy;

import io.sallyport.SallyportFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Properties;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/** A reverse proxy for one upstream, behind Sallyport. Its one argument is a file of settings. */
public final class SafeProxy {
  /** A token of 16 KiB, which is the most that the filter reads, and room for the other fields. */
  private static final int LARGEST_HEADER = 24 * 1024;

  private final Server server = new Server();
  private final ServerConnector connector;

  private SafeProxy(ProxySettings settings, @Nullable SocketAddressResolver resolver)
      throws Exception {
    this.connector = connector(settings);
    FilterHolder gate = new FilterHolder(new SallyportFilter());
    settings.gate().forEach(gate::setInitParameter);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addFilter(gate, "/*", EnumSet.allOf(DispatcherType.class));
    context.addServlet(new ServletHolder(new GuardedProxyServlet(settings, resolver)), "/*");
    context.setErrorHandler(new PlainErrors());
    server.setErrorHandler(new PlainErrors());
    server.setHandler(context);
    server.setStopAtShutdown(true);
    server.start();
  }

  private ServerConnector connector(ProxySettings settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(LARGEST_HEADER);
    ServerConnector listening = new ServerConnector(server, new HttpConnectionFactory(http));
    listening.setHost(settings.listen().getHostString());
    listening.setPort(settings.listen().getPort());
    server.addConnector(listening);
    return listening;
  }

  /** Starts the proxy; the argument is the file of its settings. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1) {
      System.err.println("The one argument is a file of settings, such as proxy.properties");
      System.exit(2);
    }
    try {
      SafeProxy proxy = start(settings(Path.of(arguments[0])), null);
      System.out.println("A proxy behind Sallyport, on port " + proxy.port());
      proxy.server.join();
    } catch (IOException | ServletException | IllegalArgumentException e) {
      System.err.println("The proxy cannot start: " + e.getMessage());
      System.exit(1);
    }
  }

  /** Reads a file of settings. */
  static ProxySettings settings(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      properties.load(text);
    }
    return ProxySettings.of(properties);
  }

  /**
   * Starts a proxy.
   *
   * @param resolver looks the upstream's name up, or null for Jetty's own
   */
  static SafeProxy start(ProxySettings settings, @Nullable SocketAddressResolver resolver)
      throws Exception {
    return new SafeProxy(settings, resolver);
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Stops the proxy, the filter and their threads. */
  void stop() throws Exception {
    server.stop();
  }
}
