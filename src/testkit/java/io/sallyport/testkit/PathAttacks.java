package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.Expected.REFUSED;
import static io.sallyport.testkit.Attack.bare;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Other spellings of the guarded path, and other methods, without a token. */
final class PathAttacks {
  private static final String PATH = "CWE-436: a path that gate and handler read in two ways";
  private static final String UP = "CWE-22: a path that goes up from one that is public";
  private static final String CASE = "CWE-178: letter case in a path";
  private static final String METHOD = "CWE-650: a method that the gate does not think of";

  private PathAttacks() {}

  static List<Attack> all() {
    return List.of(
        path("path-parameter", "a path parameter", path -> path + ";x=y"),
        path("path-parameter-empty", "an empty path parameter", path -> path + ";"),
        path("path-parameter-first", "a path parameter before the path", path -> "/;x=y" + path),
        path("path-parameter-public", "a path parameter that looks public", path -> path + ";.css"),
        path("path-dot", "a dot segment before the path", path -> "/." + path),
        path("path-dot-behind", "a dot segment behind the path", path -> path + "/."),
        path("path-dot-encoded", "an encoded dot segment", path -> "/%2e" + path),
        path("path-slashes", "two slashes before the path", path -> "/" + path),
        path("path-slashes-host", "what may be read as a host", path -> "//x" + path),
        path("path-slash-behind", "a slash behind the path", path -> path + "/"),
        path("path-slashes-behind", "two slashes behind the path", path -> path + "//"),
        path("path-slash-encoded", "an encoded slash behind the path", path -> path + "%2f"),
        path(
            "path-slash-encoded-before", "an encoded slash before the path", path -> "/%2f" + path),
        path("path-slash-wide", "a wide slash behind the path", path -> path + "%ef%bc%8f"),
        path("path-backslash", "a backslash before the path", path -> "\\" + path.substring(1)),
        path("path-backslash-behind", "a backslash behind the path", path -> path + "\\"),
        path("path-backslash-encoded", "an encoded backslash behind it", path -> path + "%5c"),
        path("path-letter-encoded", "an encoded letter", path -> withLetter(path, "%%%02x")),
        path(
            "path-letter-encoded-twice",
            "a letter encoded twice",
            path -> withLetter(path, "%%25%02x")),
        path("path-hyphen", "a soft hyphen behind the path", path -> path + "%c2%ad"),
        path("path-blank", "an encoded blank behind the path", path -> path + "%20"),
        path("path-tab", "an encoded tab behind the path", path -> path + "%09"),
        path("path-line-feed", "an encoded line feed behind the path", path -> path + "%0a"),
        path("path-line-end", "an encoded line end behind the path", path -> path + "%0d%0a"),
        path("path-nul", "an encoded NUL behind the path", path -> path + "%00"),
        path("path-nul-css", "an encoded NUL and .css behind the path", path -> path + "%00.css"),
        path("path-css", ".css behind the path", path -> path + ".css"),
        path("path-json", ".json behind the path", path -> path + ".json"),
        path("path-period", "a period behind the path", path -> path + "."),
        path("path-asterisk", "an asterisk behind the path", path -> path + "*"),
        path("path-percent", "a percent sign behind the path", path -> path + "%"),
        path("path-percent-u", "an encoding that is none", path -> path + "%u002f"),
        path("path-fragment", "a fragment behind the path", path -> path + "#/health"),
        path("path-fragment-encoded", "an encoded number sign behind it", path -> path + "%23"),
        path("path-query-public", "a public path in the query", path -> path + "?/health"),
        path("path-query-encoded", "an encoded question mark", path -> path + "%3f/health"),
        up("path-up", "up from a public path", "/health/.."),
        up("path-up-encoded", "up from a public path, encoded", "/health/%2e%2e"),
        up("path-up-half-encoded", "up from a public path, half encoded", "/health/.%2e"),
        up("path-up-encoded-twice", "up from a public path, encoded twice", "/health/%252e%252e"),
        up("path-up-overlong", "up from a public path, in overlong UTF-8", "/health/%c0%ae%c0%ae"),
        up("path-up-parameter", "up from a public path, with a parameter", "/health/..;"),
        up("path-up-parameter-before", "up from a public path with a parameter", "/health;/.."),
        up("path-up-slashes", "up from a public path, two slashes", "/health//.."),
        up("path-up-slash-encoded", "up from a public path, an encoded slash", "/health%2f.."),
        up("path-up-backslash", "up from a public path, a backslash", "/health\\.."),
        up(
            "path-up-backslash-encoded",
            "up from a public path, an encoded backslash",
            "/health%5c.."),
        up("path-up-assets", "up from a folder of assets", "/assets/css/../.."),
        up("path-up-icon", "up from an icon", "/favicon.ico/.."),
        up("path-up-login", "up from a log-in page, with a parameter", "/login/..;a=b"),
        up("path-up-root", "up from the root", "/.."),
        bare(
                "path-capitals",
                "the path in capitals",
                CASE,
                f -> at(f, path -> other(path, path.toUpperCase(Locale.ROOT))))
            .expecting(REFUSED),
        method("method-head", "HEAD"),
        method("method-options", "OPTIONS"),
        method("method-trace", "TRACE"),
        method("method-get", "GET"),
        method("method-query", "QUERY"),
        method("method-propfind", "PROPFIND"),
        method("method-unknown", "PROBE"),
        method("method-post", "POST").byIssuer(),
        method("method-put", "PUT").byIssuer(),
        method("method-patch", "PATCH").byIssuer(),
        method("method-delete", "DELETE").byIssuer(),
        bare(
                "method-small-letters",
                "the method in small letters, without a token",
                METHOD,
                f -> f.request().method(f.request().method().toLowerCase(Locale.ROOT)))
            .expecting(REFUSED));
  }

  /** Makes another path, or null where it cannot be made of that one. */
  private interface Bend {
    @Nullable String apply(String path);
  }

  private static Attack path(String id, String title, Bend bend) {
    return bare(id, title, PATH, f -> at(f, bend)).expecting(REFUSED);
  }

  private static Attack up(String id, String title, String from) {
    return bare(id, title, UP, f -> at(f, path -> from + path)).expecting(REFUSED);
  }

  private static @Nullable RawRequest at(Forge f, Bend bend) {
    String target = f.request().target();
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    String other = bend.apply(path);
    return other == null ? null : f.request().target(other + target.substring(path.length()));
  }

  /** Without a token, unless it is the endpoint's own method, which has its row elsewhere. */
  private static Attack method(String id, String method) {
    return bare(
            id,
            method + " without a token",
            METHOD,
            f -> {
              if (f.request().method().equals(method)) return null;
              RawRequest bare = f.request().withoutBody().method(method);
              return method.startsWith("P") || method.equals("DELETE")
                  ? bare.line("Content-Length: 0")
                  : bare;
            })
        .expecting(REFUSED);
  }

  /** With its last letter or digit in another form. */
  private static @Nullable String withLetter(String path, String format) {
    for (int at = path.length() - 1; at > 0; at--) {
      char c = path.charAt(at);
      if (c < 0x7f && Character.isLetterOrDigit(c) && (at < 2 || path.charAt(at - 2) != '%')) {
        return path.substring(0, at) + String.format(format, (int) c) + path.substring(at + 1);
      }
    }
    return null;
  }

  private static @Nullable String other(String path, String bent) {
    return path.equals(bent) ? null : bent;
  }
}
