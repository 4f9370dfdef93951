package io.sallyport.jmh;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Header;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.ProtectedHeader;
import io.jsonwebtoken.security.SecureDigestAlgorithm;
import java.security.Key;
import org.jspecify.annotations.Nullable;

/** JJWT with Jackson, its algorithms cut down to the one in use. */
final class Jjwt extends BearerFilter<Claims> {
  private final JwtParser parser;

  Jjwt(Issuer issuer) {
    super(Claims.class);
    Key key = issuer.key.verifying();
    this.parser =
        Jwts.parser()
            .sig()
            .clear()
            .add(algorithm(issuer.algorithm()))
            .and()
            .keyLocator(header -> isNamed(header) ? key : null)
            .requireIssuer(Issuer.IDENTIFIER)
            .requireAudience(Issuer.AUDIENCE)
            .build();
  }

  private static SecureDigestAlgorithm<?, ?> algorithm(Algorithm algorithm) {
    return switch (algorithm) {
      case RS256 -> Jwts.SIG.RS256;
      case ES256 -> Jwts.SIG.ES256;
      case EDDSA -> Jwts.SIG.EdDSA;
      case HS256 -> Jwts.SIG.HS256;
    };
  }

  private static boolean isNamed(Header header) {
    return header instanceof ProtectedHeader named && Issuer.KID.equals(named.getKeyId());
  }

  @Override
  Claims verify(String token) {
    Claims claims = parser.parseSignedClaims(token).getPayload();
    // JJWT checks exp where there is one, and cannot be told that there has to be.
    if (claims.getExpiration() == null) throw new IllegalArgumentException("exp is absent");
    return claims;
  }

  @Override
  @Nullable String scope(Claims claims) {
    return claims.get("scope", String.class);
  }

  @Override
  String subject(Claims claims) {
    return claims.getSubject();
  }
}
