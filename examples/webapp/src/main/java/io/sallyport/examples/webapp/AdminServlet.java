package io.sallyport.examples.webapp;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The administration: to be looked at with a token of its own, and not to be changed from here. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
public final class AdminServlet extends HttpServlet {
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Seen.write(response, Seen.of(request));
  }
}
