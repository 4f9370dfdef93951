package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.forged;
import static io.sallyport.testkit.Forge.encoded;
import static io.sallyport.testkit.Forge.quoted;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What a token says of its algorithm, and public keys taken for shared secrets. */
final class AlgorithmAttacks {
  private static final String NONE = "RFC 8725 section 2.1: alg none";
  private static final String LISTED = "RFC 8725 section 3.1: no algorithm but the expected ones";
  private static final String EXACT = "RFC 7515 section 4.1.1: alg is a case-sensitive text";
  private static final String CONFUSED = "RFC 8725 section 2.1: a public key taken for a secret";
  private static final String WEAK = "RFC 8725 section 2.2: a secret that can be guessed";
  private static final String ONE_EACH = "RFC 8725 section 3.1: each key with one algorithm";

  /** Ways to write down a public key, and so to make a secret of it. */
  private static final List<Secret> SECRETS =
      List.of(
          new Secret("PEM", key -> utf8(pem(key))),
          new Secret("PEM without line end", key -> utf8(pem(key).stripTrailing())),
          new Secret("PEM in one line", key -> utf8(pem(key).replace("\n", ""))),
          new Secret("DER", key -> key.pair().getPublic().getEncoded()),
          new Secret("DER in base64", key -> utf8(base64(key.pair().getPublic().getEncoded()))),
          new Secret("JWK", key -> utf8(key.jwk().toJSONString())),
          new Secret("key set", key -> utf8(KeyServer.jwks(key.jwk()))),
          new Secret("number", AlgorithmAttacks::number),
          new Secret("number in base64url", key -> utf8(encoded(number(key)))));

  /** What a verifier may take for a shared secret that takes every key for octets. */
  private record Secret(String form, Function<TestKey, byte[]> of) {
    String id() {
      return form.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
  }

  private AlgorithmAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    all.addAll(unsigned("none", "none"));
    all.addAll(unsigned("none-capital", "None"));
    all.addAll(unsigned("none-upper", "NONE"));
    all.addAll(unsigned("none-mixed", "nOnE"));
    all.addAll(odd());
    all.addAll(other());
    for (Secret secret : SECRETS) all.addAll(confused("HS256", secret));
    all.addAll(confused("HS384", SECRETS.get(0)));
    all.addAll(confused("HS512", SECRETS.get(0)));
    all.addAll(guessed());
    return all;
  }

  private static List<Attack> unsigned(String id, String alg) {
    String header = "{\"alg\":\"" + alg + "\",\"typ\":\"JWT\"}";
    return List.of(
        forged(
            "alg-" + id,
            "alg " + alg + " and an empty signature",
            NONE,
            f -> encoded(header) + "." + encoded(f.claims()) + "."),
        forged(
            "alg-" + id + "-signed",
            "alg " + alg + " and the signature of a good token",
            NONE,
            f -> f.kept(f.headerWith("alg", quoted(alg)), f.claims())));
  }

  /** Where the issuer is at hand the signature is good, so that nothing but alg is wrong. */
  private static List<Attack> odd() {
    return List.of(
        forged(
            "alg-none-two-segments",
            "alg none, and no second dot",
            NONE,
            f -> encoded("{\"alg\":\"none\"}") + "." + encoded(f.claims())),
        alg("alg-none-escaped", "none spelt with an escape", NONE, "\"\\u006eone\""),
        alg("alg-none-blank", "none and a blank", NONE, "\"none \""),
        alg("alg-none-nul", "none and a NUL", NONE, "\"none\\u0000\""),
        alg("alg-empty", "an empty alg", LISTED, "\"\""),
        alg("alg-null", "alg null", EXACT, "null"),
        alg("alg-null-as-text", "an alg called null", LISTED, "\"null\""),
        alg("alg-number", "a number for alg", EXACT, "256"),
        alg("alg-true", "true for alg", EXACT, "true"),
        alg("alg-any", "an asterisk for alg", LISTED, "\"*\""),
        alg("alg-rsa-oaep", "an alg for encryption", LISTED, "\"RSA-OAEP-256\""),
        alg("alg-java", "an alg as Java calls it", LISTED, "\"SHA256withRSA\""),
        alg("alg-unknown", "an alg that nobody has", LISTED, "\"PROBE256\""),
        forged(
            "alg-missing",
            "no alg",
            "RFC 7515 section 4.1.1: alg must be there",
            f -> f.sealed(f.headerWithout("alg"), f.claims())),
        forged(
            "alg-array",
            "the good alg in an array",
            EXACT,
            f -> f.sealed(f.headerWith("alg", "[" + quoted(f.algorithm()) + "]"), f.claims())),
        forged(
            "alg-array-with-none",
            "none and the good alg in an array",
            EXACT,
            f ->
                f.sealed(
                    f.headerWith("alg", "[\"none\"," + quoted(f.algorithm()) + "]"), f.claims())),
        forged(
            "alg-object",
            "the good alg in an object",
            EXACT,
            f ->
                f.sealed(
                    f.headerWith("alg", "{\"alg\":" + quoted(f.algorithm()) + "}"), f.claims())),
        forged(
            "alg-other-case",
            "the good alg in other letters",
            EXACT,
            f -> f.sealed(f.headerWith("alg", quoted(otherCase(f.algorithm()))), f.claims())),
        forged(
            "alg-blank-behind",
            "the good alg and a blank",
            EXACT,
            f -> f.sealed(f.headerWith("alg", quoted(f.algorithm() + " ")), f.claims())),
        forged(
            "alg-name-in-capitals",
            "ALG in place of alg",
            "RFC 7515 section 4.1.1: alg must be there",
            f ->
                f.sealed(
                    Forge.appended(f.headerWithout("alg"), "ALG", quoted(f.algorithm())),
                    f.claims())));
  }

  private static Attack alg(String id, String title, String about, String json) {
    return forged(id, title, about, f -> f.sealed(f.headerWith("alg", json), f.claims()));
  }

  private static String otherCase(String alg) {
    String lower = alg.toLowerCase(Locale.ROOT);
    return lower.equals(alg) ? alg.toUpperCase(Locale.ROOT) : lower;
  }

  /** A key of the issuer's, used for what it is not for. */
  private static List<Attack> other() {
    return List.of(
        misused("alg-ps256-for-rs256", "RS256", "PS256", "RS256"),
        misused("alg-rs256-for-ps256", "RS256", "RS256", "PS256"),
        misused("alg-ps256-by-rs256-key", "RS256", "PS256", "PS256"),
        misused("alg-rs256-by-ps256-key", "PS256", "RS256", "RS256"),
        misused("alg-rs384-by-rs256-key", "RS256", "RS384", "RS384"),
        misused("alg-rs512-by-rs256-key", "RS256", "RS512", "RS512"),
        misused("alg-rs512-for-rs256", "RS256", "RS256", "RS512"),
        said("alg-es384-for-es256", "ES256", "ES384"),
        said("alg-es512-for-es256", "ES256", "ES512"),
        said("alg-es256k-for-es256", "ES256", "ES256K"),
        said("alg-eddsa-for-es256", "ES256", "EdDSA"),
        said("alg-es256-for-eddsa", "EdDSA", "ES256"),
        said("alg-es256-for-rs256", "RS256", "ES256"),
        said("alg-rs256-for-es256", "ES256", "RS256"),
        said("alg-hs256-for-rs256", "RS256", "HS256"),
        said("alg-hs256-for-es256", "ES256", "HS256"));
  }

  /** Under the name of one key, says one algorithm and signs by another. */
  private static Attack misused(String id, String of, String says, String signs) {
    String title = says + " under the key for " + of + ", signed by " + signs;
    return forged(
            id,
            title,
            ONE_EACH,
            f -> {
              TestKey key = f.key(of);
              if (key == null) return null;
              TestKey signing = key.as(key.kid(), signs);
              return TestToken.signed(f.headerFor(says, key.kid()), f.claims(), signing);
            })
        .byIssuer();
  }

  /** Signs as the key does, and says another algorithm. */
  private static Attack said(String id, String of, String says) {
    return misused(id, of, says, of);
  }

  private static List<Attack> confused(String alg, Secret secret) {
    return List.of(confused(alg, secret, "RS256"), confused(alg, secret, "ES256"));
  }

  private static Attack confused(String alg, Secret secret, String of) {
    return forged(
            ("alg-" + alg + "-" + of + "-").toLowerCase(Locale.ROOT) + secret.id(),
            alg + ", its secret the public key for " + of + " as " + secret.form(),
            CONFUSED,
            f -> {
              TestKey key = f.key(of);
              return key == null
                  ? null
                  : f.hmac(alg, secret.of().apply(key), f.headerFor(alg, key.kid()));
            })
        .byIssuer();
  }

  private static List<Attack> guessed() {
    return List.of(
        guessed(
            "alg-hs256-zero",
            "HS256, its secret nothing",
            f -> new byte[1]), // padded with zeros anyway
        guessed("alg-hs256-secret", "HS256, its secret \"secret\"", f -> utf8("secret")),
        guessed(
            "alg-hs256-issuer",
            "HS256, its secret the issuer",
            f -> utf8(String.valueOf(f.claim("iss")))),
        guessed("alg-hs256-signature", "HS256, its secret a good signature", Forge::signature));
  }

  private static Attack guessed(String id, String title, Function<Forge, byte[]> secret) {
    return forged(
        id, title, WEAK, f -> f.hmac("HS256", secret.apply(f), f.headerWith("alg", "\"HS256\"")));
  }

  private static String pem(TestKey key) {
    String lines =
        Base64.getMimeEncoder(64, utf8("\n")).encodeToString(key.pair().getPublic().getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n";
  }

  /** The modulus, or the first coordinate. */
  private static byte[] number(TestKey key) {
    return key.jwk() instanceof RSAKey rsa
        ? rsa.getModulus().decode()
        : ((ECKey) key.jwk()).getX().decode();
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
