package io.sallyport.jmh;

import java.security.Key;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/** jose4j with one consumer for all tokens. */
final class Jose4j extends BearerFilter<JwtClaims> {
  private final JwtConsumer consumer;

  Jose4j(Issuer issuer) {
    super(JwtClaims.class);
    Key key = issuer.key.verifying();
    this.consumer =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(ConstraintType.PERMIT, issuer.algorithm().alg)
            .setVerificationKeyResolver(
                (jws, nesting) -> {
                  if (Issuer.KID.equals(jws.getKeyIdHeaderValue())) return key;
                  throw new UnresolvableKeyException("no such key");
                })
            .setExpectedIssuer(Issuer.IDENTIFIER)
            .setExpectedAudience(Issuer.AUDIENCE)
            .setRequireExpirationTime()
            .build();
  }

  @Override
  JwtClaims verify(String token) throws Exception {
    return consumer.processToClaims(token);
  }

  @Override
  @Nullable String scope(JwtClaims claims) throws Exception {
    return claims.getStringClaimValue("scope");
  }

  @Override
  String subject(JwtClaims claims) {
    try {
      return claims.getSubject();
    } catch (MalformedClaimException e) {
      throw new IllegalStateException(e);
    }
  }
}
