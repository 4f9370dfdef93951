package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.Expected.OPEN;
import static io.sallyport.testkit.Attack.forged;
import static io.sallyport.testkit.Attack.signed;
import static io.sallyport.testkit.Forge.appended;
import static io.sallyport.testkit.Forge.encoded;
import static io.sallyport.testkit.Forge.quoted;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Members of the header that want to choose the key, or to change how the token is read. */
final class HeaderAttacks {
  private static final String OWN_KEY = "RFC 8725 section 3.10: a key that the token brings along";
  private static final String ADDRESS = "RFC 8725 section 3.10: an address that the token names";
  private static final String KID = "RFC 8725 section 3.10: kid is nobody's word";
  private static final String KID_TEXT = "RFC 7515 section 4.1.4: kid is a text";
  private static final String CRIT = "RFC 7515 section 4.1.11: what is critical and not understood";
  private static final String B64 = "RFC 7797 section 7: b64 is not for JWTs";
  private static final String TYPE = "RFC 8725 section 3.11: each kind of token has its typ";

  private HeaderAttacks() {}

  static List<Attack> all() {
    return List.of(
        // ---- a key, or where to find one
        byStranger(
            "header-jwk", "the key that signed it as jwk", OWN_KEY, f -> withJwk(f, "probe")),
        byStranger(
            "header-jwk-known-kid",
            "the key that signed it as jwk, under the kid of the issuer's",
            OWN_KEY,
            f -> withJwk(f, f.kid())),
        byStranger(
            "header-jwk-no-kid",
            "the key that signed it as jwk, and no kid",
            OWN_KEY,
            f ->
                appended(
                    "{\"alg\":\"ES256\"}", "jwk", f.stranger().jwk(null, null).toJSONString())),
        forged(
            "header-jwk-secret",
            "a shared secret as jwk",
            OWN_KEY,
            f ->
                f.hmac(
                    "HS256",
                    secret(f),
                    "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"%s\"}}"
                        .formatted(encoded(secret(f))))),
        byStranger(
            "header-jwks",
            "the key that signed it as a key set",
            OWN_KEY,
            f -> appended(strange(f), "jwks", KeyServer.jwks(f.stranger().jwk()))),
        forged(
            "header-x5c",
            "a certificate of its own for the key that signed it",
            OWN_KEY,
            f -> byCertificate(f, "probe")),
        forged(
            "header-x5c-known-kid",
            "a certificate of its own, under the kid of the issuer's key",
            OWN_KEY,
            f -> byCertificate(f, f.kid())),
        byStranger(
            "header-jku",
            "an address as jku, with the key that signed it",
            ADDRESS,
            f -> appended(strange(f), "jku", quoted(f.decoyUri()))),
        byStranger(
            "header-jku-known-kid",
            "an address as jku, under the kid of the issuer's key",
            ADDRESS,
            f -> appended(f.headerFor("ES256", f.kid()), "jku", quoted(f.decoyUri()))),
        byStranger(
            "header-x5u",
            "an address as x5u",
            ADDRESS,
            f -> appended(strange(f), "x5u", quoted(f.decoyUri()))),
        byStranger(
            "header-kid-address",
            "an address as kid",
            ADDRESS,
            f -> f.headerFor("ES256", f.decoyUri())),

        // ---- kid
        byStranger("header-kid-unknown", "an unknown kid", KID, f -> f.headerFor("ES256", "probe")),
        byStranger(
            "header-kid-missing", "a strange key and no kid", KID, f -> "{\"alg\":\"ES256\"}"),
        forged(
            "header-kid-file",
            "a path to an empty file as kid, signed with nothing",
            KID,
            f -> f.hmac("HS256", new byte[1], f.headerFor("HS256", "../../../../../dev/null"))),
        forged(
            "header-kid-sql",
            "a piece of SQL as kid that selects the secret",
            KID,
            f ->
                f.hmac(
                    "HS256",
                    secret(f),
                    f.headerFor("HS256", "x' UNION SELECT '" + f.canary() + "'-- "))),
        byStranger(
            "header-kid-line-end",
            "a line end and a header field in kid",
            KID,
            f -> f.headerFor("ES256", "x\r\nX-Probe: " + f.canary())),
        byStranger(
            "header-kid-markup",
            "HTML in kid",
            KID,
            f -> f.headerFor("ES256", "<b>" + f.canary() + "</b>")),
        byStranger(
            "header-kid-long",
            "a kid of 3,000 letters",
            KID,
            f -> f.headerFor("ES256", "x".repeat(3_000))),
        forged(
                "header-kid-of-another",
                "signed by one of the issuer's keys, under the kid of another",
                KID,
                f -> {
                  TestKey other = f.key(f.algorithm().equals("ES256") ? "RS256" : "ES256");
                  return other == null
                      ? null
                      : f.underHeader(f.headerFor(f.algorithm(), other.kid()));
                })
            .byIssuer(),
        header("header-kid-number", "a number for kid", KID_TEXT, "kid", "1"),
        header("header-kid-object", "an object for kid", KID_TEXT, "kid", "{\"x\":1}"),
        forged(
                "header-kid-array",
                "the good kid in an array",
                KID_TEXT,
                f -> f.underHeader(f.headerWith("kid", "[" + quoted(f.kid()) + "]")))
            .byIssuer(),

        // ---- what changes how to read it
        critical(
            "header-crit",
            "an unknown extension that is critical",
            "[\"urn:probe\"]",
            "urn:probe",
            "true"),
        critical("header-crit-claim", "a claim that is critical", "[\"exp\"]", "exp", "1"),
        critical("header-crit-text", "a text for crit", "\"urn:probe\"", "urn:probe", "true"),
        critical(
            "header-crit-absent",
            "something critical that is not there",
            "[\"urn:probe\"]",
            "urn:other",
            "true"),
        critical("header-crit-empty", "an empty crit", "[]", "x", "1").expecting(OPEN),
        critical("header-crit-registered", "alg as critical", "[\"alg\"]", "x", "1")
            .expecting(OPEN),
        critical(
            "header-b64", "a payload that says it is not encoded", "[\"b64\"]", "b64", "false"),
        header("header-b64-alone", "b64 that is not critical", B64, "b64", "false").expecting(OPEN),
        header(
                "header-zip-unused",
                "zip over a payload that is not compressed",
                "RFC 7515 section 4: a member that is not understood",
                "zip",
                "\"DEF\"")
            .expecting(OPEN),
        signed(
            "header-zip",
            "a compressed payload",
            "RFC 7519 section 7.2: completely valid JSON",
            f ->
                f.signed(
                    f.headerWith("zip", "\"DEF\"").getBytes(StandardCharsets.UTF_8),
                    deflated(f.claims()))),

        // ---- other kinds of token
        type("header-typ-logout", "a logout token", "logout+jwt"),
        type("header-typ-proof", "a DPoP proof", "dpop+jwt"),
        type("header-typ-event", "a security event", "secevent+jwt"),
        type("header-typ-request", "an authorization request", "oauth-authz-req+jwt"),
        type("header-typ-introspection", "an introspection response", "token-introspection+jwt"),
        type("header-typ-unknown", "a kind of token that nobody has", "probe+jwt"));
  }

  /** Signed by a key that nobody trusts, under a header that wants it to be believed. */
  private static Attack byStranger(
      String id, String title, String about, Function<Forge, String> header) {
    return forged(
        id, title, about, f -> TestToken.signed(header.apply(f), f.claims(), f.stranger()));
  }

  /** Signed by the issuer, with one member more in its header, or another one. */
  private static Attack header(String id, String title, String about, String name, String json) {
    return signed(id, title, about, f -> f.underHeader(f.headerWith(name, json)));
  }

  private static Attack critical(String id, String title, String crit, String name, String json) {
    return signed(
        id, title, CRIT, f -> f.underHeader(appended(f.headerWith("crit", crit), name, json)));
  }

  private static Attack type(String id, String title, String typ) {
    return header(id, title, TYPE, "typ", quoted(typ));
  }

  private static String strange(Forge f) {
    return f.headerFor("ES256", f.stranger().kid());
  }

  private static String withJwk(Forge f, String kid) {
    return appended(
        f.headerFor("ES256", kid), "jwk", f.stranger().jwk(kid, "ES256").toJSONString());
  }

  private static String byCertificate(Forge f, String kid) {
    TestKey key = f.stranger();
    String chain = "[" + quoted(SelfSigned.certificate(key)) + "]";
    return TestToken.signed(appended(f.headerFor("ES256", kid), "x5c", chain), f.claims(), key);
  }

  private static byte[] secret(Forge f) {
    return f.canary().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] deflated(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    Deflater raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (DeflaterOutputStream out = new DeflaterOutputStream(octets, raw)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      raw.end();
    }
    return octets.toByteArray();
  }
}
