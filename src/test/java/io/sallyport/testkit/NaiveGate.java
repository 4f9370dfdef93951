package io.sallyport.testkit;

import com.nimbusds.jose.util.JSONObjectUtils;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter as it is written in an afternoon. It looks at no signature, and at no claim but one. */
class NaiveGate extends HttpFilter {
  private static final long serialVersionUID = 1L;
  static final String CHALLENGE = "Bearer realm=\"orders\"";
  static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String token = token(request);
    if (token == null) {
      refuse(response, CHALLENGE, "no token");
    } else if (admits(token)) {
      chain.doFilter(request, response);
    } else {
      refuse(response, INVALID, said(token));
    }
  }

  @Nullable String token(HttpServletRequest request) {
    String field = request.getHeader("Authorization");
    return field != null && field.startsWith("Bearer ") ? field.substring(7) : null;
  }

  private boolean admits(String token) {
    try {
      String[] parts = token.split("\\.");
      return parts.length > 1 && admits(parts, members(parts[0]), members(parts[1]));
    } catch (ParseException | RuntimeException e) {
      return false;
    }
  }

  boolean admits(String[] parts, Map<String, Object> header, Map<String, Object> claims) {
    return claims.containsKey("iss");
  }

  /** What the client is told of a token that is refused. */
  String said(String token) {
    return "refused";
  }

  void refuse(HttpServletResponse response, String challenge, String why) throws IOException {
    response.setStatus(401);
    response.setHeader("WWW-Authenticate", challenge);
    response.getWriter().print(why);
  }

  private static Map<String, Object> members(String part) throws ParseException {
    byte[] json = Base64.getUrlDecoder().decode(part);
    return JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
  }

  /** Verifies the signature, and looks at no claim but one. */
  static class OfSignatures extends NaiveGate {
    private static final long serialVersionUID = 1L;

    private final transient TestIssuer issuer;

    OfSignatures(TestIssuer issuer) {
      this.issuer = issuer;
    }

    @Override
    boolean admits(String[] parts, Map<String, Object> header, Map<String, Object> claims) {
      return parts.length == 3 && super.admits(parts, header, claims) && verifies(parts, header);
    }

    boolean verifies(String[] parts, Map<String, Object> header) {
      TestKey key = issuer.key(String.valueOf(header.get("alg")));
      byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
      return key.kid().equals(header.get("kid")) && key.verifies(input(parts), signature);
    }

    static byte[] input(String[] parts) {
      return (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    }
  }
}
