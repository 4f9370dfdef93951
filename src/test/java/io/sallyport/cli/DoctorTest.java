package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.sallyport.Certificates;
import io.sallyport.HostExposure.Finding;
import io.sallyport.cli.Command.Result;
import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.Outage;
import io.sallyport.testkit.TestIssuer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a gate depends on, looked over. */
final class DoctorTest {
  private static final Finding SOCKET =
      new Finding("a socket is open", "whoever is here owns the host", "hostPath: none");

  private static final Duration FAR = Duration.ofSeconds(40);

  @TempDir Path folder;

  private static ECKey ec(String kid) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(kid).algorithm(JWSAlgorithm.ES256).generate();
  }

  private static RSAKey rsa(String kid, int bits) throws JOSEException {
    return new RSAKeyGenerator(bits, true).keyID(kid).generate();
  }

  private static JWK ed25519(String kid) throws GeneralSecurityException {
    byte[] spki =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    Base64URL x = Base64URL.encode(Arrays.copyOfRange(spki, spki.length - 32, spki.length));
    return new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(kid).build();
  }

  private static KeyServer served(JWK... keys) {
    return new KeyServer().publish(Arrays.stream(keys).map(JWK::toPublicJWK).toArray(JWK[]::new));
  }

  private static Result doctor(String issuer, String... more) {
    return doctor(Command.plain(), issuer, more);
  }

  private static Result doctor(Command command, String issuer, String... more) {
    List<String> words = new ArrayList<>(List.of("doctor", "-s", "issuer=" + issuer));
    if (issuer.startsWith("http:")) words.addAll(List.of("-s", "allowHttp=true"));
    words.addAll(List.of(more));
    return command.run(words.toArray(String[]::new));
  }

  @Test
  void an_issuer_in_order_is_told_of_line_by_line() {
    try (TestIssuer issuer = TestIssuer.start("ES256", "RS256")) {
      Result result = doctor(issuer.issuer());
      assertThat(result.code()).as(result.out()).isZero();
      assertThat(result.complaints()).isEmpty();
      assertThat(result.out())
          .contains("issuer " + issuer.issuer() + "\n")
          .containsPattern("(?m)^  ok    metadata +" + issuer.issuer() + "/\\.well-known/openid-")
          .containsPattern("(?m)^  ok    issuer +the metadata names the same, letter for letter$")
          .containsPattern("(?m)^  ok    key set +" + issuer.jwksUri() + " in \\d+ ms, \\d+ bytes")
          .containsPattern("(?m)^  ok    key 'es256-1' EC P-256 ES256 +verifies ES256$")
          .containsPattern("(?m)^  ok    key 'rs256-1' RSA RS256 2048 bits +verifies RS256$")
          .containsPattern("(?m)^  ok    caching +fetched anew every 300 s, kept for 3600 s in an")
          .containsPattern("(?m)^  ok    clock +the issuer's says .*clockSkewSeconds allows 30 s$")
          .containsPattern("(?m)^  ok    library +gets keys from it$")
          .containsPattern("(?m)^  ok    exposure +nothing was found open")
          .contains("0 warnings, 0 failures");
    }
  }

  @Test
  void an_issuer_that_names_itself_otherwise_is_quoted() throws Exception {
    try (KeyServer issuer = served(ec("a"))) {
      issuer.answer(KeyServer.OPENID, Answer.json(issuer.metadata(issuer.issuer() + "/")));
      Result result = doctor(issuer.issuer());
      assertThat(result.code()).isOne();
      assertThat(result.out())
          .contains("the metadata names '" + issuer.issuer() + "/', which is not the same")
          .contains("-> set issuer to what it names, with or without the slash at its end")
          .contains("gets no keys from it: ");
    }
  }

  @Test
  void an_issuer_that_is_not_there_is_told_of_with_what_helps() throws Exception {
    String address;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "http://127.0.0.1:" + nobody.getLocalPort();
    }
    Result result = doctor(address);
    assertThat(result.code()).isOne();
    assertThat(result.out())
        .containsPattern("FAIL  metadata +" + address + "/\\S+: no connection\n +-> look at name")
        .containsPattern("FAIL  library +gets no keys from it: ");
  }

  @ParameterizedTest
  @EnumSource(names = {"DRIPPING", "STALLED_IN_BODY"})
  void an_answer_that_never_ends_is_not_waited_for(Outage kind) {
    try (TestIssuer issuer = TestIssuer.start("ES256")) {
      issuer.outage(kind);
      Result result = assertTimeoutPreemptively(FAR, () -> doctor(issuer.issuer()));
      assertThat(result.code()).isOne();
      assertThat(result.out())
          .containsPattern(
              "FAIL  metadata +" + issuer.issuer() + "/\\S+: no whole answer in 5 s\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/keys            | 404 | ''                     | /keys answered status 404",
        "/keys            | 302 | ''                     | redirects are not followed",
        "/keys            | 200 | <html>                 | 200 with something else than one JSON",
        "/keys            | 200 | '{\"keys\": 1}'        | has no array",
        "/keys            | 200 | '{\"keys\": []}'       | none of 0 keys is of use",
        "/.well-known/openid-configuration | 500 | ''    | openid-configuration answered status 500",
        "/.well-known/openid-configuration | 404 | ''    | oauth-authorization-server answered"
      })
  void a_document_that_is_not_what_it_should_be_is_described(
      String path, int status, String body, String said) throws Exception {
    try (KeyServer issuer = served(ec("a"))) {
      issuer.answer(
          path, Answer.of(status, "application/json", body.getBytes(StandardCharsets.UTF_8)));
      Result result = doctor(issuer.issuer());
      assertThat(result.code()).isOne();
      assertThat(result.out()).contains(said).contains("gets no keys from it");
    }
  }

  @Test
  void a_key_address_that_is_not_to_be_trusted_is_not_asked() throws Exception {
    try (KeyServer issuer = served(ec("a"))) {
      String metadata =
          Json.text(Map.of("issuer", issuer.issuer(), "jwks_uri", "http://keys.example.com/keys"));
      issuer.answer(KeyServer.OPENID, Answer.json(metadata));
      assertThat(doctor(issuer.issuer()).out())
          .contains("FAIL  jwks_uri")
          .contains("names 'http://keys.example.com/keys', which is no https URL");
    }
  }

  @Test
  void each_key_says_whether_it_is_of_use_and_why_not() throws Exception {
    RSAKey small =
        new RSAKey.Builder((RSAPublicKey) rsa("s", 1024).toPublicKey()).keyID("s").build();
    JWK forEncryption = new RSAKey.Builder(rsa("e", 2048)).keyUse(KeyUse.ENCRYPTION).build();
    JWK edwards = ed25519("o");
    try (KeyServer issuer = served(ec("twin"), ec("twin"), small, forEncryption, edwards)) {
      Result result = doctor(issuer.issuer(), "-s", "algorithms=ES256 RS256");
      assertThat(result.code()).isZero();
      assertThat(result.out())
          .containsPattern(
              "(?m)^  warn  key 's' RSA 1024 bits +not of use: RSA of 1024 bits, where")
          .containsPattern("(?m)^  ok    key 'e' RSA 2048 bits +left out, as it should be: its use")
          .containsPattern("(?m)^  warn  key 'o' OKP Ed25519 +not of use: it is for none of the")
          .containsPattern("(?m)^  warn  keys +2 keys have kid and algorithm 'twin ES256'$")
          .contains("SP-208");
      assertThat(doctor(issuer.issuer(), "-s", "algorithms=ES512").out())
          .containsPattern("FAIL  keys +none of 5 keys is of use");
    }
  }

  @ParameterizedTest
  @CsvSource({"0, ok", "20, warn", "-20, warn", "50, FAIL", "-50, FAIL", "86400, FAIL"})
  void the_clocks_are_compared_with_what_the_skew_allows(long offset, String state) {
    try (TestIssuer issuer = TestIssuer.start()) {
      issuer.clockOffset(Duration.ofSeconds(offset));
      Result result = doctor(issuer.issuer());
      assertThat(result.code()).isEqualTo(state.equals("FAIL") ? 1 : 0);
      assertThat(result.out())
          .containsPattern(
              "(?m)^  " + state + " +clock +the issuer's says \\S+Z, ours \\S+Z: \\d+ s");
      if (!state.equals("ok")) {
        assertThat(result.out()).contains((offset < 0 ? "ours" : "the issuer's") + " is fast");
      }
    }
  }

  @Test
  void an_answer_without_a_date_leaves_the_clocks_open() throws Exception {
    try (KeyServer issuer = served(ec("a"))) {
      assertThat(doctor(issuer.issuer()).out())
          .containsPattern("warn  clock +the answer has no Date, so the clocks cannot be compared");
    }
  }

  @Test
  void what_the_issuer_says_of_caching_is_shown() throws Exception {
    String keys = Json.text(Map.of("keys", List.of(ec("a").toPublicJWK().toJSONObject())));
    try (KeyServer issuer = new KeyServer()) {
      issuer.answer(KeyServer.KEYS, Answer.json(keys, "Cache-Control: max-age=7200", "Age: 9"));
      assertThat(doctor(issuer.issuer(), "-s", "keyRefreshSeconds=60").out())
          .contains("fetched anew every 60 s", "the issuer says max-age=7200, Age: 9");
    }
  }

  @Test
  void a_certificate_that_ends_soon_or_is_not_believed_is_told_of() throws Exception {
    SSLContext before = SSLContext.getDefault();
    Path ofSoon = certificate("soon", "5");
    Path ofLater = certificate("later", "90");
    try (KeyServer soon = overTls(ofSoon);
        KeyServer later = overTls(ofLater)) {
      SSLContext.setDefault(Certificates.context(null, List.of(ofSoon)));
      Result ends = doctor(https(soon.issuer()));
      assertThat(ends.code()).as(ends.out()).isZero();
      assertThat(ends.out()).containsPattern("warn  certificate +in force until \\S+Z, for 4 days");
      Result stranger = doctor(https(later.issuer()));
      assertThat(stranger.code()).isOne();
      assertThat(stranger.out()).contains("FAIL  metadata", "-Djavax.net.ssl.trustStore=");
      SSLContext.setDefault(Certificates.context(null, List.of(ofLater)));
      assertThat(doctor(https(later.issuer())).out())
          .containsPattern("ok    certificate +in force until \\S+Z, for 89 days");
    } finally {
      SSLContext.setDefault(before);
    }
  }

  private static KeyServer overTls(Path certificate) throws Exception {
    SSLContext context = Certificates.context(certificate, List.of(certificate));
    KeyServer server = new KeyServer(context.getServerSocketFactory());
    server.answer(KeyServer.OPENID, Answer.json(https(server.metadata(server.issuer()))));
    return server.publish(ec("a").toPublicJWK());
  }

  private static String https(String text) {
    return text.replace("http:", "https:");
  }

  private Path certificate(String name, String days) throws Exception {
    return Path.of(
        new Certificates(folder).selfSigned(name, "san=ip:127.0.0.1", "-validity", days));
  }

  @Test
  void a_way_to_the_host_is_told_of_with_gain_and_manifest() throws Exception {
    Result alone = Command.plain().on(SOCKET).run("doctor");
    assertThat(alone.code()).isZero();
    assertThat(alone.out())
        .contains("warn  exposure  a socket is open: whoever is here owns the host\n")
        .contains("-> hostPath: none\n")
        .contains("No issuer was looked at");
    try (KeyServer issuer = served(ec("a"))) {
      Result refused =
          doctor(Command.plain().on(SOCKET), issuer.issuer(), "-s", "hostExposure=refuse");
      assertThat(refused.code()).isOne();
      assertThat(refused.out()).contains("FAIL  exposure").doesNotContain("No issuer was looked");
    }
  }

  @Test
  void several_issuers_are_looked_at_each() throws Exception {
    try (KeyServer good = served(ec("a"));
        KeyServer bad = new KeyServer()) {
      Path file =
          Files.writeString(
              folder.resolve("two.properties"),
              """
              issuers=corp partner
              allowHttp=true
              audience=api
              allowedScopes=a
              corp.issuer=%s
              partner.issuer=%s
              """
                  .formatted(good.issuer(), bad.issuer()));
      Result result = Command.plain().run("doctor", "--config", file.toString());
      assertThat(result.code()).isOne();
      String[] parts = result.out().split("issuer " + bad.issuer());
      assertThat(parts[0]).contains("issuer " + good.issuer()).doesNotContain("FAIL");
      assertThat(parts[1]).contains("FAIL  key set");
    }
  }

  @Test
  void keys_that_are_not_fetched_are_looked_at_where_they_are() throws Exception {
    Path jwks =
        Files.writeString(
            folder.resolve("keys.json"),
            Json.text(Map.of("keys", List.of(ec("f").toPublicJWK().toJSONObject()))));
    String issuer = "https://id.example.com";
    assertThat(doctor(issuer, "-s", "jwks=" + jwks).out())
        .containsPattern("ok    key 'f' EC P-256 ES256 +verifies ES256")
        .doesNotContain("library");
    Path secret = Files.writeString(folder.resolve("secret"), "s".repeat(32));
    assertThat(doctor(issuer, "-s", "hmacSecretFile=" + secret, "-s", "algorithms=HS256").out())
        .contains("a shared secret out of a file");
  }

  @Test
  void half_a_configuration_in_a_file_is_a_fault() throws Exception {
    Path file =
        Files.writeString(folder.resolve("half.properties"), "issuer=https://id.example.com");
    Result result = Command.plain().run("doctor", "--config", file.toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(file + ": Sallyport cannot start: the setting 'audience'");
  }

  @Test
  void json_says_the_same() throws Exception {
    try (KeyServer issuer = served(ec("a"))) {
      Map<String, ?> good = doctor(issuer.issuer(), "--json").json();
      assertThat(good.get("good")).isEqualTo(true);
      assertThat(good.get("lines").toString())
          .contains("state=ok, what=key 'a' EC P-256 ES256, found=verifies ES256, remedy=null");
    }
    Map<String, ?> open = Command.plain().on(SOCKET).run("doctor", "--json").json();
    assertThat(open.get("lines").toString()).contains("state=warn", "remedy=hostPath: none");
  }
}
