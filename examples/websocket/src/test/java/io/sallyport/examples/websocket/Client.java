package io.sallyport.examples.websocket;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that keeps to the protocol: the JDK's own. */
final class Client implements WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int PATIENCE_SECONDS = 20;

  /** How a session ended. */
  record Close(int code, String why) {}

  /** How a handshake ended that opened nothing. */
  record Refused(int status, HttpHeaders fields) {
    String challenge() {
      return fields.firstValue("WWW-Authenticate").orElse("none");
    }
  }

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Close> closed = new CompletableFuture<>();
  private WebSocket socket;

  private Client() {}

  /** Opens a session; each credential is an Authorization field of its own. */
  static Client open(int port, String path, String... credentials) {
    Client client = new Client();
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    for (String credential : credentials) builder.header("Authorization", credential);
    client.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), client).join();
    return client;
  }

  /** Expects that no session is opened. */
  static Refused refused(int port, String path, String... credentials) {
    try {
      open(port, path, credentials).leave();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof WebSocketHandshakeException refused)) throw e;
      HttpResponse<?> answer = refused.getResponse();
      return new Refused(answer.statusCode(), answer.headers());
    }
    throw new AssertionError("a session was opened");
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
    heard.add(text.toString());
    socket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int code, String why) {
    closed.complete(new Close(code, why));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    closed.completeExceptionally(error);
  }

  void say(String text) {
    socket.sendText(text, true).join();
  }

  /** The next that the server says. */
  String hear() throws InterruptedException {
    String text = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (text == null) throw new AssertionError("nothing has come; " + closed);
    return text;
  }

  String ask(String text) throws InterruptedException {
    say(text);
    return hear();
  }

  boolean hasHeardNothing() {
    return heard.isEmpty();
  }

  /** Waits for the end. */
  Close end() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void leave() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }
}
