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

/** A filter as it is written in an afternoon, with one mistake or another. */
class NaiveGate extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String CHALLENGE = "Bearer realm=\"orders\"";
  private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String field = request.getHeader("Authorization");
    if (field == null || !field.startsWith("Bearer ")) {
      refuse(response, CHALLENGE, "no token");
      return;
    }
    String token = field.substring(7);
    try {
      if (admits(token)) chain.doFilter(request, response);
      else refuse(response, INVALID, "not admitted");
    } catch (ParseException | IllegalArgumentException e) {
      refuse(response, INVALID, said(token, e));
    }
  }

  /** Whether the token is good. This one looks at no signature. */
  boolean admits(String token) throws ParseException {
    return claims(token).get("iss") != null;
  }

  /** What the client is told of a token that cannot be read. */
  String said(String token, Exception e) {
    return "not admitted";
  }

  void refuse(HttpServletResponse response, @Nullable String challenge, String why)
      throws IOException {
    response.setStatus(401);
    if (challenge != null) response.setHeader("WWW-Authenticate", challenge);
    response.getWriter().print(why);
  }

  static Map<String, Object> claims(String token) throws ParseException {
    String[] parts = token.split("\\.");
    if (parts.length < 2) throw new ParseException("too few parts", 0);
    byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
    return JSONObjectUtils.parse(new String(payload, StandardCharsets.UTF_8));
  }
}
