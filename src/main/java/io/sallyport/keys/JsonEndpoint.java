package io.sallyport.keys;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One bounded GET: no redirect, no cookie, no credential, {@value KeySetReader#MAX_BYTES} bytes at
 * most, and a deadline for the whole answer, which a read timeout alone would not be: a server that
 * drips a byte at a time never makes one wait for long.
 */
final class JsonEndpoint implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /** An answer of status 200, or its status alone. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, byte[] body) {}

  /**
   * Gets a document.
   *
   * @param address where it is
   * @param patience how long the whole exchange may take
   * @return the answer; its body is empty unless the status is 200
   * @throws IOException if there is no whole answer in time; the message is fit for a log
   * @throws InterruptedException if the thread is interrupted, which ends the exchange too
   */
  Answer get(URI address, Duration patience) throws IOException, InterruptedException {
    if (patience.isNegative() || patience.isZero()) {
      throw new IOException(address + " was not asked: no time was left");
    }
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(patience)
            .header("Accept", "application/json, application/jwk-set+json")
            .header("User-Agent", "sallyport")
            .GET()
            .build();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, response -> body(response.statusCode()));
    try {
      HttpResponse<byte[]> response = exchange.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return answer(address, response);
    } catch (TimeoutException e) {
      throw new IOException(address + " gave no whole answer in " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(address + " could not be read: " + cause(e), e);
    } finally {
      exchange.cancel(true);
    }
  }

  private static BodySubscriber<byte[]> body(int status) {
    return status == 200 ? new BoundedBody() : new Unread();
  }

  private static Answer answer(URI address, HttpResponse<byte[]> response) throws IOException {
    String coding = response.headers().firstValue("Content-Encoding").orElse("identity");
    if (!coding.equalsIgnoreCase("identity")) {
      throw new IOException(address + " answered in a content coding, which is not read");
    }
    return new Answer(response.statusCode(), response.body());
  }

  private static String cause(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = cause.getMessage();
    String kind =
        cause instanceof ConnectException ? "no connection" : cause.getClass().getSimpleName();
    return kind + (message == null ? "" : ": " + message);
  }

  @Override
  public void close() throws IOException {
    // Java 17's client has no end of its own: its thread goes when the client is collected.
    if (!((Object) client instanceof AutoCloseable closeable)) return;
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IOException("the client did not end in good order", e);
    }
  }

  /** Collects a body up to the bound and no further; it is copied once, when it is whole. */
  private static final class BoundedBody implements BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private int length;
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) length += buffer.remaining();
      if (length > KeySetReader.MAX_BYTES) {
        stop();
        return;
      }
      parts.addAll(buffers);
      if (subscription != null) subscription.request(1);
    }

    private void stop() {
      parts.clear();
      if (subscription != null) subscription.cancel();
      body.completeExceptionally(new IOException("more than " + KeySetReader.MAX_BYTES + " bytes"));
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      ByteBuffer whole = ByteBuffer.allocate(length);
      parts.forEach(whole::put);
      body.complete(whole.array());
    }
  }

  /** The body of an answer of which only the status counts. */
  private static final class Unread implements BodySubscriber<byte[]> {
    @Override
    public CompletionStage<byte[]> getBody() {
      return CompletableFuture.completedFuture(new byte[0]);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
