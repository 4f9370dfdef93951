package io.sallyport.examples.webapp;

import io.sallyport.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;

/** Who called: by JAX-RS, by the verified token, and by the servlet API. */
@Path("caller")
@Produces(MediaType.TEXT_PLAIN)
public class CallerResource {
  @GET
  public String caller(
      @Context SecurityContext security,
      @Context HttpHeaders headers,
      @Context HttpServletRequest request) {
    return String.join(
        "\n",
        "principal=" + security.getUserPrincipal().getName(),
        "scheme=" + security.getAuthenticationScheme(),
        "mayWrite=" + security.isUserInRole("orders:write"),
        "tenant=" + tenant(security),
        "headers=" + String.join(" ", headers.getRequestHeaders().keySet()),
        Seen.of(request));
  }

  /** The principal is the verified token itself, with claims of the issuer's own. */
  private static String tenant(SecurityContext security) {
    VerifiedToken token = (VerifiedToken) security.getUserPrincipal();
    return token.claim("tenant", String.class).orElse("none");
  }
}
