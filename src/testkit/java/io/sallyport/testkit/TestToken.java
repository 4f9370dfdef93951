package io.sallyport.testkit;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A token in the making: header and claims at hand, well-formed or not. Each method gives another
 * one and leaves this one as it is. Signed by hand, because a library for tokens would not make
 * most of the bad ones.
 *
 * @since 0.1.0
 */
public final class TestToken {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final Map<String, @Nullable Object> header;
  private final Map<String, @Nullable Object> claims;
  private final Signers signers;

  /** Who can sign it, by algorithm, and who does unless told otherwise. */
  private record Signers(Map<String, TestKey> byAlgorithm, @Nullable TestKey usual) {
    static final Signers NONE = new Signers(Map.of(), null);

    Signers of(String algorithm) {
      TestKey key = byAlgorithm.get(algorithm);
      if (key != null) return new Signers(byAlgorithm, key);
      throw new IllegalArgumentException(
          "the issuer has no key for " + algorithm + ", but for " + byAlgorithm.keySet());
    }
  }

  private TestToken(
      Map<String, @Nullable Object> header, Map<String, @Nullable Object> claims, Signers signers) {
    this.header = header;
    this.claims = claims;
    this.signers = signers;
  }

  /**
   * A token with nothing in it but this.
   *
   * @param header members of the header; {@code alg} and {@code kid} are the signing key's, unless
   *     they stand here
   * @param claims the claims, in their order
   * @return the token, which has no key of its own: see {@link #mintedBy}
   */
  public static TestToken of(
      Map<String, @Nullable Object> header, Map<String, @Nullable Object> claims) {
    return new TestToken(new LinkedHashMap<>(header), new LinkedHashMap<>(claims), Signers.NONE);
  }

  /**
   * What a well-behaved issuer puts into an access token (RFC 9068), good for 5 minutes, with no
   * scope.
   */
  static TestToken good(
      String issuer, String audience, Instant now, Map<String, TestKey> keys, TestKey usual) {
    Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", "ann");
    claims.put("aud", audience);
    claims.put("client_id", "web");
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.getEpochSecond() + 300);
    Map<String, @Nullable Object> header = new LinkedHashMap<>(Map.of("typ", "at+jwt"));
    return new TestToken(header, claims, new Signers(keys, usual));
  }

  /**
   * A proof of possession for DPoP as a well-behaved client sends it (RFC 9449 section 4.2), to be
   * bent or minted.
   *
   * @param key the client's key, to which the access token is bound
   * @param method the request's method
   * @param uri where the request goes, without query and fragment
   * @param token the text of the access token
   * @return the proof, signed by the key
   */
  public static TestToken proof(TestKey key, String method, String uri, String token) {
    Map<String, @Nullable Object> header = new LinkedHashMap<>();
    header.put("typ", "dpop+jwt");
    header.put("jwk", key.jwk(null, null).toJSONObject());
    Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("htm", method);
    claims.put("htu", uri);
    claims.put("iat", Instant.now().getEpochSecond());
    claims.put("ath", hash(token.getBytes(StandardCharsets.US_ASCII)));
    return new TestToken(header, claims, new Signers(Map.of(key.alg(), key), key));
  }

  /**
   * Sets a member of the header.
   *
   * @param name its name
   * @param value its value, or null for JSON's null
   * @return the token with it
   */
  public TestToken header(String name, @Nullable Object value) {
    return new TestToken(with(header, name, value), claims, signers);
  }

  /**
   * Sets a claim.
   *
   * @param name its name
   * @param value its value, or null for JSON's null
   * @return the token with it
   */
  public TestToken claim(String name, @Nullable Object value) {
    return new TestToken(header, with(claims, name, value), signers);
  }

  /**
   * Sets {@code sub}.
   *
   * @param subject whose token it is
   * @return the token with it
   */
  public TestToken subject(String subject) {
    return claim("sub", subject);
  }

  /**
   * Sets {@code iss}.
   *
   * @param issuer in whose name the token is
   * @return the token with it
   */
  public TestToken issuer(String issuer) {
    return claim("iss", issuer);
  }

  /**
   * Sets {@code aud}.
   *
   * @param audience whom the token is for; one is a text, several are an array
   * @return the token with it
   */
  public TestToken audience(String... audience) {
    return claim("aud", audience.length == 1 ? audience[0] : List.of(audience));
  }

  /**
   * Sets what the token is good for (RFC 8693 section 4.2).
   *
   * @param scopes each of them; none gives an empty text
   * @return the token with it
   */
  public TestToken scope(String... scopes) {
    return claim("scope", String.join(" ", scopes));
  }

  /**
   * Sets {@code exp}.
   *
   * @param lifetime how long after its {@code iat} the token ends; negative for one that is past
   * @return the token with it
   * @throws IllegalStateException if the token has no {@code iat} of a number
   */
  public TestToken expiresIn(Duration lifetime) {
    if (!(claims.get("iat") instanceof Number iat)) {
      throw new IllegalStateException("the token has no iat to count from: set the claim exp");
    }
    return claim("exp", iat.longValue() + lifetime.toSeconds());
  }

  /**
   * Leaves a claim out.
   *
   * @param name its name
   * @return the token without it
   */
  public TestToken without(String name) {
    return new TestToken(header, but(claims, name), signers);
  }

  /**
   * Leaves a member of the header out. {@code alg} and {@code kid} are the signing key's all the
   * same.
   *
   * @param name its name
   * @return the token without it
   */
  public TestToken withoutHeader(String name) {
    return new TestToken(but(header, name), claims, signers);
  }

  /**
   * Binds the token to a key for DPoP: {@code cnf.jkt} (RFC 9449 section 6.1).
   *
   * @param key whose proofs have to come with the token, see {@link #proof}
   * @return the token with it
   */
  public TestToken boundTo(TestKey key) {
    return claim("cnf", Map.of("jkt", key.thumbprint()));
  }

  /**
   * Binds the token to a client's certificate: {@code cnf.x5t#S256} (RFC 8705 section 3.1).
   *
   * @param certificate which has to come with the token by mutual TLS
   * @return the token with it
   */
  public TestToken boundTo(X509Certificate certificate) {
    try {
      return claim("cnf", Map.of("x5t#S256", hash(certificate.getEncoded())));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the certificate has no encoding", e);
    }
  }

  /**
   * Has it signed by another key of its issuer's.
   *
   * @param algorithm the {@code alg}
   * @return the token with it
   * @throws IllegalArgumentException if the issuer has no key for that
   */
  public TestToken algorithm(String algorithm) {
    return new TestToken(header, claims, signers.of(algorithm));
  }

  /**
   * Signs the token as its issuer.
   *
   * @return its text in the compact form (RFC 7515 section 7.1)
   * @throws IllegalStateException if it has no issuer
   */
  public String mint() {
    if (signers.usual() == null) {
      throw new IllegalStateException("the token has no key: name one by mintedBy");
    }
    return mintedBy(signers.usual());
  }

  /**
   * Signs the token with any key.
   *
   * @param key the key, whose {@code alg} and {@code kid} stand in the header, unless the token has
   *     its own
   * @return its text in the compact form
   */
  public String mintedBy(TestKey key) {
    return signed(headerJson(key), claimsJson(), key);
  }

  /**
   * The claims.
   *
   * @return their JSON
   */
  public String claimsJson() {
    return JSONObjectUtils.toJSONString(claims);
  }

  /**
   * The header under a key.
   *
   * @param key gives {@code alg} and {@code kid}, unless the token has its own
   * @return its JSON
   */
  public String headerJson(TestKey key) {
    Map<String, @Nullable Object> full = new LinkedHashMap<>();
    full.put("alg", key.alg());
    full.put("kid", key.kid());
    full.putAll(header);
    return JSONObjectUtils.toJSONString(full);
  }

  /**
   * Signs any two texts, JSON or not.
   *
   * @param header the header as it will be encoded
   * @param claims the claims as they will be encoded
   * @param key what signs
   * @return the text in the compact form
   */
  public static String signed(String header, String claims, TestKey key) {
    return signed(
        header.getBytes(StandardCharsets.UTF_8),
        claims.getBytes(StandardCharsets.UTF_8),
        key::sign);
  }

  /**
   * Signs any octets in any way.
   *
   * @param header the header as it will be encoded
   * @param claims the claims as they will be encoded
   * @param signer makes a signature of the signing input (RFC 7515 section 5.1)
   * @return the text in the compact form
   */
  public static String signed(byte[] header, byte[] claims, UnaryOperator<byte[]> signer) {
    String input = ENCODER.encodeToString(header) + '.' + ENCODER.encodeToString(claims);
    byte[] signature = signer.apply(input.getBytes(StandardCharsets.US_ASCII));
    return input + '.' + ENCODER.encodeToString(signature);
  }

  /**
   * Signs as HS256, HS384 and HS512 do (RFC 7518 section 3.2).
   *
   * @param algorithm one of the three
   * @param secret the shared secret
   * @param input the signing input
   * @return the signature as it stands in a token, before it is encoded
   */
  public static byte[] hmac(String algorithm, byte[] secret, byte[] input) {
    try {
      String name = "HmacSHA" + algorithm.substring(2);
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no HMAC of the name " + algorithm, e);
    }
  }

  /**
   * Encodes a text as a segment of a token.
   *
   * @param text the text, taken as UTF-8
   * @return base64url without padding
   */
  public static String base64Url(String text) {
    return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Hashes as {@code ath}, {@code x5t#S256} and thumbprints do.
   *
   * @param octets what is hashed
   * @return SHA-256 in base64url
   */
  public static String hash(byte[] octets) {
    try {
      return ENCODER.encodeToString(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> members, String name, @Nullable Object value) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(members);
    copy.put(name, value);
    return copy;
  }

  private static Map<String, @Nullable Object> but(
      Map<String, @Nullable Object> members, String name) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(members);
    rest.remove(name);
    return rest;
  }

  /** The claims, and nothing that a log must not have. */
  @Override
  public String toString() {
    return "TestToken" + claims.keySet();
  }
}
