package io.sallyport;

import com.nimbusds.jose.JOSEException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** DPoP proofs in the making (RFC 9449 section 4.2), and the tokens that go with them. */
final class Proofs {
  private Proofs() {}

  /** What a well-behaved client sends, to be signed by the same key. */
  static Jws good(SigningKey key, String method, String uri, String token, Instant now) {
    Map<String, @Nullable Object> header = new LinkedHashMap<>();
    header.put("typ", "dpop+jwt");
    header.put("jwk", jwk(key));
    Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("htm", method);
    claims.put("htu", uri);
    claims.put("iat", now.getEpochSecond());
    claims.put("ath", hash(token.getBytes(StandardCharsets.US_ASCII)));
    return new Jws(header, claims);
  }

  /** The public half alone. */
  static Map<String, Object> jwk(SigningKey key) {
    return key.jwk(null, null).toJSONObject();
  }

  /** What binds a token to the key. */
  static Map<String, Object> bindingTo(SigningKey key) {
    return Map.of("jkt", thumbprint(key));
  }

  static String thumbprint(SigningKey key) {
    try {
      return key.jwk().computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** SHA-256 in base64url. */
  static String hash(byte[] octets) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
