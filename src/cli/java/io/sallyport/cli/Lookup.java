package io.sallyport.cli;

import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Asks an issuer for its documents and looks at how it answers, where the library only wants the
 * keys: the same bounds, no redirect, no credential.
 */
final class Lookup {
  static final int MAX_BYTES = 256 * 1024;
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Clock clock;

  Lookup(Clock clock) {
    this.clock = clock;
  }

  /**
   * An answer, whatever its status.
   *
   * @param document the body where it is one JSON object, else null
   * @param length how many bytes the body has, as far as it was read
   * @param took how long the whole of it took
   * @param at when it was complete, by our clock
   * @param date when it was made, by the issuer's, if it says so
   * @param caching its Cache-Control and Age, for a person; or empty
   * @param certificate the issuer's own, where it came over TLS
   */
  record Reply(
      URI address,
      int status,
      @Nullable Map<String, @Nullable Object> document,
      int length,
      Duration took,
      Instant at,
      Optional<Instant> date,
      String caching,
      Optional<X509Certificate> certificate) {
    /** Status and kind of body, in words. */
    String described() {
      if (status != 200) return "status " + status;
      if (length > MAX_BYTES) return "more than " + MAX_BYTES + " bytes";
      return document == null ? "200 with something else than one JSON object" : "200";
    }
  }

  /** There was no answer. */
  static final class NoReply extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isOfTls;

    NoReply(String message, boolean isOfTls) {
      super(message);
      this.isOfTls = isOfTls;
    }

    /** Whether the issuer answered, and its certificate was not believed. */
    boolean isOfTls() {
      return isOfTls;
    }
  }

  Reply get(URI address) throws NoReply {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Accept", "application/json, application/jwk-set+json")
            .header("User-Agent", "sallyport")
            .build();
    // The client's own time-out ends with the header of the answer: a body may drip for ever.
    FutureTask<Reply> exchange = new FutureTask<>(() -> exchange(request));
    Thread thread = new Thread(exchange, "sallyport-lookup");
    thread.setDaemon(true);
    thread.start();
    try {
      return exchange.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new NoReply("no whole answer in " + PATIENCE.toSeconds() + " s", false);
    } catch (ExecutionException e) {
      throw noReply(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoReply("interrupted", false);
    } finally {
      exchange.cancel(true);
    }
  }

  private Reply exchange(HttpRequest request) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(MAX_BYTES + 1);
    }
    return reply(request.uri(), response, body, Duration.ofNanos(System.nanoTime() - start));
  }

  private static NoReply noReply(@Nullable Throwable cause) {
    if (cause instanceof ConnectException) return new NoReply("no connection", false);
    String message = cause == null ? null : cause.getMessage();
    if (cause instanceof SSLException) {
      return new NoReply(Printable.line(String.valueOf(message)), true);
    }
    String kind = cause == null ? "no answer" : cause.getClass().getSimpleName();
    return new NoReply(kind + (message == null ? "" : ": " + Printable.line(message)), false);
  }

  private Reply reply(URI address, HttpResponse<InputStream> response, byte[] body, Duration took) {
    boolean isWhole = body.length <= MAX_BYTES;
    return new Reply(
        address,
        response.statusCode(),
        isWhole ? new StrictJson(MAX_BYTES).object(body) : null,
        body.length,
        took,
        clock.instant(),
        response.headers().firstValue("Date").flatMap(Lookup::instant),
        caching(response),
        response.sslSession().flatMap(Lookup::certificate));
  }

  private static String caching(HttpResponse<?> response) {
    String control = response.headers().firstValue("Cache-Control").orElse("");
    String age = response.headers().firstValue("Age").map(value -> "Age: " + value).orElse("");
    return Printable.plain(
        control.isEmpty() || age.isEmpty() ? control + age : control + ", " + age);
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<X509Certificate> certificate(SSLSession session) {
    try {
      return Arrays.stream(session.getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .findFirst();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }
}
