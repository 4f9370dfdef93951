package io.sallyport.examples.quickstart;

import io.sallyport.SallyportFilter;
import io.sallyport.testkit.TestIssuer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * An application of one servlet behind Sallyport, on loopback only, with an issuer of its own.
 *
 * <p>{@code -Dport=N} chooses the port, and 0 any free one; without it the first free one from 8080
 * on is taken.
 */
public final class Quickstart {
  static final String AUDIENCE = "https://orders.example";

  private static final String HOST = "127.0.0.1";
  private static final List<Integer> USUAL_PORTS = IntStream.range(8080, 8100).boxed().toList();

  /** Longer than the filter's limit for a token, so that the filter is who refuses a long one. */
  private static final int LONGEST_HEAD = 64 * 1024;

  private final Server server = new Server();
  private final OperatorLog log;
  private final TestIssuer issuer;
  private final String origin;

  private Quickstart(List<Integer> ports) throws Exception {
    int port = bind(ports);
    this.log = OperatorLog.install();
    this.origin = "http://" + HOST + ":" + port;
    this.issuer = TestIssuer.start(Wish.ALGORITHMS.toArray(String[]::new));
    server.setHandler(application(port));
    server.setStopAtShutdown(true);
    server.start();
  }

  /** Starts the quickstart and says where it is. */
  public static void main(String[] arguments) throws Exception {
    try {
      Quickstart quickstart = start(ports(System.getProperty("port")));
      System.out.println(quickstart.banner());
      quickstart.server.join();
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("The quickstart cannot start: " + e.getMessage());
      System.exit(1);
    }
  }

  private static List<Integer> ports(@Nullable String port) {
    if (port == null) return USUAL_PORTS;
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= 65_535) return List.of(number);
    } catch (NumberFormatException e) {
      // told of below, like a number that is no port
    }
    throw new IllegalArgumentException("-Dport takes a number from 0 to 65535, not " + port);
  }

  /**
   * Starts the quickstart.
   *
   * @param ports tried in order
   * @throws IOException if none of them is free
   */
  static Quickstart start(List<Integer> ports) throws Exception {
    return new Quickstart(ports);
  }

  /** Binds before anything else, because the page has to know the port. */
  private int bind(List<Integer> ports) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(LONGEST_HEAD);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(HOST);
    server.addConnector(connector);
    for (int port : ports) {
      connector.setPort(port);
      try {
        connector.open();
        return connector.getLocalPort();
      } catch (IOException e) {
        if (ports.size() == 1) throw e;
      }
    }
    throw new IOException("no port from %s on is free".formatted(ports.get(0)));
  }

  private ServletContextHandler application(int port) {
    ServletContextHandler context = new ServletContextHandler("/");
    context.addFilter(new FilterHolder(gate()), "/*", EnumSet.allOf(DispatcherType.class));
    add(context, new OrdersServlet(), "/orders");

    add(context, new PageServlet(), "", "/assets/*");
    add(context, new DevServlet(issuer, log, port), "/dev/*");
    return context;
  }

  /** The filter, as an application of yours would have it; {@code allowHttp} is for loopback. */
  private SallyportFilter gate() {
    return SallyportFilter.builder()
        .issuer(issuer.issuer())
        .audience(AUDIENCE)
        .allowedScopes("orders:read", "orders:write")
        .rules("GET /orders orders:read", "POST /orders orders:write")
        .publicPaths("/", "/assets/*", "/dev/*")
        .allowHttp(true)
        .build();
  }

  private static void add(ServletContextHandler context, Servlet servlet, String... paths) {
    ServletHolder holder = new ServletHolder(servlet);
    for (String path : paths) context.addServlet(holder, path);
  }

  /** Where it is, without a slash at the end. */
  String origin() {
    return origin;
  }

  /** Three lines for a shell, answered 200, 401 and 403. */
  List<String> curls() {
    String reader = Wish.of("ann", "orders:read").of(issuer).mint();
    String orders = origin + "/orders";
    return List.of(
        "curl -H \"Authorization: Bearer %s\" %s  # 200".formatted(reader, orders),
        "curl %s  # 401".formatted(orders),
        "curl -X POST -H \"Authorization: Bearer %s\" %s  # 403".formatted(reader, orders));
  }

  private String banner() {
    return """

        Sallyport quickstart

        Mint tokens, attack, and see each decision:  %s/

        Or paste one of these, answered 200, 401 and 403:

        %s

        Ctrl+C ends it, and its keys with it.
        """
        .formatted(origin, String.join("\n\n", curls()));
  }

  /** Stops the server, the filter and its threads. */
  void stop() throws Exception {
    server.stop();
    issuer.close();
    log.close();
  }
}
