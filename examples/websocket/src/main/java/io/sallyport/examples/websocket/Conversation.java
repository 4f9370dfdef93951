package io.sallyport.examples.websocket;

import io.sallyport.Reason;
import io.sallyport.VerifiedToken;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * What somebody with a verified token says and hears, until the token expires. Of the token there
 * are the claims, and never its text.
 *
 * <p>Public because Jetty calls it.
 */
public final class Conversation extends Session.Listener.AbstractAutoDemanding {
  private final VerifiedToken token;
  private final SessionEnd end;

  Conversation(VerifiedToken token, Scheduler scheduler) {
    this.token = token;
    this.end = new SessionEnd(scheduler);
  }

  @Override
  public void onWebSocketOpen(Session session) {
    super.onWebSocketOpen(session);
    end.at(token.expiresAt(), session, CloseCode.UNAUTHORIZED, expired());
    if (!end.hasBegun()) say("ready");
  }

  /** Each message is judged by itself: what the scopes open, and for how long. */
  @Override
  public void onWebSocketText(String message) {
    if (end.hasBegun()) return;
    if (Instant.now().isBefore(token.expiresAt())) {
      say(answer(message));
    } else {
      end.now(getSession(), CloseCode.UNAUTHORIZED, expired());
    }
  }

  private String answer(String text) {
    Optional<Message> message = Message.of(text);
    if (message.isEmpty()) return "unknown";
    String scope = message.get().scope();
    if (!token.scopes().contains(scope)) return "forbidden " + scope;
    return switch (message.get()) {
      case LIST -> "orders of " + token.subject();
      case ADD -> "added for " + token.subject();
    };
  }

  /** A client that does not read is cut off before its answers fill the memory. */
  private void say(String text) {
    Session session = getSession();
    session.sendText(text, Callback.from(() -> {}, failure -> session.disconnect()));
  }

  private static @Nullable String expired() {
    return Reason.EXPIRED.description();
  }

  @Override
  public void onWebSocketClose(int code, String why, Callback callback) {
    end.cancel();
    callback.succeed();
  }

  /** Jetty closes the session; a client that breaks the protocol does not fill the log. */
  @Override
  public void onWebSocketError(Throwable cause) {}
}
