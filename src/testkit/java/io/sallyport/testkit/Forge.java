package io.sallyport.testkit;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.JSONStringUtils;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What hostile requests are made of: a good token, the keys behind it, and a stranger's. */
final class Forge implements AutoCloseable {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** Strangers to everybody, so one of each kind will do for every probe. */
  private static final TestKey STRANGER = TestKey.generate("probe", "ES256");

  private static final TestKey STRANGER_RSA = TestKey.generate("probe", "RS256");

  /** Stands in every token that is made here, and must not come back. */
  private final String canary =
      "canary" + new BigInteger(64, new SecureRandom()).setBit(64).toString(16);

  private final KeyServer decoy = new KeyServer().publish(STRANGER);

  private final RawRequest request;
  private final String good;
  private final String[] parts;
  private final Map<String, @Nullable Object> header;
  private final Map<String, @Nullable Object> claims;
  private final @Nullable TestIssuer issuer;

  /**
   * Takes a good token apart.
   *
   * @param request the request without credentials
   * @param good the good token
   * @param issuer who has issued it, where that is under the test's control
   * @throws IllegalArgumentException if the token is no signed JWT
   */
  Forge(RawRequest request, String good, @Nullable TestIssuer issuer) {
    this.request = request;
    this.good = good;
    this.parts = good.split("\\.", -1);
    this.issuer = issuer;
    if (parts.length != 3) throw noJwt(null);
    try {
      this.header = members(parts[0]);
      this.claims = members(parts[1]);
    } catch (ParseException | IllegalArgumentException e) {
      throw noJwt(e);
    }
  }

  private static IllegalArgumentException noJwt(@Nullable Exception cause) {
    return new IllegalArgumentException(
        "the good token is no signed JWT in the compact form, and the probe knows no other", cause);
  }

  private static Map<String, @Nullable Object> members(String segment) throws ParseException {
    String json = new String(DECODER.decode(segment), StandardCharsets.UTF_8);
    return new LinkedHashMap<>(JSONObjectUtils.parse(json));
  }

  /** The request without credentials. */
  RawRequest request() {
    return request;
  }

  /** The good token's text. */
  String good() {
    return good;
  }

  /** The good token's header, payload or signature, as it is encoded. */
  String part(int index) {
    return parts[index];
  }

  byte[] signature() {
    return DECODER.decode(parts[2]);
  }

  String canary() {
    return canary;
  }

  /** Where a server listens that nobody must ask, and has the stranger's key. */
  String decoyUri() {
    return decoy.keysUri();
  }

  /** How often somebody has asked there. */
  long decoyFetches() {
    return decoy.fetches();
  }

  // ---- keys

  /** Whose key nobody trusts. */
  TestKey stranger() {
    return STRANGER;
  }

  /** The same, for RSA. */
  TestKey strangerRsa() {
    return STRANGER_RSA;
  }

  /** A stranger's key that has the name and the algorithm of the good token's. */
  TestKey impostor() {
    try {
      return TestKey.generate(kid(), algorithm());
    } catch (IllegalArgumentException e) { // such as for a shared secret
      return STRANGER.as(kid(), "ES256");
    }
  }

  /** The issuer's key for an algorithm, or null where there is none. */
  @Nullable TestKey key(String algorithm) {
    if (issuer == null) return null;
    try {
      return issuer.key(algorithm);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The key that has signed the good token; only for attacks that need an issuer. */
  TestKey key() {
    TestKey key = key(algorithm());
    if (key != null) return key;
    throw new IllegalArgumentException("the good token is not of the issuer that was given");
  }

  String algorithm() {
    return Objects.toString(header.get("alg"), "");
  }

  String kid() {
    return Objects.toString(header.get("kid"), "");
  }

  // ---- header and claims, as JSON

  /** The good token's header. */
  String header() {
    return JSONObjectUtils.toJSONString(header);
  }

  /** The same with one member more, or another one, its value in JSON. */
  String headerWith(String name, String json) {
    return with(header, name, json);
  }

  /** The same under another key's name. */
  String headerFor(String alg, String kid) {
    Map<String, @Nullable Object> other = new LinkedHashMap<>(header);
    other.put("alg", alg);
    other.put("kid", kid);
    return JSONObjectUtils.toJSONString(other);
  }

  String headerWithout(String name) {
    return JSONObjectUtils.toJSONString(but(header, name));
  }

  /** The good token's claims, and the canary. */
  String claims() {
    return JSONObjectUtils.toJSONString(marked());
  }

  /** The same with one claim more, or another one, its value in JSON. */
  String claimsWith(String name, String json) {
    return with(marked(), name, json);
  }

  String claimsWithout(String name) {
    return JSONObjectUtils.toJSONString(but(marked(), name));
  }

  /** A claim of the good token, or null where it has none. */
  @Nullable Object claim(String name) {
    return claims.get(name);
  }

  private Map<String, @Nullable Object> marked() {
    Map<String, @Nullable Object> marked = new LinkedHashMap<>(claims);
    marked.put("probe", canary);
    return marked;
  }

  private static Map<String, @Nullable Object> but(
      Map<String, @Nullable Object> members, String name) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(members);
    rest.remove(name);
    return rest;
  }

  /** The other members come first, so that of two with one name the given one is the last. */
  private static String with(Map<String, @Nullable Object> members, String name, String json) {
    return appended(JSONObjectUtils.toJSONString(but(members, name)), name, json);
  }

  /** An object with one member more at its end, whether it has the name already or not. */
  static String appended(String object, String name, String json) {
    String start = object.substring(0, object.length() - 1);
    return start + (start.length() > 1 ? "," : "") + quoted(name) + ":" + json + "}";
  }

  /** An object with one member more at its start. */
  static String prepended(String object, String name, String json) {
    return "{" + quoted(name) + ":" + json + "," + object.substring(1);
  }

  static String quoted(String text) {
    return JSONStringUtils.toJSONString(text);
  }

  // ---- tokens

  /** Good claims but for one, under the issuer's signature. */
  String withClaim(String name, String json) {
    return signed(claimsWith(name, json));
  }

  String withoutClaim(String name) {
    return signed(claimsWithout(name));
  }

  /** Claims under the good token's header, signed by the issuer. */
  String signed(String claimsJson) {
    return TestToken.signed(header(), claimsJson, key());
  }

  /** Good claims under a header, signed by the issuer, whatever the header says. */
  String underHeader(String headerJson) {
    return TestToken.signed(headerJson, claims(), key());
  }

  /** Octets of any kind, signed by the issuer. */
  String signed(byte[] headerOctets, byte[] claimsOctets) {
    return TestToken.signed(headerOctets, claimsOctets, key()::sign);
  }

  /** Two segments as they are, signed by the issuer. */
  String signedSegments(String headerSegment, String payloadSegment) {
    String input = headerSegment + "." + payloadSegment;
    return input + "." + encoded(key().sign(ascii(input)));
  }

  /** Signed by the issuer where that can be, else with the signature of the good token. */
  String sealed(String headerJson, String claimsJson) {
    return issuer == null
        ? kept(headerJson, claimsJson)
        : TestToken.signed(headerJson, claimsJson, key());
  }

  /** With the signature of the good token. */
  String kept(String headerJson, String claimsJson) {
    return encoded(headerJson) + "." + encoded(claimsJson) + "." + parts[2];
  }

  /** With any signature. */
  static String assembled(String headerJson, String claimsJson, byte[] signature) {
    return encoded(headerJson) + "." + encoded(claimsJson) + "." + encoded(signature);
  }

  /** Good claims under a header that names an HMAC, made with a secret. */
  String hmac(String algorithm, byte[] secret, String headerJson) {
    return TestToken.signed(
        headerJson.getBytes(StandardCharsets.UTF_8),
        claims().getBytes(StandardCharsets.UTF_8),
        input -> TestToken.hmac(algorithm, secret, input));
  }

  static String encoded(String text) {
    return TestToken.base64Url(text);
  }

  static String encoded(byte[] octets) {
    return ENCODER.encodeToString(octets);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    decoy.close();
  }
}
