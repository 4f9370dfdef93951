package io.sallyport.examples.probe;

import com.nimbusds.jose.util.JSONObjectUtils;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * A filter that decodes a token's claims and compares them with what it expects, and looks at no
 * signature. Do not use it: it is here to be found out.
 */
public final class NaiveFilter extends HttpFilter {
  private static final long serialVersionUID = 1;

  private final String issuer;
  private final String audience;
  private final String scope;

  /**
   * Makes one.
   *
   * @param issuer the {@code iss} that it expects
   * @param audience the {@code aud} that it expects
   * @param scope what has to stand in {@code scope}
   */
  public NaiveFilter(String issuer, String audience, String scope) {
    this.issuer = issuer;
    this.audience = audience;
    this.scope = scope;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String authorization = request.getHeader("Authorization");
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      response.sendError(401, "No token");
      return;
    }
    try {
      Map<String, Object> claims = claims(authorization.substring("Bearer ".length()));
      if (!issuer.equals(claims.get("iss"))
          || !String.valueOf(claims.get("aud")).contains(audience)) {
        response.sendError(401, "Not for us: " + claims.get("iss") + ", " + claims.get("aud"));
      } else if (Instant.now().getEpochSecond() > ((Number) claims.get("exp")).longValue()) {
        response.sendError(401, "Expired");
      } else if (!String.valueOf(claims.get("scope")).contains(scope)) {
        response.sendError(403, "No scope " + scope);
      } else {
        chain.doFilter(request, response);
      }
    } catch (ParseException | IllegalArgumentException e) {
      response.sendError(401, "Invalid token: " + e.getMessage());
    }
  }

  private static Map<String, Object> claims(String token) throws ParseException {
    byte[] payload = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return JSONObjectUtils.parse(new String(payload, StandardCharsets.UTF_8));
  }
}
