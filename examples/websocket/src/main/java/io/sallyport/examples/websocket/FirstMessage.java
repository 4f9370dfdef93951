package io.sallyport.examples.websocket;

import io.sallyport.Decision;
import io.sallyport.Refusal;
import io.sallyport.TokenVerifier;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * For clients that cannot set fields in their handshake, as browsers cannot: the first message is
 * the token, it has to come soon, and nothing is answered before it.
 *
 * <p>Public because Jetty calls it.
 */
public final class FirstMessage extends Session.Listener.AbstractAutoDemanding {
  private final TokenVerifier verifier;
  private final Scheduler scheduler;
  private final Duration patience;
  private final SessionEnd end;

  /** Null until a good token has come. */
  private volatile @Nullable Conversation conversation;

  FirstMessage(TokenVerifier verifier, Scheduler scheduler, Duration patience) {
    this.verifier = verifier;
    this.scheduler = scheduler;
    this.patience = patience;
    this.end = new SessionEnd(scheduler);
  }

  @Override
  public void onWebSocketOpen(Session session) {
    super.onWebSocketOpen(session);
    end.at(Instant.now().plus(patience), session, CloseCode.TIMEOUT, "No token came in time");
  }

  /** How long a token is looked at is not the client's affair: its own time ends here. */
  @Override
  public void onWebSocketText(String message) {
    if (conversation != null) conversation.onWebSocketText(message);
    else if (end.cancel()) judge(verifier.verify(message));
  }

  private void judge(Decision decision) {
    if (decision instanceof Decision.Admitted admitted) {
      conversation = new Conversation(admitted.token(), scheduler);
      conversation.onWebSocketOpen(getSession());
    } else {
      Refusal refusal = ((Decision.Refused) decision).refusal();
      new SessionEnd(scheduler)
          .now(getSession(), CloseCode.of(refusal), refusal.reason().description());
    }
  }

  @Override
  public void onWebSocketClose(int code, String why, Callback callback) {
    end.cancel();
    if (conversation != null) conversation.onWebSocketClose(code, why, callback);
    else callback.succeed();
  }

  /** Jetty closes the session; a client that breaks the protocol does not fill the log. */
  @Override
  public void onWebSocketError(Throwable cause) {}
}
