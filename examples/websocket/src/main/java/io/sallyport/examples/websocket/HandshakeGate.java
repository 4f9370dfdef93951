package io.sallyport.examples.websocket;

import io.sallyport.Decision;
import io.sallyport.Reason;
import io.sallyport.Refusal;
import io.sallyport.TokenVerifier;
import io.sallyport.VerifiedToken;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Judges the token of a handshake before there is a WebSocket, and lets the request on without it.
 *
 * <p>It stands in front of Jetty's own handler because a session gives the fields of its handshake
 * to whoever asks it: what is taken off here, no endpoint can read, log or pass on.
 */
final class HandshakeGate extends Handler.Wrapper {
  private static final String SCHEME = "Bearer";

  private final TokenVerifier verifier;
  private final String open;

  /**
   * Makes a gate.
   *
   * @param next what lies behind
   * @param open the one path where no token is asked for in the handshake
   */
  HandshakeGate(Handler next, TokenVerifier verifier, String open) {
    super(next);
    this.verifier = verifier;
    this.open = open;
  }

  /**
   * The token that this gate has admitted.
   *
   * @throws NullPointerException if it has admitted none: then there must be no session
   */
  static VerifiedToken token(Request request) {
    Guarded guarded = Request.as(request, Guarded.class);
    return Objects.requireNonNull(guarded == null ? null : guarded.token, "no verified token");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (open.equals(Request.getPathInContext(request))) {
      return super.handle(new Guarded(request, null), response, callback);
    }
    Decision decision = judge(request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION));
    if (decision instanceof Decision.Admitted admitted) {
      return super.handle(new Guarded(request, admitted.token()), response, callback);
    }
    Challenge.answer(((Decision.Refused) decision).refusal(), response);
    callback.succeeded();
    return true;
  }

  /** Exactly one field, or none is believed (RFC 6750 section 3.1). */
  private Decision judge(List<String> fields) {
    if (fields.size() > 1) {
      return new Decision.Refused(
          new Refusal(Reason.SEVERAL_CREDENTIALS, "more than one Authorization field", null));
    }
    return verifier.verify(fields.isEmpty() ? null : token(fields.get(0)));
  }

  /** What stands after the scheme, or null where the scheme is another (RFC 6750 section 2.1). */
  private static @Nullable String token(String field) {
    int end = SCHEME.length();
    if (!field.regionMatches(true, 0, SCHEME, 0, end)) return null;
    int start = end;
    while (start < field.length() && field.charAt(start) == ' ') start++;
    return start == end && start < field.length() ? null : field.substring(start);
  }

  /** While there are no keys the verifier waits for them. */
  @Override
  public InvocationType getInvocationType() {
    return InvocationType.BLOCKING;
  }

  /** The request without its credentials. */
  private static final class Guarded extends Request.Wrapper {
    private final @Nullable VerifiedToken token;
    private final HttpFields fields;

    Guarded(Request request, @Nullable VerifiedToken token) {
      super(request);
      this.token = token;
      this.fields =
          HttpFields.build(request.getHeaders()).remove(HttpHeader.AUTHORIZATION).asImmutable();
    }

    @Override
    public HttpFields getHeaders() {
      return fields;
    }
  }
}
