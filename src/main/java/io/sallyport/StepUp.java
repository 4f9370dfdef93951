package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a token whose user has not authenticated strongly or recently enough for the route (RFC
 * 9470 section 3). A claim that is absent or of the wrong type counts as too low, and so does an
 * {@code auth_time} later than now plus the skew. The skew does not add to the greatest age.
 *
 * @param acrValues the values of which {@code acr} has to equal one, in order of preference; if
 *     empty, any will do
 * @param maxAge how long ago {@code auth_time} may be at most, or null for no limit
 * @param period tells the time, and how far the issuer's clock may be from ours
 */
record StepUp(Set<String> acrValues, @Nullable Duration maxAge, ValidityPeriod period) {
  private static final String ACR = "acr=";
  private static final String MAX_AGE = "maxAge=";
  private static final int LONGEST_SECONDS = 31_536_000;

  Outcome<VerifiedToken> check(VerifiedToken token) {
    String acr = token.acr();
    if (!acrValues.isEmpty() && (acr == null || !acrValues.contains(acr))) {
      String found = acr == null ? "no text there" : Printable.quoted(acr);
      return stopped(
          Reason.AUTHENTICATION_TOO_WEAK, "acr has to be one of " + acrValues + ", found " + found);
    }
    return maxAge == null ? passed(token) : checkAge(token, maxAge);
  }

  private Outcome<VerifiedToken> checkAge(VerifiedToken token, Duration most) {
    Instant authTime = token.authTime();
    if (authTime == null) return tooOld("auth_time is no time from 1970 to 9999, or absent");
    Instant now = period.clock().instant();
    if (now.isAfter(authTime.plus(most)) || authTime.isAfter(now.plus(period.skew()))) {
      String limit = ": it may be " + most.toSeconds() + " s ago at most, and not in the future";
      return tooOld("auth_time is " + authTime + ", now is " + now + limit);
    }
    return passed(token);
  }

  private static Outcome<VerifiedToken> tooOld(String detail) {
    return stopped(Reason.AUTHENTICATION_TOO_OLD, detail);
  }

  /** Whether a word of a rule speaks of authentication, and not of a scope. */
  static boolean isCondition(String word) {
    return word.startsWith(ACR) || word.startsWith(MAX_AGE);
  }

  /**
   * What a rule takes: each of the two that it names stands in for the filter's own.
   *
   * @param words words such as {@code acr=gold} and {@code maxAge=300}, the first one repeatedly
   * @throws IllegalArgumentException saying what is wrong with one of them
   */
  StepUp with(List<String> words) {
    Set<String> values = new LinkedHashSet<>();
    Duration age = null;
    for (String word : words) {
      if (word.startsWith(ACR)) {
        values.add(acr(word.substring(ACR.length())));
      } else if (!word.startsWith(MAX_AGE)) {
        throw new IllegalArgumentException(
            Printable.quoted(word) + " stands behind acr= or maxAge=, which come last");
      } else if (age != null) {
        throw new IllegalArgumentException("maxAge= is there twice");
      } else {
        age = Duration.ofSeconds(seconds(word.substring(MAX_AGE.length())));
      }
    }
    return new StepUp(values.isEmpty() ? acrValues : values, age == null ? maxAge : age, period);
  }

  /** A value that a list with blanks between can hold, and a challenge (RFC 6750 section 3). */
  static String acr(String text) {
    boolean good = text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
    if (text.isEmpty() || !good) {
      throw new IllegalArgumentException(
          Printable.quoted(text) + " is no acr that a challenge can name");
    }
    return text;
  }

  static int seconds(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (text.isEmpty() || text.length() > 9 || !digits) {
      throw new IllegalArgumentException("an age is a whole number of seconds, in digits alone");
    }
    int seconds = Integer.parseInt(text);
    if (seconds < 1 || seconds > LONGEST_SECONDS) {
      throw new IllegalArgumentException("an age is out of range");
    }
    return seconds;
  }
}
