package io.sallyport.examples.redis;

import io.sallyport.SallyportFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** One of several servers of the same resource, behind a balancer that clients see. */
final class Node {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SEEN = Client.RESOURCE + "/orders";

  private final RedisReplayGuard guard;
  private final Server jetty;

  private Node(RedisReplayGuard guard, Server jetty) {
    this.guard = guard;
    this.jetty = jetty;
  }

  static Node start(URI redis, Path keys) throws Exception {
    RedisReplayGuard guard = RedisReplayGuard.at(redis);
    SallyportFilter filter =
        SallyportFilter.builder()
            .issuer(Client.ISSUER)
            .jwks(keys.toString())
            .audience(Client.RESOURCE)
            .allowedScopes("orders:read")
            .senderConstraint("dpop")
            .publicOrigin(Client.RESOURCE)
            .replayGuard(guard)
            .build();
    Server jetty = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ServletContextHandler context = new ServletContextHandler("/");
    context.addFilter(new FilterHolder(filter), "/*", EnumSet.allOf(DispatcherType.class));
    context.addServlet(new ServletHolder(new Orders()), "/orders");
    jetty.setHandler(context);
    jetty.start();
    return new Node(guard, jetty);
  }

  HttpResponse<String> get(Client client, String proof) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(jetty.getURI().resolve("/orders"))
            .header("Authorization", "DPoP " + client.token())
            .header("DPoP", proof)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** What a client makes for one request to the resource. */
  static String proof(Client client) throws Exception {
    return client.proof("GET", SEEN);
  }

  void stop() throws Exception {
    jetty.stop();
    guard.close();
  }

  private static final class Orders extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
      response.setStatus(HttpServletResponse.SC_OK);
    }
  }
}
