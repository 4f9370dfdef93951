package io.sallyport.examples.webapp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** Asks the application for paths, which are sent as they are written. */
final class Client {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ApplicationServer server;

  Client(ApplicationServer server) {
    this.server = server;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(request("GET", path).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
    return send("GET", path, token);
  }

  HttpResponse<String> send(String method, String path, String token)
      throws IOException, InterruptedException {
    return HTTP.send(request(method, path, token).build(), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> begin(String path, String token) {
    return HTTP.sendAsync(request("GET", path, token).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String method, String path, String token) {
    return request(method, path).header("Authorization", "Bearer " + token);
  }

  private HttpRequest.Builder request(String method, String path) {
    URI address =
        URI.create("http://127.0.0.1:" + server.port() + ApplicationServer.CONTEXT_PATH + path);
    return HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody());
  }

  /** What tells the client what it lacks; empty where nothing does. */
  static String challenge(HttpResponse<String> answer) {
    return answer.headers().firstValue("WWW-Authenticate").orElse("");
  }
}
