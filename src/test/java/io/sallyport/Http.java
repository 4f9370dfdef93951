package io.sallyport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** HTTP/1.1 over a bare socket: what is sent is what the test wrote. One connection, kept alive. */
final class Http implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /** An answer as it came. */
  record Answer(int status, List<String> fields, String body) {
    Optional<String> field(String name) {
      List<String> values = fields(name);
      if (values.size() > 1) throw new AssertionError(name + " came " + values.size() + " times");
      return values.stream().findFirst();
    }

    List<String> fields(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return fields.stream()
          .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(field -> field.substring(prefix.length()).strip())
          .toList();
    }

    String challenge() {
      return field("WWW-Authenticate").orElse("");
    }

    /** Everything that the client was given. */
    String text() {
      return status + "\n" + String.join("\n", fields) + "\n\n" + body;
    }
  }

  Http(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One GET on a connection of its own, with these header lines. */
  static Answer get(int port, String target, String... headerLines) {
    return send(port, "GET", target, headerLines);
  }

  static Answer send(int port, String method, String target, String... headerLines) {
    try (Http http = new Http(port)) {
      return http.exchange(method, target, headerLines);
    }
  }

  Answer exchange(String method, String target, String... headerLines) {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    boolean named = Arrays.stream(headerLines).anyMatch(line -> line.startsWith("Host:"));
    if (!named) request.append("Host: localhost\r\n");
    for (String line : headerLines) request.append(line).append("\r\n");
    if (method.equals("POST")) request.append("Content-Length: 0\r\n");
    return exchange(
        request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1), method);
  }

  private Answer exchange(byte[] request, String method) {
    try {
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      String statusLine = line();
      List<String> fields = new ArrayList<>();
      for (String line = line(); !line.isEmpty(); line = line()) fields.add(line);
      int status = Integer.parseInt(statusLine.split(" ")[1]);
      Answer head = new Answer(status, fields, "");
      return new Answer(status, fields, method.equals("HEAD") ? "" : body(head));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new IOException("the connection ended");
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private String body(Answer head) throws IOException {
    if (head.field("Transfer-Encoding").isPresent()) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
        body.write(in.readNBytes(size));
        line();
      }
      line();
      return body.toString(StandardCharsets.UTF_8);
    }
    int length = head.field("Content-Length").map(Integer::parseInt).orElse(0);
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
