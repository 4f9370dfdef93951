package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.Expected.OPEN;
import static io.sallyport.testkit.Attack.signed;
import static io.sallyport.testkit.Forge.quoted;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Claims that make a token unfit, under a good signature of the issuer. */
final class ClaimAttacks {
  private static final String ISS = "RFC 9068 section 4: iss is exactly the issuer's name";
  private static final String AUD = "RFC 7519 section 4.1.3: aud names this service";
  private static final String EXP = "RFC 7519 section 4.1.4: exp is a number in the future";
  private static final String NBF = "RFC 7519 section 4.1.5: nbf is a number in the past";
  private static final String IAT = "RFC 7519 section 4.1.6: iat is a number";
  private static final String SUB = "RFC 7519 section 4.1.2: sub is a text";
  private static final String REQUIRED = "RFC 9068 section 2.2: what an access token must have";
  private static final String BOUND = "RFC 9449 section 7.2: a bound token without its proof";
  private static final String BY_TLS = "RFC 8705 section 3: a bound token without its certificate";

  private static final long PAST = Instant.parse("2001-09-09T01:46:40Z").getEpochSecond();
  private static final long LATER = Instant.parse("2500-01-01T00:00:00Z").getEpochSecond();

  private ClaimAttacks() {}

  static List<Attack> all() {
    return List.of(
        // ---- iss
        without("claim-iss-missing", "iss", REQUIRED),
        claim("claim-iss-null", "iss", "null", ISS),
        claim("claim-iss-number", "iss", "1", ISS),
        claim("claim-iss-empty", "iss", "\"\"", ISS),
        claim("claim-iss-other", "iss", "\"https://evil.example\"", ISS),
        iss("claim-iss-slash", "iss with a slash behind it", iss -> iss + "/"),
        iss("claim-iss-slash-missing", "iss without its last letter", ClaimAttacks::shortened),
        iss("claim-iss-longer", "iss with more behind it", iss -> iss + ".evil.example"),
        iss("claim-iss-within", "iss behind another address", iss -> "https://evil.example/" + iss),
        iss("claim-iss-user", "iss as the user of another address", iss -> iss + "@evil.example"),
        iss("claim-iss-capitals", "iss in capitals", iss -> iss.toUpperCase(Locale.ROOT)),
        iss("claim-iss-blank", "iss with a blank behind it", iss -> iss + " "),
        iss("claim-iss-line-end", "iss with a line end behind it", iss -> iss + "\n"),
        iss("claim-iss-fragment", "iss with a fragment", iss -> iss + "#"),
        iss("claim-iss-alike", "iss with a letter that looks the same", ClaimAttacks::alike),
        iss("claim-iss-encoded", "iss with a percent-encoded letter", ClaimAttacks::encoded),
        issJson("claim-iss-array", "iss in an array", iss -> "[" + iss + "]"),
        issJson(
            "claim-iss-array-with-other",
            "iss in an array with another",
            iss -> "[" + iss + ",\"https://evil.example\"]"),
        issJson("claim-iss-object", "iss as an object", iss -> "{" + iss + ":true}"),

        // ---- aud
        signed(
            "claim-aud-missing",
            "no aud",
            AUD,
            f -> f.claim("aud") == null ? null : f.withoutClaim("aud")),
        audJson("claim-aud-null", "aud null", aud -> "null"),
        audJson("claim-aud-number", "a number for aud", aud -> "1"),
        audJson("claim-aud-true", "true for aud", aud -> "true"),
        audJson("claim-aud-empty", "an empty aud", aud -> "\"\""),
        audJson("claim-aud-empty-array", "an aud of nobody", aud -> "[]"),
        audJson("claim-aud-array-of-null", "an aud of null", aud -> "[null]"),
        audJson("claim-aud-other", "aud of another service", aud -> "\"https://other.example\""),
        audJson(
            "claim-aud-others",
            "aud of two other services",
            aud -> "[\"https://other.example\",\"https://evil.example\"]"),
        audJson("claim-aud-any", "an asterisk for aud", aud -> "\"*\""),
        audJson("claim-aud-nested", "aud in an array within an array", aud -> "[[" + aud + "]]"),
        audJson("claim-aud-object", "aud as an object", aud -> "{" + aud + ":true}"),
        audJson("claim-aud-array-with-null", "aud beside null", aud -> "[null," + aud + "]"),
        audJson("claim-aud-array-with-number", "aud beside a number", aud -> "[1," + aud + "]"),
        audText("claim-aud-shorter", "aud without its last letter", ClaimAttacks::shortened),
        audText("claim-aud-longer", "aud with more behind it", aud -> aud + ".evil.example"),
        audText("claim-aud-slash", "aud with a slash behind it", aud -> aud + "/"),
        audText("claim-aud-below", "aud with a path behind it", aud -> aud + "/other"),
        audText("claim-aud-capitals", "aud in capitals", aud -> aud.toUpperCase(Locale.ROOT)),
        audText("claim-aud-blank", "aud with a blank before it", aud -> " " + aud),
        audText(
            "claim-aud-listed",
            "aud in one text with another",
            aud -> "https://other.example " + aud),
        audText("claim-aud-alike", "aud with a letter that looks the same", ClaimAttacks::alike),

        // ---- exp
        without("claim-exp-missing", "exp", REQUIRED),
        claim("claim-exp-null", "exp", "null", EXP),
        claim("claim-exp-true", "exp", "true", EXP),
        claim("claim-exp-text", "exp", "\"" + LATER + "\"", EXP),
        claim("claim-exp-date", "exp", "\"2500-01-01T00:00:00Z\"", EXP),
        claim("claim-exp-array", "exp", "[" + LATER + "]", EXP),
        claim("claim-exp-object", "exp", "{\"exp\":" + LATER + "}", EXP),
        claim("claim-exp-past", "exp", String.valueOf(PAST), EXP),
        claim("claim-exp-past-fraction", "exp", PAST + ".5", EXP),
        claim("claim-exp-past-exponent", "exp", "1.0e9", EXP),
        claim("claim-exp-zero", "exp", "0", EXP),
        claim("claim-exp-negative", "exp", "-1", EXP),
        signed(
            "claim-exp-an-hour-ago",
            "exp an hour ago",
            EXP,
            f -> f.withClaim("exp", String.valueOf(Instant.now().getEpochSecond() - 3_600))),
        claim("claim-exp-wraps", "exp", "-18446744073709551", EXP),
        claim("claim-exp-wraps-in-32-bits", "exp", "-2147483649", EXP),
        claim("claim-exp-year-10000", "exp", "253402300800", EXP).expecting(OPEN),
        claim("claim-exp-longest", "exp", "9223372036854775807", EXP).expecting(OPEN),
        claim("claim-exp-longer", "exp", "18446744073709551617", EXP).expecting(OPEN),
        claim("claim-exp-exponent", "exp", "1e400", EXP).expecting(OPEN),

        // ---- nbf and iat
        claim("claim-nbf-future", "nbf", String.valueOf(LATER), NBF),
        signed(
            "claim-nbf-in-an-hour",
            "nbf in an hour",
            NBF,
            f -> f.withClaim("nbf", String.valueOf(Instant.now().getEpochSecond() + 3_600))),
        claim("claim-nbf-wraps", "nbf", "18446744073709552", NBF),
        claim("claim-nbf-text", "nbf", "\"" + PAST + "\"", NBF),
        claim("claim-nbf-array", "nbf", "[" + PAST + "]", NBF),
        claim("claim-iat-text", "iat", "\"" + PAST + "\"", IAT),
        claim("claim-iat-true", "iat", "true", IAT),
        claim("claim-iat-future", "iat", String.valueOf(LATER), IAT).expecting(OPEN),

        // ---- sub
        claim("claim-sub-number", "sub", "1", SUB),
        claim("claim-sub-array", "sub", "[\"ann\"]", SUB),
        claim("claim-sub-object", "sub", "{\"ann\":true}", SUB),
        without("claim-sub-missing", "sub", REQUIRED).expecting(OPEN),
        claim("claim-sub-empty", "sub", "\"\"", SUB).expecting(OPEN),
        signed(
                "claim-sub-control-characters",
                "a line end and a header field in sub",
                SUB,
                f -> f.withClaim("sub", quoted("ann\r\nX-Probe: " + f.canary())))
            .expecting(OPEN),

        // ---- cnf
        signed(
            "claim-cnf-key",
            "a token that is bound to a key, and no proof",
            BOUND,
            f -> f.withClaim("cnf", "{\"jkt\":\"" + f.stranger().thumbprint() + "\"}")),
        signed(
            "claim-cnf-certificate",
            "a token that is bound to a certificate, and no certificate",
            BY_TLS,
            f -> f.withClaim("cnf", "{\"x5t#S256\":\"" + f.stranger().thumbprint() + "\"}")),
        claim("claim-cnf-empty", "cnf", "{}", BOUND).expecting(OPEN),
        claim("claim-cnf-null", "cnf", "null", BOUND).expecting(OPEN));
  }

  private static Attack without(String id, String name, String about) {
    return signed(id, "no " + name, about, f -> f.withoutClaim(name));
  }

  private static Attack claim(String id, String name, String json, String about) {
    return signed(id, name + " of " + json, about, f -> f.withClaim(name, json));
  }

  private static Attack iss(String id, String title, UnaryOperator<String> bend) {
    return signed(id, title, ISS, f -> f.withClaim("iss", quoted(bend.apply(iss(f)))));
  }

  private static Attack issJson(String id, String title, UnaryOperator<String> bend) {
    return signed(id, title, ISS, f -> f.withClaim("iss", bend.apply(quoted(iss(f)))));
  }

  private static String iss(Forge f) {
    return String.valueOf(f.claim("iss"));
  }

  /** Where the good token has no audience, the endpoint demands none. */
  private static Attack audJson(String id, String title, UnaryOperator<String> bend) {
    return signed(
        id,
        title,
        AUD,
        f -> {
          String aud = audience(f);
          return aud == null ? null : f.withClaim("aud", bend.apply(quoted(aud)));
        });
  }

  private static Attack audText(String id, String title, UnaryOperator<String> bend) {
    return signed(
        id,
        title,
        AUD,
        f -> {
          String aud = audience(f);
          return aud == null ? null : f.withClaim("aud", quoted(bend.apply(aud)));
        });
  }

  /** The good token's audience, or the first of several. */
  private static @Nullable String audience(Forge f) {
    Object aud = f.claim("aud");
    if (aud instanceof List<?> several) aud = several.isEmpty() ? null : several.get(0);
    return aud == null ? null : aud.toString();
  }

  private static String shortened(String text) {
    return text.substring(0, Math.max(0, text.length() - 1));
  }

  /** With a Cyrillic letter in place of a Latin one, or a wide one. */
  private static String alike(String text) {
    for (String pair : List.of("a\u0430", "e\u0435", "o\u043e", "p\u0440", "c\u0441")) {
      int at = text.lastIndexOf(pair.charAt(0));
      if (at >= 0) return text.substring(0, at) + pair.charAt(1) + text.substring(at + 1);
    }
    return (char) (text.charAt(0) + 0xfee0) + text.substring(1);
  }

  /** With its last letter percent-encoded, which an address may have without being another. */
  private static String encoded(String text) {
    return shortened(text) + String.format("%%%02x", (int) text.charAt(text.length() - 1));
  }
}
