package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Printable;

/**
 * Refuses a token whose {@code iss} is not, code point for code point, the configured issuer (RFC
 * 7519 section 4.1.1, RFC 8725 section 3.8).
 *
 * @param identifier the issuer as configured
 */
record Issuer(String identifier) {
  Outcome<SignedClaims> check(SignedClaims claims) {
    if (identifier.equals(claims.get("iss"))) return passed(claims);
    if (!claims.has("iss")) return stopped(Reason.CLAIM_MISSING, "iss is absent");
    return stopped(
        Reason.ISSUER_NOT_ACCEPTED,
        "iss has to be " + identifier + ", found " + Printable.quoted(claims.get("iss")));
  }
}
