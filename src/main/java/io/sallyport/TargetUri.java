package io.sallyport;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, without query and fragment, in the one spelling that RFC 3986 has for it:
 * normalised by syntax (section 6.2.2: case, percent-encoding, dot segments) and by scheme (section
 * 6.2.3: default port, empty path), as RFC 9449 section 4.3 advises. Two are the same if their
 * texts are.
 *
 * @param origin scheme, host and, unless it is the scheme's own, port
 * @param path begins with a slash
 */
record TargetUri(String origin, String path) {
  private static final String UNRESERVED = "-._~";

  /** Reads an http or https URI; null where the text is none. */
  static @Nullable TargetUri of(String uri) {
    int end = end(uri, "?#", 0);
    int authority = uri.indexOf("://");
    if (authority < 0 || authority > end) return null;
    int path = Math.min(end(uri, "/", authority + 3), end);
    String origin = origin(uri.substring(0, authority), uri.substring(authority + 3, path));
    return origin == null ? null : of(origin, uri.substring(path, end));
  }

  /** The same from an origin in its one spelling and a raw path. */
  static @Nullable TargetUri of(String origin, String rawPath) {
    String decoded = withPlainUnreserved(rawPath);
    if (decoded == null) return null;
    return new TargetUri(origin, decoded.isEmpty() ? "/" : withoutDotSegments(decoded));
  }

  /** Scheme and authority in their one spelling; null where they are none. */
  static @Nullable String origin(String rawScheme, String authority) {
    String scheme = rawScheme.toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) return null;
    if (authority.indexOf('@') >= 0) return null;
    int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String plain = withPlainUnreserved(host);
    if (plain == null || plain.isEmpty()) return null;
    int port = colon < 0 ? 0 : port(authority.substring(colon + 1));
    if (port < 0) return null;
    boolean standard = port == 0 || port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + plain.toLowerCase(Locale.ROOT) + (standard ? "" : ":" + port);
  }

  /** 0 for none, -1 for what is no port. */
  private static int port(String digits) {
    if (digits.length() > 5) return -1;
    int port = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') return -1;
      port = port * 10 + (c - '0');
    }
    return port == 0 && !digits.isEmpty() ? -1 : port;
  }

  private static int end(String text, String marks, int from) {
    for (int i = from; i < text.length(); i++) {
      if (marks.indexOf(text.charAt(i)) >= 0) return i;
    }
    return text.length();
  }

  /** Decodes what needs no encoding and writes the rest in capitals; null for what is no URI. */
  private static @Nullable String withPlainUnreserved(String raw) {
    StringBuilder plain = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c <= ' ' || c >= 0x7f) return null;
      if (c != '%') {
        plain.append(c);
        continue;
      }
      if (i + 2 >= raw.length() || !isHex(raw.charAt(i + 1)) || !isHex(raw.charAt(i + 2))) {
        return null;
      }
      char encoded = (char) HexFormat.fromHexDigits(raw, i + 1, i + 3);
      if (isUnreserved(encoded)) plain.append(encoded);
      else plain.append(raw.substring(i, i + 3).toUpperCase(Locale.ROOT));
      i += 2;
    }
    return plain.toString();
  }

  private static boolean isHex(char c) {
    return HexFormat.isHexDigit(c);
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || UNRESERVED.indexOf(c) >= 0;
  }

  /** RFC 3986 section 5.2.4. */
  private static String withoutDotSegments(String path) {
    if (!path.contains("/.")) return path;
    List<String> kept = new ArrayList<>();
    int start = 1;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(start, end);
      boolean last = slash < 0;
      boolean dots = segment.equals(".") || segment.equals("..");
      if (segment.equals("..") && !kept.isEmpty()) kept.remove(kept.size() - 1);
      if (!dots) kept.add(segment);
      else if (last) kept.add("");
      start = end + 1;
    }
    return "/" + String.join("/", kept);
  }
}
