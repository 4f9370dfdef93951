package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys over https, with certificates made by the JDK's keytool for this test. */
final class KeyTlsTest {
  @TempDir Path folder;

  private final TestKey key = TestKey.generate("k", "ES256");

  /** A key with a certificate that the authority has signed. */
  private Path certificate(String authority, String name, String... options) throws Exception {
    Certificates certificates = new Certificates(folder);
    String store = certificates.selfSigned(name, "ku=digitalSignature");
    String request = folder.resolve(name + ".csr").toString();
    String signed = folder.resolve(name + ".pem").toString();
    String root = folder.resolve("root.pem").toString();
    certificates.keytool("-certreq", "-alias", "server", "-keystore", store, "-file", request);
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
    certificates.keytool(sign.toArray(String[]::new));
    certificates.keytool(
        "-exportcert", "-alias", "server", "-keystore", authority, "-file", root, "-rfc");
    certificates.keytool(
        "-importcert", "-noprompt", "-alias", "root", "-keystore", store, "-file", root);
    certificates.keytool(
        "-importcert", "-noprompt", "-alias", "server", "-keystore", store, "-file", signed);
    return Path.of(store);
  }

  private Object verdict(Path shown) throws Exception {
    SSLContext context = Certificates.context(shown, List.of(shown));
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
              Tokens.good("https://id.example.com", "api", "a", Instant.now()).mintedBy(key));
      return decision instanceof Decision.Refused refused ? refused.refusal().reason() : "admitted";
    }
  }

  @Test
  @Tag("T64")
  void an_untrusted_an_expired_and_a_misnamed_certificate_bring_no_keys() throws Exception {
    String address = "san=ip:127.0.0.1";
    Certificates certificates = new Certificates(folder);
    String authority = certificates.selfSigned("authority", "bc:c=ca:true");
    Path good = certificate(authority, "good", "-ext", address);
    Path expired =
        certificate(authority, "expired", "-ext", address, "-startdate", "-9d", "-validity", "3");
    Path misnamed = certificate(authority, "misnamed", "-ext", "san=dns:other.example");
    Path stranger = Path.of(certificates.selfSigned("stranger", address));
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(Certificates.context(good, List.of(Path.of(authority))));
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
