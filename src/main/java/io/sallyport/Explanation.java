package io.sallyport;

import java.util.List;

/**
 * A decision, check by check, as {@link TokenVerifier#explain} gives it: for the operator who asks
 * why a token is refused, and for nobody else. It shows what the token holds, though never its
 * text, so it belongs in no answer to a client.
 *
 * @param checks every check that the settings lead to, in the order of the gate
 * @param decision what came of it
 * @param challenges what the filter answers it with in {@code WWW-Authenticate}, to a request that
 *     came with the scheme Bearer (RFC 6750 section 3): a value for each field, Bearer first; empty
 *     for what is admitted, and for what is answered without one. Of all that is here this alone is
 *     for the client
 * @since 0.1.0
 */
public record Explanation(List<Check> checks, Decision decision, List<String> challenges) {
  /**
   * Keeps copies of the lists.
   *
   * @param checks each check, in order
   * @param decision what came of them
   * @param challenges what a client would be told
   */
  public Explanation {
    checks = List.copyOf(checks);
    challenges = List.copyOf(challenges);
  }

  /**
   * One check.
   *
   * @param name what is checked, in a word or two
   * @param verdict what came of it
   * @param expected what the settings demand
   * @param found what the token has; of times also their distance from now. Where the check failed,
   *     why. Empty where it was not reached. Control characters are escaped, long texts cut
   * @since 0.1.0
   */
  public record Check(String name, Verdict verdict, String expected, String found) {}

  /**
   * What came of a check.
   *
   * @since 0.1.0
   */
  public enum Verdict {
    /** The token holds here. */
    PASSED,
    /** The token was stopped here. */
    FAILED,
    /** The token was stopped before it came here, so nothing is said of it. */
    NOT_REACHED
  }
}
