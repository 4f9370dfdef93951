package io.sallyport.testkit;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request down to its line ends: an HTTP library would mend most of the bad ones. Each method
 * gives another one and leaves this one as it is. What stands for a header is written a byte a
 * character.
 *
 * @param method the method, or whatever stands in its place
 * @param target the request target
 * @param version the protocol's version
 * @param lines the header's lines, without their ends
 * @param body what follows the header
 * @param secret what was sent as credentials and must not come back; empty for none
 */
record RawRequest(
    String method, String target, String version, List<String> lines, String body, String secret) {
  RawRequest {
    lines = List.copyOf(lines);
  }

  /** A request for an address, by its user's method, with nothing hostile in it. */
  static RawRequest of(String method, URI address) {
    String host = address.getRawAuthority();
    return new RawRequest(method, target(address), "HTTP/1.1", List.of(), "", "")
        .line("Host: " + host)
        .line("Accept: */*")
        .line("Connection: close");
  }

  private static String target(URI address) {
    String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
    return address.getRawQuery() == null ? path : path + "?" + address.getRawQuery();
  }

  RawRequest method(String other) {
    return new RawRequest(other, target, version, lines, body, secret);
  }

  RawRequest target(String other) {
    return new RawRequest(method, other, version, lines, body, secret);
  }

  RawRequest version(String other) {
    return new RawRequest(method, target, other, lines, body, secret);
  }

  /** With one more line in its header. */
  RawRequest line(String line) {
    List<String> more = new ArrayList<>(lines);
    more.add(line);
    return new RawRequest(method, target, version, more, body, secret);
  }

  /** Without the fields of a name. */
  RawRequest without(String name) {
    List<String> rest = lines.stream().filter(line -> !line.startsWith(name + ":")).toList();
    return new RawRequest(method, target, version, rest, body, secret);
  }

  /** With a body in place of the one that it has. */
  RawRequest body(String type, String text) {
    RawRequest bare = without("Content-Type").without("Content-Length");
    return new RawRequest(method, target, version, bare.lines, text, secret)
        .line("Content-Type: " + type)
        .line("Content-Length: " + text.length());
  }

  /** Without a body, and the fields about it. */
  RawRequest withoutBody() {
    RawRequest bare = without("Content-Type").without("Content-Length");
    return new RawRequest(method, target, version, bare.lines, "", secret);
  }

  /** With credentials, of which nothing must come back. */
  RawRequest secret(String text) {
    return new RawRequest(method, target, version, lines, body, text);
  }

  /** With a token as RFC 6750 section 2.1 has it. */
  RawRequest bearer(String token) {
    return line("Authorization: Bearer " + token).secret(token);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(method + " " + target + " " + version + "\r\n");
    for (String line : lines) text.append(line).append("\r\n");
    return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
