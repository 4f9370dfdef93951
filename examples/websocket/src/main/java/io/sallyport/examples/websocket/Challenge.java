package io.sallyport.examples.websocket;

import io.sallyport.Reason;
import io.sallyport.Reason.Kind;
import io.sallyport.Refusal;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;

/**
 * A refusal as the answer to a handshake: a status, and what it takes (RFC 6750 section 3). All of
 * it comes from fixed lists; until the signature has been verified every refusal reads the same.
 */
final class Challenge {
  private static final String RETRY_AFTER_SECONDS = "5";

  private Challenge() {}

  /** Sets status and fields; there is no body. */
  static void answer(Refusal refusal, Response response) {
    Kind kind = refusal.reason().kind();
    HttpFields.Mutable fields = response.getHeaders();
    response.setStatus(kind.status());
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    if (kind == Kind.UNAVAILABLE) {
      fields.put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
    } else if (kind != Kind.DEFECT) {
      fields.put(HttpHeader.WWW_AUTHENTICATE, challenge(refusal.reason()));
    }
  }

  private static String challenge(Reason reason) {
    Kind kind = reason.kind();
    StringBuilder challenge = new StringBuilder("Bearer realm=\"orders\"");
    if (kind.error() != null) add(challenge, "error", kind.error());
    if (reason.description() != null) add(challenge, "error_description", reason.description());
    if (kind == Kind.NO_CREDENTIALS || kind == Kind.INSUFFICIENT_SCOPE) {
      add(challenge, "scope", Message.READ);
    }
    return challenge.toString();
  }

  private static void add(StringBuilder challenge, String name, String value) {
    challenge.append(", ").append(name).append("=\"").append(value).append('"');
  }
}
