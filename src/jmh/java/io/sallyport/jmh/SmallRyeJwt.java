package io.sallyport.jmh;

import io.smallrye.jwt.KeyFormat;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTParser;
import java.util.Set;
import javax.crypto.SecretKey;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** SmallRye JWT, the parser of Quarkus, with the name of its one key known. */
final class SmallRyeJwt extends BearerFilter<JsonWebToken> {
  private final JWTParser parser;

  SmallRyeJwt(Issuer issuer) {
    super(JsonWebToken.class);
    JWTAuthContextInfo settings = new JWTAuthContextInfo();
    settings.setIssuedBy(Issuer.IDENTIFIER);
    settings.setExpectedAudience(Set.of(Issuer.AUDIENCE));
    settings.setSignatureAlgorithm(
        Set.of(SignatureAlgorithm.fromAlgorithm(issuer.algorithm().alg)));
    if (issuer.algorithm().isShared()) {
      settings.setSecretVerificationKey((SecretKey) issuer.key.verifying());
    } else {
      settings.setPublicKeyContent(issuer.jwks().toString());
      settings.setKeyFormat(KeyFormat.JWK);
      settings.setTokenKeyId(Issuer.KID);
    }
    // The factory remembers its key, so each parser needs one of its own.
    this.parser = new DefaultJWTParser(settings, new DefaultJWTCallerPrincipalFactory());
  }

  @Override
  JsonWebToken verify(String token) throws Exception {
    return parser.parse(token);
  }

  @Override
  @Nullable String scope(JsonWebToken token) {
    return token.getClaim("scope");
  }

  @Override
  String subject(JsonWebToken token) {
    return token.getSubject();
  }
}
