package io.sallyport;

/**
 * Why a request does not pass: a value, never an exception.
 *
 * @param reason which of the closed list of reasons; it alone decides what the client is told
 * @param detail for the operator: which claim or setting, what was expected and, once the signature
 *     was verified, what was found. Never sent unless {@code diagnostics} is {@code verbose}; never
 *     holds any part of the token's text
 */
public record Refusal(Reason reason, String detail) {}
