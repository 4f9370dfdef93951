package io.sallyport.examples.quickstart;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Serves the page, which takes nothing from anywhere else. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
final class PageServlet extends HttpServlet {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private record Asset(String file, String type) {}

  private static final Map<String, Asset> ASSETS =
      Map.of(
          "/", new Asset("page.html", "text/html;charset=utf-8"),
          "/assets/page.css", new Asset("page.css", "text/css;charset=utf-8"),
          "/assets/page.js", new Asset("page.js", "text/javascript;charset=utf-8"),
          "/assets/icon.svg", new Asset("icon.svg", "image/svg+xml"));

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Asset asset = ASSETS.get(request.getRequestURI());
    if (asset == null) {
      Json.write(response, 404, Map.of("error", "nothing is here"));
      return;
    }
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cache-Control", "no-store");
    response.setContentType(asset.type());
    try (InputStream file = PageServlet.class.getResourceAsStream(asset.file())) {
      if (file == null) throw new IOException(asset.file() + " is not in the jar");
      file.transferTo(response.getOutputStream());
    }
  }
}
