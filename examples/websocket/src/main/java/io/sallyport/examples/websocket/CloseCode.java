package io.sallyport.examples.websocket;

import io.sallyport.Refusal;
import org.eclipse.jetty.websocket.api.StatusCode;

/**
 * Why the server closes a session, in a number: 3000, 3003 and 3008 are what the IANA registry has
 * for the HTTP statuses 401, 403 and 408 (RFC 6455 section 11.7).
 */
final class CloseCode {
  /** Get another token and come again. */
  static final int UNAUTHORIZED = 3000;

  /** The token is good, its scopes are not. */
  static final int FORBIDDEN = 3003;

  /** No token came in time. */
  static final int TIMEOUT = 3008;

  private CloseCode() {}

  static int of(Refusal refusal) {
    return switch (refusal.reason().kind()) {
      case INSUFFICIENT_SCOPE -> FORBIDDEN;
      case UNAVAILABLE -> StatusCode.TRY_AGAIN_LATER;
      case DEFECT -> StatusCode.SERVER_ERROR;
      default -> UNAUTHORIZED;
    };
  }
}
