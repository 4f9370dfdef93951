package io.sallyport.examples.mcp;

import io.sallyport.VerifiedToken;

/**
 * Whom a session or a note belongs to. A subject is somebody within its issuer only (RFC 7519
 * section 4.1.2), and stays the same from token to token, so a token that was refreshed goes on.
 *
 * @param issuer the {@code iss}
 * @param subject the {@code sub}
 */
record Owner(String issuer, String subject) {
  static Owner of(VerifiedToken token) {
    String subject = token.subject();
    if (subject == null) throw new IllegalStateException("requiredClaims has to have sub");
    return new Owner(token.issuer(), subject);
  }
}
