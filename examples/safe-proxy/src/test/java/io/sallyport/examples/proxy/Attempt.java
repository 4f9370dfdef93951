package io.sallyport.examples.proxy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A way for a client with a good token to lead a proxy elsewhere.
 *
 * @param name what it tries
 * @param request as it is sent; see {@link #bytes}
 * @param statuses what may come back
 */
record Attempt(String name, String request, Set<Integer> statuses) {
  private static final String PLANTED = "{planted}";
  private static final String SOCKET = "{socket}";
  private static final String TOKEN = "{token}";

  /** The request, with the addresses of the planted servers and a token. */
  String bytes(String planted, String socket, String token) {
    return request.replace(PLANTED, planted).replace(SOCKET, socket).replace(TOKEN, token);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Attempt of(String name, String request, Integer... statuses) {
    return new Attempt(name, request, Set.of(statuses));
  }

  private static Attempt target(String target, Integer... statuses) {
    return of(
        "target " + target, lines("GET " + target + " HTTP/1.1", "Host: " + Wire.HOST), statuses);
  }

  private static Attempt field(String field, Integer... statuses) {
    return of("field " + field, lines("GET / HTTP/1.1", "Host: " + Wire.HOST, field), statuses);
  }

  /** A request of these lines, with a token. */
  private static String lines(String... lines) {
    return String.join("\r\n", lines)
        + "\r\nAuthorization: Bearer "
        + TOKEN
        + "\r\nConnection: close\r\n\r\n";
  }

  static List<Attempt> all() {
    return Stream.of(targets(), hosts(), fields(), methods(), framings()).flatMap(s -> s).toList();
  }

  private static Stream<Attempt> targets() {
    return Stream.of(
        target("http://{planted}/", 400),
        target("https://{planted}/", 400),
        target("http://api.example.com@{planted}/", 400),
        target("http://api.example.com#@{planted}/", 200),
        target("ws://{planted}/", 400),
        target("ftp://{planted}/", 400),
        target("unix:{socket}", 421),
        target("unix://{socket}", 400),
        target("http+unix://{socket}/", 400),
        target("http://unix:{socket}", 400),
        target("//{planted}/", 400),
        target("///{planted}/", 400),
        target("/\\{planted}/", 400),
        target("\\\\{planted}\\", 400),
        target("/http://{planted}/", 400),
        target("/http:/{planted}/", 200),
        target("/http:%2f%2f{planted}/", 400),
        target("{planted}", 400),
        target("{planted}/", 400),
        target("@{planted}/", 400),
        target(":@{planted}/", 400),
        target(".{planted}/", 400),
        target("/@{planted}/", 200),
        target("/%40{planted}/", 200),
        target("?@{planted}/", 400),
        target("/?@{planted}/", 200),
        target("/?http://{planted}/../..", 200),
        target("/#@{planted}/", 400),
        target("#@{planted}/", 400),
        target("*", 400),
        target("/../{planted}", 400),
        target("/..", 400),
        target("/./../internal", 400),
        target("/orders/../../internal", 400),
        target("/%2e%2e/internal", 400),
        target("/.%2E/internal", 400),
        target("/%252e%252e/internal", 400),
        target("/%25252e%25252e/internal", 400),
        target("/..%2finternal", 400),
        target("/..%5cinternal", 400),
        target("/..%255cinternal", 400),
        target("/..\\internal", 400),
        target("/..;/internal", 400),
        target("/..;x=y/internal", 400),
        target("/;/../../internal", 400),
        target("/%c0%ae%c0%ae/internal", 400),
        target("/%u002e%u002e/internal", 400),
        target("/.%00./internal", 400),
        target("/..%00/internal", 400),
        target("/%0d%0aHost:%20{planted}%0d%0a", 400),
        target("/ http://{planted}/", 400),
        target("/\thttp://{planted}/", 400),
        target("/\u000bhttp://{planted}/", 400),
        target("/\u00e9\u0000@{planted}/", 400));
  }

  private static Stream<Attempt> hosts() {
    return Stream.of(
        of("host of the planted", lines("GET / HTTP/1.1", "Host: {planted}"), 421),
        of(
            "absolute target and host of the planted",
            lines("GET http://{planted}/ HTTP/1.1", "Host: {planted}"),
            421),
        of("HTTP/1.0 without host", lines("GET http://{planted}/ HTTP/1.0"), 421),
        of("two hosts", lines("GET / HTTP/1.1", "Host: " + Wire.HOST, "Host: {planted}"), 400),
        of("two hosts in one", lines("GET / HTTP/1.1", "Host: api.example.com,{planted}"), 400),
        of("host with user", lines("GET / HTTP/1.1", "Host: api.example.com@{planted}"), 400),
        of("host with path", lines("GET / HTTP/1.1", "Host: api.example.com/@{planted}"), 400),
        of("no host", lines("GET / HTTP/1.1"), 400),
        of("empty host", lines("GET / HTTP/1.1", "Host:"), 400),
        of("folded host", lines("GET / HTTP/1.1", "Host: " + Wire.HOST, " {planted}"), 400),
        of(
            "host behind a bare line feed",
            lines("GET / HTTP/1.1", "Host: " + Wire.HOST, "Accept: x\nHost: {planted}"),
            400),
        of(
            "host with a blank before its colon",
            lines("GET / HTTP/1.1", "Host: " + Wire.HOST, "Host : {planted}"),
            400));
  }

  private static Stream<Attempt> fields() {
    return Stream.of(
        field("X-Forwarded-Host: {planted}", 200),
        field("X-Forwarded-Server: {planted}", 200),
        field("X-Forwarded-For: {planted}", 200),
        field("X-Forwarded-Proto: unix", 200),
        field("X-Forwarded-Prefix: /../internal", 200),
        field("Forwarded: host=\"{planted}\";proto=http", 200),
        field("X-Host: {planted}", 200),
        field("X-Original-Host: {planted}", 200),
        field("X-Original-URL: http://{planted}/", 200),
        field("X-Rewrite-URL: //{planted}/", 200),
        field("X-Accel-Redirect: http://{planted}/", 200),
        field("X-Proxy-To: http://{planted}/", 200),
        field("Proxy: http://{planted}/", 200),
        field("Referer: http://{planted}/", 200),
        field("Connection: Host", 200),
        field("Upgrade: websocket\r\nConnection: Upgrade", 501),
        field("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAM", 501),
        field("Upgrade: TLS/1.0\r\nConnection: Upgrade", 501),
        field("Upgrade: unix:{socket}\r\nConnection: Upgrade", 501));
  }

  private static Stream<Attempt> methods() {
    return Stream.of(
        of(
            "CONNECT to the planted",
            lines("CONNECT {planted} HTTP/1.1", "Host: {planted}"),
            400,
            404,
            405,
            421),
        of(
            "CONNECT to the planted under the proxy's name",
            lines("CONNECT {planted} HTTP/1.1", "Host: " + Wire.HOST),
            400,
            404,
            405),
        of("CONNECT to a path", lines("CONNECT / HTTP/1.1", "Host: " + Wire.HOST), 400, 405),
        of("TRACE", lines("TRACE / HTTP/1.1", "Host: " + Wire.HOST, "Max-Forwards: 1"), 405),
        of("TRACK", lines("TRACK / HTTP/1.1", "Host: " + Wire.HOST), 405),
        of("PROPFIND", lines("PROPFIND / HTTP/1.1", "Host: " + Wire.HOST), 405),
        of(
            "a method in small letters",
            lines("get http://{planted}/ HTTP/1.1", "Host: " + Wire.HOST),
            400,
            405),
        of("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 426, 505),
        of(
            "the PROXY protocol",
            "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n" + lines("GET / HTTP/1.1", "Host: {planted}"),
            400),
        of("HTTP/0.9", "GET http://{planted}/\r\n\r\n", 400, 426, 505));
  }

  private static Stream<Attempt> framings() {
    String second = "GET http://{planted}/ HTTP/1.1\r\nHost: {planted}\r\n\r\n";
    String length = "Content-Length: " + second.length();
    String post = "POST / HTTP/1.1\r\nHost: " + Wire.HOST;
    return Stream.of(
        of(
            "length and chunks",
            lines(post, "Content-Length: 100", "Transfer-Encoding: chunked") + "0\r\n\r\n" + second,
            400),
        of(
            "chunks that are none",
            lines(post, "Transfer-Encoding: xchunked") + "0\r\n\r\n" + second,
            400,
            501),
        of(
            "chunks twice",
            lines(post, "Transfer-Encoding: chunked, identity") + "0\r\n\r\n" + second,
            400,
            501),
        of(
            "chunks with a blank before the colon",
            lines(post, "Transfer-Encoding : chunked") + "0\r\n\r\n" + second,
            400),
        of("two lengths", lines(post, "Content-Length: 0", length) + second, 400),
        of("a length with a sign", lines(post, "Content-Length: +0") + second, 400),
        of("a negative length", lines(post, "Content-Length: -1") + second, 400),
        of(
            "a length that connection lists",
            lines(post, "Connection: Content-Length", length) + second,
            200),
        of(
            "a chunk's length with more in it",
            lines(post, "Transfer-Encoding: chunked") + "0;\n\r\n\r\n" + second,
            502),
        of(
            "a body that is a request",
            lines("GET / HTTP/1.1\r\nHost: " + Wire.HOST, length) + second,
            200),
        of(
            "a second request without a token",
            lines("GET / HTTP/1.1\r\nHost: " + Wire.HOST).replace("Connection: close\r\n", "")
                + second,
            200),
        of(
            "a second request with one",
            lines("GET / HTTP/1.1\r\nHost: " + Wire.HOST).replace("Connection: close\r\n", "")
                + lines("GET http://{planted}/ HTTP/1.1", "Host: {planted}"),
            200));
  }
}
