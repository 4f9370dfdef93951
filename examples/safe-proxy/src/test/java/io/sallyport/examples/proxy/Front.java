package io.sallyport.examples.proxy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A reverse proxy of somebody else's, with a configuration of this example, on another port. */
final class Front implements AutoCloseable {
  private static final int MOST_LOOKS = 200;

  private final Process process;
  private final int port;

  private Front(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts nginx before the server at a port. Skips the test if it is not installed. */
  static Front nginx(Path folder, int behind) throws Exception {
    int port = freePort();
    String inHttp = "http {\n  access_log off;\n";
    for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      inHttp += "  %s_temp_path %s;\n".formatted(kind, folder.resolve(kind));
    }
    String text = configuration("nginx.conf", port, behind).replace("http {\n", inHttp);
    Path file = Files.writeString(folder.resolve("nginx.conf"), text);
    String main = "daemon off; pid %s;".formatted(folder.resolve("nginx.pid"));
    String log = folder.resolve("error.log").toString();
    return start(folder, port, "nginx", "-c", file.toString(), "-e", log, "-g", main);
  }

  /** Starts Debian's Apache httpd before the server at a port, or skips the test. */
  static Front httpd(Path folder, int behind) throws Exception {
    int port = freePort();
    StringBuilder text = new StringBuilder();
    for (String line :
        List.of("ServerRoot", "DefaultRuntimeDir", "PidFile httpd.pid", "ErrorLog error.log")) {
      int blank = line.indexOf(' ');
      String name = blank < 0 ? line : line.substring(0, blank);
      Path path = blank < 0 ? folder : folder.resolve(line.substring(blank + 1));
      text.append("%s \"%s\"\n".formatted(name, path));
    }
    for (String module : List.of("mpm_event", "authz_core", "proxy", "proxy_http", "headers")) {
      String file = "/usr/lib/apache2/modules/mod_" + module + ".so";
      text.append("LoadModule %s_module %s\n".formatted(module, file));
    }
    text.append("ServerName localhost\n").append(configuration("httpd.conf", port, behind));
    Path file = Files.writeString(folder.resolve("httpd.conf"), text);
    return start(folder, port, "apache2", "-f", file.toString(), "-DFOREGROUND");
  }

  /** Starts HAProxy with a certificate, before the server at a port, or skips the test. */
  static Front haproxy(Path folder, int behind, Identity server, Identity client) throws Exception {
    int port = freePort();
    Path key = Files.writeString(folder.resolve("server.pem"), server.pem());
    Path trusted = Files.writeString(folder.resolve("clients.pem"), client.certificatePem());
    String text =
        configuration("haproxy.cfg", port, behind)
            .replace("server.pem", key.toString())
            .replace("clients.pem", trusted.toString());
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), text);
    return start(folder, port, "haproxy", "-db", "-f", file.toString());
  }

  private static String configuration(String name, int port, int behind) throws IOException {
    return Files.readString(Path.of("front", name))
        .replace("127.0.0.1:8000", "127.0.0.1:" + port)
        .replace("127.0.0.1:8080", "127.0.0.1:" + behind);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Front start(Path folder, int port, String... command) throws Exception {
    File said = folder.resolve("said").toFile();
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said).start();
    } catch (IOException e) {
      return Assumptions.abort("not tested: " + e.getMessage());
    }
    for (int look = 0; look < MOST_LOOKS; look++) {
      if (listens(port)) return new Front(process, port);
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) break;
    }
    process.destroy();
    throw new AssertionError(command[0] + " does not start: " + Files.readString(said.toPath()));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join().destroyForcibly();
  }
}
