package io.sallyport.examples.mcp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.sallyport.SallyportFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * An MCP server that keeps everybody's notes, on loopback only, with an issuer of its own beside
 * it.
 *
 * <p>{@code -Dport=N} chooses its port, 8080 if not given; the issuer has the next one. With 0 each
 * has any free one.
 */
public final class NotesServer {
  static final String HOST = "127.0.0.1";
  static final int MOST_SESSIONS = 10_000;
  static final Duration LONGEST_IDLE = Duration.ofHours(1);

  private static final String PATH = "/mcp";

  private final Server server = new Server();
  private final DevelopmentIssuer issuer;
  private final McpSyncServer tools;
  private final String resource;

  private NotesServer(int port, SessionBinding sessions) throws Exception {
    this.resource = "http://" + HOST + ":" + bind(port) + PATH;
    this.issuer = new DevelopmentIssuer(port == 0 ? 0 : port + 1, resource);
    List<Tool> all = new NoteTools().all();
    HttpServletStreamableServerTransportProvider transport = transport();
    this.tools =
        McpServer.sync(transport)
            .serverInfo("sallyport-notes", "0.1.0")
            .capabilities(ServerCapabilities.builder().tools(false).build())
            .tools(all.stream().map(Tool::specification).toList())
            .build();

    SallyportFilter gate = gate();
    ServletContextHandler context = new ServletContextHandler("/");
    context.addFilter(new FilterHolder(gate), "/*", EnumSet.allOf(DispatcherType.class));
    add(context, new StreamExpiry());
    add(context, sessions);
    add(context, new ToolScopes(gate, all));
    context.addServlet(new ServletHolder(transport), PATH);
    server.setHandler(context);
    server.setStopAtShutdown(true);
    server.start();
  }

  /** Starts the server and says where it is. */
  public static void main(String[] arguments) throws Exception {
    try {
      NotesServer notes = start(Integer.parseInt(System.getProperty("port", "8080")));
      System.out.println(notes.banner());
      notes.server.join();
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("The server cannot start: " + e.getMessage());
      System.exit(1);
    }
  }

  /**
   * Starts the server.
   *
   * @param port its port on loopback, or 0 for any free one
   * @throws IOException if it is not free
   */
  static NotesServer start(int port) throws Exception {
    return start(port, new SessionBinding(MOST_SESSIONS, LONGEST_IDLE, Ticker.systemTicker()));
  }

  /** The same with other limits for sessions. */
  static NotesServer start(int port, SessionBinding sessions) throws Exception {
    return new NotesServer(port, sessions);
  }

  /** Binds before anything else, because the resource's identifier has the port in it. */
  private int bind(int port) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(HOST);
    connector.setPort(port);
    server.addConnector(connector);
    connector.open();
    return connector.getLocalPort();
  }

  /** The filter, as a server of yours would have it; {@code allowHttp} is for loopback. */
  private SallyportFilter gate() {
    return SallyportFilter.builder()
        .issuer(issuer.name())
        .resource(resource)
        .allowedScopes(NoteTools.READ, NoteTools.WRITE, NoteTools.AUDIT)
        .requiredScopes(NoteTools.READ)
        .allowHttp(true)
        .build();
  }

  /** The SDK's servlet. Pages of other origins are none of its clients. */
  private HttpServletStreamableServerTransportProvider transport() {
    return HttpServletStreamableServerTransportProvider.builder()
        .mcpEndpoint(PATH)
        .contextExtractor(Tool::context)
        .httpHeaderValidator(
            DefaultServerTransportSecurityValidator.builder()
                .allowedOrigin(resource.substring(0, resource.length() - PATH.length()))
                .build())
        .build();
  }

  private static void add(ServletContextHandler context, Filter filter) {
    context.addFilter(new FilterHolder(filter), PATH, EnumSet.of(DispatcherType.REQUEST));
  }

  /** Its address, which is the identifier of the resource too. */
  String resource() {
    return resource;
  }

  DevelopmentIssuer issuer() {
    return issuer;
  }

  private String banner() {
    return """

        An MCP server behind Sallyport

          server  %1$s
          issuer  %2$s, which gives any client any token

        Without a token it says which scope to get, and where its metadata is:

          curl -i -X POST %1$s

        docs/mcp.md goes on from here. Ctrl+C ends it.
        """
        .formatted(resource, issuer.name());
  }

  /** Stops the server, the issuer, the filter and its threads. */
  void stop() throws Exception {
    tools.closeGracefully();
    server.stop();
    issuer.stop();
  }
}
