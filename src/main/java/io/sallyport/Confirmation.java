package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

/**
 * Refuses a token that is bound to a key (RFC 7800 section 3.1). Proofs of possession are not
 * verified yet, and a bound token is never good as a plain bearer token: that is what the binding
 * is for.
 */
final class Confirmation {
  Outcome<SignedClaims> check(SignedClaims claims) {
    return claims.has("cnf")
        ? stopped(Reason.TOKEN_BOUND, "cnf is there, and no proof of possession is verified")
        : passed(claims);
  }
}
