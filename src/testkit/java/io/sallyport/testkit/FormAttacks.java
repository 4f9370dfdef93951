package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.forged;
import static io.sallyport.testkit.Attack.malformed;
import static io.sallyport.testkit.Attack.signed;
import static io.sallyport.testkit.Forge.encoded;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of a token: segments, alphabet, and other kinds of token. */
final class FormAttacks {
  private static final String COMPACT = "RFC 7515 section 7.1: three segments and no more";
  private static final String ALPHABET = "RFC 7515 section 2: base64url without padding";
  private static final String B64TOKEN = "RFC 6750 section 2.1: what a token may be built of";
  private static final String SPELLING = "RFC 4648 section 3.5: unused bits are zero";
  private static final String UNSIGNED = "RFC 8725 section 2.1: a token without a signature";
  private static final String JSON_FORM = "RFC 7519 section 1: a JWT has the compact form alone";
  private static final String ENCRYPTED = "RFC 8725 section 3.1: encrypted is not signed";
  private static final String BASE64URL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private FormAttacks() {}

  static List<Attack> all() {
    return List.of(
        forged("form-header-alone", "a header and no more", COMPACT, f -> f.part(0)),
        forged(
            "form-no-signature",
            "header and payload, and no second dot",
            COMPACT,
            f -> f.part(0) + "." + f.part(1)),
        forged(
            "form-signature-cut-off",
            "an empty signature",
            UNSIGNED,
            f -> f.part(0) + "." + f.part(1) + "."),
        forged(
            "form-empty-header",
            "an empty header",
            COMPACT,
            f -> "." + f.part(1) + "." + f.part(2)),
        forged(
            "form-empty-payload", "an empty payload", COMPACT, f -> f.part(0) + ".." + f.part(2)),
        forged("form-dots", "two dots and nothing else", COMPACT, f -> ".."),
        forged("form-leading-dot", "a dot before a good token", COMPACT, f -> "." + f.good()),
        forged("form-trailing-dot", "a dot behind a good token", COMPACT, f -> f.good() + "."),
        forged("form-fourth-segment", "a fourth segment", COMPACT, f -> f.good() + "." + f.part(1)),
        forged(
            "form-five-segments",
            "a signed token with two segments more",
            COMPACT,
            f -> f.good() + ".AAAA.AAAA"),
        forged(
            "form-header-twice",
            "the header in place of the payload too",
            COMPACT,
            f -> f.part(0) + "." + f.part(0) + "." + f.part(2)),
        forged(
            "form-payload-first",
            "payload and header in the wrong order",
            COMPACT,
            f -> f.part(1) + "." + f.part(0) + "." + f.part(2)),
        forged(
            "form-other-separator",
            "segments joined with a minus",
            COMPACT,
            f -> f.part(0) + "-" + f.part(1) + "-" + f.part(2)),
        forged("form-opaque", "a random text", COMPACT, f -> encoded(f.canary())),
        forged("form-one-letter", "a single letter", COMPACT, f -> "e"),
        forged(
            "form-padding-behind",
            "a good token with padding at its end",
            ALPHABET,
            f -> f.good() + "=".repeat(Math.max(1, -f.part(2).length() & 3))),
        malformed(
            "form-padding-in-header",
            "a good token with padding behind its header",
            B64TOKEN,
            f -> f.request().bearer(f.part(0) + "==." + f.part(1) + "." + f.part(2))),
        malformed(
            "form-padding-in-payload",
            "a good token with padding behind its payload",
            B64TOKEN,
            f -> f.request().bearer(f.part(0) + "." + f.part(1) + "==." + f.part(2))),
        forged(
            "form-other-alphabet",
            "a good token whose signature is spelt with + and /",
            ALPHABET,
            FormAttacks::inOtherAlphabet),
        forged(
            "form-plus-behind",
            "a good token with + and / behind its signature",
            ALPHABET,
            f -> f.good() + "+/+/"),
        forged(
            "form-unused-bits-of-signature",
            "a good token with unused bits set in the last letter of its signature",
            SPELLING,
            f -> {
              String bent = withUnusedBit(f.part(2));
              return bent == null ? null : f.part(0) + "." + f.part(1) + "." + bent;
            }),
        signed(
            "form-unused-bits-of-header",
            "unused bits set in the last letter of the header, signed so",
            SPELLING,
            f -> {
              String segment = withFreeBits(f.header());
              return f.signedSegments(bent(segment), encoded(f.claims()));
            }),
        signed(
            "form-unused-bits-of-payload",
            "unused bits set in the last letter of the payload, signed so",
            SPELLING,
            f -> {
              String segment = withFreeBits(f.claims());
              return f.signedSegments(f.part(0), bent(segment));
            }),
        malformed(
            "form-blank-inside",
            "a good token with a blank in it",
            B64TOKEN,
            f -> f.request().bearer(f.part(0) + ". " + f.part(1) + "." + f.part(2))),
        malformed(
            "form-tab-inside",
            "a good token with a tab in it",
            B64TOKEN,
            f -> f.request().bearer(f.part(0) + "." + f.part(1) + "\t." + f.part(2))),
        malformed(
            "form-percent-encoded",
            "a good token with its dots percent-encoded",
            B64TOKEN,
            f -> f.request().bearer(String.join("%2e", f.part(0), f.part(1), f.part(2)))),
        malformed(
            "form-line-end-encoded",
            "a good token with a percent-encoded line end behind it",
            B64TOKEN,
            f -> f.request().bearer(f.good() + "%0d%0aX-Probe:%20" + f.canary())),
        malformed(
            "form-non-ascii",
            "a good token with a byte beyond ASCII behind it",
            B64TOKEN,
            f -> f.request().bearer(f.good() + "\u00e9")),
        malformed(
            "form-control-character",
            "a good token with a control character behind it",
            B64TOKEN,
            f -> f.request().bearer(f.good() + "\u0001")),
        malformed(
            "form-semicolon",
            "a good token with a parameter behind it",
            B64TOKEN,
            f -> f.request().bearer(f.good() + ";v=1")),
        malformed(
            "form-json-flattened",
            "a good token in the flattened JSON form",
            JSON_FORM,
            f -> f.request().bearer(flattened(f))),
        malformed(
            "form-json-general",
            "a good token in the general JSON form",
            JSON_FORM,
            f ->
                f.request()
                    .bearer(
                        "{\"payload\":\"%s\",\"signatures\":[{\"protected\":\"%s\",\"signature\":\"%s\"}]}"
                            .formatted(f.part(1), f.part(0), f.part(2)))),
        forged(
            "form-json-encoded",
            "a good token in the JSON form, encoded as one segment",
            JSON_FORM,
            f -> encoded(flattened(f))),
        forged(
            "form-encrypted",
            "a token of five segments that says that it is encrypted",
            ENCRYPTED,
            f ->
                encoded("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}")
                    + "."
                    + f.part(2)
                    + ".AAAAAAAAAAAAAAAA."
                    + f.part(1)
                    + ".AAAAAAAAAAAAAAAAAAAAAA"),
        forged(
            "form-encrypted-directly",
            "a token of five segments with no key in it",
            ENCRYPTED,
            f ->
                encoded("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + "..AAAA." + f.part(1) + ".AAAA"),
        forged(
                "form-encrypted-unsigned",
                "claims without a signature, encrypted for the issuer's public key",
                ENCRYPTED,
                FormAttacks::encryptedClaims)
            .byIssuer(),
        signed(
            "form-nested",
            "a good token as the payload of another one",
            "RFC 7519 section 5.2: nested tokens",
            f -> TestToken.signed(f.headerWith("cty", "\"JWT\""), f.good(), f.key())));
  }

  private static String flattened(Forge f) {
    return "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}"
        .formatted(f.part(0), f.part(1), f.part(2));
  }

  /** Null where the signature happens to read the same in both alphabets. */
  private static @Nullable String inOtherAlphabet(Forge f) {
    String other = f.part(2).replace('-', '+').replace('_', '/');
    return other.equals(f.part(2)) ? null : f.part(0) + "." + f.part(1) + "." + other;
  }

  /** The same octets in another spelling, or null where no bit of the last letter is unused. */
  private static @Nullable String withUnusedBit(String segment) {
    return segment.length() % 4 == 0 ? null : bent(segment);
  }

  private static String bent(String segment) {
    int last = segment.length() - 1;
    return segment.substring(0, last)
        + BASE64URL.charAt(BASE64URL.indexOf(segment.charAt(last)) | 1);
  }

  /** JSON as a segment whose last letter has unused bits, by a member more where it takes one. */
  private static String withFreeBits(String json) {
    String segment = encoded(json);
    for (int i = 1; segment.length() % 4 == 0; i++) {
      segment = encoded(Forge.appended(json, "pad", Forge.quoted("x".repeat(i))));
    }
    return segment;
  }

  /** As CVE-2026-29000 was used: the verifier decrypts, and takes what it finds for verified. */
  private static @Nullable String encryptedClaims(Forge f) {
    TestKey key = f.key("RS256");
    if (key == null) return null;
    String unsigned = encoded("{\"alg\":\"none\"}") + "." + encoded(f.claims()) + ".";
    JWEHeader header =
        new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
            .contentType("JWT")
            .keyID(key.kid())
            .build();
    JWEObject encrypted = new JWEObject(header, new Payload(unsigned));
    try {
      encrypted.encrypt(new RSAEncrypter((RSAPublicKey) key.pair().getPublic()));
      return encrypted.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK can encrypt by RSA and AES", e);
    }
  }
}
