package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.Expected.OPEN;
import static io.sallyport.testkit.Attack.Expected.REFUSED;
import static io.sallyport.testkit.Attack.Expected.UNAUTHORIZED;
import static io.sallyport.testkit.Attack.bare;
import static io.sallyport.testkit.Attack.forged;
import static io.sallyport.testkit.Attack.malformed;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** How credentials come, or seem to come, with a request. Their token itself is good. */
final class RequestAttacks {
  private static final String ONE = "RFC 6750 section 3.1: one token, sent in one way";
  private static final String SYNTAX = "RFC 6750 section 2.1: Bearer, a blank, a b64token";
  private static final String SCHEME = "RFC 9110 section 11.4: a scheme and what belongs to it";
  private static final String QUERY = "RFC 9700 section 4.3.2: no token in an address";
  private static final String ELSEWHERE = "RFC 6750 section 2: the ways in which a token may come";
  private static final String IDENTITY = "CWE-290: an identity that the client itself claims";
  private static final String OVERRIDE = "CWE-436: a field that changes what is asked for";
  private static final String MESSAGE = "RFC 9112: the form of a request";
  private static final String SIZE = "RFC 6585 section 5: too large a header";

  private RequestAttacks() {}

  /** What every gate has to refuse before anything else is worth a try. */
  static final Attack NO_TOKEN =
      bare("request-no-token", "no credentials", "RFC 6750 section 3: a challenge", Forge::request)
          .expecting(UNAUTHORIZED);

  static List<Attack> all() {
    return List.of(
        NO_TOKEN,

        // ---- more than one
        several(
            "request-two-tokens",
            "a good token, then a forged one",
            f -> f.request().bearer(f.good()).bearer(forgery(f))),
        several(
            "request-two-tokens-forged-first",
            "a forged token, then a good one",
            f -> f.request().bearer(forgery(f)).bearer(f.good())),
        several(
            "request-same-token-twice",
            "the same good token in two fields",
            f -> f.request().bearer(f.good()).bearer(f.good())),
        several(
            "request-password-behind",
            "a good token, then a password",
            f -> f.request().bearer(f.good()).line("Authorization: Basic cHJvYmU6cHJvYmU=")),
        several(
            "request-password-before",
            "a password, then a good token",
            f -> f.request().line("Authorization: Basic cHJvYmU6cHJvYmU=").bearer(f.good())),
        field(
            "request-joined-by-comma",
            "two tokens in one field, with a comma",
            ONE,
            token -> "Bearer " + token + ", Bearer " + token),
        field(
            "request-password-and-token-joined",
            "a password and a good token in one field",
            ONE,
            token -> "Basic cHJvYmU6cHJvYmU=, Bearer " + token),
        field(
            "request-comma-behind",
            "a good token with a comma behind it",
            SYNTAX,
            token -> "Bearer " + token + ","),

        // ---- the field
        other("scheme-basic", "a good token with the scheme Basic", token -> "Basic " + token),
        other(
            "scheme-password",
            "a good token as a password",
            token -> "Basic " + base64("bearer:" + token)),
        other("scheme-token", "a good token with the scheme Token", token -> "Token " + token),
        other("scheme-jwt", "a good token with the scheme JWT", token -> "JWT " + token),
        other("scheme-oauth", "a good token with the scheme OAuth", token -> "OAuth " + token),
        other("scheme-longer", "a good token with the scheme Bearers", token -> "Bearers " + token),
        other(
            "scheme-prefixed",
            "a good token with the scheme X-Bearer",
            token -> "X-Bearer " + token),
        field(
            "scheme-dpop",
            "a good token that is not bound, with the scheme DPoP",
            "RFC 9449 section 7.1: DPoP takes a proof",
            token -> "DPoP " + token),
        field("scheme-missing", "a good token without a scheme", SCHEME, token -> token),
        field("bearer-alone", "Bearer and nothing else", SYNTAX, token -> "Bearer"),
        field("bearer-joined", "no blank behind Bearer", SYNTAX, token -> "Bearer" + token),
        field("bearer-tab", "a tab behind Bearer", SYNTAX, token -> "Bearer\t" + token),
        field(
            "bearer-no-break",
            "a no-break space behind Bearer",
            SYNTAX,
            token -> "Bearer\u00a0" + token),
        field("bearer-colon", "a colon behind Bearer", SYNTAX, token -> "Bearer: " + token),
        field("bearer-equals", "an equals sign behind Bearer", SYNTAX, token -> "Bearer=" + token),
        field("bearer-comma", "a comma behind Bearer", SYNTAX, token -> "Bearer," + token),
        field(
            "bearer-quoted", "a good token in quotes", SYNTAX, token -> "Bearer \"" + token + "\""),
        field(
            "bearer-brackets",
            "a good token in angle brackets",
            SYNTAX,
            token -> "Bearer <" + token + ">"),
        field(
            "bearer-parameter",
            "a good token as a parameter",
            SYNTAX,
            token -> "Bearer access_token=\"" + token + "\""),
        field("bearer-twice", "Bearer twice", SYNTAX, token -> "Bearer Bearer " + token),
        field(
            "bearer-words-behind",
            "a word behind a good token",
            SYNTAX,
            token -> "Bearer " + token + " admin"),
        field(
            "bearer-word-before",
            "a word before a good token",
            SYNTAX,
            token -> "Bearer admin " + token),
        field(
            "bearer-null",
            "the word null and a good token",
            SYNTAX,
            token -> "null Bearer " + token),
        malformed("field-empty", "an empty field", SYNTAX, f -> f.request().line("Authorization:")),
        malformed(
            "field-blank-before-colon",
            "a blank before the colon",
            "RFC 9112 section 5.1: no blank before the colon",
            f -> f.request().line("Authorization : Bearer " + f.good()).secret(f.good())),
        field("field-double-blank", "two blanks behind Bearer", SYNTAX, token -> "Bearer  " + token)
            .expecting(OPEN),
        field(
                "field-blank-behind",
                "a blank behind a good token",
                MESSAGE,
                token -> "Bearer " + token + " ")
            .expecting(OPEN),
        field(
                "field-folded",
                "a good token on a line of its own",
                "RFC 9112 section 5.2: folded lines",
                token -> "Bearer\r\n " + token)
            .expecting(OPEN),

        // ---- where no token may come
        bare(
            "elsewhere-query",
            "a good token as access_token in the query",
            QUERY,
            f -> query(f, "access_token=" + f.good())),
        bare(
            "elsewhere-query-authorization",
            "a good token as authorization in the query",
            QUERY,
            f -> query(f, "authorization=Bearer%20" + f.good())),
        malformed(
            "elsewhere-query-and-forged",
            "a forged token, and a good one in the query",
            ONE,
            f -> query(f, "access_token=" + f.good()).bearer(forgery(f))),
        bare(
                "elsewhere-form",
                "a good token in a form",
                ELSEWHERE,
                f ->
                    f.request()
                        .method("POST")
                        .body("application/x-www-form-urlencoded", "access_token=" + f.good())
                        .secret(f.good()))
            .expecting(REFUSED)
            .byIssuer(),
        bare(
            "elsewhere-cookie",
            "a good token in a cookie",
            ELSEWHERE,
            f ->
                f.request()
                    .line("Cookie: access_token=" + f.good() + "; token=" + f.good())
                    .secret(f.good())),
        bare(
            "elsewhere-cookie-authorization",
            "a good token in a cookie called Authorization",
            ELSEWHERE,
            f ->
                f.request()
                    .line("Cookie: Authorization=Bearer%20" + f.good() + "; jwt=" + f.good())
                    .secret(f.good())),
        elsewhere("elsewhere-proxy", "Proxy-Authorization: Bearer "),
        elsewhere("elsewhere-x-authorization", "X-Authorization: Bearer "),
        elsewhere("elsewhere-forwarded", "X-Forwarded-Authorization: Bearer "),
        elsewhere("elsewhere-original", "X-Original-Authorization: Bearer "),
        elsewhere("elsewhere-access-token", "X-Access-Token: "),
        elsewhere("elsewhere-forwarded-access-token", "X-Forwarded-Access-Token: "),
        elsewhere("elsewhere-auth-token", "X-Auth-Token: "),
        elsewhere("elsewhere-assertion", "X-JWT-Assertion: "),
        elsewhere("elsewhere-websocket", "Sec-WebSocket-Protocol: bearer, "),
        elsewhere("elsewhere-challenge", "WWW-Authenticate: Bearer "),
        bare(
                "elsewhere-trailer",
                "a good token behind the body",
                ELSEWHERE,
                f ->
                    new RawRequest(
                            "POST",
                            f.request().target(),
                            "HTTP/1.1",
                            f.request().withoutBody().lines(),
                            "0\r\nAuthorization: Bearer " + f.good() + "\r\n\r\n",
                            f.good())
                        .line("Trailer: Authorization")
                        .line("Transfer-Encoding: chunked"))
            .expecting(REFUSED)
            .byIssuer(),

        // ---- what a server may believe in place of a token
        claimed(
            "identity-user", "X-Remote-User: admin", "X-Forwarded-User: admin", "X-User: admin"),
        claimed(
            "identity-address",
            "X-Forwarded-For: 127.0.0.1",
            "X-Real-IP: 127.0.0.1",
            "Forwarded: for=127.0.0.1"),
        claimed(
            "identity-certificate", "X-SSL-Client-Verify: SUCCESS", "X-SSL-Client-S-DN: CN=admin"),
        overriding("override-original-url", "X-Original-URL: /health"),
        overriding("override-rewrite-url", "X-Rewrite-URL: /health"),
        overriding("override-forwarded-uri", "X-Forwarded-Uri: /health"),
        overriding("override-method", "X-HTTP-Method-Override: OPTIONS"),
        overriding("override-method-short", "X-HTTP-Method: OPTIONS"),
        overriding("override-method-other", "X-Method-Override: OPTIONS"),
        bare(
            "override-method-query",
            "no token, and another method in the query",
            OVERRIDE,
            f -> query(f, "_method=OPTIONS")),
        overriding("override-dispatch", "X-Dispatcher-Type: FORWARD"),

        // ---- the message
        message(
            "message-http-1-0",
            "HTTP/1.0 without Host and without a token",
            request -> request.version("HTTP/1.0").without("Host")),
        message("message-no-host", "no Host and no token", request -> request.without("Host")),
        message(
            "message-other-host",
            "another Host and no token",
            request -> request.without("Host").line("Host: evil.example")),
        message(
            "message-loopback-host",
            "localhost for Host and no token",
            request -> request.without("Host").line("Host: localhost")),
        message(
            "message-two-hosts",
            "two Host and no token",
            request -> request.line("Host: evil.example")),
        message(
            "message-version",
            "an unknown version and no token",
            request -> request.version("HTTP/1.9")),
        message(
            "message-absolute",
            "a whole address as target, and no token",
            request -> request.target("http://localhost" + request.target())),
        message(
            "message-absolute-other",
            "another host's address as target, and no token",
            request -> request.target("http://evil.example" + request.target())),
        message("message-many-fields", "150 fields and no token", RequestAttacks::withManyFields),

        // ---- size
        forged("size-12-kb", "a token of 12 KB", SIZE, f -> filled(f, 12_000)),
        forged("size-64-kb", "a token of 64 KB", SIZE, f -> filled(f, 64_000)),
        forged("size-megabyte", "a token of a megabyte", SIZE, f -> filled(f, 1_000_000)),
        forged("size-dots", "7,000 dots", SIZE, f -> ".".repeat(7_000)),
        forged(
            "size-megabyte-behind",
            "a good token and a megabyte behind it",
            SIZE,
            f -> f.good() + "A".repeat(1_000_000)));
  }

  private static Attack several(String id, String title, Attack.Maker maker) {
    return malformed(id, title, ONE, maker);
  }

  /** A good token in a field that is not as RFC 6750 has it. */
  private static Attack field(String id, String title, String about, UnaryOperator<String> value) {
    return malformed(
        id,
        title,
        about,
        f -> f.request().line("Authorization: " + value.apply(f.good())).secret(f.good()));
  }

  /** A good token with a scheme that takes none. */
  private static Attack other(String id, String title, UnaryOperator<String> value) {
    return bare(
        id,
        title,
        SCHEME,
        f -> f.request().line("Authorization: " + value.apply(f.good())).secret(f.good()));
  }

  private static Attack elsewhere(String id, String start) {
    String name = start.substring(0, start.indexOf(':'));
    return bare(
        id,
        "a good token in " + name,
        ELSEWHERE,
        f -> f.request().line(start + f.good()).secret(f.good()));
  }

  private static Attack claimed(String id, String... lines) {
    return bare(
        id,
        "no token, but " + String.join(", ", lines),
        IDENTITY,
        f -> {
          RawRequest request = f.request();
          for (String line : lines) request = request.line(line);
          return request;
        });
  }

  private static Attack overriding(String id, String line) {
    return bare(id, "no token, but " + line, OVERRIDE, f -> f.request().line(line));
  }

  private static Attack message(String id, String title, UnaryOperator<RawRequest> bend) {
    return bare(id, title, MESSAGE, f -> bend.apply(f.request())).expecting(REFUSED);
  }

  private static RawRequest withManyFields(RawRequest request) {
    RawRequest many = request;
    for (int i = 0; i < 150; i++) many = many.line("X-Probe-" + i + ": " + i);
    return many;
  }

  private static RawRequest query(Forge f, String query) {
    String target = f.request().target();
    return f.request().target(target + (target.contains("?") ? "&" : "?") + query).secret(f.good());
  }

  private static String forgery(Forge f) {
    return f.kept(f.header(), f.claims());
  }

  /** Three segments of such a length, of which the last is no signature. */
  private static String filled(Forge f, int length) {
    return f.part(0) + "." + "e".repeat(length) + "." + f.part(2);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
