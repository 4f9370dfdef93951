package io.sallyport.examples.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server by hand that writes down everything that reaches it, byte by byte: behind the
 * proxy, or where nothing should ever come.
 */
final class Witness implements AutoCloseable {
  private static final String GREETING = "GET /is-anybody-there HTTP/1.1";

  private final ServerSocketChannel listening;
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Answer answer = answering("200 OK", "Content-Type: text/plain", "here I am");
  private int greetings;

  /** A request as it came. */
  record Seen(String head, String body) {
    String line() {
      return head.substring(0, head.indexOf('\r'));
    }

    String target() {
      return line().split(" ")[1];
    }

    /** The values of a field, in the order in which they came. */
    List<String> values(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }

    /** The names of all fields, in lower case. */
    List<String> names() {
      return head.lines()
          .skip(1)
          .filter(line -> !line.isEmpty())
          .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
          .toList();
    }
  }

  /** Writes an answer, or leaves it. */
  interface Answer {
    void write(Seen request, OutputStream out) throws Exception;
  }

  private Witness(ServerSocketChannel listening) {
    this.listening = listening;
    start(this::accept);
  }

  /** Listens on loopback. */
  static Witness at(String address, int port) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    try {
      return new Witness(
          listening.bind(new InetSocketAddress(InetAddress.getByName(address), port)));
    } catch (IOException e) {
      listening.close();
      throw e;
    }
  }

  /** Listens on a Unix domain socket. */
  static Witness at(UnixDomainSocketAddress address) throws IOException {
    return new Witness(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address));
  }

  /**
   * An answer with a body, of its own length and on a connection that stays open.
   *
   * @param field one field, or several with line ends between them
   */
  static Answer answering(String status, String field, String body) {
    String text =
        "HTTP/1.1 %s\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, field, body.length(), body);
    return raw(text);
  }

  /** An answer as it stands, on a connection that stays open. */
  static Answer raw(String text) {
    return (request, out) -> {
      String sent = text;
      if (request.line().startsWith("HEAD "))
        sent = text.substring(0, text.indexOf("\r\n\r\n") + 4);
      out.write(sent.getBytes(ISO_8859_1));
    };
  }

  void answer(Answer next) {
    answer = next;
  }

  int port() throws IOException {
    return ((InetSocketAddress) address()).getPort();
  }

  SocketAddress address() throws IOException {
    return listening.getLocalAddress();
  }

  /** What has come since the last time that somebody asked. */
  List<Seen> seen() {
    List<Seen> all = List.copyOf(seen);
    seen.clear();
    return all;
  }

  /** The one request that has come since then. */
  Seen only() {
    List<Seen> all = seen();
    if (all.size() != 1) throw new AssertionError("there came " + all);
    return all.get(0);
  }

  /**
   * How many connections there ever were, but for those of this method, which makes one itself:
   * they are taken in turn, so once that one is answered no earlier one waits unseen.
   */
  synchronized int visitors() throws IOException {
    try (SocketChannel own = SocketChannel.open(address())) {
      Channels.newOutputStream(own).write((GREETING + "\r\n\r\n").getBytes(ISO_8859_1));
      if (Channels.newInputStream(own).readAllBytes().length == 0) {
        throw new EOFException("nobody is there");
      }
    }
    greetings++;
    return connections.get() - greetings;
  }

  private void accept() throws IOException {
    while (listening.isOpen()) {
      SocketChannel connection = listening.accept();
      connections.incrementAndGet();
      open.add(connection);
      start(() -> serve(connection));
    }
  }

  private void serve(SocketChannel connection) throws Exception {
    try (connection) {
      InputStream in = Channels.newInputStream(connection);
      OutputStream out = Channels.newOutputStream(connection);
      for (Seen request = read(in); request != null; request = read(in)) {
        if (request.line().equals(GREETING)) {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
          return;
        }
        seen.add(request);
        answer.write(request, out);
        if (request.values("Connection").contains("close")) return;
      }
    } finally {
      open.remove(connection);
    }
  }

  /** The next request, or null at the end. */
  private static @Nullable Seen read(InputStream in) throws IOException {
    String head = upTo(in, "\r\n\r\n");
    if (head == null) return null;
    Seen request = new Seen(head, "");
    if (!request.values("Transfer-Encoding").isEmpty()) return new Seen(head, chunks(in));
    for (String length : request.values("Content-Length")) {
      byte[] body = in.readNBytes(Integer.parseInt(length));
      if (body.length < Integer.parseInt(length)) return null;
      return new Seen(head, new String(body, ISO_8859_1));
    }
    return request;
  }

  private static String chunks(InputStream in) throws IOException {
    StringBuilder body = new StringBuilder();
    for (int length = chunk(in); length > 0; length = chunk(in)) {
      body.append(new String(in.readNBytes(length), ISO_8859_1));
      upTo(in, "\r\n");
    }
    upTo(in, "\r\n");
    return body.toString();
  }

  private static int chunk(InputStream in) throws IOException {
    String length = upTo(in, "\r\n");
    if (length == null) throw new EOFException();
    return Integer.parseInt(length.strip(), 16);
  }

  private static @Nullable String upTo(InputStream in, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!endsWith(text, end)) {
      int octet = in.read();
      if (octet < 0) return null;
      text.append((char) octet);
    }
    return text.toString();
  }

  private static boolean endsWith(StringBuilder text, String end) {
    int start = text.length() - end.length();
    return start >= 0 && text.indexOf(end, start) == start;
  }

  /** Ends with the channels: what they throw then is nobody's concern. */
  private static void start(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (Exception e) {
                // closed, by either side
              }
            },
            "witness");
    thread.setDaemon(true);
    thread.start();
  }

  private interface Step {
    void run() throws Exception;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SocketChannel connection : open) connection.close();
  }
}
