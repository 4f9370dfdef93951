package io.sallyport;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.util.HexFormat;

/**
 * The path as the container has decoded and normalised it, within the application.
 *
 * @param text servletPath and pathInfo; empty where it is ambiguous
 * @param ambiguous whether the raw request URI has anything in it that containers have read in
 *     different ways
 */
record RequestPath(String text, boolean ambiguous) {
  static RequestPath of(HttpServletRequest request) {
    String raw = request.getRequestURI();
    // Jetty throws when it is asked for the decoded path of such a one.
    if (raw == null || isAmbiguous(raw)) return new RequestPath("", true);
    String servletPath = request.getServletPath() == null ? "" : request.getServletPath();
    String pathInfo = request.getPathInfo() == null ? "" : request.getPathInfo();
    return new RequestPath(servletPath + pathInfo, false);
  }

  /**
   * Whatever RFC 3986 section 3.3 does not let stand in a path as it is; and of the rest, path
   * parameters, empty segments, dot segments, and percent-encodings of a dot, a slash, a backslash,
   * a percent sign, a control character or what is no UTF-8.
   */
  static boolean isAmbiguous(String raw) {
    if (!raw.startsWith("/")) return true;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean suspect =
          switch (c) {
            case ';', '\\', '"', '#', '<', '>', '[', ']', '^', '`', '{', '|', '}' -> true;
            case '/' -> raw.startsWith("//", i) || isDotSegment(raw, i + 1);
            case '%' -> isSuspectEncoding(raw, i + 1);
            default -> c <= ' ' || c >= 0x7f;
          };
      if (suspect) return true;
    }
    return !encodesUtf8(raw);
  }

  /** What is no UTF-8 becomes U+FFFD, as it does in Undertow; Jetty and Tomcat refuse it. */
  private static boolean encodesUtf8(String raw) {
    return !raw.contains("%") || !URLDecoder.decode(raw, UTF_8).contains("\uFFFD");
  }

  private static boolean isDotSegment(String raw, int start) {
    int end = start;
    while (end < raw.length() && raw.charAt(end) == '.') end++;
    int dots = end - start;
    return (dots == 1 || dots == 2) && (end == raw.length() || raw.charAt(end) == '/');
  }

  private static boolean isSuspectEncoding(String raw, int at) {
    if (at + 2 > raw.length()) return true;
    // Of ASCII alone: Character.digit knows digits that no container decodes.
    if (!HexFormat.isHexDigit(raw.charAt(at)) || !HexFormat.isHexDigit(raw.charAt(at + 1))) {
      return true;
    }
    int encoded = HexFormat.fromHexDigits(raw, at, at + 2);
    return encoded < ' ' || encoded == 0x7f || "./\\%".indexOf(encoded) >= 0;
  }
}
