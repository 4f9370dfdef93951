package io.sallyport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Scopes that refuse a token, whatever else it has: names, and beginnings of names.
 *
 * @param names the exact ones
 * @param beginnings the ones that were written with a {@code *} at the end
 * @param coversHost whether the host-level list is among them
 */
record ForbiddenScopes(Set<String> names, List<String> beginnings, boolean coversHost) {
  /** What gives a way to the host, or to every other container on it. */
  private static final List<String> HOST_LEVEL =
      List.of(
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

  private static final String WITHOUT_HOST_LEVEL = "none";

  /**
   * Adds to the host-level list; the word {@code none} first leaves that list out.
   *
   * @throws IllegalArgumentException if the word stands anywhere else
   */
  static ForbiddenScopes of(Collection<String> given) {
    List<String> patterns = new ArrayList<>(given);
    if (patterns.indexOf(WITHOUT_HOST_LEVEL) > 0) {
      throw new IllegalArgumentException("the word none stands first or not at all");
    }
    boolean coversHost = !patterns.remove(WITHOUT_HOST_LEVEL);
    if (coversHost) patterns.addAll(HOST_LEVEL);
    Set<String> names = new LinkedHashSet<>();
    List<String> beginnings = new ArrayList<>();
    for (String pattern : patterns) {
      if (pattern.endsWith("*")) beginnings.add(pattern.substring(0, pattern.length() - 1));
      else names.add(pattern);
    }
    return new ForbiddenScopes(Set.copyOf(names), List.copyOf(beginnings), coversHost);
  }

  boolean contains(String scope) {
    if (names.contains(scope)) return true;
    for (String beginning : beginnings) {
      if (scope.startsWith(beginning)) return true;
    }
    return false;
  }
}
