package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Printable;
import java.util.Collections;
import java.util.Set;

/**
 * Refuses a token that is not for us: the audience claim is text or an array of texts, and one of
 * them is exactly one of ours (RFC 7519 section 4.1.3, RFC 8725 section 3.9).
 *
 * @param claim the claim that holds the audience, {@code aud} unless the issuer has none
 * @param accepted our names, one of which has to be there
 */
record Audience(String claim, Set<String> accepted) {
  Outcome<SignedClaims> check(SignedClaims claims) {
    Set<String> found = SignedClaims.texts(claims.get(claim));
    if (found == null) {
      return claims.has(claim)
          ? stopped(Reason.CLAIM_ILL_TYPED, claim + " is neither text nor an array of texts")
          : stopped(Reason.CLAIM_MISSING, claim + " is absent");
    }
    if (!Collections.disjoint(found, accepted)) return passed(claims);
    return stopped(
        Reason.AUDIENCE_NOT_ACCEPTED,
        claim + " has to hold one of " + accepted + ", found " + Printable.plain(found.toString()));
  }
}
