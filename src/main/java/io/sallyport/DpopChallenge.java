package io.sallyport;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The second challenge of a refusal, beside that of Bearer (RFC 9449 section 7.1).
 *
 * @param algorithms what a proof may be signed with
 * @param nonce what it has to hold, or null (RFC 9449 section 9)
 */
record DpopChallenge(Iterable<String> algorithms, @Nullable String nonce) {
  private static final String BEARER = "Bearer";

  /**
   * The value that stands beside that of Bearer.
   *
   * @param bearer the challenge of Bearer, whose parameters both have
   */
  String beside(String bearer) {
    return "DPoP"
        + bearer.substring(BEARER.length())
        + ", algs=\""
        + String.join(" ", algorithms)
        + '"';
  }

  /** Tells the client what its next proof has to hold, where there is such a thing. */
  void addNonceTo(HttpServletResponse response) {
    if (nonce != null) response.setHeader("DPoP-Nonce", nonce);
  }
}
