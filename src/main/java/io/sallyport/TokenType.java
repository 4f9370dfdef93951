package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Printable;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses a token whose {@code typ} is not that of an access token (RFC 8725 section 3.11, RFC 9068
 * section 4): a logout token, an ID token with a type of its own, a DPoP proof.
 */
final class TokenType {
  private static final Set<String> PROFILE = Set.of("at+jwt", "application/at+jwt");

  private final boolean profileOnly;

  /**
   * Makes the rule.
   *
   * @param profileOnly whether only the types of RFC 9068 will do
   */
  TokenType(boolean profileOnly) {
    this.profileOnly = profileOnly;
  }

  Outcome<SignedClaims> check(SignedClaims claims) {
    String type = claims.type() == null ? null : claims.type().toLowerCase(Locale.ROOT);
    if (type != null && PROFILE.contains(type)) return passed(claims);
    if (!profileOnly && (type == null || type.equals("jwt"))) return passed(claims);
    return stopped(
        Reason.TYPE_NOT_ACCEPTED,
        "typ has to be " + accepted() + ", found " + Printable.quoted(claims.type()));
  }

  /** What will do, for messages. */
  String accepted() {
    return profileOnly ? "at+jwt" : "absent, JWT or at+jwt";
  }
}
