package io.sallyport.jmh;

import static com.auth0.jwt.algorithms.Algorithm.ECDSA256;
import static com.auth0.jwt.algorithms.Algorithm.HMAC256;
import static com.auth0.jwt.algorithms.Algorithm.RSA256;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.ECDSAKeyProvider;
import com.auth0.jwt.interfaces.RSAKeyProvider;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;

/** Auth0's java-jwt with a key provider, as its documentation has it for keys with names. */
final class JavaJwt extends BearerFilter<DecodedJWT> {
  private final JWTVerifier verifier;

  JavaJwt(Issuer issuer) {
    super(DecodedJWT.class);
    this.verifier =
        JWT.require(algorithm(issuer.key))
            .withIssuer(Issuer.IDENTIFIER)
            .withAudience(Issuer.AUDIENCE)
            .withClaimPresence("exp")
            .build();
  }

  private static com.auth0.jwt.algorithms.Algorithm algorithm(SigningKey key) {
    return switch (key.algorithm()) {
      case RS256 -> RSA256(new RsaKey((RSAPublicKey) key.verifying()));
      case ES256 -> ECDSA256(new EcKey((ECPublicKey) key.verifying()));
      case HS256 -> HMAC256(key.verifying().getEncoded());
      case EDDSA -> throw new UnsupportedOperationException("java-jwt has no EdDSA");
    };
  }

  /** One key under its name, and none to sign with. */
  private abstract static class NamedKey<P extends PublicKey, S extends PrivateKey> {
    private final P key;

    NamedKey(P key) {
      this.key = key;
    }

    public @Nullable P getPublicKeyById(@Nullable String kid) {
      return Issuer.KID.equals(kid) ? key : null;
    }

    public @Nullable S getPrivateKey() {
      return null;
    }

    public @Nullable String getPrivateKeyId() {
      return null;
    }
  }

  private static final class RsaKey extends NamedKey<RSAPublicKey, RSAPrivateKey>
      implements RSAKeyProvider {
    RsaKey(RSAPublicKey key) {
      super(key);
    }
  }

  private static final class EcKey extends NamedKey<ECPublicKey, ECPrivateKey>
      implements ECDSAKeyProvider {
    EcKey(ECPublicKey key) {
      super(key);
    }
  }

  @Override
  DecodedJWT verify(String token) {
    return verifier.verify(token);
  }

  @Override
  @Nullable String scope(DecodedJWT token) {
    return token.getClaim("scope").asString();
  }

  @Override
  String subject(DecodedJWT token) {
    return token.getSubject();
  }
}
