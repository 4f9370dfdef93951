package io.sallyport;

import io.sallyport.keys.KeyHealth;
import io.sallyport.keys.KeySource;
import io.sallyport.text.StrictJson;

/**
 * An issuer at work: its own keys, and what is known of tokens that they signed. Nothing here ever
 * meets another issuer's token, so a key of one says nothing about a token of the other.
 */
final class TrustedIssuer {
  private final IssuerPolicy policy;
  private final KeySource keys;
  private final TokenSignature signature;
  private final VerifiedTokens.Basis basis;

  TrustedIssuer(IssuerPolicy policy, StrictJson json) {
    this.policy = policy;
    this.keys = policy.keys.get();
    this.signature = new TokenSignature(policy.algorithms, keys, json);
    this.basis = new VerifiedTokens.Basis(policy.period, keys);
  }

  String identifier() {
    return policy.issuer.identifier();
  }

  /** The rules for its tokens. */
  IssuerPolicy policy() {
    return policy;
  }

  KeySource keys() {
    return keys;
  }

  KeyHealth keyHealth() {
    try {
      return keys.health();
    } catch (RuntimeException | Error e) { // what the application's own source throws tells nothing
      String trouble = "the source of keys threw " + e.getClass().getName();
      return new KeyHealth(KeyHealth.State.UNAVAILABLE, null, null, trouble);
    }
  }

  TokenSignature signature() {
    return signature;
  }

  /** Whether a token of its, under this very header, may have been remembered. */
  boolean mayRemember(CompactJws token) {
    return policy.isWorthRemembering && signature.knowsHeaderOf(token);
  }

  void remember(CompactJws token, VerifiedToken verified, VerifiedTokens known) {
    if (policy.isWorthRemembering) known.keep(token, verified, basis);
  }
}
