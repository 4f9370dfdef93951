package io.sallyport;

import io.sallyport.text.Printable;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each request has to bring: nothing on a public path, else what the first matching rule
 * takes, else what every request takes. The verdict rests on method and path alone; no header can
 * change either.
 *
 * @param publicPaths the paths that need no token
 * @param rules judged in order, the first that matches wins
 * @param preflightPasses whether a CORS preflight needs no token (Fetch standard, section 3.2.2)
 * @param standard what a path takes that no rule matches
 */
record Routes(
    List<PathPattern> publicPaths, List<Rule> rules, boolean preflightPasses, Demand standard) {
  private static final Demand UNJUDGED =
      Demand.unmet(Reason.PATH_AMBIGUOUS, "the raw path can be read in several ways");

  /**
   * A line of {@code rules}.
   *
   * @param methods the methods, or empty for every one
   * @param path the paths
   * @param demand what they take
   */
  record Rule(Set<String> methods, PathPattern path, Demand demand) {
    /**
     * Reads {@code METHODS PATH SCOPES}, perhaps with {@code acr=} and {@code maxAge=} at the end.
     *
     * @param stepUp what counts where the line does not say how the user has to authenticate
     * @throws IllegalArgumentException saying what is wrong with the line
     */
    static Rule of(String line, Set<String> allowedScopes, StepUp stepUp) {
      List<String> words = List.of(line.split("\\s+"));
      if (words.size() < 3) throw new IllegalArgumentException("a rule has at least three words");
      Demand demand = demand(line, words.subList(2, words.size()), allowedScopes, stepUp);
      return new Rule(methods(words.get(0)), PathPattern.of(words.get(1)), demand);
    }

    private static Set<String> methods(String word) {
      if (word.equals("*")) return Set.of();
      Set<String> methods = Set.copyOf(new LinkedHashSet<>(List.of(word.split(",", -1))));
      for (String method : methods) {
        if (!method.matches("[A-Z][A-Z_-]*")) {
          throw new IllegalArgumentException(
              Printable.quoted(method) + " is not a method, which is written in capitals");
        }
      }
      return methods;
    }

    private static Demand demand(
        String line, List<String> words, Set<String> allowedScopes, StepUp stepUp) {
      if (words.equals(List.of("deny"))) {
        return Demand.unmet(Reason.PATH_DENIED, "the rule " + Printable.quoted(line));
      }
      int end = 0;
      while (end < words.size() && !StepUp.isCondition(words.get(end))) end++;
      List<String> scopes = words.subList(0, end);
      if (scopes.isEmpty()) {
        throw new IllegalArgumentException("acr= and maxAge= stand behind a scope");
      }
      for (String scope : scopes) {
        if (!allowedScopes.contains(scope)) {
          throw new IllegalArgumentException(
              Printable.quoted(scope) + " is not one of allowedScopes, nor deny alone");
        }
      }
      List<String> conditions = words.subList(end, words.size());
      for (String word : conditions) {
        if (StepUp.isCondition(word) && allowedScopes.contains(word)) {
          throw new IllegalArgumentException(
              Printable.quoted(word) + " is one of allowedScopes too, so it may mean either");
        }
      }
      return Demand.of(new LinkedHashSet<>(scopes), allowedScopes).with(stepUp.with(conditions));
    }

    boolean matches(String method, String requestPath) {
      return takes(method) && path.matches(requestPath);
    }

    private boolean takes(String method) {
      return methods.isEmpty()
          || methods.contains(method)
          || (method.equals("HEAD") && methods.contains("GET"));
    }
  }

  /** What the request has to bring, or null where it needs no token. */
  @Nullable Demand demandOf(HttpServletRequest request) {
    if (preflightPasses && isPreflight(request)) return null;
    if (publicPaths.isEmpty() && rules.isEmpty()) return standard;
    RequestPath path = RequestPath.of(request);
    if (path.ambiguous()) return rules.isEmpty() ? standard : UNJUDGED;
    return demandOf(request.getMethod(), path.text());
  }

  /** The same for a path that can be read in one way alone. */
  @Nullable Demand demandOf(String method, String path) {
    for (PathPattern pattern : publicPaths) {
      if (pattern.matches(path)) return null;
    }
    for (Rule rule : rules) {
      if (rule.matches(method, path)) return rule.demand();
    }
    return standard;
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && isFilled(request.getHeader("Origin"))
        && isFilled(request.getHeader("Access-Control-Request-Method"));
  }

  private static boolean isFilled(@Nullable String field) {
    return field != null && !field.isBlank();
  }
}
