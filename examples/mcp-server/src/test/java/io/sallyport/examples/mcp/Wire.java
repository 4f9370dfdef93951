package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;

/** MCP by hand, for what no SDK's client would send. */
final class Wire {
  static final String INITIALIZE =
      """
      {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": {"name": "wire", "version": "1"}}}
      """;

  private static final HttpClient client = HttpClient.newHttpClient();

  private final String address;

  Wire(NotesServer server) {
    this.address = server.resource();
  }

  /** Begins a session, to the end, and returns its id. */
  String session(String token) throws Exception {
    HttpResponse<String> answer = begin(token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String session = answer.headers().firstValue("Mcp-Session-Id").orElseThrow();
    HttpResponse<String> noted =
        post(token, session, "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
    assertThat(noted.statusCode()).isEqualTo(202);
    return session;
  }

  HttpResponse<String> begin(String token) throws Exception {
    return post(token, null, INITIALIZE);
  }

  /** Calls a tool. */
  HttpResponse<String> call(String token, @Nullable String session, String tool, String arguments)
      throws Exception {
    return post(token, session, message(tool, arguments));
  }

  static String message(String tool, String arguments) {
    return """
    {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "%s", "arguments": %s}}
    """
        .formatted(tool, arguments);
  }

  HttpResponse<String> post(@Nullable String token, @Nullable String session, String body)
      throws Exception {
    return post(token, session, BodyPublishers.ofString(body), "application/json");
  }

  HttpResponse<String> post(
      @Nullable String token,
      @Nullable String session,
      HttpRequest.BodyPublisher body,
      String contentType)
      throws Exception {
    return send(request(token, session).header("Content-Type", contentType).POST(body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder request(@Nullable String token, @Nullable String session) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Accept", "application/json, text/event-stream");
    if (token != null) request.header("Authorization", "Bearer " + token);
    if (session != null) request.header("Mcp-Session-Id", session);
    return request;
  }
}
