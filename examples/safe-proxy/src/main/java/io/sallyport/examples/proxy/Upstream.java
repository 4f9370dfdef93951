package io.sallyport.examples.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one server that requests go on to, and how a request's path is joined to its address: as it
 * came, or not at all. A path that a server could read in another way than this proxy is refused,
 * and never repaired.
 *
 * @param origin scheme, host and port, as {@code https://orders.internal:8443}
 * @param base the path that every request is below, without a slash at its end; may be empty
 */
record Upstream(String origin, String base) {
  private static final String UNRESERVED = "-._~";
  private static final String IN_SEGMENT = "!$&'()*+,=:@"; // RFC 3986 section 3.3, without ;
  private static final String IN_QUERY = IN_SEGMENT + ";/?[]"; // browsers leave [ and ] alone
  private static final Set<String> THIS_HOST = Set.of("127.0.0.1", "[::1]");

  /**
   * Reads an upstream's address.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Upstream of(String text) {
    URI uri = uri(text);
    if (uri == null) throw refused(text, "it is no URI");
    String scheme = uri.getScheme();
    if (!"https".equals(scheme) && !"http".equals(scheme)) {
      throw refused(text, "its scheme is neither https nor http");
    }
    if (uri.getHost() == null) throw refused(text, "it names no host");
    if (uri.getRawUserInfo() != null) throw refused(text, "a credential has no place in it");
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw refused(text, "it has a query or a fragment");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) throw refused(text, "its port is none");
    String path = uri.getRawPath();
    if (!path.isEmpty() && !isPlain(path)) throw refused(text, "its path is ambiguous");
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return new Upstream(origin(uri), base);
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException(
        "upstream=" + text + ": " + why + "; allowed: https://orders.internal:8443/api");
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String origin(URI uri) {
    boolean standard = uri.getPort() < 0 || uri.getPort() == standardPort(uri);
    return uri.getScheme() + "://" + uri.getHost() + (standard ? "" : ":" + uri.getPort());
  }

  private static int standardPort(URI uri) {
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }

  /** Whether nobody on the way can read along: by TLS, or without leaving this host. */
  boolean isConfidential() {
    return origin.startsWith("https:") || THIS_HOST.contains(URI.create(origin).getHost());
  }

  /**
   * Where a request goes.
   *
   * @param path the request's own, as it came
   * @param query the same, or null for none
   * @return the address at the upstream, or null if it can be read in more than one way
   */
  @Nullable String target(String path, @Nullable String query) {
    if (!isPlain(path)) return null;
    if (query == null) return origin + base + path;
    return isMadeOf(query, IN_QUERY) ? origin + base + path + "?" + query : null;
  }

  /**
   * A {@code Location} of the upstream's, as a path of this proxy.
   *
   * @param location what the upstream has sent
   * @param target the address that it has answered for
   * @return the path, with query and fragment; or null if it leads anywhere else
   */
  @Nullable String translated(String location, URI target) {
    boolean samePath = location.isEmpty() || location.startsWith("?");
    URI reference = uri(samePath ? target.getRawPath() + location : location);
    if (reference == null) return null;
    URI there = target.resolve(reference);
    if (there.getRawUserInfo() != null || there.getHost() == null) return null;
    if (!origin.equalsIgnoreCase(origin(there))) return null;
    String path = there.getRawPath();
    if (!path.startsWith(base + "/") || !isPlain(path.substring(base.length()))) return null;
    String query = there.getRawQuery() == null ? "" : "?" + there.getRawQuery();
    String fragment = there.getRawFragment() == null ? "" : "#" + there.getRawFragment();
    return path.substring(base.length()) + query + fragment;
  }

  /**
   * Whether a path means the same to everybody: no empty segments, no dot segments, no path
   * parameters, no encoded dot, slash, backslash, percent or control character, nothing that is no
   * UTF-8, and nothing that RFC 3986 wants encoded.
   */
  private static boolean isPlain(String path) {
    if (!path.startsWith("/") || !isMadeOf(path, IN_SEGMENT + "/")) return false;
    if (path.contains("//")) return false;
    for (String segment : path.split("/")) {
      if (segment.equals(".") || segment.equals("..")) return false;
    }
    for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
      int encoded = HexFormat.fromHexDigits(path, at + 1, at + 3);
      if (encoded < ' ' || encoded == 0x7f || "./\\%".indexOf(encoded) >= 0) return false;
    }
    return !path.contains("%") || !URLDecoder.decode(path, UTF_8).contains("\uFFFD");
  }

  /** Whether a text has only letters, digits, percent-encodings, and these marks. */
  private static boolean isMadeOf(String text, String marks) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        if (i + 2 >= text.length()) return false;
        if (!isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) return false;
      } else if (!isLetterOrDigit(c) && (UNRESERVED + marks).indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(char c) {
    return HexFormat.isHexDigit(c);
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
