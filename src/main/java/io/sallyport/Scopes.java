package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.Refusal.Reason;
import io.sallyport.text.Printable;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Narrows a token to the scopes on the allowlist, and refuses it for a scope that is too broad or
 * reaches for the host. Comparison is exact, by code point (RFC 6749 section 3.3).
 *
 * <p>A scope with a {@code *} in it, an empty set and a forbidden scope refuse the token whatever
 * else it has. What the table of implied scopes adds counts as held.
 */
final class Scopes {
  private final ScopeClaim claim;
  private final Set<String> allowed;
  private final Map<String, Set<String>> implied;
  private final ForbiddenScopes forbidden;
  private final boolean rejectUnlisted;
  private final ExposedClaims exposed;

  Scopes(
      ScopeClaim claim,
      Set<String> allowed,
      Map<String, Set<String>> implied,
      ForbiddenScopes forbidden,
      boolean rejectUnlisted,
      ExposedClaims exposed) {
    this.claim = claim;
    this.allowed = allowed;
    this.implied = implied;
    this.forbidden = forbidden;
    this.rejectUnlisted = rejectUnlisted;
    this.exposed = exposed;
  }

  Outcome<VerifiedToken> narrow(SignedClaims claims) {
    return claim.read(claims).then(this::judge).then(visible -> passed(token(claims, visible)));
  }

  private Outcome<Set<String>> judge(Set<String> held) {
    if (held.isEmpty()) return stopped(Reason.SCOPE_EMPTY, "the token has no scope");
    for (String scope : held) {
      if (scope.indexOf('*') >= 0) {
        return stopped(Reason.SCOPE_TOO_BROAD, "a wildcard: " + Printable.quoted(scope));
      }
      if (forbidden.contains(scope) && !allowed.contains(scope)) {
        return stopped(Reason.SCOPE_FORBIDDEN, "forbidden: " + Printable.quoted(scope));
      }
    }
    for (String scope : rejectUnlisted ? held : Set.<String>of()) {
      if (!allowed.contains(scope) && !implied.containsKey(scope)) {
        return stopped(Reason.SCOPE_UNLISTED, "not in allowedScopes: " + Printable.quoted(scope));
      }
    }
    return passed(visible(held));
  }

  private Set<String> visible(Set<String> held) {
    Set<String> visible = new LinkedHashSet<>(withImplied(held));
    visible.retainAll(allowed);
    return Collections.unmodifiableSet(visible);
  }

  private Set<String> withImplied(Set<String> held) {
    if (implied.isEmpty()) return held;
    Set<String> all = new LinkedHashSet<>(held);
    Deque<String> open = new ArrayDeque<>(held);
    while (!open.isEmpty()) {
      for (String next : implied.getOrDefault(open.remove(), Set.of())) {
        if (all.add(next)) open.add(next);
      }
    }
    return all;
  }

  private VerifiedToken token(SignedClaims claims, Set<String> visible) {
    return new VerifiedToken(
        claims, exposed.of(claim.narrowed(claims.members(), visible)), visible);
  }

  /** Names, and beginnings of names, that refuse a token. */
  record ForbiddenScopes(Set<String> names, List<String> beginnings) {
    /** What gives a way to the host, or to every other container on it. */
    static final Set<String> HOST_LEVEL =
        Set.of(
            "host",
            "host:*",
            "docker*",
            "containerd*",
            "kubernetes:*",
            "k8s:*",
            "node:*",
            "runtime:*",
            "container:exec",
            "container:create",
            "container:privileged",
            "container:admin",
            "privileged",
            "root",
            "cluster-admin",
            "system:masters");

    /** Sorts patterns: a {@code *} at the end makes a beginning of a name. */
    static ForbiddenScopes of(Set<String> patterns) {
      Set<String> names = new HashSet<>(patterns);
      names.removeIf(pattern -> pattern.endsWith("*"));
      List<String> beginnings =
          patterns.stream()
              .filter(pattern -> pattern.endsWith("*"))
              .map(pattern -> pattern.substring(0, pattern.length() - 1))
              .toList();
      return new ForbiddenScopes(Set.copyOf(names), beginnings);
    }

    boolean contains(String scope) {
      if (names.contains(scope)) return true;
      for (String beginning : beginnings) {
        if (scope.startsWith(beginning)) return true;
      }
      return false;
    }
  }

  /** Which claims handlers get to see; an empty set of names means all of them. */
  record ExposedClaims(Set<String> names) {
    Map<String, Object> of(Map<String, Object> claims) {
      if (names.isEmpty()) return claims;
      Map<String, Object> exposed = new java.util.LinkedHashMap<>(claims);
      exposed.keySet().retainAll(names);
      return Collections.unmodifiableMap(exposed);
    }
  }
}
