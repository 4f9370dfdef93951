package io.sallyport;

import org.jspecify.annotations.Nullable;

/**
 * Why a request does not pass: a value, never an exception.
 *
 * @param reason which of the closed list of reasons; it alone decides what the client is told
 * @param detail for the operator: which claim or setting, what was expected and, once the signature
 *     was verified, what was found. Never sent unless {@code diagnostics} is {@code verbose}; never
 *     holds any part of the token's text
 * @param issuer the configured issuer by whose keys and rules the token was judged, or null where
 *     it did not come to that. Until the signature has been verified, the token alone says that it
 *     is this one's
 * @since 0.1.0
 */
public record Refusal(Reason reason, String detail, @Nullable String issuer) {
  Refusal(Reason reason, String detail) {
    this(reason, detail, null);
  }
}
