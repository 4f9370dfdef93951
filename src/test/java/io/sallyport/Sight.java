package io.sallyport;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that answers with all that it can see of who called it. */
public final class Sight extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final List<String> SPELLINGS =
      List.of("Authorization", "authorization", "AUTHORIZATION", "aUtHoRiZaTiOn");
  private static final List<String> HIDDEN =
      List.of(
          "Proxy-Authorization",
          "proxy-authorization",
          "DPoP",
          "dpop",
          "Client-Cert",
          "client-cert",
          "Client-Cert-Chain",
          "CLIENT-CERT-CHAIN");

  private final AtomicInteger calls = new AtomicInteger();

  /** How often a request has got here. */
  int calls() {
    return calls.get();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    calls.incrementAndGet();
    request.getInputStream().transferTo(OutputStream.nullOutputStream()); // trailers come last
    response.setContentType("text/plain");
    response.setCharacterEncoding("UTF-8");
    response.getWriter().print(of(request));
  }

  /** What can be seen of a request, a line each. */
  static String of(HttpServletRequest request) {
    VerifiedToken token = SallyportFilter.token(request);
    return String.join(
        "\n",
        "dispatch=" + request.getDispatcherType(),
        "protocol=" + request.getProtocol(),
        "thread=" + Thread.currentThread(),
        "subject=" + (token == null ? null : token.subject()),
        "scopes=" + (token == null ? null : token.scopes()),
        "claims=" + (token == null ? null : token.claims()),
        "user=" + request.getRemoteUser(),
        "principal="
            + (request.getUserPrincipal() == null ? null : request.getUserPrincipal().getName()),
        "auth=" + request.getAuthType(),
        "reader=" + request.isUserInRole("orders:read"),
        "admin=" + request.isUserInRole("admin"),
        "credentials=" + credentials(request),
        "other=" + request.getHeader("X-Other"),
        "trailers="
            + String.join(" ", request.getTrailerFields().keySet()).toLowerCase(Locale.ROOT),
        "body=end\n");
  }

  /** Every way to the credentials that a request has; empty where there is none. */
  static List<String> credentials(ServletRequest any) {
    HttpServletRequest request = (HttpServletRequest) any;
    List<String> found = new ArrayList<>();
    List<String> names = new ArrayList<>(SPELLINGS);
    names.addAll(HIDDEN);
    for (String name : names) {
      if (request.getHeader(name) != null) found.add("getHeader " + name);
      Enumeration<String> values = request.getHeaders(name);
      if (values != null && values.hasMoreElements()) found.add("getHeaders " + name);
      try {
        if (request.getIntHeader(name) != -1) found.add("getIntHeader " + name);
        if (request.getDateHeader(name) != -1) found.add("getDateHeader " + name);
      } catch (IllegalArgumentException e) {
        found.add("typed " + name);
      }
    }
    for (String name : Collections.list(request.getHeaderNames())) {
      if (names.stream().anyMatch(name::equalsIgnoreCase)) found.add("getHeaderNames " + name);
    }
    for (String name : request.getTrailerFields().keySet()) {
      if (names.stream().anyMatch(name::equalsIgnoreCase)) found.add("getTrailerFields " + name);
    }
    return found;
  }
}
