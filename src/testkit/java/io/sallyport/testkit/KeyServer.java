package io.sallyport.testkit;

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
import org.jspecify.annotations.Nullable;

/**
 * An issuer's HTTP server on loopback: metadata and keys, well-behaved unless told otherwise. It
 * speaks over bare sockets, since an HTTP library would not let it break off where it likes. Safe
 * for use by many threads.
 *
 * @since 0.1.0
 */
public final class KeyServer implements AutoCloseable {
  /** Where OpenID Connect Discovery 1.0 section 4 has the metadata. */
  public static final String OPENID = "/.well-known/openid-configuration";

  /** Where RFC 8414 section 3 has the metadata; nothing is there unless told otherwise. */
  public static final String OAUTH = "/.well-known/oauth-authorization-server";

  /** Where the keys are. */
  public static final String KEYS = "/keys";

  /** How the names of its threads begin. */
  public static final String THREAD = "key-server";

  /**
   * What a request looked like from here.
   *
   * @param path the path and the query
   * @param fields the header fields, their names in lower case
   * @since 0.1.0
   */
  public record Asked(String path, Map<String, String> fields) {}

  /** Where connections come in, and who lets them. */
  private record Door(ServerSocket socket, Thread acceptor) {}

  private final ServerSocketFactory sockets;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Set<Socket> lines = ConcurrentHashMap.newKeySet();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final SocketAddress address;
  private volatile Door door;
  private volatile CountDownLatch ended = new CountDownLatch(1);

  /** Starts a server that speaks plain HTTP, with metadata and no keys yet. */
  public KeyServer() {
    this(ServerSocketFactory.getDefault());
  }

  /**
   * Starts a server whose sockets may speak TLS.
   *
   * @param sockets makes the one that listens
   */
  public KeyServer(ServerSocketFactory sockets) {
    this.sockets = sockets;
    this.door = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.address = door.socket().getLocalSocketAddress();
    answer(OPENID, Answer.json(metadata(issuer())));
  }

  private Door listen(SocketAddress at) {
    try {
      ServerSocket socket = sockets.createServerSocket();
      socket.bind(at);
      return new Door(socket, start(THREAD, () -> accept(socket)));
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
        String path = request.split(" ", 3)[1];
        asked.add(new Asked(path, fields(in)));
        answer(path, out);
      }
    } catch (IOException e) {
      // the client has gone, or the answer was to end so
    } finally {
      lines.remove(line);
    }
  }

  private static @Nullable String line(InputStream in) throws IOException {
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

  /**
   * Where it listens.
   *
   * @return the port
   */
  public int port() {
    return ((InetSocketAddress) address).getPort();
  }

  /**
   * Its own address, over plain HTTP.
   *
   * @return the issuer of its metadata
   */
  public String issuer() {
    return "http://127.0.0.1:" + port();
  }

  /**
   * Where the keys are, over plain HTTP.
   *
   * @return the {@code jwks_uri} of its metadata
   */
  public String keysUri() {
    return issuer() + KEYS;
  }

  /**
   * Metadata of the least form.
   *
   * @param issuer whose it says that it is
   * @return its JSON
   */
  public String metadata(String issuer) {
    return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", keysUri()));
  }

  /**
   * Publishes keys in place of those before.
   *
   * @param keys their public halves will be in the set
   * @return this server
   */
  public KeyServer publish(TestKey... keys) {
    return publish(Arrays.stream(keys).map(TestKey::jwk).toArray(JWK[]::new));
  }

  /**
   * Publishes keys in place of those before.
   *
   * @param keys the set, with no private member added or left out
   * @return this server
   */
  public KeyServer publish(JWK... keys) {
    answer(KEYS, Answer.json(jwks(keys)));
    return this;
  }

  /**
   * A key set (RFC 7517 section 5).
   *
   * @param keys its keys
   * @return its JSON
   */
  public static String jwks(JWK... keys) {
    List<Map<String, Object>> members = Arrays.stream(keys).map(JWK::toJSONObject).toList();
    return JSONObjectUtils.toJSONString(Map.of("keys", members));
  }

  /**
   * Tells it what to answer.
   *
   * @param path the path
   * @param answer what everybody gets who asks for it from now on
   */
  public void answer(String path, Answer answer) {
    answers.put(path, answer);
  }

  /**
   * The paths that have been asked for.
   *
   * @return a copy, in order
   */
  public List<String> paths() {
    return asked.stream().map(Asked::path).toList();
  }

  /**
   * The requests that have come.
   *
   * @return a copy, in order
   */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /**
   * How often the keys have been asked for.
   *
   * @return the number of requests
   */
  public long fetches() {
    return paths().stream().filter(KEYS::equals).count();
  }

  /**
   * The greatest number of requests that were being answered at one time.
   *
   * @return the number
   */
  public int mostAtOnce() {
    return mostAtOnce.get();
  }

  /**
   * How many bytes have left, or lie in the sockets' buffers.
   *
   * @return the number
   */
  public long sent() {
    return sent.get();
  }

  /** Refuses connections from now on, and breaks those that are open. */
  public void die() {
    ended.countDown();
    try {
      door.socket().close();
      door.acceptor().join(); // it holds the port until it has heard of this
      for (Socket line : lines) line.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the server stops", e);
    }
  }

  /** Listens again where it did before. */
  public void comeBack() {
    ended = new CountDownLatch(1);
    door = listen(address);
  }

  /** Stops for good, and breaks the connections that are open. */
  @Override
  public void close() {
    die();
  }
}
