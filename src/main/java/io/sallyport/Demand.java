package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one route takes beside a good token: checked on every request, never cached.
 *
 * @param required every one of these scopes; if empty, any one of the allowed
 * @param takes the scopes that may do: the required, else the allowed ones
 * @param stepUp how strongly and recently the user has to have authenticated, or null
 * @param refusal set where no token opens the route
 * @param byIssuer what stands in for this where the issuer is known, by its identifier
 */
record Demand(
    Set<String> required,
    Set<String> takes,
    @Nullable StepUp stepUp,
    @Nullable Refusal refusal,
    Map<String, Demand> byIssuer) {
  /** A good token is enough, whatever its scopes. */
  static final Demand NOTHING = new Demand(Set.of(), Set.of(), null, null, Map.of());

  /** All of the required scopes; or, with none required, one of the allowed. */
  static Demand of(Set<String> required, Set<String> allowed) {
    return new Demand(required, required.isEmpty() ? allowed : required, null, null, Map.of());
  }

  /** The same of a user who has authenticated so. */
  Demand with(StepUp stepUp) {
    Map<String, Demand> each = new LinkedHashMap<>(byIssuer);
    each.replaceAll((issuer, demand) -> demand.with(stepUp));
    return new Demand(required, takes, stepUp, refusal, Map.copyOf(each));
  }

  /** No token opens this. */
  static Demand unmet(Reason reason, String detail) {
    return new Demand(Set.of(), Set.of(), null, new Refusal(reason, detail), Map.of());
  }

  /** Of a token what its issuer's demand says; of one that is yet to come what all of them say. */
  static Demand byIssuer(Map<String, Demand> demands) {
    Collection<Demand> all = demands.values();
    Set<String> takes = new LinkedHashSet<>();
    for (Demand demand : all) takes.addAll(demand.takes);
    Set<String> required = new LinkedHashSet<>(takes);
    for (Demand demand : all) required.retainAll(demand.required);
    return new Demand(required, takes, null, null, Map.copyOf(demands));
  }

  /** The demand on tokens of this issuer, or on any where it is not known. */
  Demand on(@Nullable String issuer) {
    return issuer == null ? this : byIssuer.getOrDefault(issuer, this);
  }

  /** The scopes that a challenge names: what every issuer's token needs, else what may do. */
  Set<String> scope() {
    return required.isEmpty() ? takes : required;
  }

  Outcome<VerifiedToken> check(VerifiedToken token) {
    return on(token.issuer()).checkItself(token);
  }

  private Outcome<VerifiedToken> checkItself(VerifiedToken token) {
    if (refusal != null) return new Outcome.Stopped<>(refusal);
    return stepUp == null ? checkScopes(token) : stepUp.check(token).then(this::checkScopes);
  }

  private Outcome<VerifiedToken> checkScopes(VerifiedToken token) {
    if (!token.scopes().containsAll(required)) {
      return stopped(
          Reason.SCOPE_MISSING,
          "it takes all of " + required + "; allowed ones of the token: " + token.scopes());
    }
    if (token.scopes().isEmpty() && !takes.isEmpty()) {
      return stopped(
          Reason.SCOPE_MISSING, "it takes one of " + takes + "; the token has none of them");
    }
    return passed(token);
  }
}
