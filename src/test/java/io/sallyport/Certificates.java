package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keys with certificates, made by the JDK's keytool for one test.
 *
 * @param folder where they are kept
 */
public record Certificates(Path folder) {
  public static final String PASSWORD = "changeit";
  private static final Map<List<String>, byte[]> MADE = new ConcurrentHashMap<>();

  public void keytool(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
  }

  /**
   * A key with a certificate of its own signature. It is made once in a JVM: PIT starts a class
   * anew for each of its tests, and keytool is slow.
   *
   * @param more further options of keytool, such as {@code -validity 5}
   */
  public String selfSigned(String name, String extension, String... more) throws Exception {
    Path store = folder.resolve(name + ".p12");
    List<String> wish = Stream.concat(Stream.of(name, extension), Stream.of(more)).toList();
    byte[] made = MADE.get(wish);
    if (made == null) {
      make(name, extension, store.toString(), more);
      MADE.put(wish, Files.readAllBytes(store));
    } else {
      Files.write(store, made);
    }
    return store.toString();
  }

  private void make(String name, String extension, String store, String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of("-genkeypair", "-alias", "server"));
    options.addAll(List.of("-keyalg", "EC", "-dname", "CN=" + name, "-keystore", store));
    options.addAll(List.of("-ext", extension));
    options.addAll(List.of(more));
    keytool(options.toArray(String[]::new));
  }

  public static KeyStore load(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** A context that shows one certificate, or none, and trusts others, each as its own root. */
  public static SSLContext context(@Nullable Path shown, List<Path> trusted) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    if (shown != null) keys.init(load(shown), PASSWORD.toCharArray());
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    for (Path root : trusted) {
      roots.setCertificateEntry(root.toString(), load(root).getCertificate("server"));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
