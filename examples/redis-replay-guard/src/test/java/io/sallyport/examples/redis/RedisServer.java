package io.sallyport.examples.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/** A real redis-server on a loopback port, which can be stopped, killed and started again. */
final class RedisServer {
  private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

  private final int port;
  private final Path folder;
  private Process process;

  private RedisServer(int port, Path folder, Process process) {
    this.port = port;
    this.folder = folder;
    this.process = process;
  }

  /** One that writes each key to its disk; where there is no redis-server the test is skipped. */
  static RedisServer start(Path folder) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process;
    try {
      process = launch(port, folder);
    } catch (IOException e) {
      if ("true".equals(System.getenv("CI"))) throw e;
      String reason = "The guard is not tested, since there is no redis-server: " + e.getMessage();
      System.out.println(reason);
      return Assumptions.abort(reason);
    }
    RedisServer server = new RedisServer(port, folder, process);
    server.awaitAnswer();
    return server;
  }

  private static Process launch(int port, Path folder) throws IOException {
    List<String> command = new ArrayList<>(List.of("redis-server", "--port", "" + port));
    command.addAll(List.of("--bind", LOOPBACK, "--dir", folder.toString(), "--save", ""));
    command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("redis.log").toFile())
        .start();
  }

  private void awaitAnswer() throws InterruptedException {
    Instant patience = Instant.now().plus(Duration.ofSeconds(30));
    while (true) {
      try (RedisClient client = client()) {
        client.ping();
        return;
      } catch (JedisException e) {
        if (!process.isAlive() || Instant.now().isAfter(patience)) throw e;
        process.waitFor(50, TimeUnit.MILLISECONDS);
      }
    }
  }

  URI address() {
    return URI.create("redis://" + LOOPBACK + ":" + port);
  }

  RedisClient client() {
    return RedisClient.create(LOOPBACK, port);
  }

  /** It keeps its connections, and says nothing more. */
  void halt() throws Exception {
    signal("STOP");
  }

  void goOn() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    int status = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    if (status != 0) throw new IOException("kill ended with " + status);
  }

  /** As by a fault: what is not on its disk is lost. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Again, with what its disk has. */
  void restart() throws Exception {
    process = launch(port, folder);
    awaitAnswer();
  }
}
