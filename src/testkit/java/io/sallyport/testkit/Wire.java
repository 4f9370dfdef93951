package io.sallyport.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * The way to a server: a connection for each request, so that none can suffer from the one before.
 * Whatever takes longer than its time is broken off.
 */
final class Wire implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final URI address;
  private final SSLSocketFactory tls;
  private final Timer timer = new Timer("gate-probe-timer", true);

  Wire(URI address, SSLSocketFactory tls) {
    this.address = address;
    this.tls = tls;
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @throws IOException if none comes in time, or the server ends the connection before
   */
  Reply exchange(RawRequest request) throws IOException {
    try (Socket socket = new Socket()) {
      TimerTask end = end(socket);
      try {
        return exchange(connected(socket), request);
      } catch (IOException e) {
        if (!socket.isClosed()) throw e;
        throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
      } finally {
        end.cancel();
      }
    }
  }

  private TimerTask end(Socket socket) {
    TimerTask end =
        new TimerTask() {
          @Override
          public void run() {
            try {
              socket.close();
            } catch (IOException e) {
              // it is closed all the same
            }
          }
        };
    timer.schedule(end, PATIENCE.toMillis());
    return end;
  }

  private Socket connected(Socket socket) throws IOException {
    boolean secure = address.getScheme().equalsIgnoreCase("https");
    int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
    String host = address.getHost().replaceAll("[\\[\\]]", ""); // an IPv6 address has brackets
    socket.connect(new InetSocketAddress(host, port), Math.toIntExact(PATIENCE.toMillis()));
    if (!secure) return socket;
    SSLSocket shielded = (SSLSocket) tls.createSocket(socket, host, port, true);
    SSLParameters parameters = shielded.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    shielded.setSSLParameters(parameters);
    return shielded;
  }

  private static Reply exchange(Socket socket, RawRequest request) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    try {
      socket.getOutputStream().write(request.bytes());
      socket.getOutputStream().flush();
    } catch (IOException e) {
      return answered(in, request, e);
    }
    return Reply.read(in, request.method());
  }

  /** A server may answer, and end the connection, before it has read the whole of a long one. */
  private static Reply answered(InputStream in, RawRequest request, IOException unsent)
      throws IOException {
    try {
      return Reply.read(in, request.method());
    } catch (IOException e) {
      e.addSuppressed(unsent);
      throw e;
    }
  }

  @Override
  public void close() {
    timer.cancel();
  }
}
