package io.sallyport.testkit;

/**
 * What a {@link GateProbe} holds against an endpoint.
 *
 * @param severity how bad it is
 * @param id the name of the attack
 * @param title what was hostile in it
 * @param about where it is written that a server must not fall for it
 * @param detail what came of it
 * @since 0.1.0
 */
public record Finding(Severity severity, String id, String title, String about, String detail) {
  /**
   * How bad a finding is, the worst first.
   *
   * @since 0.1.0
   */
  public enum Severity {
    /** The request was served, or the server did what the token asked for. */
    GOT_THROUGH,
    /** The server failed, or gave no answer. */
    BROKE,
    /** The answer tells of the token, or of what is inside the server. */
    LEAKED,
    /** The status or the challenge is not what RFC 6750 has. */
    WRONG_CHALLENGE,
    /**
     * Two forged tokens are answered differently, so that a stranger learns what is wrong with
     * them. No RFC forbids it.
     */
    TELLS_APART
  }

  @Override
  public String toString() {
    return severity + " " + id + ": " + title + " (" + about + "): " + detail;
  }
}
