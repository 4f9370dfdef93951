package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one route takes beside a good token: checked on every request, never cached.
 *
 * @param required every one of these scopes; if empty, any one of the allowed
 * @param takes the scopes that a challenge names: the required, else the allowed ones
 * @param stepUp how strongly and recently the user has to have authenticated, or null
 * @param refusal set where no token opens the route
 */
record Demand(
    Set<String> required, Set<String> takes, @Nullable StepUp stepUp, @Nullable Refusal refusal) {
  /** A good token is enough, whatever its scopes. */
  static final Demand NOTHING = new Demand(Set.of(), Set.of(), null, null);

  /** All of the required scopes; or, with none required, one of the allowed. */
  static Demand of(Set<String> required, Set<String> allowed) {
    return new Demand(required, required.isEmpty() ? allowed : required, null, null);
  }

  /** The same of a user who has authenticated so. */
  Demand with(StepUp stepUp) {
    return new Demand(required, takes, stepUp, refusal);
  }

  /** No token opens this. */
  static Demand unmet(Reason reason, String detail) {
    return new Demand(Set.of(), Set.of(), null, new Refusal(reason, detail));
  }

  Outcome<VerifiedToken> check(VerifiedToken token) {
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
