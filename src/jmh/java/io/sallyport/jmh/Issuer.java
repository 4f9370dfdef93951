package io.sallyport.jmh;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Signs tokens of some 960 characters (with RS256), with the claims that are usual in them. */
final class Issuer {
  static final String IDENTIFIER = "https://id.example.com/realms/acme";
  static final String AUDIENCE = "https://orders.example.com";
  static final String SUBJECT = "0c5e8f3a-52b7-4f0e-9d34-6b1f7a2c9e81";
  static final String SCOPE = "orders:read";
  static final String KID = "acme-2026-11";

  private static final int TOKENS = 64;
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  final SigningKey key;

  /**
   * Good tokens, each with a {@code jti} of its own: what is measured must not rest on one text.
   */
  final List<String> tokens = new ArrayList<>();

  Issuer(Algorithm algorithm) throws GeneralSecurityException {
    this.key = algorithm.newKey();
    for (int i = 0; i < TOKENS; i++) tokens.add(token(header(), claims()));
  }

  Algorithm algorithm() {
    return key.algorithm();
  }

  /** What verifiers get. */
  JWKSet jwks() {
    return new JWKSet(key.jwk(KID));
  }

  /** A header of a good token, to be changed at will. */
  Map<String, Object> header() {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", algorithm().alg);
    header.put("typ", "JWT");
    header.put("kid", KID);
    return header;
  }

  /** Claims of a good token, to be changed at will. */
  Map<String, Object> claims() {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", IDENTIFIER);
    claims.put("sub", SUBJECT);
    claims.put("aud", AUDIENCE);
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("exp", now + 7_200);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("client_id", "web");
    claims.put("scope", "openid orders:read orders:write");
    claims.put("name", "Ann Example");
    claims.put("preferred_username", "ann");
    claims.put("email", "ann@example.com");
    claims.put("email_verified", true);
    claims.put("realm_access", Map.of("roles", List.of("customer")));
    return claims;
  }

  String token(Map<String, Object> header, Map<String, Object> claims)
      throws GeneralSecurityException {
    String input = signingInput(header, claims);
    return input + '.' + base64Url(key.sign(octets(input)));
  }

  static String signingInput(Map<String, Object> header, Map<String, Object> claims) {
    return base64Url(octets(JSONObjectUtils.toJSONString(header)))
        + '.'
        + base64Url(octets(JSONObjectUtils.toJSONString(claims)));
  }

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static String base64Url(byte[] octets) {
    return BASE64URL.encodeToString(octets);
  }
}
