package io.sallyport;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;

/**
 * An issuer's HTTP server on loopback: metadata and keys, well-behaved unless told otherwise. It
 * speaks over bare sockets, since an HTTP library would not let it break off where it likes.
 */
final class KeyServer implements AutoCloseable {
  static final String OPENID = "/.well-known/openid-configuration";
  static final String OAUTH = "/.well-known/oauth-authorization-server";
  static final String KEYS = "/keys";

  /** How the names of its threads begin. */
  static final String THREAD = "key-server";

  /** What a request looked like from here; names of fields in lower case. */
  record Asked(String path, Map<String, String> fields) {}

  private final ServerSocketFactory sockets;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Set<Socket> lines = ConcurrentHashMap.newKeySet();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final SocketAddress address;
  private volatile ServerSocket server;
  private volatile Thread acceptor;
  private volatile CountDownLatch ended = new CountDownLatch(1);

  KeyServer() {
    this(ServerSocketFactory.getDefault());
  }

  /** A server whose sockets may speak TLS. */
  KeyServer(ServerSocketFactory sockets) {
    this.sockets = sockets;
    this.server = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.address = server.getLocalSocketAddress();
    answer(OPENID, Answer.json(metadata(issuer())));
  }

  private ServerSocket listen(SocketAddress at) {
    try {
      ServerSocket socket = sockets.createServerSocket();
      socket.bind(at);
      acceptor = start(THREAD, () -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept(ServerSocket socket) {
    try {
      while (true) {
        Socket line = socket.accept();
        lines.add(line);
        start(THREAD + "-line", () -> serve(line));
      }
    } catch (IOException e) {
      // died
    }
  }

  private void serve(Socket line) {
    try (line;
        InputStream in = new BufferedInputStream(line.getInputStream());
        OutputStream out = line.getOutputStream()) {
      for (String request = line(in); request != null; request = line(in)) {
        String path = request.split(" ")[1];
        asked.add(new Asked(path, fields(in)));
        answer(path, out);
      }
    } catch (IOException e) {
      // the client has gone, or the answer was to end so
    } finally {
      lines.remove(line);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) return null;
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private static Map<String, String> fields(InputStream in) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    for (String field = line(in); field != null && !field.isEmpty(); field = line(in)) {
      String[] parts = field.split(":", 2);
      fields.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    return fields;
  }

  private void answer(String path, OutputStream out) throws IOException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      answers.getOrDefault(path, Answer.status(404)).to(new Sending(out));
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private final class Sending implements Answer.Line {
    private final OutputStream out;
    private final CountDownLatch end = ended;

    Sending(OutputStream out) {
      this.out = out;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
      sent.addAndGet(bytes.length);
    }

    @Override
    public void pause(Duration time) throws IOException {
      try {
        if (end.await(time.toMillis(), TimeUnit.MILLISECONDS)) throw new IOException("closed");
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  int port() {
    return ((InetSocketAddress) address).getPort();
  }

  String issuer() {
    return "http://127.0.0.1:" + port();
  }

  String keysUri() {
    return issuer() + KEYS;
  }

  String metadata(String issuer) {
    return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", keysUri()));
  }

  KeyServer publish(SigningKey... keys) {
    return publish(Arrays.stream(keys).map(SigningKey::jwk).toArray(JWK[]::new));
  }

  KeyServer publish(JWK... keys) {
    answer(KEYS, Answer.json(jwks(keys)));
    return this;
  }

  static String jwks(JWK... keys) {
    List<Map<String, Object>> members = Arrays.stream(keys).map(JWK::toJSONObject).toList();
    return JSONObjectUtils.toJSONString(Map.of("keys", members));
  }

  void answer(String path, Answer answer) {
    answers.put(path, answer);
  }

  /** The paths that have been asked for, in order. */
  List<String> paths() {
    return asked.stream().map(Asked::path).toList();
  }

  List<Asked> asked() {
    return asked;
  }

  long fetches() {
    return paths().stream().filter(KEYS::equals).count();
  }

  /** The greatest number of requests that were being answered at one time. */
  int mostAtOnce() {
    return mostAtOnce.get();
  }

  /** How many bytes have left, or lie in the sockets' buffers. */
  long sent() {
    return sent.get();
  }

  /** Refuses connections from now on, and breaks those that are open. */
  void die() {
    ended.countDown();
    try {
      server.close();
      acceptor.join(); // it holds the port until it has heard of this
      for (Socket line : lines) line.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Listens again where it did before. */
  void comeBack() {
    ended = new CountDownLatch(1);
    server = listen(address);
  }

  @Override
  public void close() {
    die();
  }
}
