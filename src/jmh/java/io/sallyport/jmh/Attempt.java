package io.sallyport.jmh;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Bad tokens, none of which may reach a handler. */
public enum Attempt {
  /** Another good token's signature, so that nothing but the arithmetic can tell. */
  BAD_SIGNATURE("bad signature", issuer -> signedInput(issuer, 0) + signature(issuer, 1)),
  EXPIRED("expired", with("exp", -3_600)),
  NOT_YET_VALID("not yet valid", with("nbf", 3_600)),
  WRONG_ISSUER("wrong issuer", with("iss", "https://id.example.org/realms/acme")),
  WRONG_AUDIENCE("wrong audience", with("aud", "https://invoices.example.com")),
  MISSING_SCOPE("missing scope", with("scope", "openid orders:write")),
  ALG_NONE(
      "alg none",
      issuer -> {
        Map<String, Object> header = issuer.header();
        header.put("alg", "none");
        return Issuer.signingInput(header, issuer.claims()) + '.';
      }),
  UNKNOWN_KID(
      "unknown kid",
      issuer -> {
        Map<String, Object> header = issuer.header();
        header.put("kid", "acme-2025-11");
        return issuer.token(header, issuer.claims());
      }),
  GARBAGE("garbage", issuer -> "opensesame"),
  OTHER_KEY("another key of this name", issuer -> new Issuer(issuer.algorithm()).tokens.get(0)),
  /** The public key taken for a secret (RFC 8725 section 2.1). */
  PUBLIC_KEY_AS_SECRET(
      "HS256 under the public key",
      issuer -> {
        Map<String, Object> header = issuer.header();
        header.put("alg", "HS256");
        String input = Issuer.signingInput(header, issuer.claims());
        byte[] publicKey = issuer.key.verifying().getEncoded();
        SecretKey secret = new SecretKeySpec(publicKey, Algorithm.HS256.jca);
        return input + '.' + Issuer.base64Url(SigningKey.mac(secret, Issuer.octets(input)));
      }),
  FIVE_PARTS("five parts", issuer -> issuer.tokens.get(0) + ".AAAA.AAAA"),
  /** A megabyte of claims, well-formed to the last byte, under a signature of something else. */
  MEGABYTE(
      "1 MB",
      issuer -> {
        Map<String, Object> claims = issuer.claims();
        claims.put("padding", "a".repeat(1 << 20));
        return Issuer.signingInput(issuer.header(), claims) + signature(issuer, 0);
      });

  interface Forger {
    String forge(Issuer issuer) throws GeneralSecurityException;
  }

  /** As the report calls it. */
  final String label;

  private final Forger forger;

  Attempt(String label, Forger forger) {
    this.label = label;
    this.forger = forger;
  }

  String token(Issuer issuer) throws GeneralSecurityException {
    return forger.forge(issuer);
  }

  /** A shared secret has no name and no public half. */
  boolean fits(Algorithm algorithm) {
    return !(algorithm.isShared() && (this == UNKNOWN_KID || this == PUBLIC_KEY_AS_SECRET));
  }

  private static Forger with(String claim, Object value) {
    return issuer -> {
      Map<String, Object> claims = issuer.claims();
      claims.put(claim, value);
      return issuer.token(issuer.header(), claims);
    };
  }

  private static Forger with(String claim, int secondsFromNow) {
    return with(claim, Instant.now().getEpochSecond() + secondsFromNow);
  }

  private static String signedInput(Issuer issuer, int token) {
    String text = issuer.tokens.get(token);
    return text.substring(0, text.lastIndexOf('.'));
  }

  private static String signature(Issuer issuer, int token) {
    String text = issuer.tokens.get(token);
    return text.substring(text.lastIndexOf('.'));
  }
}
