package io.sallyport;

import io.sallyport.text.Printable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is allowed and yet looks like a mistake: told of once at the start, and never mended. */
final class Doubts {
  /** What is set for all issuers is told of once. */
  private final Set<String> lines = new LinkedHashSet<>();

  private Doubts() {}

  /** A line for each. */
  static List<String> of(List<IssuerPolicy> issuers, Routes routes) {
    Doubts doubts = new Doubts();
    for (IssuerPolicy issuer : issuers) doubts.ofIssuer(issuer.settings);
    for (int i = 1; i < issuers.size(); i++) {
      for (IssuerPolicy other : issuers.subList(0, i)) {
        doubts.ofOneKeySet(other.settings, issuers.get(i).settings);
      }
    }
    boolean requiresScopes =
        issuers.stream().noneMatch(issuer -> issuer.demand.required().isEmpty());
    doubts.ofRules(routes, requiresScopes);
    return List.copyOf(doubts.lines);
  }

  private void ofIssuer(GivenSettings own) {
    for (Setting<Set<String>> list : List.of(Settings.AUDIENCE, Settings.ALLOWED_SCOPES)) {
      for (String item : own.isShown(list) ? own.find(list).orElse(Set.of()) : Set.<String>of()) {
        if (!item.contains(",")) continue;
        lines.add(
            own.nameOf(list)
                + ": "
                + Printable.quoted(item)
                + " is one item with a comma in it; items are separated by white space");
      }
    }
    for (String claim : own.get(Settings.SCOPE_CLAIM)) {
      if (claim.startsWith("/") || !claim.contains(".") || claim.contains(":")) continue;
      lines.add(
          own.nameOf(Settings.SCOPE_CLAIM)
              + ": "
              + Printable.quoted(claim)
              + " is one claim with dots in its name; a place inside of a claim is written /"
              + Printable.plain(claim.replace('.', '/')));
    }
  }

  /** Some providers sign for all of their tenants with the same keys; else it is a slip. */
  private void ofOneKeySet(GivenSettings one, GivenSettings other) {
    for (Setting<?> place : List.of(Settings.JWKS_URI, Settings.JWKS, Settings.HMAC_SECRET_FILE)) {
      Optional<?> keys = one.find(place);
      if (keys.isEmpty() || !keys.equals(other.find(place))) continue;
      lines.add(
          other.nameOf(place)
              + ": it is "
              + one.nameOf(place)
              + " too, so whoever signs for one of these issuers can sign for the other");
    }
  }

  private void ofRules(Routes routes, boolean requiresScopes) {
    boolean complete =
        routes.rules().stream()
            .anyMatch(rule -> rule.methods().isEmpty() && rule.path().isEverything());
    if (!routes.rules().isEmpty() && !complete && !requiresScopes) {
      lines.add("rules: what no rule matches takes any one of allowedScopes; end with * /* deny");
    }
  }
}
