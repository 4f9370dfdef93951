package io.sallyport;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A token in the making: header and claims at hand, well-formed or not. Immutable. */
final class Jws {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final Map<String, @Nullable Object> header;
  private final Map<String, @Nullable Object> claims;

  Jws(Map<String, @Nullable Object> header, Map<String, @Nullable Object> claims) {
    this.header = header;
    this.claims = claims;
  }

  /** What a well-behaved issuer puts into a token. */
  static Jws good(String issuer, String audience, String scope, Instant now) {
    Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", "ann");
    claims.put("aud", audience);
    claims.put("scope", scope);
    claims.put("client_id", "web");
    claims.put("jti", "f3b1");
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.getEpochSecond() + 300);
    return new Jws(Map.of(), claims);
  }

  Jws header(String name, @Nullable Object value) {
    return new Jws(with(header, name, value), claims);
  }

  Jws claim(String name, @Nullable Object value) {
    return new Jws(header, with(claims, name, value));
  }

  Jws without(String name) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(claims);
    rest.remove(name);
    return new Jws(header, rest);
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> members, String name, @Nullable Object value) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(members);
    copy.put(name, value);
    return copy;
  }

  /** The claims as JSON. */
  String claimsJson() {
    return JSONObjectUtils.toJSONString(claims);
  }

  String headerJson(SigningKey key) {
    Map<String, @Nullable Object> full = new LinkedHashMap<>();
    full.put("alg", key.alg());
    full.put("kid", key.kid());
    full.putAll(header);
    return JSONObjectUtils.toJSONString(full);
  }

  String signedBy(SigningKey key) {
    return signed(headerJson(key), claimsJson(), key);
  }

  static String signed(String headerJson, String claimsJson, SigningKey key) {
    return signed(
        headerJson.getBytes(StandardCharsets.UTF_8),
        claimsJson.getBytes(StandardCharsets.UTF_8),
        key::sign);
  }

  static String signed(byte[] header, byte[] claims, UnaryOperator<byte[]> signer) {
    String input = ENCODER.encodeToString(header) + '.' + ENCODER.encodeToString(claims);
    byte[] signature = signer.apply(input.getBytes(StandardCharsets.US_ASCII));
    return input + '.' + ENCODER.encodeToString(signature);
  }

  static String base64Url(String text) {
    return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
