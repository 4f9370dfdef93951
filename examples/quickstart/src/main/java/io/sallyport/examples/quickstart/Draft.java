package io.sallyport.examples.quickstart;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A token that is not signed yet: header and claims as an honest issuer would have them, which an
 * attack can bend before or after the signature. Signed by hand, because a library for tokens would
 * not make most of these.
 */
final class Draft {
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();
  private final SigningKey key;

  /** Begins with a token that holds everything that an access token needs (RFC 9068). */
  Draft(String issuer, SigningKey key, Wish wish) {
    this.key = key;
    header.put("alg", key.algorithm());
    header.put("typ", "at+jwt");
    header.put("kid", key.keyId());

    Instant now = Instant.now();
    claims.put("iss", issuer);
    claims.put("sub", wish.subject());
    claims.put("aud", wish.audience());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(wish.lifetime()).getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("client_id", "quickstart");
    claims.put("scope", String.join(" ", wish.scopes()));
  }

  Draft header(String name, Object value) {
    header.put(name, value);
    return this;
  }

  Draft claim(String name, Object value) {
    claims.put(name, value);
    return this;
  }

  /** A claim that is a time, before or after now. */
  Draft claim(String name, Duration fromNow) {
    return claim(name, Instant.now().plus(fromNow).getEpochSecond());
  }

  Draft without(String claim) {
    claims.remove(claim);
    return this;
  }

  /** The issuer's own key. */
  SigningKey key() {
    return key;
  }

  /** The claims as they will be signed. */
  String payload() {
    return JSONObjectUtils.toJSONString(claims);
  }

  /** Signed by the issuer. */
  String signed() {
    return signedBy(key);
  }

  String signedBy(SigningKey signer) {
    return signed(payload(), signer::sign);
  }

  /** With a payload of the caller's own, signed by the issuer. */
  String signed(String payload) {
    return signed(payload, key::sign);
  }

  /** What makes a signature of a signing input (RFC 7515 section 5.1). */
  interface Signer {
    byte[] sign(byte[] input);
  }

  String signed(String payload, Signer signer) {
    String input =
        encoded(JSONObjectUtils.toJSONString(header).getBytes(StandardCharsets.UTF_8))
            + "."
            + encoded(payload.getBytes(StandardCharsets.UTF_8));
    return input + "." + encoded(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
