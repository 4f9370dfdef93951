package io.sallyport.examples.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;

/** Calls the application, with a token or without. */
final class Caller {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int port;

  Caller(int port) {
    this.port = port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(request(path).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
    return HTTP.send(request(path, token).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path, token)
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString(body));
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /** The lines of an answer as they come. */
  HttpResponse<Stream<String>> listen(String path, String token)
      throws IOException, InterruptedException {
    return HTTP.send(request(path, token).build(), BodyHandlers.ofLines());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpRequest.Builder request(String path, String token) {
    return request(path).header("Authorization", "Bearer " + token);
  }

  static String challenge(HttpResponse<?> answer) {
    return answer.headers().firstValue("WWW-Authenticate").orElse("none");
  }

  static String type(HttpResponse<?> answer) {
    return answer.headers().firstValue("Content-Type").orElse("none");
  }
}
