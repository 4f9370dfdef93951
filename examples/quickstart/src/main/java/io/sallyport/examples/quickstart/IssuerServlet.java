package io.sallyport.examples.quickstart;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** Publishes the issuer's metadata and keys, where Sallyport looks for them. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
final class IssuerServlet extends HttpServlet {
  private final DevelopmentIssuer issuer;

  IssuerServlet(DevelopmentIssuer issuer) {
    this.issuer = issuer;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (String.valueOf(request.getPathInfo())) {
      case "/.well-known/openid-configuration" -> Json.write(response, 200, issuer.metadata());
      case "/jwks" -> Json.write(response, 200, issuer.jwks());
      default -> Json.write(response, 404, Map.of("error", "nothing is here"));
    }
  }
}
