package io.sallyport.examples.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One request and its answer, as they went over the wire. A browser could not send most of the
 * attacks: it knows no second Authorization header.
 *
 * @param request the whole request
 * @param response the whole answer
 */
record Exchange(String request, String response) {
  private static final String HEAD_END = "\r\n\r\n";
  private static final int PATIENCE_MILLIS = 10_000;

  /** The usual request for the orders. */
  static String request(String method, String token) {
    return request(method, "/orders", List.of("Bearer " + token));
  }

  /**
   * A request without its Host, which {@link #over} adds.
   *
   * @param credentials an Authorization field each
   */
  static String request(String method, String target, List<String> credentials) {
    StringBuilder request = new StringBuilder();
    request.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    for (String value : credentials) request.append("Authorization: ").append(value).append("\r\n");
    request.append("Accept: application/json\r\n");
    if (method.equals("POST")) request.append("Content-Length: 0\r\n");
    return request.append("Connection: close").append(HEAD_END).toString();
  }

  /** Sends a request to a port of this machine. */
  static Exchange over(int port, String request) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    String whole = request.replaceFirst("\r\n", "\r\nHost: 127.0.0.1:" + port + "\r\n");
    try (Socket socket = new Socket(loopback, port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(whole.getBytes(StandardCharsets.UTF_8));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new Exchange(whole, new String(answer, StandardCharsets.UTF_8));
    }
  }

  int status() {
    return Integer.parseInt(response.split(" ", 3)[1]);
  }

  /** The first field of this name in the answer. */
  Optional<String> field(String name) {
    String prefix = name + ": ";
    return head()
        .lines()
        .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
        .map(line -> line.substring(prefix.length()))
        .findFirst();
  }

  private String head() {
    int end = response.indexOf(HEAD_END);
    return end < 0 ? response : response.substring(0, end);
  }

  String body() {
    int end = response.indexOf(HEAD_END);
    return end < 0 ? "" : response.substring(end + HEAD_END.length());
  }
}
