package io.sallyport;

import io.sallyport.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is allowed and yet looks like a mistake: told of once at the start, and never mended. */
final class Doubts {
  private Doubts() {}

  /** A line for each. */
  static List<String> of(Settings settings, Routes routes, boolean requiresScopes) {
    List<String> lines = new ArrayList<>();
    for (Setting<Set<String>> list : List.of(Settings.AUDIENCE, Settings.ALLOWED_SCOPES)) {
      for (String item :
          settings.isShown(list) ? settings.find(list).orElse(Set.of()) : Set.<String>of()) {
        if (!item.contains(",")) continue;
        lines.add(
            list.name()
                + ": "
                + Printable.quoted(item)
                + " is one item with a comma in it; items are separated by white space");
      }
    }
    for (String claim : settings.get(Settings.SCOPE_CLAIM)) {
      if (claim.startsWith("/") || !claim.contains(".") || claim.contains(":")) continue;
      lines.add(
          "scopeClaim: "
              + Printable.quoted(claim)
              + " is one claim with dots in its name; a place inside of a claim is written /"
              + Printable.plain(claim.replace('.', '/')));
    }
    boolean complete =
        routes.rules().stream()
            .anyMatch(rule -> rule.methods().isEmpty() && rule.path().isEverything());
    if (!routes.rules().isEmpty() && !complete && !requiresScopes) {
      lines.add("rules: what no rule matches takes any one of allowedScopes; end with * /* deny");
    }
    return List.copyOf(lines);
  }
}
