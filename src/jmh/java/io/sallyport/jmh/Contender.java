package io.sallyport.jmh;

import com.auth0.jwt.JWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.jsonwebtoken.impl.DefaultJwtParser;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.FilterChainProxy;

/** Who is measured. */
public enum Contender {
  RAW("the signature alone", Raw::new, null),
  SALLYPORT("Sallyport, uncached", Sallyport::uncached, null),
  SALLYPORT_CACHED("Sallyport, cached", Sallyport::cached, null),
  NIMBUS("Nimbus", Nimbus::new, DefaultJWTProcessor.class),
  SPRING("Spring Security", SpringSecurity::new, FilterChainProxy.class),
  JAVA_JWT("java-jwt", JavaJwt::new, JWT.class),
  JJWT("JJWT", Jjwt::new, DefaultJwtParser.class),
  JOSE4J("jose4j", Jose4j::new, JwtConsumer.class),
  SMALLRYE("SmallRye JWT", SmallRyeJwt::new, DefaultJWTParser.class);

  interface Maker {
    /**
     * Makes the filter.
     *
     * @throws UnsupportedOperationException if the library does not know the issuer's algorithm
     */
    Competitor make(Issuer issuer) throws Exception;
  }

  /** As the report calls it. */
  final String label;

  private final Maker maker;

  /** A class of the peer's library; null for what is no peer. */
  final @Nullable Class<?> library;

  Contender(String label, Maker maker, @Nullable Class<?> library) {
    this.label = label;
    this.maker = maker;
    this.library = library;
  }

  Competitor make(Issuer issuer) throws Exception {
    return maker.make(issuer);
  }
}
