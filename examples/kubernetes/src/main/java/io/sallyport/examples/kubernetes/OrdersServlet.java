package io.sallyport.examples.kubernetes;

import io.sallyport.SallyportFilter;
import io.sallyport.VerifiedToken;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/** The application. It checks nothing, because nothing reaches it unchecked. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
final class OrdersServlet extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    VerifiedToken token = Objects.requireNonNull(SallyportFilter.token(request));
    response.setContentType("text/plain;charset=utf-8");
    response.getWriter().println("orders of " + token.subject());
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_CREATED);
  }
}
