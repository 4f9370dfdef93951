package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Refuses a token at or after its {@code exp} plus the skew, before its {@code nbf} less the skew,
 * or with an {@code iat} later than now plus the skew (RFC 7519 sections 4.1.4 to 4.1.6). {@code
 * exp} has to be there; each that is there has to be a NumericDate from 1970 to the end of 9999.
 *
 * @param clock tells the time
 * @param skew how far the issuer's clock may be from ours, either way
 */
record ValidityPeriod(Clock clock, Duration skew) {
  Outcome<SignedClaims> check(SignedClaims claims) {
    Instant exp = claims.date("exp");
    Instant nbf = claims.date("nbf");
    Instant iat = claims.date("iat");
    if (exp == null) return noTime(claims, "exp");
    if (nbf == null && claims.has("nbf")) return noTime(claims, "nbf");
    if (iat == null && claims.has("iat")) return noTime(claims, "iat");
    Instant now = clock.instant();
    if (!now.isBefore(exp.plus(skew))) return refused(Reason.EXPIRED, "exp", exp, now);
    if (nbf != null && isLater(nbf, now)) return refused(Reason.NOT_YET_VALID, "nbf", nbf, now);
    if (iat != null && isLater(iat, now)) return refused(Reason.ISSUED_IN_FUTURE, "iat", iat, now);
    return passed(claims);
  }

  private static Outcome<SignedClaims> noTime(SignedClaims claims, String name) {
    return claims.has(name)
        ? stopped(Reason.CLAIM_ILL_TYPED, name + " is not a time from 1970 to 9999")
        : stopped(Reason.CLAIM_MISSING, name + " is absent");
  }

  /** Whether a token that was in its period once is so now. */
  boolean covers(VerifiedToken token) {
    Instant now = clock.instant();
    Instant nbf = token.notBefore();
    return now.isBefore(token.expiresAt().plus(skew)) && (nbf == null || !isLater(nbf, now));
  }

  private boolean isLater(Instant start, Instant now) {
    return start.isAfter(now.plus(skew));
  }

  private Outcome<SignedClaims> refused(Reason reason, String claim, Instant found, Instant now) {
    long distance = Duration.between(found, now).abs().toSeconds();
    // Put together without a Formatter, which alone would make a refusal dearer than an admission.
    String dates = claim + " is " + found + ", now is " + now;
    String limit = "where a skew of " + skew.toSeconds() + " s is allowed";
    return stopped(reason, dates + ": " + distance + " s apart, " + limit);
  }
}
