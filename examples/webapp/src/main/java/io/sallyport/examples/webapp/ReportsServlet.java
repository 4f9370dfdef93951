package io.sallyport.examples.webapp;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The reports, without JAX-RS. The latest one is forwarded to where it is. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
public final class ReportsServlet extends HttpServlet {
  private static final String LATEST = "/2026-11";

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String report = String.valueOf(request.getPathInfo());
    switch (report) {
      case "/latest" ->
          request.getRequestDispatcher("/reports" + LATEST).forward(request, response);
      case LATEST -> Seen.write(response, "report=" + report + "\n" + Seen.of(request));
      default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }
}
