package io.sallyport.examples.probe;

import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Spring Security's resource server with its defaults, and the three things that have to be said:
 * issuer, audience and scope.
 */
public final class SpringSecurityGate implements AutoCloseable {
  private final AnnotationConfigApplicationContext context;

  /**
   * Asks the issuer for its metadata.
   *
   * @param issuer whose tokens it takes
   * @param audience whom they have to be for
   * @param scope what every path takes
   */
  public SpringSecurityGate(String issuer, String audience, String scope) {
    context = new AnnotationConfigApplicationContext();
    context.registerBean(Demand.class, () -> new Demand(issuer, audience, scope));
    context.register(Settings.class);
    context.refresh();
  }

  /**
   * The gate.
   *
   * @return its filter, to be mapped to every path
   */
  public Filter filter() {
    return context.getBean("springSecurityFilterChain", Filter.class);
  }

  @Override
  public void close() {
    context.close();
  }

  /** What a token has to be. */
  record Demand(String issuer, String audience, String scope) {}

  /** As the reference manual has it. */
  @Configuration
  @EnableWebSecurity
  static class Settings {
    @Bean
    SecurityFilterChain chain(HttpSecurity http, Demand demand) throws Exception {
      return http.authorizeHttpRequests(
              requests -> requests.anyRequest().hasAuthority("SCOPE_" + demand.scope()))
          .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
          .build();
    }

    @Bean
    JwtDecoder decoder(Demand demand) {
      NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(demand.issuer()).build();
      decoder.setJwtValidator(
          new DelegatingOAuth2TokenValidator<>(
              List.of(
                  JwtValidators.createDefaultWithIssuer(demand.issuer()),
                  new JwtAudienceValidator(demand.audience()))));
      return decoder;
    }
  }
}
