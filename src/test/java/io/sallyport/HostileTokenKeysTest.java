package io.sallyport;

import static io.sallyport.Trial.EC;
import static io.sallyport.Trial.ED;
import static io.sallyport.Trial.GATE;
import static io.sallyport.Trial.NOW;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.admitted;
import static io.sallyport.Trial.gate;
import static io.sallyport.Trial.good;
import static io.sallyport.Trial.refused;
import static io.sallyport.Trial.underHeader;
import static io.sallyport.Trial.withHeader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Algorithm, header, key (THREATS B): who may have signed a token, and how. */
final class HostileTokenKeysTest {
  private static final TestKey ATTACKER = TestKey.generate("rsa-1", "RS256");
  private static final TestKey ATTACKER_EC = TestKey.generate("ec-1", "ES256");
  private static final TestKey OTHER_RSA = TestKey.generate("rsa-2", "RS256");
  private static final TestKey WEAK = TestKey.rsa("d", "RS256", 1024);
  private static final TestKey EXPONENT_3 = rsaWithExponent(3);
  private static final TestKey P384 = TestKey.generate("ec-384", "ES384");
  private static final KeyServer SERVER = new KeyServer().publish(ATTACKER);

  @TempDir static Path folder;

  @AfterAll
  static void stopServer() {
    SERVER.close();
  }

  // ---- alg

  static Stream<Trial> algorithms() {
    List<Trial> rows = new ArrayList<>();
    for (String alg :
        List.of(
            "none",
            "None",
            "NONE",
            "nOnE",
            "NoNe",
            "none ",
            "",
            " ",
            "rs256",
            "Rs256",
            "RS256 ",
            " RS256",
            "RS256\\u0000",
            "RS256\\n",
            "RS-256",
            "RS256,none",
            "RS256 none",
            "RS384",
            "RS512",
            "PS384",
            "PS512",
            "ES384",
            "ES512",
            "ES256K",
            "ES521",
            "HS256",
            "hs256",
            "Hs256",
            "HS384",
            "HS512",
            "SHA256withRSA",
            "RSA",
            "RSASSA-PSS",
            "RS1",
            "RSA1_5",
            "RSA-OAEP",
            "dir",
            "A128KW",
            "Ed448",
            "eddsa",
            "EDDSA",
            "ed25519",
            "ED25519",
            "ML-DSA-44",
            "*",
            "RS*",
            "RS25",
            "RS2566",
            "ＲＳ256",
            "R\\u0405256",
            "null",
            "true",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")) {
      rows.add(
          refused(
              Reason.ALGORITHM_NOT_ALLOWED,
              "alg " + alg,
              underHeader("{\"alg\":\"" + alg + "\",\"kid\":\"rsa-1\"}")));
    }
    for (String alg :
        List.of("null", "5", "256", "true", "[]", "[\"RS256\"]", "{}", "{\"name\":\"RS256\"}")) {
      rows.add(
          refused(
              Reason.HEADER_MALFORMED,
              "alg as JSON " + alg,
              underHeader("{\"alg\":" + alg + ",\"kid\":\"rsa-1\"}")));
    }
    rows.add(refused(Reason.ALGORITHM_NOT_ALLOWED, "no alg", underHeader("{\"kid\":\"rsa-1\"}")));
    rows.add(
        refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "Alg",
            underHeader("{\"Alg\":\"RS256\",\"kid\":\"rsa-1\"}")));
    rows.add(
        admitted(
            "alg spelt with an escape",
            underHeader("{\"alg\":\"\\u0052S256\",\"kid\":\"rsa-1\"}")));
    TokenVerifier ecOnly = gate(RSA.jwk(), EC.jwk()).algorithms("ES256").build();
    rows.add(
        refused(
                Reason.ALGORITHM_NOT_ALLOWED,
                "RS256 where ES256 alone is allowed",
                good().mintedBy(RSA))
            .at(ecOnly));
    rows.add(admitted("ES256 where it alone is allowed", good().mintedBy(EC)).at(ecOnly));
    TokenVerifier more = gate(P384.jwk()).algorithms("ES384", "ES512").build();
    rows.add(admitted("ES384 where it is allowed", good().mintedBy(P384)).at(more));
    return rows.stream();
  }

  @Tag("T14")
  @Tag("T5")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("algorithms")
  void alg_is_letter_for_letter_one_of_the_list(Trial row) {
    row.check();
  }

  // ---- shared secrets

  static Stream<Trial> publicKeysAsSecrets() {
    List<Trial> rows = new ArrayList<>();
    for (TestKey key : List.of(RSA, EC, ED)) {
      secrets(key)
          .forEach(
              (name, secret) -> {
                for (String alg : List.of("HS256", "HS384", "HS512")) {
                  String header = "{\"alg\":\"" + alg + "\",\"kid\":\"" + key.kid() + "\"}";
                  rows.add(
                      refused(
                          Reason.ALGORITHM_NOT_ALLOWED,
                          alg + " of " + key.kid() + " with " + name,
                          mac(header, alg, secret)));
                }
                rows.add(
                    refused(
                        Reason.ALGORITHM_NOT_ALLOWED,
                        "HS256 without kid with " + name + " of " + key.kid(),
                        mac("{\"alg\":\"HS256\"}", "HS256", secret)));
                String header = "{\"alg\":\"" + key.alg() + "\",\"kid\":\"" + key.kid() + "\"}";
                rows.add(
                    refused(
                        Reason.SIGNATURE_INVALID,
                        key.alg() + " with an HMAC by " + name,
                        mac(header, "HS256", secret)));
              });
    }
    return rows.stream();
  }

  private static Map<String, byte[]> secrets(TestKey key) {
    byte[] spki = key.pair().getPublic().getEncoded();
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(spki);
    String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    secrets.put("DER", spki);
    secrets.put("PEM", utf8(pem));
    secrets.put("PEM and a line end", utf8(pem + "\n"));
    secrets.put("the JWK", utf8(key.jwk().toJSONString()));
    secrets.put("the JWK set", utf8(KeyServer.jwks(RSA.jwk(), EC.jwk(), ED.jwk())));
    secrets.put("the kid", utf8(key.kid()));
    secrets.put("32 zeros", new byte[32]);
    if (key.pair().getPublic() instanceof RSAPublicKey rsa) {
      secrets.put("the modulus", Base64URL.encode(rsa.getModulus()).decode());
      secrets.put("the modulus with its sign byte", rsa.getModulus().toByteArray());
      secrets.put("the modulus as text", utf8(Base64URL.encode(rsa.getModulus()).toString()));
    }
    return secrets;
  }

  private static String mac(String header, String alg, byte[] secret) {
    return TestToken.signed(
        utf8(header), utf8(good().claimsJson()), input -> TestToken.hmac(alg, secret, input));
  }

  @Tag("T14")
  @Tag("T15")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("publicKeysAsSecrets")
  void a_public_key_is_never_a_secret(Trial row) {
    row.check();
  }

  static Stream<Trial> sharedSecrets() throws IOException {
    byte[] secret = utf8("0123456789abcdef0123456789abcdef");
    Map<String, Object> oct =
        Map.of("kty", "oct", "kid", "oct-1", "k", Base64URL.encode(secret).toString());
    TokenVerifier withOct = fromFile("oct.json", oct, RSA.jwk().toJSONObject()).build();
    Path file = folder.resolve("secret");
    Files.write(file, secret);
    TokenVerifier hmac =
        Trial.settings()
            .allowedScopes("orders:read")
            .algorithms("HS256")
            .hmacSecretFile(file.toString())
            .build();
    String hs256 = "{\"alg\":\"HS256\",\"kid\":\"oct-1\"}";
    String noKid = "{\"alg\":\"HS256\"}";
    return Stream.of(
        refused(
                Reason.ALGORITHM_NOT_ALLOWED,
                "HS256 by a symmetric key of the set",
                mac(hs256, "HS256", secret))
            .at(withOct),
        refused(
                Reason.ALGORITHM_NOT_ALLOWED,
                "HS256 by it, without kid",
                mac(noKid, "HS256", secret))
            .at(withOct),
        refused(
                Reason.KEY_UNKNOWN,
                "RS256 naming the symmetric key",
                good().mintedBy(ATTACKER.as("oct-1", "RS256")))
            .at(withOct),
        admitted("the public key beside it", good().mintedBy(RSA)).at(withOct),
        admitted("HS256 by the secret of the file", mac(hs256, "HS256", secret)).at(hmac),
        admitted("HS256 by it, without kid", mac(noKid, "HS256", secret)).at(hmac),
        refused(
                Reason.SIGNATURE_INVALID,
                "HS256 by another secret",
                mac(hs256, "HS256", utf8("0123456789abcdef0123456789abcdeF")))
            .at(hmac),
        refused(
                Reason.SIGNATURE_INVALID,
                "HS256 by the secret and a line end",
                mac(hs256, "HS256", utf8("0123456789abcdef0123456789abcdef\n")))
            .at(hmac),
        refused(
                Reason.SIGNATURE_INVALID,
                "HS256 with half of its tag",
                halfTag(mac(hs256, "HS256", secret)))
            .at(hmac),
        refused(
                Reason.ALGORITHM_NOT_ALLOWED,
                "HS512 where HS256 is named",
                mac("{\"alg\":\"HS512\"}", "HS512", secret))
            .at(hmac),
        refused(Reason.ALGORITHM_NOT_ALLOWED, "RS256 where there is a secret", good().mintedBy(RSA))
            .at(hmac),
        refused(
                Reason.ALGORITHM_NOT_ALLOWED,
                "none where there is a secret",
                mac("{\"alg\":\"none\"}", "HS256", secret))
            .at(hmac));
  }

  private static String halfTag(String token) {
    return token.substring(0, token.lastIndexOf('.') + 1 + 22).replaceFirst(".$", "A");
  }

  @Tag("T15")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("sharedSecrets")
  void secrets_and_public_keys_never_mix(Trial row) {
    row.check();
  }

  @Test
  @Tag("T15")
  void a_mixture_of_secrets_and_public_keys_stops_the_start() throws IOException {
    Path secret = folder.resolve("mixed-secret");
    Files.write(secret, new byte[64]);
    Path jwks = folder.resolve("mixed.json");
    Files.writeString(jwks, KeyServer.jwks(RSA.jwk()));
    List<TokenVerifier.Builder> mixtures =
        List.of(
            scoped().algorithms("HS256").jwks(jwks.toString()),
            scoped().algorithms("RS256 HS256").jwks(jwks.toString()),
            scoped().algorithms("HS256").jwks(jwks.toString()).hmacSecretFile(secret.toString()),
            scoped().algorithms("RS256").hmacSecretFile(secret.toString()),
            scoped().algorithms("RS256 HS256").hmacSecretFile(secret.toString()),
            scoped().hmacSecretFile(secret.toString()),
            scoped()
                .algorithms("HS256")
                .jwksUri("https://id.example.com/keys")
                .hmacSecretFile(secret.toString()),
            scoped().algorithms("HS256").jwksUri("https://id.example.com/keys"));
    for (TokenVerifier.Builder mixture : mixtures) {
      assertThatThrownBy(mixture::build).isInstanceOf(IllegalArgumentException.class);
    }
    for (String alg : List.of("none", "None", "HS128", "RS256 none", "rs256")) {
      assertThatThrownBy(() -> scoped().algorithms(alg))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static TokenVerifier.Builder scoped() {
    return Trial.settings().allowedScopes("orders:read");
  }

  // ---- algorithm against key

  static Stream<Trial> confusions() {
    TestKey ps = OTHER_RSA.as("rsa-ps", "PS256");
    TestKey free = ATTACKER.as("rsa-free", "RS256");
    TestKey curve = P384;
    TokenVerifier gate =
        gate(
                RSA.jwk(),
                ps.jwk(),
                free.jwk("rsa-free", null),
                EC.jwk(),
                ED.jwk(),
                curve.jwk("ec-384", null))
            .build();
    Map<TestKey, List<String>> fitting = new LinkedHashMap<>();
    fitting.put(RSA, List.of("RS256"));
    fitting.put(ps, List.of("PS256"));
    fitting.put(free, List.of("RS256", "PS256"));
    fitting.put(EC, List.of("ES256"));
    fitting.put(ED, List.of("EdDSA", "Ed25519"));
    fitting.put(curve, List.of());
    List<Trial> rows = new ArrayList<>();
    fitting.forEach(
        (key, algs) -> {
          for (String alg : List.of("RS256", "PS256", "ES256", "EdDSA", "Ed25519")) {
            String header = "{\"alg\":\"" + alg + "\",\"kid\":\"" + key.kid() + "\"}";
            if (algs.contains(alg)) {
              rows.add(admitted(alg + " under " + key.kid(), signedAs(header, alg, key)).at(gate));
            } else {
              rows.add(
                  refused(
                          Reason.KEY_UNFIT,
                          alg + " under " + key.kid(),
                          TestToken.signed(header, good().claimsJson(), key))
                      .at(gate));
            }
          }
          for (String alg : List.of("HS256", "none", "RS384", "ES384")) {
            String header = "{\"alg\":\"" + alg + "\",\"kid\":\"" + key.kid() + "\"}";
            rows.add(
                refused(
                        Reason.ALGORITHM_NOT_ALLOWED,
                        alg + " under " + key.kid(),
                        TestToken.signed(header, good().claimsJson(), key))
                    .at(gate));
          }
        });
    rows.add(
        refused(
                Reason.KEY_UNFIT,
                "PS256, really signed so, under a key for RS256",
                good().mintedBy(RSA.as("rsa-1", "PS256")))
            .at(gate));
    rows.add(
        refused(
                Reason.KEY_UNFIT,
                "RS256, really signed so, under a key for PS256",
                good().mintedBy(ps.as("rsa-ps", "RS256")))
            .at(gate));
    rows.add(
        refused(
                Reason.SIGNATURE_INVALID,
                "PS256 signed as RS256",
                signedAs("{\"alg\":\"PS256\",\"kid\":\"rsa-free\"}", "RS256", free))
            .at(gate));
    rows.add(
        refused(
                Reason.SIGNATURE_INVALID,
                "RS256 signed as PS256",
                signedAs("{\"alg\":\"RS256\",\"kid\":\"rsa-free\"}", "PS256", free))
            .at(gate));
    rows.add(
        refused(
                Reason.SIGNATURE_INVALID,
                "RS256 signed as RS512",
                signedAs("{\"alg\":\"RS256\",\"kid\":\"rsa-free\"}", "RS512", free))
            .at(gate));
    TokenVerifier p384 = gate(curve.jwk("ec-384", null)).algorithms("ES256", "ES384").build();
    rows.add(
        refused(
                Reason.KEY_UNFIT,
                "ES256 under P-384",
                TestToken.signed(
                    "{\"alg\":\"ES256\",\"kid\":\"ec-384\"}", good().claimsJson(), curve))
            .at(p384));
    rows.add(admitted("ES384 under P-384", good().mintedBy(curve)).at(p384));
    TokenVerifier named = gate(ED.jwk("ed-1", "Ed25519")).build();
    rows.add(admitted("EdDSA under a key for Ed25519", good().mintedBy(ED)).at(named));
    rows.add(
        admitted("Ed25519 under a key for Ed25519", good().mintedBy(ED.as("ed-1", "Ed25519")))
            .at(named));
    return rows.stream();
  }

  private static String signedAs(String header, String alg, TestKey key) {
    return TestToken.signed(utf8(header), utf8(good().claimsJson()), key.as(key.kid(), alg)::sign);
  }

  @Tag("T16")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("confusions")
  void key_type_curve_and_the_algorithm_of_the_key_have_to_fit(Trial row) {
    row.check();
  }

  // ---- keys and addresses in the header

  static Stream<Trial> embedded() {
    String jwk = ATTACKER.jwk().toJSONString();
    String uri = "\"" + SERVER.keysUri() + "\"";
    String certificate = "[\"" + Base64.getEncoder().encodeToString(new byte[300]) + "\"]";
    List<Trial> rows = new ArrayList<>();
    for (String kid : List.of("\"kid\":\"rsa-1\",", "", "\"kid\":\"evil\",")) {
      Reason reason = kid.contains("evil") ? Reason.KEY_UNKNOWN : Reason.SIGNATURE_INVALID;
      for (String member :
          List.of(
              "\"jwk\":" + jwk,
              "\"jku\":" + uri,
              "\"x5u\":" + uri,
              "\"jku\":" + uri + ",\"x5u\":" + uri + ",\"jwk\":" + jwk,
              "\"x5t\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"jwk\":" + jwk)) {
        rows.add(
            refused(
                reason,
                "signed by the attacker, "
                    + (kid.isEmpty() ? "no kid, " : kid)
                    + member.substring(0, 6),
                signedBy(ATTACKER, "{\"alg\":\"RS256\"," + kid + member + "}")));
      }
    }
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "EC key embedded",
            signedBy(
                ATTACKER_EC,
                "{\"alg\":\"ES256\",\"kid\":\"ec-1\",\"jwk\":"
                    + ATTACKER_EC.jwk().toJSONString()
                    + "}")));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "EC key embedded, no kid",
            signedBy(
                ATTACKER_EC,
                "{\"alg\":\"ES256\",\"jwk\":" + ATTACKER_EC.jwk().toJSONString() + "}")));
    rows.add(
        refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "symmetric key embedded",
            mac(
                "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                "HS256",
                new byte[3])));
    rows.add(
        new Trial(
            "x5c, whatever it is taken for",
            GATE,
            signedBy(ATTACKER, "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"x5c\":" + certificate + "}"),
            Reason.SIGNATURE_INVALID));
    return rows.stream();
  }

  private static String signedBy(TestKey key, String header) {
    return TestToken.signed(header, good().claimsJson(), key);
  }

  @Tag("T17")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("embedded")
  void a_key_or_an_address_in_the_header_counts_for_nothing(Trial row) {
    row.check();
    assertThat(SERVER.asked()).isEmpty();
  }

  @Test
  @Tag("T17")
  void an_address_in_the_header_of_a_good_token_is_not_asked() {
    for (String name : List.of("jku", "x5u")) {
      GATE.verify(withHeader(name, "\"" + SERVER.keysUri() + "\""));
    }
    assertThat(SERVER.asked()).isEmpty();
  }

  // ---- extensions

  static Stream<Trial> extensions() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put(
        "crit",
        List.of(
            "[]",
            "[\"b64\"]",
            "[\"exp\"]",
            "[\"alg\"]",
            "[\"typ\",\"kid\"]",
            "[\"http://example.com/unknown\"]",
            "[\"\"]",
            "[null]",
            "[5]",
            "[[\"b64\"]]",
            "null",
            "\"exp\"",
            "\"\"",
            "{}",
            "{\"b64\":true}",
            "0",
            "true",
            "false"));
    values.put(
        "b64", List.of("true", "false", "null", "\"true\"", "\"false\"", "0", "1", "[]", "{}"));
    values.put("zip", List.of("\"DEF\"", "\"GZIP\"", "\"none\"", "\"\"", "null", "false", "[]"));
    values.put("enc", List.of("\"A256GCM\"", "\"none\"", "\"\"", "null", "false"));
    List<Trial> rows = new ArrayList<>();
    values.forEach(
        (name, all) ->
            all.forEach(
                value ->
                    rows.add(
                        refused(
                            Reason.HEADER_UNSUPPORTED,
                            name + " " + value,
                            withHeader(name, value)))));
    String both = "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"b64\"],\"b64\":%s}";
    rows.add(
        refused(
            Reason.HEADER_UNSUPPORTED,
            "crit and b64 false, as RFC 7797 has it",
            underHeader(both.formatted("false"))));
    rows.add(
        refused(
            Reason.HEADER_UNSUPPORTED, "crit and b64 true", underHeader(both.formatted("true"))));
    rows.add(
        refused(
            Reason.HEADER_UNSUPPORTED, "b64 false, signed over the payload itself", unencoded()));
    rows.add(
        refused(
            Reason.HEADER_UNSUPPORTED,
            "crit spelt with an escape",
            withHeader("cri\\u0074", "[\"exp\"]")));
    rows.add(
        refused(
            Reason.HEADER_UNSUPPORTED,
            "crit with what it names",
            underHeader("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"exp\"],\"exp\":1}")));
    rows.add(admitted("Crit, which is another name", withHeader("Crit", "[\"exp\"]")));
    rows.add(
        admitted(
            "an unknown member that is not critical", withHeader("x-unknown", "{\"a\":[1,null]}")));
    return rows.stream();
  }

  /** Signed as RFC 7797 signs, and shown in base64url all the same. */
  private static String unencoded() {
    String header = TestToken.base64Url("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"b64\":false}");
    String claims = good().claimsJson();
    byte[] signature = RSA.sign(utf8(header + "." + claims));
    return header + "." + TestToken.base64Url(claims) + "." + Base64URL.encode(signature);
  }

  @Tag("T18")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("extensions")
  void what_changes_the_reading_of_a_token_refuses_it_whatever_the_value(Trial row) {
    row.check();
  }

  // ---- kid

  static Stream<Trial> kids() {
    List<Trial> rows = new ArrayList<>();
    for (String kid :
        List.of("null", "5", "true", "[]", "[\"rsa-1\"]", "{}", "{\"kid\":\"rsa-1\"}", "1e3")) {
      rows.add(
          refused(
              Reason.HEADER_MALFORMED,
              "kid as JSON " + kid,
              underHeader("{\"alg\":\"RS256\",\"kid\":" + kid + "}")));
    }
    for (String kid :
        List.of(
            "",
            " ",
            "rsa-2",
            "RSA-1",
            "rsa-1 ",
            " rsa-1",
            "rsa-1\\u0000",
            "rsa-1\\n",
            "rsa\\u00ad-1",
            "rsa-1,ec-1",
            "rsa-*",
            ".*",
            "../../../../etc/passwd",
            "/dev/null",
            "file:///dev/null",
            "' OR '1'='1",
            "'; DROP TABLE keys; --",
            "${jndi:ldap://127.0.0.1/x}",
            "$(id)",
            "`id`",
            "|id",
            "{{7*7}}",
            "%s%n%x",
            "\\r\\nWARN forged line",
            "\\u001b[2J",
            "\\u202ersa-1",
            "__proto__",
            "constructor",
            "null",
            "undefined",
            "0",
            "\\\\..\\\\keys",
            "http://127.0.0.1/keys",
            "ｒsa-1",
            "\\ud83d\\ude00",
            "rsa\\u20101")) {
      rows.add(
          refused(
              Reason.KEY_UNKNOWN,
              "kid " + kid,
              underHeader("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}")));
    }
    rows.add(
        refused(
            Reason.KEY_UNKNOWN,
            "kid of 8,000 characters",
            underHeader("{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(8_000) + "\"}")));
    rows.add(
        refused(
            Reason.KEY_UNFIT,
            "kid of a key of another type",
            underHeader("{\"alg\":\"RS256\",\"kid\":\"ec-1\"}")));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "kid of another key of the type",
            good().mintedBy(OTHER_RSA.as("rsa-1", "RS256"))));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "the attacker's key under the issuer's kid",
            good().mintedBy(ATTACKER)));
    rows.add(
        admitted(
            "kid spelt with an escape",
            underHeader("{\"alg\":\"RS256\",\"kid\":\"rs\\u0061-1\"}")));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "Kid, which is another name, and a foreign key",
            signedBy(ATTACKER, "{\"alg\":\"RS256\",\"Kid\":\"rsa-1\"}")));
    return rows.stream();
  }

  @Tag("T12")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("kids")
  void kid_is_the_exact_name_of_a_key_and_nothing_else(Trial row) {
    row.check();
  }

  static Stream<Trial> withoutKid() {
    TokenVerifier one = gate(RSA.jwk(), EC.jwk(), ED.jwk()).build();
    TokenVerifier two = gate(RSA.jwk(), OTHER_RSA.jwk(), EC.jwk()).build();
    TokenVerifier nameless = gate(RSA.jwk(null, "RS256"), EC.jwk(null, null)).build();
    TokenVerifier free = gate(RSA.jwk("rsa-1", null), OTHER_RSA.jwk("rsa-2", "PS256")).build();
    TokenVerifier encrypting =
        gate(RSA.jwk(), withMembers(OTHER_RSA, Map.of("use", "enc"))).build();
    String none = "{\"alg\":\"%s\"}";
    return Stream.of(
        admitted("one RSA key: RS256", signedBy(RSA, none.formatted("RS256"))).at(one),
        admitted("one EC key: ES256", signedBy(EC, none.formatted("ES256"))).at(one),
        admitted("one Ed25519 key: EdDSA", signedBy(ED, none.formatted("EdDSA"))).at(one),
        admitted("one Ed25519 key: Ed25519", signedBy(ED, none.formatted("Ed25519"))).at(one),
        refused(
                Reason.KEY_UNKNOWN,
                "no key for PS256",
                signedBy(RSA.as("rsa-1", "PS256"), none.formatted("PS256")))
            .at(one),
        refused(
                Reason.KEY_AMBIGUOUS,
                "two RSA keys: by the first",
                signedBy(RSA, none.formatted("RS256")))
            .at(two),
        refused(
                Reason.KEY_AMBIGUOUS,
                "two RSA keys: by the second",
                signedBy(OTHER_RSA, none.formatted("RS256")))
            .at(two),
        refused(
                Reason.KEY_AMBIGUOUS,
                "two RSA keys: by a third",
                signedBy(ATTACKER, none.formatted("RS256")))
            .at(two),
        admitted("two RSA keys, and one of EC: ES256", signedBy(EC, none.formatted("ES256")))
            .at(two),
        admitted("a key without kid: no kid", signedBy(RSA, none.formatted("RS256"))).at(nameless),
        admitted("a key without kid or alg: no kid", signedBy(EC, none.formatted("ES256")))
            .at(nameless),
        refused(Reason.KEY_UNKNOWN, "a key without kid: some kid", good().mintedBy(RSA))
            .at(nameless),
        refused(
                Reason.KEY_UNKNOWN,
                "a key without kid: the empty kid",
                signedBy(RSA, "{\"alg\":\"RS256\",\"kid\":\"\"}"))
            .at(nameless),
        admitted("one of two fits the alg: RS256", signedBy(RSA, none.formatted("RS256"))).at(free),
        refused(
                Reason.KEY_AMBIGUOUS,
                "both fit the alg: PS256",
                signedBy(OTHER_RSA.as("x", "PS256"), none.formatted("PS256")))
            .at(free),
        admitted("the other one is for encryption", signedBy(RSA, none.formatted("RS256")))
            .at(encrypting));
  }

  @Tag("T23")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("withoutKid")
  void a_token_without_kid_is_tried_only_when_exactly_one_key_fits(Trial row) {
    row.check();
  }

  static Stream<Trial> twins() {
    TestKey twin = OTHER_RSA.as("rsa-1", "RS256");
    TestKey ec = EC.as("rsa-1", "ES256");
    TokenVerifier twoRsa = gate(RSA.jwk(), twin.jwk(), EC.jwk()).build();
    TokenVerifier both = gate(RSA.jwk(), ec.jwk()).build();
    TokenVerifier each = gate(RSA.jwk(), twin.jwk("rsa-1", "PS256")).build();
    TokenVerifier loose = gate(RSA.jwk("rsa-1", null), twin.jwk("rsa-1", "PS256")).build();
    TokenVerifier dead = gate(RSA.jwk(), withMembers(twin, Map.of("use", "enc"))).build();
    return Stream.of(
        refused(Reason.KEY_AMBIGUOUS, "two RSA keys: by the first", good().mintedBy(RSA))
            .at(twoRsa),
        refused(Reason.KEY_AMBIGUOUS, "two RSA keys: by the second", good().mintedBy(twin))
            .at(twoRsa),
        refused(Reason.KEY_AMBIGUOUS, "two RSA keys: by a third", good().mintedBy(ATTACKER))
            .at(twoRsa),
        admitted("two RSA keys: another kid stays good", good().mintedBy(EC)).at(twoRsa),
        admitted("RSA and EC: RS256", good().mintedBy(RSA)).at(both),
        admitted("RSA and EC: ES256", good().mintedBy(ec)).at(both),
        refused(Reason.SIGNATURE_INVALID, "RSA and EC: RS256 by a third", good().mintedBy(ATTACKER))
            .at(both),
        admitted("RS256 and PS256: RS256", good().mintedBy(RSA)).at(each),
        admitted("RS256 and PS256: PS256", good().mintedBy(twin.as("rsa-1", "PS256"))).at(each),
        admitted("any and PS256: RS256", good().mintedBy(RSA)).at(loose),
        refused(
                Reason.KEY_AMBIGUOUS,
                "any and PS256: PS256",
                good().mintedBy(twin.as("rsa-1", "PS256")))
            .at(loose),
        admitted("the other one is for encryption", good().mintedBy(RSA)).at(dead));
  }

  @Tag("T22")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("twins")
  void two_keys_of_one_kid_and_algorithm_are_no_key(Trial row) {
    row.check();
  }

  // ---- keys that are none

  /** A set of one doubtful key, beside {@link Trial#EC}, and a token that names it. */
  private record Doubtful(String name, Map<String, Object> jwk, TestKey signer, boolean serves) {
    Stream<Trial> rows() {
      String file = "doubtful-" + HexFormat.of().toHexDigits(name.hashCode()) + ".json";
      TokenVerifier gate = fromFile(file, jwk, EC.jwk().toJSONObject()).build();
      String token = good().mintedBy(signer);
      return Stream.of(
          serves
              ? admitted(name, token).at(gate)
              : refused(Reason.KEY_UNKNOWN, name, token).at(gate),
          admitted(name + ": the key beside it serves", good().mintedBy(EC)).at(gate));
    }
  }

  static Stream<Trial> doubtfulKeys() throws GeneralSecurityException {
    TestKey rsa = OTHER_RSA.as("d", "RS256");
    TestKey ec = TestKey.generate("d", "ES256");
    TestKey ed = TestKey.generate("d", "EdDSA");
    TestKey weak = WEAK;
    TestKey exponent3 = EXPONENT_3;
    BigInteger odd = BigInteger.ONE.shiftLeft(2046).setBit(0);
    long second = NOW.getEpochSecond();
    List<Doubtful> keys = new ArrayList<>();
    keys.add(new Doubtful("as it is", jwk(rsa), rsa, true));
    keys.add(new Doubtful("RSA of 1024 bits", jwk(weak), weak, false));
    keys.add(new Doubtful("RSA of 2047 bits", jwk(rsa, "n", base64(odd)), rsa, false));
    keys.add(
        new Doubtful(
            "RSA of 512 bits",
            jwk(rsa, "n", base64(BigInteger.ONE.shiftLeft(511).setBit(0))),
            rsa,
            false));
    keys.add(
        new Doubtful(
            "RSA of 8193 bits",
            jwk(rsa, "n", base64(BigInteger.ONE.shiftLeft(8192).setBit(0))),
            rsa,
            false));
    keys.add(
        new Doubtful(
            "RSA of 16384 bits",
            jwk(rsa, "n", base64(BigInteger.ONE.shiftLeft(16383).setBit(0))),
            rsa,
            false));
    keys.add(new Doubtful("RSA with modulus 0", jwk(rsa, "n", "AA"), rsa, false));
    keys.add(new Doubtful("RSA with modulus 1", jwk(rsa, "n", "AQ"), rsa, false));
    keys.add(new Doubtful("RSA without modulus", jwk(rsa, "n", null), rsa, false));
    keys.add(new Doubtful("RSA with exponent 3", jwk(exponent3), exponent3, true));
    keys.add(new Doubtful("RSA with exponent 0", jwk(rsa, "e", "AA"), rsa, false));
    keys.add(new Doubtful("RSA with exponent 1", jwk(rsa, "e", "AQ"), rsa, false));
    keys.add(new Doubtful("RSA with exponent 2", jwk(rsa, "e", "Ag"), rsa, false));
    keys.add(new Doubtful("RSA with exponent 4", jwk(rsa, "e", "BA"), rsa, false));
    keys.add(new Doubtful("RSA with exponent 65536", jwk(rsa, "e", "AQAA"), rsa, false));
    keys.add(
        new Doubtful(
            "RSA with an exponent of 65 bits",
            jwk(rsa, "e", base64(BigInteger.ONE.shiftLeft(64).setBit(0))),
            rsa,
            false));
    keys.add(
        new Doubtful(
            "RSA with an exponent as long as the modulus", jwk(rsa, "e", base64(odd)), rsa, false));
    keys.add(new Doubtful("RSA without exponent", jwk(rsa, "e", null), rsa, false));
    keys.add(new Doubtful("use sig", jwk(rsa, "use", "sig"), rsa, true));
    keys.add(new Doubtful("use enc", jwk(rsa, "use", "enc"), rsa, false));
    keys.add(new Doubtful("use SIG", jwk(rsa, "use", "SIG"), rsa, false));
    keys.add(new Doubtful("use tls", jwk(rsa, "use", "tls"), rsa, false));
    keys.add(new Doubtful("use empty", jwk(rsa, "use", ""), rsa, false));
    keys.add(new Doubtful("use a number", jwk(rsa, "use", 5), rsa, false));
    keys.add(new Doubtful("use enc on EC", jwk(ec, "use", "enc"), ec, false));
    keys.add(new Doubtful("use enc on Ed25519", jwk(ed, "use", "enc"), ed, false));
    keys.add(new Doubtful("key_ops verify", jwk(rsa, "key_ops", List.of("verify")), rsa, true));
    keys.add(
        new Doubtful(
            "key_ops sign and verify", jwk(rsa, "key_ops", List.of("sign", "verify")), rsa, true));
    keys.add(new Doubtful("key_ops sign", jwk(rsa, "key_ops", List.of("sign")), rsa, false));
    keys.add(new Doubtful("key_ops encrypt", jwk(rsa, "key_ops", List.of("encrypt")), rsa, false));
    keys.add(
        new Doubtful(
            "key_ops wrapKey unwrapKey",
            jwk(rsa, "key_ops", List.of("wrapKey", "unwrapKey")),
            rsa,
            false));
    keys.add(new Doubtful("key_ops empty", jwk(rsa, "key_ops", List.of()), rsa, false));
    keys.add(new Doubtful("key_ops VERIFY", jwk(rsa, "key_ops", List.of("VERIFY")), rsa, false));
    keys.add(new Doubtful("key_ops sign on EC", jwk(ec, "key_ops", List.of("sign")), ec, false));
    keys.add(
        new Doubtful(
            "use sig and key_ops encrypt",
            jwk(jwk(rsa, "use", "sig"), "key_ops", List.of("encrypt")),
            rsa,
            false));
    keys.add(
        new Doubtful(
            "use enc and key_ops verify",
            jwk(jwk(rsa, "use", "enc"), "key_ops", List.of("verify")),
            rsa,
            false));
    keys.add(new Doubtful("exp a second ahead", jwk(rsa, "exp", second + 1), rsa, true));
    keys.add(new Doubtful("exp in this very second", jwk(rsa, "exp", second), rsa, false));
    keys.add(new Doubtful("exp a second past", jwk(rsa, "exp", second - 1), rsa, false));
    keys.add(new Doubtful("exp 0", jwk(rsa, "exp", 0), rsa, false));
    keys.add(new Doubtful("exp past on EC", jwk(ec, "exp", second - 1), ec, false));
    keys.add(new Doubtful("exp past on Ed25519", jwk(ed, "exp", second - 1), ed, false));
    keys.add(new Doubtful("private RSA", privateRsa(rsa), rsa, false));
    keys.add(
        new Doubtful(
            "RSA with d alone",
            jwk(
                rsa,
                "d",
                base64(((RSAPrivateCrtKey) rsa.pair().getPrivate()).getPrivateExponent())),
            rsa,
            false));
    keys.add(
        new Doubtful(
            "private EC",
            jwk(ec, "d", base64(((ECPrivateKey) ec.pair().getPrivate()).getS())),
            ec,
            false));
    keys.add(
        new Doubtful(
            "private Ed25519", jwk(ed, "d", Base64URL.encode(new byte[32]).toString()), ed, false));
    keys.add(
        new Doubtful(
            "symmetric",
            Map.of("kty", "oct", "kid", "d", "k", Base64URL.encode(new byte[64]).toString()),
            rsa,
            false));
    keys.add(new Doubtful("alg RSA-OAEP", jwk(rsa, "alg", "RSA-OAEP"), rsa, false));
    keys.add(new Doubtful("alg rs256", jwk(rsa, "alg", "rs256"), rsa, false));
    keys.add(new Doubtful("alg RS512, which is not allowed", jwk(rsa, "alg", "RS512"), rsa, false));
    keys.add(new Doubtful("alg none", jwk(rsa, "alg", "none"), rsa, false));
    keys.add(new Doubtful("alg HS256", jwk(rsa, "alg", "HS256"), rsa, false));
    keys.add(new Doubtful("alg ES256 on RSA", jwk(rsa, "alg", "ES256"), rsa, false));
    keys.add(new Doubtful("alg RS256 on EC", jwk(ec, "alg", "RS256"), ec, false));
    keys.add(new Doubtful("alg ES384 on P-256", jwk(ec, "alg", "ES384"), ec, false));
    keys.add(new Doubtful("alg a number", jwk(rsa, "alg", 256), rsa, false));
    keys.add(
        new Doubtful(
            "EC off the curve",
            jwk(ec, "y", Base64URL.encode(filled(32, 7)).toString()),
            ec,
            false));
    keys.add(
        new Doubtful(
            "EC at 0, 0",
            jwk(
                jwk(ec, "x", Base64URL.encode(new byte[32]).toString()),
                "y",
                Base64URL.encode(new byte[32]).toString()),
            ec,
            false));
    keys.add(new Doubtful("EC without y", jwk(ec, "y", null), ec, false));
    keys.add(new Doubtful("EC with x and y of another curve", jwk(ec, "crv", "P-384"), ec, false));
    keys.add(new Doubtful("EC of an unknown curve", jwk(ec, "crv", "P-257"), ec, false));
    keys.add(new Doubtful("EC on secp256k1", jwk(ec, "crv", "secp256k1"), ec, false));
    keys.add(
        new Doubtful(
            "Ed25519 of 31 bytes",
            jwk(ed, "x", Base64URL.encode(filled(31, 7)).toString()),
            ed,
            false));
    keys.add(
        new Doubtful(
            "Ed25519 of 33 bytes",
            jwk(ed, "x", Base64URL.encode(filled(33, 7)).toString()),
            ed,
            false));
    keys.add(new Doubtful("Ed25519 of no byte", jwk(ed, "x", ""), ed, false));
    keys.add(new Doubtful("X25519", jwk(ed, "crv", "X25519"), ed, false));
    keys.add(new Doubtful("Ed448", jwk(ed, "crv", "Ed448"), ed, false));
    keys.add(new Doubtful("unknown type", jwk(rsa, "kty", "AKP"), rsa, false));
    keys.add(new Doubtful("type in lower case", jwk(rsa, "kty", "rsa"), rsa, false));
    keys.add(new Doubtful("no type", jwk(rsa, "kty", null), rsa, false));
    keys.add(new Doubtful("kid a number", jwk(rsa, "kid", 5), rsa, false));
    keys.add(new Doubtful("x5c that is none", jwk(rsa, "x5c", List.of("AAAA")), rsa, false));
    return keys.stream().flatMap(Doubtful::rows);
  }

  @Tag("T20")
  @Tag("T21")
  @Tag("T16")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("doubtfulKeys")
  void a_bad_key_costs_that_key_and_not_the_set(Trial row) {
    row.check();
  }

  @Test
  @Tag("T20")
  void a_signature_under_exponent_1_which_anybody_can_make_is_refused() {
    Map<String, Object> jwk = jwk(OTHER_RSA.as("d", "RS256"), "e", "AQ");
    TokenVerifier gate = fromFile("exponent-1.json", jwk, EC.jwk().toJSONObject()).build();
    String token =
        TestToken.signed(
            utf8("{\"alg\":\"RS256\",\"kid\":\"d\"}"),
            utf8(good().claimsJson()),
            input -> SignatureFaults.paddedSha256(256, input));
    refused(Reason.KEY_UNKNOWN, "m to the power of 1", token).at(gate).check();
  }

  @Test
  @Tag("T20")
  @Tag("T21")
  void a_set_of_bad_keys_alone_stops_the_start() {
    TestKey weak = WEAK;
    List<Map<String, Object>> bad =
        List.of(
            jwk(weak),
            jwk(RSA, "use", "enc"),
            jwk(RSA, "key_ops", List.of("sign")),
            privateRsa(RSA));
    for (Map<String, Object> jwk : bad) {
      assertThatThrownBy(() -> fromFile("bad.json", jwk).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("jwks");
    }
  }

  @Test
  @Tag("T20")
  @Tag("T21")
  void each_key_that_is_dropped_is_warned_of_once() {
    TestKey weak = TestKey.rsa("weak-1", "RS256", 1024);
    List<String> warnings =
        warnings(
            () ->
                fromFile(
                        "dropped.json",
                        jwk(weak),
                        jwk(OTHER_RSA.as("enc-1", "RS256"), "use", "enc"),
                        EC.jwk().toJSONObject())
                    .build());
    assertThat(warnings).filteredOn(line -> line.contains("weak-1")).hasSize(1);
    assertThat(warnings).filteredOn(line -> line.contains("enc-1")).hasSize(1);
  }

  @Test
  @Tag("T22")
  void twins_are_warned_of_once() {
    List<String> warnings =
        warnings(
            () ->
                fromFile(
                        "twins.json",
                        RSA.jwk().toJSONObject(),
                        OTHER_RSA.as("rsa-1", "RS256").jwk().toJSONObject())
                    .build());
    assertThat(warnings).filteredOn(line -> line.contains("rsa-1")).hasSize(1);
  }

  private static List<String> warnings(Runnable work) {
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN)) {
      work.run();
      return log.lines("WARN");
    }
  }

  // ---- signature first

  static Stream<Trial> forged() {
    TestToken good = good();
    List<Trial> rows = new ArrayList<>();
    Map<String, TestToken> claims = new LinkedHashMap<>();
    claims.put("good claims", good);
    claims.put("expired", good.claim("exp", 0));
    claims.put("exp absent", good.without("exp"));
    claims.put("another issuer", good.claim("iss", "https://evil.example"));
    claims.put("another audience", good.claim("aud", "https://evil.example"));
    claims.put("no scope", good.without("scope"));
    claims.put("a wildcard", good.claim("scope", "*"));
    claims.put("a host-level scope", good.claim("scope", "docker"));
    claims.put("an ill-typed scope", good.claim("scope", 5));
    claims.put("bound to a key", good.claim("cnf", Map.of("jkt", "x")));
    claims.put("a type of another kind", good.header("typ", "logout+jwt"));
    claims.forEach(
        (name, jws) ->
            rows.add(refused(Reason.SIGNATURE_INVALID, "forged: " + name, jws.mintedBy(ATTACKER))));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "forged: claims that are no JSON",
            TestToken.signed(good.headerJson(ATTACKER), "no JSON", ATTACKER)));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "forged: a name twice",
            TestToken.signed(good.headerJson(ATTACKER), "{\"a\":1,\"a\":2}", ATTACKER)));
    String token = good.mintedBy(RSA);
    String[] part = token.split("\\.");
    String otherClaims = TestToken.base64Url(good.claim("sub", "root").claimsJson());
    String otherHeader = TestToken.base64Url("{\"kid\":\"rsa-1\",\"alg\":\"RS256\"}");
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "other claims under a true signature",
            part[0] + "." + otherClaims + "." + part[2]));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "another header under a true signature",
            otherHeader + "." + part[1] + "." + part[2]));
    rows.add(
        refused(
            Reason.SIGNATURE_INVALID,
            "the signature of another token",
            part[0] + "." + part[1] + "." + good.claim("jti", "x").mintedBy(RSA).split("\\.")[2]));
    TokenVerifier other = gate(OTHER_RSA.jwk(), EC.jwk()).build();
    rows.add(
        refused(Reason.KEY_UNKNOWN, "our issuer's name under a key of another", good.mintedBy(RSA))
            .at(other));
    rows.add(
        refused(
                Reason.SIGNATURE_INVALID,
                "our issuer's name under a key of another, same kid",
                good.mintedBy(ATTACKER_EC))
            .at(other));
    return rows.stream();
  }

  @Tag("T25")
  @Tag("T27")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("forged")
  void no_claim_decides_anything_before_the_signature(Trial row) {
    row.check();
  }

  // ---- helpers

  /** A gate that reads its keys from a file. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  private static TokenVerifier.Builder fromFile(String name, Map<String, Object>... jwks) {
    Path file = folder.resolve(name);
    try {
      Files.writeString(file, JSONObjectUtils.toJSONString(Map.of("keys", Arrays.asList(jwks))));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Trial.settings().allowedScopes("orders:read").jwks(file.toString());
  }

  private static Map<String, Object> jwk(TestKey key) {
    return key.jwk().toJSONObject();
  }

  private static Map<String, Object> jwk(TestKey key, String name, Object value) {
    return jwk(jwk(key), name, value);
  }

  /** With a member more, or less where the value is null. */
  private static Map<String, Object> jwk(Map<String, Object> jwk, String name, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(jwk);
    if (value == null) copy.remove(name);
    else copy.put(name, value);
    return copy;
  }

  private static JWK withMembers(TestKey key, Map<String, Object> members) {
    Map<String, Object> jwk = jwk(key);
    jwk.putAll(members);
    try {
      return JWK.parse(jwk);
    } catch (java.text.ParseException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> privateRsa(TestKey key) {
    RSAPrivateCrtKey crt = (RSAPrivateCrtKey) key.pair().getPrivate();
    Map<String, Object> jwk = jwk(key);
    jwk.put("d", base64(crt.getPrivateExponent()));
    jwk.put("p", base64(crt.getPrimeP()));
    jwk.put("q", base64(crt.getPrimeQ()));
    jwk.put("dp", base64(crt.getPrimeExponentP()));
    jwk.put("dq", base64(crt.getPrimeExponentQ()));
    jwk.put("qi", base64(crt.getCrtCoefficient()));
    return jwk;
  }

  private static TestKey rsaWithExponent(long exponent) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(new RSAKeyGenParameterSpec(2048, BigInteger.valueOf(exponent)));
      return TestKey.of("d", "RS256", generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(BigInteger number) {
    return Base64URL.encode(number).toString();
  }

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
