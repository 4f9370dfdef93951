package io.sallyport.jmh;

import io.sallyport.SallyportFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This library. */
final class Sallyport implements Competitor {
  private final SallyportFilter filter;

  private Sallyport(SallyportFilter filter) {
    this.filter = filter;
  }

  static Sallyport uncached(Issuer issuer) throws IOException {
    return of(issuer, SallyportFilter.builder().tokenCacheSize(0));
  }

  static Sallyport cached(Issuer issuer) throws IOException {
    if (issuer.algorithm().isShared()) {
      throw new UnsupportedOperationException("Sallyport keeps no tokens signed by HMAC");
    }
    return of(issuer, SallyportFilter.builder());
  }

  private static Sallyport of(Issuer issuer, SallyportFilter.Builder builder) throws IOException {
    Path keys = Files.createTempFile("sallyport", ".keys");
    try {
      if (issuer.algorithm().isShared()) {
        Files.write(keys, issuer.key.verifying().getEncoded());
        builder.hmacSecretFile(keys.toString());
      } else {
        Files.writeString(keys, issuer.jwks().toString());
        builder.jwks(keys.toString());
      }
      return new Sallyport(
          builder
              .issuer(Issuer.IDENTIFIER)
              .audience(Issuer.AUDIENCE)
              .algorithms(issuer.algorithm().alg)
              .allowedScopes("orders:read", "orders:write")
              .requiredScopes(Issuer.SCOPE)
              .build());
    } finally {
      Files.delete(keys);
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    filter.doFilter(request, response, chain);
  }

  @Override
  public String subject(ServletRequest request) {
    return SallyportFilter.token(request).subject();
  }
}
