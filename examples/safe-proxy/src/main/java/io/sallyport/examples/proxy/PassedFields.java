package io.sallyport.examples.proxy;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields that are handed on, in either direction. What is not named here stays here, so a field
 * that nobody has thought of does no harm; add the ones that your application needs.
 *
 * <p>Not among them, and why: {@code Cookie} and {@code Set-Cookie} would be a second session
 * beside the token, which nobody verifies, shared by all services behind one host name. {@code
 * Forwarded}, {@code X-Forwarded-…} and {@code X-User} are whatever the client says. {@code Origin}
 * would have two servers answer for CORS. Of the upstream's, {@code WWW-Authenticate} would ask the
 * client for a credential that is the proxy's, and {@code Refresh}, {@code Alt-Svc} and {@code
 * Link} send it elsewhere.
 */
final class PassedFields {
  private static final Set<String> OF_REQUESTS =
      names(
          "Accept",
          "Accept-Encoding",
          "Accept-Language",
          "Cache-Control",
          "Content-Encoding",
          "Content-Language",
          "Content-Type",
          "Idempotency-Key",
          "If-Match",
          "If-Modified-Since",
          "If-None-Match",
          "If-Range",
          "If-Unmodified-Since",
          "Prefer",
          "Range",
          "Traceparent",
          "Tracestate",
          "User-Agent");

  private static final Set<String> OF_RESPONSES =
      names(
          "Accept-Ranges",
          "Age",
          "Allow",
          "Cache-Control",
          "Content-Disposition",
          "Content-Encoding",
          "Content-Language",
          "Content-Length",
          "Content-Range",
          "Content-Security-Policy",
          "Content-Type",
          "ETag",
          "Expires",
          "Last-Modified",
          "Preference-Applied",
          "Referrer-Policy",
          "Retry-After",
          "Vary",
          "X-Content-Type-Options",
          "X-Frame-Options");

  private PassedFields() {}

  private static Set<String> names(String... names) {
    Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    all.addAll(Arrays.asList(names));
    return Collections.unmodifiableSet(all);
  }

  /**
   * Whether a field of a request goes on to the upstream.
   *
   * @param connection the values of {@code Connection}: what they list was meant for this proxy
   *     alone (RFC 9110 section 7.6.1)
   */
  static boolean passUp(String name, Collection<String> connection) {
    return OF_REQUESTS.contains(name) && !isListed(name, connection);
  }

  /** Whether a field of a response goes on to the client. */
  static boolean passDown(String name, Collection<String> connection) {
    return OF_RESPONSES.contains(name) && !isListed(name, connection);
  }

  private static boolean isListed(String name, Collection<String> connection) {
    String lower = name.toLowerCase(Locale.ROOT);
    return connection.stream()
        .flatMap(value -> Arrays.stream(value.toLowerCase(Locale.ROOT).split(",")))
        .anyMatch(listed -> listed.strip().equals(lower));
  }
}
