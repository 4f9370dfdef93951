package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.Expected.FORBIDDEN;
import static io.sallyport.testkit.Attack.Expected.OPEN;
import static io.sallyport.testkit.Attack.signed;
import static io.sallyport.testkit.Forge.quoted;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Scopes that are not the demanded one, where the good token has one. */
final class ScopeAttacks {
  private static final String MISSING = "RFC 6750 section 3.1: insufficient_scope";
  private static final String EXACT =
      "RFC 6749 section 3.3: scopes are case-sensitive and have no wildcard";
  private static final String SPACE = "RFC 6749 section 3.3: a blank, and nothing else, separates";
  private static final String TYPE = "RFC 8693 section 4.2: scope is a text";

  private ScopeAttacks() {}

  static List<Attack> all() {
    return List.of(
        scope("scope-missing", "no scope", MISSING, ScopeAttacks::without),
        json("scope-empty", "an empty scope", MISSING, s -> "\"\""),
        json("scope-blank", "a scope of blanks", MISSING, s -> "\"  \""),
        json("scope-null", "scope null", MISSING, s -> "null"),
        json("scope-no-items", "an array of no scopes", MISSING, s -> "[]"),
        text("scope-other", "another scope", MISSING, s -> "probe:nothing"),
        text("scope-asterisk", "an asterisk", EXACT, s -> "*"),
        text("scope-wildcard", "a wildcard that would cover it", EXACT, ScopeAttacks::wildcard),
        text("scope-pattern", "a pattern that would match it", EXACT, s -> ".*"),
        text("scope-shorter", "the scope without its last letter", EXACT, ScopeAttacks::shortened),
        text("scope-longer", "the scope with more behind it", EXACT, s -> s + "er"),
        text("scope-within", "the scope within another", EXACT, s -> "no" + s),
        text("scope-other-case", "the scope in other letters", EXACT, ScopeAttacks::otherCase),
        text("scope-quoted", "the scope in quotes", EXACT, s -> "\"" + s + "\""),
        text("scope-wide", "the scope with a wide letter", EXACT, ScopeAttacks::wide),
        text("scope-tab", "another scope, a tab, the scope", SPACE, s -> "probe\t" + s),
        text("scope-line-end", "another scope, a line end, the scope", SPACE, s -> "probe\n" + s),
        text("scope-comma", "another scope, a comma, the scope", SPACE, s -> "probe," + s),
        text("scope-plus", "another scope, a plus, the scope", SPACE, s -> "probe+" + s),
        text("scope-semicolon", "another scope, a semicolon, the scope", SPACE, s -> "probe;" + s),
        text(
            "scope-no-break",
            "another scope, a no-break space, the scope",
            SPACE,
            s -> "probe\u00a0" + s),
        text("scope-nul", "the scope and a NUL", SPACE, s -> s + "\u0000"),
        json("scope-number", "a number for scope", TYPE, s -> "1"),
        json("scope-true", "true for scope", TYPE, s -> "true"),
        json("scope-object", "an object with the scope as a name", TYPE, s -> "{" + s + ":true}"),
        json("scope-nested", "the scope in an array within an array", TYPE, s -> "[[" + s + "]]")
            .expecting(OPEN),
        json("scope-with-number", "the scope beside a number", TYPE, s -> "[1," + s + "]")
            .expecting(OPEN),
        text("scope-docker", "the right to run containers alone", MISSING, s -> "docker:run"),
        text(
            "scope-kubernetes",
            "the right to run the cluster alone",
            MISSING,
            s -> "kubernetes:admin"),
        text("scope-root", "root alone", MISSING, s -> "root"),
        text("scope-host", "the right to the host alone", MISSING, s -> "host:exec"));
  }

  /** Makes claims where there is a scope. */
  private interface Maker {
    String claims(Forge forge, String claim, String scope);
  }

  private static Attack scope(String id, String title, String about, Maker maker) {
    return signed(
            id,
            title,
            about,
            f -> {
              String claim = claim(f);
              String scope = claim == null ? null : first(f.claim(claim));
              return claim == null || scope == null
                  ? null
                  : f.signed(maker.claims(f, claim, scope));
            })
        .expecting(FORBIDDEN);
  }

  private static Attack json(String id, String title, String about, UnaryOperator<String> bend) {
    return scope(
        id, title, about, (f, claim, scope) -> f.claimsWith(claim, bend.apply(quoted(scope))));
  }

  private static Attack text(String id, String title, String about, UnaryOperator<String> bend) {
    return scope(
        id, title, about, (f, claim, scope) -> f.claimsWith(claim, quoted(bend.apply(scope))));
  }

  private static String without(Forge f, String claim, String scope) {
    return f.claimsWithout(claim);
  }

  /** What the good token has its scopes in, or null where it has none. */
  static @Nullable String claim(Forge f) {
    for (String name : List.of("scope", "scp")) {
      if (first(f.claim(name)) != null) return name;
    }
    return null;
  }

  private static @Nullable String first(@Nullable Object scopes) {
    String text =
        scopes instanceof List<?> several && !several.isEmpty()
            ? String.valueOf(several.get(0))
            : String.valueOf(scopes);
    return scopes == null || text.isBlank() ? null : text.strip().split(" ", 2)[0];
  }

  private static String wildcard(String scope) {
    int at = Math.max(scope.lastIndexOf(':'), scope.lastIndexOf('.'));
    return scope.substring(0, Math.max(at, 0) + 1) + "*";
  }

  private static String shortened(String scope) {
    return scope.substring(0, scope.length() - 1);
  }

  private static String otherCase(String scope) {
    String upper = scope.toUpperCase(Locale.ROOT);
    return upper.equals(scope) ? scope.toLowerCase(Locale.ROOT) : upper;
  }

  /** A letter of the forms for East Asian text, which folds to the usual one. */
  private static String wide(String scope) {
    return (char) (scope.charAt(0) + 0xfee0) + scope.substring(1);
  }
}
