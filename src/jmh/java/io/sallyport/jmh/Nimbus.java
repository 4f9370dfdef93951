package io.sallyport.jmh;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nimbus JOSE+JWT by its own processor, set up as its documentation does for access tokens. */
final class Nimbus extends BearerFilter<JWTClaimsSet> {
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  Nimbus(Issuer issuer) {
    super(JWTClaimsSet.class);
    if (issuer.algorithm() == Algorithm.EDDSA) {
      throw new UnsupportedOperationException("Nimbus's processor makes no keys for EdDSA");
    }
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.parse(issuer.algorithm().alg), new ImmutableJWKSet<>(issuer.jwks())));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            Issuer.AUDIENCE,
            new JWTClaimsSet.Builder().issuer(Issuer.IDENTIFIER).build(),
            Set.of("sub", "exp")));
  }

  @Override
  JWTClaimsSet verify(String token) throws Exception {
    return processor.process(token, null);
  }

  @Override
  @Nullable String scope(JWTClaimsSet claims) throws Exception {
    return claims.getStringClaim("scope");
  }

  @Override
  String subject(JWTClaimsSet claims) {
    return claims.getSubject();
  }
}
