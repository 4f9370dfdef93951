package io.sallyport.examples.redis;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

/** A client with a key of its own, and with a token that is bound to it (RFC 9449). */
final class Client {
  static final String ISSUER = "https://id.example.com";
  static final String RESOURCE = "https://api.example.com";

  private final ECKey issuer;
  private final ECKey key;
  private final String token;

  Client() throws Exception {
    issuer = new ECKeyGenerator(Curve.P_256).keyID("issuer").generate();
    key = new ECKeyGenerator(Curve.P_256).generate();
    Instant now = Instant.now();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID("issuer")
            .build();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject("ann")
            .audience(RESOURCE)
            .claim("client_id", "shop")
            .claim("scope", "orders:read")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(600)))
            .jwtID(UUID.randomUUID().toString())
            .claim("cnf", Map.of("jkt", key.computeThumbprint().toString()))
            .build();
    SignedJWT made = new SignedJWT(header, claims);
    made.sign(new ECDSASigner(issuer));
    token = made.serialize();
  }

  /** The keys of its issuer. */
  String jwks() {
    return new JWKSet(issuer).toString(true);
  }

  String token() {
    return token;
  }

  /** A proof for one request. */
  String proof(String method, String address) throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("dpop+jwt"))
            .jwk(key.toPublicJWK())
            .build();
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .jwtID(UUID.randomUUID().toString())
            .issueTime(new Date())
            .claim("htm", method)
            .claim("htu", address)
            .claim("ath", Base64URL.encode(hash).toString())
            .build();
    SignedJWT made = new SignedJWT(header, claims);
    made.sign(new ECDSASigner(key));
    return made.serialize();
  }
}
