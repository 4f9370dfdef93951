package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Printable;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** By their text, of which an issuer gives few: what passed once passes again. */
  private final Recent<Judged> known = new Recent<>();

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
    String text = claim.text(claims);
    Judged before = text == null ? null : known.find(judged -> judged.text().equals(text));
    if (before != null) return passed(token(claims, before.visible()));
    return held(claims)
        .then(this::judge)
        .then(visible -> passed(token(claims, keep(text, visible))));
  }

  /** Scopes that passed, with what of them is visible. */
  private record Judged(String text, Set<String> visible) {}

  private Set<String> keep(@Nullable String text, Set<String> visible) {
    if (text != null) known.add(new Judged(text, visible));
    return visible;
  }

  /** The scopes as they stand in the token. */
  Outcome<Set<String>> held(SignedClaims claims) {
    return claim.read(claims);
  }

  private Outcome<Set<String>> judge(Set<String> held) {
    if (held.isEmpty())
      return stopped(Reason.SCOPE_EMPTY, "none of the claims " + claim.names() + " has a scope");
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
    Set<String> visible = new LinkedHashSet<>();
    for (String scope : withImplied(held)) if (allowed.contains(scope)) visible.add(scope);
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
        claims, exposed.of(claim.narrowed(claims.members(), visible)), visible, this);
  }

  /** Which claims handlers get to see; an empty set of names means all of them. */
  record ExposedClaims(Set<String> names) {
    Map<String, Object> of(Map<String, Object> claims) {
      if (names.isEmpty()) return claims;
      Map<String, Object> exposed = new LinkedHashMap<>(claims);
      exposed.keySet().retainAll(names);
      return Collections.unmodifiableMap(exposed);
    }
  }
}
