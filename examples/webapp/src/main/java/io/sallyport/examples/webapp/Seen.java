package io.sallyport.examples.webapp;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;

/** What the servlet API shows of a request: the caller, and no credentials. */
final class Seen {
  private Seen() {}

  /** A line for each. */
  static String of(HttpServletRequest request) {
    return String.join(
        "\n",
        "dispatch=" + request.getDispatcherType(),
        "user=" + request.getRemoteUser(),
        "authorization=" + request.getHeader("Authorization"),
        "fields=" + String.join(" ", Collections.list(request.getHeaderNames())),
        "");
  }

  /** Field names are the client's: no browser may take them for anything but text. */
  static void write(HttpServletResponse response, String text) throws IOException {
    response.setContentType("text/plain");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.getWriter().print(text);
  }
}
