package io.sallyport.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.examples.proxy.Wire.Answer;
import io.sallyport.examples.proxy.Witness.Seen;
import io.sallyport.testkit.TestIssuer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The configurations of docs/reverse-proxies.md, each in the server that it is for. Where that is
 * not installed, the test is skipped.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class FrontTest {
  @TempDir Path folder;

  private Front front(String server, int behind) throws Exception {
    return server.equals("nginx") ? Front.nginx(folder, behind) : Front.httpd(folder, behind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "httpd"})
  void a_path_arrives_as_it_came(String server) throws Exception {
    try (Witness behind = Witness.at("127.0.0.1", 0);
        Front front = front(server, behind.port())) {
      for (String target :
          List.of(
              "/a/../b",
              "/a/./b",
              "/a//b",
              "/%61",
              "/a%2fb",
              "/a%2Fb",
              "/a/%2e%2e/b",
              "/a%5cb",
              "/a%252fb",
              "/a;x=1",
              "/..;/b",
              "/a?b=/../%2e//c")) {
        assertThat(Wire.get(front.port(), target, "t").status()).as(target).isEqualTo(200);
        assertThat(behind.only().target()).isEqualTo(target);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "httpd"})
  void a_token_arrives_whole_and_a_clients_certificate_field_does_not(String server)
      throws Exception {
    String token = "x".repeat(16_384);
    try (Witness behind = Witness.at("127.0.0.1", 0);
        Front front = front(server, behind.port())) {
      Answer answer =
          Wire.get(
              front.port(),
              "/",
              token,
              "Client-Cert: :MIIB:",
              "client-CERT: :MIIB:",
              "Client-Cert-Chain: :MIIB:",
              "DPoP: proof");
      assertThat(answer.status()).isEqualTo(200);
      Seen seen = behind.only();
      assertThat(seen.values("Authorization")).containsExactly("Bearer " + token);
      assertThat(seen.values("DPoP")).containsExactly("proof");
      assertThat(seen.values("Host")).containsExactly(Wire.HOST);
      assertThat(seen.names())
          .doesNotContain("client-cert", "client-cert-chain", "x-forwarded-for");
    }
  }

  /** It is this proxy that stands behind, for clients that have to show a certificate. */
  @Test
  void haproxy_says_which_certificate_it_has_seen_and_nobody_else_can() throws Exception {
    Identity server = Identity.make(folder, "server");
    Identity client = Identity.make(folder, "client");
    try (TestIssuer issuer = TestIssuer.start("ES256");
        Witness upstream = Witness.at("127.0.0.1", 0)) {
      SafeProxy proxy =
          SafeProxy.start(
              Proxies.settings(
                  issuer,
                  Proxies.at(upstream, ""),
                  "addresses",
                  "127.0.0.1",
                  "sallyport.senderConstraint",
                  "mtls",
                  "sallyport.trustedProxies",
                  "127.0.0.1"),
              null);
      try (Front front = Front.haproxy(folder, proxy.port(), server, client)) {
        String token = issuer.token().scope("orders:read").boundTo(client.certificate()).mint();
        byte[] der = client.certificate().getEncoded();
        String field = "Client-Cert: :" + Base64.getEncoder().encodeToString(der) + ":";

        assertThat(status(client.trusting(server), front, token)).isEqualTo(200);
        assertThat(status(server.trusted(), front, token)).as("no certificate").isEqualTo(401);
        assertThat(status(server.trusted(), front, token, field)).as("forged").isEqualTo(401);
        assertThat(Wire.get(proxy.port(), "/", token, field).status())
            .as("the field is what counts")
            .isEqualTo(200);
        assertThat(upstream.seen()).hasSize(2);
      } finally {
        proxy.stop();
      }
    }
  }

  private static int status(SSLContext tls, Front front, String token, String... fields)
      throws Exception {
    return Wire.send(
            tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), front.port()),
            Wire.request("GET", "/", token, fields))
        .status();
  }
}
