package io.sallyport.examples.kubernetes;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What the kubelet asks: whether the process answers. It says nothing else to anybody. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
final class HealthServlet extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=utf-8");
    response.getWriter().println("ok");
  }
}
