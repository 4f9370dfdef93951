package io.sallyport.examples.webapp;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The page for every error that is not the filters' own, with all that it can see. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
public final class ErrorServlet extends HttpServlet {
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Seen.write(response, "error=" + status + "\n" + Seen.of(request));
  }
}
