package io.sallyport.examples.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;

/** Sends what no HTTP client would, as it stands. */
final class Wire {
  /** The host that clients address. */
  static final String HOST = "api.example.com";

  private static final int PATIENCE = 20_000;

  private Wire() {}

  /** All that came back until the connection was closed. */
  record Answer(String text) {
    int status() {
      return text.isEmpty() ? 0 : Integer.parseInt(text.substring(9, 12));
    }

    String head() {
      int end = text.indexOf("\r\n\r\n");
      return end < 0 ? text : text.substring(0, end);
    }

    /** As it was sent: in chunks, if it was. */
    String body() {
      return text.substring(head().length() + 4);
    }

    List<String> values(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return head()
          .lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }
  }

  /** A request with a token and further fields, after which the connection ends. */
  static String request(String method, String target, String token, String... fields) {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    request.append("Host: ").append(HOST).append("\r\n");
    request.append("Authorization: Bearer ").append(token).append("\r\n");
    request.append("Connection: close\r\n");
    for (String field : fields) request.append(field).append("\r\n");
    return request + "\r\n";
  }

  static Answer get(int port, String target, String token, String... fields) throws IOException {
    return send(connect(port), request("GET", target, token, fields));
  }

  /** Sends these bytes and says that there are no more, which ends what is cut short. */
  static Answer send(int port, String bytes) throws IOException {
    Socket connection = connect(port);
    connection.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    connection.shutdownOutput();
    return read(connection);
  }

  /** Sends these bytes on a connection and reads to its end. */
  static Answer send(Socket connection, String bytes) throws IOException {
    connection.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    return read(connection);
  }

  private static Socket connect(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static Answer read(Socket connection) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (connection) {
      connection.setSoTimeout(PATIENCE);
      InputStream in = connection.getInputStream();
      for (int octet = in.read(); octet >= 0; octet = in.read()) answer.write(octet);
    } catch (SocketException e) {
      // cut off: what had come by then is the answer
    }
    return new Answer(answer.toString(ISO_8859_1));
  }
}
