package io.sallyport.examples.websocket;

import io.sallyport.TokenVerifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * Orders over WebSocket, on embedded Jetty and on loopback only: what reaches it from elsewhere
 * comes through a proxy that speaks TLS.
 *
 * <p>At {@code /orders} the token comes with the handshake; at {@code /orders/browser}, for clients
 * that cannot set fields there, it is the first message. {@code -Dport=N} chooses the port, 8080 if
 * not given.
 */
public final class OrdersServer {
  static final String ORDERS = "/orders";
  static final String BROWSER = "/orders/browser";

  /** How long a client without a token is listened to. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration LONGEST_IDLE = Duration.ofMinutes(5);

  /** In characters: the longest token that is looked at is just as long. */
  private static final int LONGEST_MESSAGE = 16_384;

  /** How many answers may wait for a client that does not read. */
  private static final int MOST_WAITING = 64;

  /** Longer than a client has to answer a close. */
  private static final long STOP_MILLIS = 3000;

  private final Server server;
  private final ServerWebSocketContainer sessions;

  private OrdersServer(Server server, ServerWebSocketContainer sessions) {
    this.server = server;
    this.sessions = sessions;
  }

  /** Starts the server with the issuer and the audience that the environment names. */
  public static void main(String[] arguments) throws Exception {
    TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer("${ISSUER}")
            .audience("${AUDIENCE}")
            .allowedScopes(Message.READ, Message.WRITE)
            .requiredScopes(Message.READ)
            .build();
    start(Integer.getInteger("port", 8080), verifier).server.join();
  }

  /**
   * Starts the server.
   *
   * @param port its port on loopback, or 0 for any free one
   * @param verifier decides on tokens, and ends with the server
   */
  static OrdersServer start(int port, TokenVerifier verifier) throws Exception {
    return start(port, verifier, PATIENCE);
  }

  /** The same with another patience for a first message. */
  static OrdersServer start(int port, TokenVerifier verifier, Duration patience) throws Exception {
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Scheduler scheduler = server.getScheduler();
    WebSocketUpgradeHandler upgrade =
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              container.setMaxTextMessageSize(LONGEST_MESSAGE);
              container.setMaxOutgoingFrames(MOST_WAITING);
              container.setIdleTimeout(LONGEST_IDLE);
              container.addMapping(
                  ORDERS,
                  (request, response, callback) ->
                      new Conversation(HandshakeGate.token(request), scheduler));
              container.addMapping(
                  BROWSER,
                  (request, response, callback) -> new FirstMessage(verifier, scheduler, patience));
            });
    ServerWebSocketContainer sessions = upgrade.getServerWebSocketContainer();
    server.setHandler(new HandshakeGate(upgrade, verifier, BROWSER));
    server.addEventListener(new Ending(sessions, scheduler, verifier));
    server.setStopTimeout(STOP_MILLIS);
    server.setStopAtShutdown(true);
    try {
      server.start();
    } catch (Exception e) {
      server.stop();
      throw e;
    }
    return new OrdersServer(server, sessions);
  }

  int port() {
    return server.getURI().getPort();
  }

  /** The sessions that are open. */
  Collection<Session> sessions() {
    return sessions.getOpenSessions();
  }

  /** Closes every session, and ends every thread of the server and of its verifier. */
  void stop() throws Exception {
    server.stop();
  }

  /** The clients are told first, and the verifier ends last, however the server is stopped. */
  private record Ending(
      ServerWebSocketContainer sessions, Scheduler scheduler, TokenVerifier verifier)
      implements LifeCycle.Listener {
    @Override
    public void lifeCycleStopping(LifeCycle stopping) {
      for (Session session : List.copyOf(sessions.getOpenSessions())) {
        new SessionEnd(scheduler).now(session, StatusCode.SHUTDOWN, "The server is being stopped");
      }
    }

    @Override
    public void lifeCycleStopped(LifeCycle stopped) {
      verifier.close();
    }

    @Override
    public void lifeCycleFailure(LifeCycle failed, Throwable cause) {
      verifier.close();
    }
  }
}
