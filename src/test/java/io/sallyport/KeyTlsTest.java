package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys over https, with certificates made by the JDK's keytool for this test. */
final class KeyTlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  private final SigningKey key = SigningKey.ec("k", "ES256");

  private void keytool(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
  }

  /** A key with a certificate of its own signature. */
  private String selfSigned(String name, String extension) throws Exception {
    String store = folder.resolve(name + ".p12").toString();
    keytool(
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-keystore",
        store,
        "-ext",
        extension);
    return store;
  }

  /** A key with a certificate that the authority has signed. */
  private Path certificate(String authority, String name, String... options) throws Exception {
    String store = selfSigned(name, "ku=digitalSignature");
    String request = folder.resolve(name + ".csr").toString();
    String signed = folder.resolve(name + ".pem").toString();
    String root = folder.resolve("root.pem").toString();
    keytool("-certreq", "-alias", "server", "-keystore", store, "-file", request);
    List<String> sign =
        new ArrayList<>(
            List.of(
                "-gencert",
                "-alias",
                "server",
                "-keystore",
                authority,
                "-infile",
                request,
                "-outfile",
                signed,
                "-rfc"));
    sign.addAll(List.of(options));
    keytool(sign.toArray(String[]::new));
    keytool("-exportcert", "-alias", "server", "-keystore", authority, "-file", root, "-rfc");
    keytool("-importcert", "-noprompt", "-alias", "root", "-keystore", store, "-file", root);
    keytool("-importcert", "-noprompt", "-alias", "server", "-keystore", store, "-file", signed);
    return Path.of(store);
  }

  private static KeyStore load(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** A context that shows one certificate and trusts others, each as its own root. */
  private static SSLContext context(Path shown, List<Path> trusted) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(load(shown), PASSWORD.toCharArray());
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    for (Path root : trusted) {
      roots.setCertificateEntry(root.toString(), load(root).getCertificate("server"));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private Object verdict(Path shown) throws Exception {
    SSLContext context = context(shown, List.of(shown));
    try (KeyServer server = new KeyServer(context.getServerSocketFactory()).publish(key);
        TokenVerifier verifier =
            TokenVerifier.builder()
                .issuer("https://id.example.com")
                .jwksUri(server.keysUri().replace("http:", "https:"))
                .audience("api")
                .allowedScopes("a")
                .build()) {
      Decision decision =
          verifier.verify(
              Jws.good("https://id.example.com", "api", "a", Instant.now()).signedBy(key));
      return decision instanceof Decision.Refused refused ? refused.refusal().reason() : "admitted";
    }
  }

  @Test
  @Tag("T64")
  void an_untrusted_an_expired_and_a_misnamed_certificate_bring_no_keys() throws Exception {
    String address = "san=ip:127.0.0.1";
    String authority = selfSigned("authority", "bc:c=ca:true");
    Path good = certificate(authority, "good", "-ext", address);
    Path expired =
        certificate(authority, "expired", "-ext", address, "-startdate", "-9d", "-validity", "3");
    Path misnamed = certificate(authority, "misnamed", "-ext", "san=dns:other.example");
    Path stranger = Path.of(selfSigned("stranger", address));
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(context(good, List.of(Path.of(authority))));
    try {
      assertThat(verdict(good))
          .as("so that the others fail for their own reason")
          .isEqualTo("admitted");
      assertThat(verdict(expired)).isEqualTo(Reason.KEYS_UNAVAILABLE);
      assertThat(verdict(misnamed)).isEqualTo(Reason.KEYS_UNAVAILABLE);
      assertThat(verdict(stranger)).isEqualTo(Reason.KEYS_UNAVAILABLE);
    } finally {
      SSLContext.setDefault(before);
    }
  }
}
