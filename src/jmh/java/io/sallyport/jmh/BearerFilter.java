package io.sallyport.jmh;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The filter that an application writes around a library that verifies tokens and has no filter of
 * its own: as little as RFC 6750 allows.
 *
 * @param <C> the library's type of verified claims
 */
abstract class BearerFilter<C> implements Competitor {
  private static final String ATTRIBUTE = "claims";
  private static final String SCHEME = "Bearer ";

  private final Class<C> type;

  BearerFilter(Class<C> type) {
    this.type = type;
  }

  /**
   * Checks everything but the scope.
   *
   * @throws Exception if the token is not good
   */
  abstract C verify(String token) throws Exception;

  abstract @Nullable String scope(C claims) throws Exception;

  abstract String subject(C claims);

  @Override
  public final void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String header = ((HttpServletRequest) request).getHeader("Authorization");
    if (header == null || !header.startsWith(SCHEME)) {
      refuse(response, 401, "Bearer");
      return;
    }
    C claims;
    boolean hasScope;
    try {
      claims = verify(header.substring(SCHEME.length()));
      hasScope = holds(scope(claims), Issuer.SCOPE);
    } catch (Exception e) {
      refuse(response, 401, "Bearer error=\"invalid_token\"");
      return;
    }
    if (!hasScope) {
      refuse(response, 403, "Bearer error=\"insufficient_scope\"");
      return;
    }
    request.setAttribute(ATTRIBUTE, claims);
    chain.doFilter(request, response);
  }

  private static boolean holds(@Nullable String scope, String wanted) {
    if (scope == null) return false;
    for (String held : scope.split(" ")) {
      if (held.equals(wanted)) return true;
    }
    return false;
  }

  private static void refuse(ServletResponse response, int status, String challenge) {
    HttpServletResponse http = (HttpServletResponse) response;
    http.setStatus(status);
    http.setHeader("WWW-Authenticate", challenge);
  }

  @Override
  public final String subject(ServletRequest request) {
    return subject(type.cast(request.getAttribute(ATTRIBUTE)));
  }
}
