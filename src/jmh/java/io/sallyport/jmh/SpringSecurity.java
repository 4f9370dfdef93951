package io.sallyport.jmh;

import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import javax.crypto.SecretKey;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * Spring Security's chain for a stateless resource server, of the filters that it takes to judge a
 * bearer token and none besides (no header writers, no CSRF, no logout).
 */
final class SpringSecurity implements Competitor {
  private final Filter chain;

  SpringSecurity(Issuer issuer) {
    ExceptionTranslationFilter refusals =
        new ExceptionTranslationFilter(
            new BearerTokenAuthenticationEntryPoint(), new NullRequestCache());
    refusals.setAccessDeniedHandler(new BearerTokenAccessDeniedHandler());
    this.chain =
        new FilterChainProxy(
            new DefaultSecurityFilterChain(
                AnyRequestMatcher.INSTANCE,
                new SecurityContextHolderFilter(new RequestAttributeSecurityContextRepository()),
                new BearerTokenAuthenticationFilter(
                    new ProviderManager(new JwtAuthenticationProvider(decoder(issuer)))),
                refusals,
                new AuthorizationFilter(
                    AuthorityAuthorizationManager.hasAuthority("SCOPE_" + Issuer.SCOPE))));
  }

  private static NimbusJwtDecoder decoder(Issuer issuer) {
    NimbusJwtDecoder decoder =
        switch (issuer.algorithm()) {
          case RS256, ES256 ->
              NimbusJwtDecoder.withJwkSource(new ImmutableJWKSet<>(issuer.jwks()))
                  .jwsAlgorithm(SignatureAlgorithm.from(issuer.algorithm().alg))
                  .build();
          case HS256 -> NimbusJwtDecoder.withSecretKey((SecretKey) issuer.key.verifying()).build();
          case EDDSA -> throw new UnsupportedOperationException("Spring Security has no EdDSA");
        };
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            JwtValidators.createDefaultWithIssuer(Issuer.IDENTIFIER),
            new JwtAudienceValidator(Issuer.AUDIENCE)));
    return decoder;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain handler)
      throws IOException, ServletException {
    chain.doFilter(request, response, handler);
  }

  @Override
  public String subject(ServletRequest request) {
    return SecurityContextHolder.getContext().getAuthentication().getName();
  }
}
