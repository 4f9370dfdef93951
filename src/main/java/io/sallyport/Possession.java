package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.Sender.Constraint;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a bound token unless whoever sends it proves that it is theirs: with a DPoP proof (RFC
 * 9449 section 7.1), or with the client certificate of the connection (RFC 8705 section 3). Asked
 * on every request, whether the token was known before or not.
 */
final class Possession {
  private final Constraint constraint;
  private final DpopProof proof;
  private final Sha256 sha256;

  Possession(Sender sender) {
    this.constraint = sender.constraint();
    this.sha256 = new Sha256();
    this.proof = new DpopProof(sender, sha256);
  }

  /**
   * Refuses claims that could not be proved to be the sender's, whatever else they say: so every
   * answer about a key-bound token, other than this one, is to the scheme DPoP.
   */
  Outcome<SignedClaims> foresee(SignedClaims claims, Presented presented) {
    if (!claims.has(Confirmation.CLAIM) && takesUnbound(presented)) return passed(claims);
    return Confirmation.read(claims)
        .then(confirmation -> fits(confirmation, presented))
        .then(confirmation -> passed(claims));
  }

  private boolean takesUnbound(Presented presented) {
    return constraint == Constraint.AUTO && !presented.isDpop();
  }

  private Outcome<Confirmation> fits(Confirmation confirmation, Presented presented) {
    boolean byKey = confirmation.jkt() != null;
    if (byKey && !presented.isDpop()) {
      return stopped(Reason.TOKEN_BOUND, "cnf has jkt, and the token came without the scheme DPoP");
    }
    if (!byKey && presented.isDpop()) {
      return stopped(Reason.TOKEN_UNBOUND, "the scheme is DPoP, and cnf has no jkt");
    }
    boolean bound =
        switch (constraint) {
          case AUTO -> true;
          case DPOP -> byKey;
          case MTLS -> confirmation.x5t() != null;
          case ANY -> !confirmation.isNone();
        };
    return bound
        ? passed(confirmation)
        : stopped(Reason.TOKEN_UNBOUND, "senderConstraint takes a bound token");
  }

  /** Takes the proof of what the claims are bound to; a proof is good for this one request. */
  Outcome<SignedClaims> confirm(SignedClaims claims, CompactJws token, Presented presented) {
    Confirmation confirmation = Confirmation.of(claims);
    if (confirmation.isNone()) return passed(claims);
    return prove(confirmation, token, presented).then(proved -> passed(claims));
  }

  /** The same for a token that was verified before. */
  Outcome<VerifiedToken> confirm(VerifiedToken verified, CompactJws token, Presented presented) {
    Confirmation confirmation = verified.confirmation();
    if (confirmation.isNone() && takesUnbound(presented)) return passed(verified);
    return fits(confirmation, presented)
        .then(fitting -> prove(fitting, token, presented))
        .then(proved -> passed(verified));
  }

  private Outcome<Confirmation> prove(
      Confirmation confirmation, CompactJws token, Presented presented) {
    Outcome<Confirmation> outcome = certificate(confirmation, presented);
    String jkt = confirmation.jkt();
    return jkt == null
        ? outcome
        : outcome.then(c -> proof.check(jkt, token, presented).then(p -> passed(c)));
  }

  private Outcome<Confirmation> certificate(Confirmation confirmation, Presented presented) {
    if (confirmation.x5t() == null) return passed(confirmation);
    byte[] certificate = presented.certificate();
    if (certificate == null) {
      return stopped(Reason.CERTIFICATE_MISSING, "cnf has x5t#S256, and no certificate came");
    }
    return sha256.base64Url(certificate).equals(confirmation.x5t())
        ? passed(confirmation)
        : stopped(Reason.CERTIFICATE_MISMATCH, "the certificate that came is not that of x5t#S256");
  }

  /** The nonce that clients have to use from now on, or null where they need none. */
  @Nullable String nonce() {
    return proof.nonce();
  }
}
