package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.Expected.OPEN;
import static io.sallyport.testkit.Attack.signed;
import static io.sallyport.testkit.Forge.appended;
import static io.sallyport.testkit.Forge.prepended;
import static io.sallyport.testkit.Forge.quoted;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The JSON in a token: encoding, syntax, names that come twice, depth, numbers. */
final class JsonAttacks {
  private static final String UTF8 = "RFC 7519 section 7.2: header and claims are UTF-8";
  private static final String ENCODING = "RFC 8725 section 3.7: one encoding, UTF-8";
  private static final String SYNTAX = "RFC 7519 section 7.2: completely valid JSON";
  private static final String OBJECT = "RFC 7519 section 7.2: one JSON object";
  private static final String TWICE = "RFC 7519 section 4: a name that comes twice";
  private static final String DEPTH = "RFC 8259 section 9: limits of a parser";
  private static final String NUMBERS = "RFC 8259 section 6: numbers";

  private JsonAttacks() {}

  static List<Attack> all() {
    return List.of(
        header("json-header-utf16", "a header in UTF-16", ENCODING, StandardCharsets.UTF_16LE),
        payload("json-payload-utf16", "claims in UTF-16", ENCODING, StandardCharsets.UTF_16LE),
        header(
                "json-header-byte-order-mark",
                "a byte-order mark before the header",
                "RFC 8259 section 8.1: a byte-order mark",
                "\ufeff",
                "")
            .expecting(OPEN),
        payload(
                "json-payload-byte-order-mark",
                "a byte-order mark before the claims",
                "RFC 8259 section 8.1: a byte-order mark",
                "\ufeff",
                "")
            .expecting(OPEN),
        octets("json-octets-no-utf8", "a claim with octets that are no UTF-8", UTF8, 0xff, 0xfe),
        octets("json-octets-overlong", "a claim with a slash in two octets", UTF8, 0xc0, 0xaf),
        octets("json-octets-surrogate", "a claim with half of a character", UTF8, 0xed, 0xa0, 0x80),
        claim(
                "json-lone-surrogate",
                "a claim with an escaped half of a character",
                UTF8,
                "\"\\ud800\"")
            .expecting(OPEN),
        claim("json-nul", "a claim with an escaped NUL", UTF8, "\"a\\u0000b\"").expecting(OPEN),
        signed(
            "json-exp-twice",
            "two exp, of which the last is past",
            TWICE,
            f -> f.signed(appended(f.claims(), "exp", "1000000000"))),
        signed(
            "json-exp-twice-escaped",
            "two exp, of which the last is past and its name spelt with an escape",
            TWICE,
            f -> f.signed(unclosed(f.claims()) + ",\"\\u0065xp\":1000000000}")),
        signed(
                "json-exp-twice-good-last",
                "two exp, of which the first is past",
                TWICE,
                f -> f.signed(prepended(f.claims(), "exp", "1000000000")))
            .expecting(OPEN),
        signed(
            "json-aud-twice",
            "two aud, of which the last is of another service",
            TWICE,
            f ->
                f.claim("aud") == null
                    ? null
                    : f.signed(appended(f.claims(), "aud", "\"https://other.example\""))),
        signed(
            "json-iss-twice",
            "two iss, of which the last is another issuer",
            TWICE,
            f -> f.signed(appended(f.claims(), "iss", "\"https://evil.example\""))),
        signed(
                "json-sub-twice",
                "two sub, of which either is good",
                TWICE,
                f -> f.signed(prepended(f.claims(), "sub", quoted(f.canary()))))
            .expecting(OPEN),
        signed(
            "json-alg-twice",
            "two alg, of which the last is none",
            "RFC 7515 section 4: a name that comes twice",
            f -> f.underHeader(appended(f.header(), "alg", "\"none\""))),
        signed(
                "json-alg-twice-good-last",
                "two alg, of which the first is none",
                "RFC 7515 section 4: a name that comes twice",
                f -> f.underHeader(prepended(f.header(), "alg", "\"none\"")))
            .expecting(OPEN),
        claim(
                "json-twice-within",
                "a name that comes twice within a claim",
                TWICE,
                "{\"a\":1,\"a\":2}")
            .expecting(OPEN),
        payload("json-two-objects", "a second object behind the claims", OBJECT, "", "{}"),
        payload("json-text-behind", "text behind the claims", OBJECT, "", "x"),
        payload("json-brace-behind", "one brace too many", OBJECT, "", "}"),
        payload("json-nul-behind", "a NUL behind the claims", OBJECT, "", "\u0000"),
        header("json-text-behind-header", "text behind the header", OBJECT, "", "x"),
        header("json-two-headers", "a second object behind the header", OBJECT, "", "{}"),
        payload("json-claims-in-array", "the claims in an array", OBJECT, "[", "]"),
        header("json-header-in-array", "the header in an array", OBJECT, "[", "]"),
        instead("json-claims-null", "null in place of the claims", "null"),
        instead("json-claims-number", "a number in place of the claims", "0"),
        instead("json-claims-true", "true in place of the claims", "true"),
        instead("json-claims-text", "a text in place of the claims", "\"iss\""),
        instead("json-claims-empty", "no claims at all", "{}"),
        signed(
            "json-claims-as-text",
            "the claims as one JSON text",
            OBJECT,
            f -> f.signed(quoted(f.claims()))),
        signed(
            "json-header-empty",
            "a header without a member",
            "RFC 7515 section 4.1.1: alg",
            f -> f.underHeader("{}")),
        claim(
                "json-deep",
                "a claim of 1,000 arrays in each other",
                DEPTH,
                "[".repeat(1_000) + "]".repeat(1_000))
            .expecting(OPEN),
        claim(
                "json-deep-objects",
                "a claim of 500 objects in each other",
                DEPTH,
                "{\"a\":".repeat(500) + "1" + "}".repeat(500))
            .expecting(OPEN),
        claim(
            "json-deep-without-end",
            "3,000 arrays that are opened and not closed",
            SYNTAX,
            "[".repeat(3_000)),
        signed(
                "json-deep-header",
                "a header of 1,000 arrays in each other",
                DEPTH,
                f -> f.underHeader(f.headerWith("x", "[".repeat(1_000) + "]".repeat(1_000))))
            .expecting(OPEN),
        claim("json-integer-long", "an integer of 3,000 digits", NUMBERS, "9".repeat(3_000))
            .expecting(OPEN),
        claim("json-integer-longest", "an integer of 10,000 digits", NUMBERS, "9".repeat(10_000))
            .expecting(OPEN),
        claim("json-exponent", "a number with the exponent 999999999", NUMBERS, "1e999999999")
            .expecting(OPEN),
        claim(
                "json-exponent-negative",
                "a number with the exponent -999999999",
                NUMBERS,
                "1e-999999999")
            .expecting(OPEN),
        claim("json-nan", "NaN", NUMBERS, "NaN"),
        claim("json-infinity", "-Infinity", NUMBERS, "-Infinity"),
        claim("json-hexadecimal", "a number in hexadecimal", NUMBERS, "0x7f"),
        claim("json-leading-zero", "a number with a leading zero", NUMBERS, "0123"),
        claim("json-plus", "a number with a plus", NUMBERS, "+1"),
        claim("json-no-value", "a name without a value", SYNTAX, ""),
        claim("json-comma", "a comma too many", SYNTAX, "1,"),
        claim("json-single-quotes", "a text in single quotes", SYNTAX, "'a'"),
        claim("json-unquoted", "a text without quotes", SYNTAX, "a"),
        claim("json-true-in-capitals", "TRUE", SYNTAX, "TRUE"),
        claim("json-line-end-in-text", "a line end within a text", SYNTAX, "\"a\nb\""),
        claim("json-unknown-escape", "an escape that JSON does not have", SYNTAX, "\"\\x41\""),
        claim("json-comment", "a comment", SYNTAX, "1/* a */"),
        payload("json-line-comment", "a comment behind the claims", SYNTAX, "", "// a"),
        signed(
            "json-name-unquoted",
            "a name without quotes",
            SYNTAX,
            f -> f.signed(f.claims().replaceFirst("\"probe\"", "probe"))),
        signed(
            "json-semicolons",
            "semicolons in place of commas",
            SYNTAX,
            f -> f.signed(f.claims().replace(",\"", ";\""))),
        signed(
            "json-brace-missing",
            "the last brace cut off",
            SYNTAX,
            f -> f.signed(unclosed(f.claims()))));
  }

  /** One more claim, its value as it stands. */
  private static Attack claim(String id, String title, String about, String json) {
    return signed(id, title, about, f -> f.withClaim("x", json));
  }

  /** Something else in place of the claims. */
  private static Attack instead(String id, String title, String json) {
    return signed(id, title, OBJECT, f -> f.signed(json));
  }

  private static Attack payload(
      String id, String title, String about, String before, String behind) {
    return signed(id, title, about, f -> f.signed(before + f.claims() + behind));
  }

  private static Attack payload(String id, String title, String about, Charset charset) {
    return signed(id, title, about, f -> f.signed(utf8(f.header()), f.claims().getBytes(charset)));
  }

  private static Attack header(
      String id, String title, String about, String before, String behind) {
    return signed(id, title, about, f -> f.underHeader(before + f.header() + behind));
  }

  private static Attack header(String id, String title, String about, Charset charset) {
    return signed(id, title, about, f -> f.signed(f.header().getBytes(charset), utf8(f.claims())));
  }

  /** A claim with octets in it that no text can hold. */
  private static Attack octets(String id, String title, String about, int... octets) {
    return signed(id, title, about, f -> withOctets(f, octets));
  }

  private static String withOctets(Forge f, int... octets) {
    ByteArrayOutputStream claims = new ByteArrayOutputStream();
    claims.writeBytes(utf8(unclosed(f.claims()) + ",\"x\":\""));
    for (int octet : octets) claims.write(octet);
    claims.writeBytes(utf8("\"}"));
    return f.signed(utf8(f.header()), claims.toByteArray());
  }

  /** An object without its last brace. */
  private static String unclosed(String object) {
    return object.substring(0, object.length() - 1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
