package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The essentials over HTTP/2 in clear text. */
final class Http2InContainerTest extends InEveryContainer {
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws Exception {
    start(
        context -> {
          Container.filter(context, settings("requiredScopes", "orders:read"), "/*");
          Container.servlet(context, sight, "/orders");
          for (String way : Going.WAYS) Container.servlet(context, new Going(way), "/" + way);
        });
  }

  /** Sent as HTTP/2 if the connection has been upgraded before, else as HTTP/1.1. */
  private CompletableFuture<HttpResponse<String>> send(String path, String... tokens) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + own.port() + path));
    for (String token : tokens) request.header("Authorization", "Bearer " + token);
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /** What a request is answered that was HTTP/2 itself, for the one before it was upgraded. */
  private HttpResponse<String> get(String path, String... tokens) {
    assertThat(send("/orders").join().version()).isEqualTo(HttpClient.Version.HTTP_2);
    HttpResponse<String> answer = send(path, tokens).join();
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    return answer;
  }

  private static String challenge(HttpResponse<String> answer) {
    return answer.headers().firstValue("WWW-Authenticate").orElseThrow();
  }

  @Test
  void a_good_token_reaches_the_handler_as_verified_claims() {
    HttpResponse<String> answer = get("/orders", token("orders:read admin"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("protocol=HTTP/2.0\n", "subject=ann\n", "scopes=[orders:read]\n")
        .contains("credentials=[]\n");
  }

  @Test
  @Tag("T43")
  void without_a_token_the_answer_is_401_with_a_realm_and_no_error() {
    int before = sight.calls();
    HttpResponse<String> answer = get("/orders");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(challenge(answer)).isEqualTo("Bearer realm=\"127.0.0.1\", scope=\"orders:read\"");
    assertThat(sight.calls()).isEqualTo(before);
  }

  @Test
  @Tag("T40")
  void two_authorization_fields_are_400() {
    String good = token("orders:read");
    HttpResponse<String> answer = get("/orders", good, good);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(challenge(answer)).contains("error=\"invalid_request\"");
  }

  @Test
  void the_request_that_asks_for_HTTP_2_is_judged_like_any_other() {
    int before = sight.calls();
    assertThat(send("/orders", "a.b.c").join().statusCode()).isEqualTo(401);
    assertThat(sight.calls()).isEqualTo(before);
  }

  @Test
  @Tag("T49")
  @Tag("T53")
  void no_dispatch_shows_the_credentials_and_every_one_shows_the_claims() {
    for (String way : Going.WAYS) {
      HttpResponse<String> answer = get("/" + way, token("orders:read"));
      assertThat(answer.statusCode()).as(way).isEqualTo(200);
      assertThat(answer.body()).as(way).contains("protocol=HTTP/2.0\n");
      assertThat(answer.body()).as(way).contains("subject=ann\n", "user=ann\n", "credentials=[]\n");
    }
  }

  @Test
  @Tag("T49")
  void trailers_show_no_credentials() {
    String good = "authorization: Bearer " + token("orders:read");
    String body =
        Http2.exchange(
            own.port(), "/orders", List.of(good), List.of(good, "dpop: proof", "x-other: kept"));
    assertThat(body).contains("subject=ann\n", "trailers=x-other\n", "credentials=[]\n");
  }

  @Test
  @Tag("T55")
  void streams_side_by_side_on_one_connection_do_not_share_a_verdict() {
    get("/orders");
    String good = token("orders:read");
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      answers.add(i % 2 == 0 ? send("/orders", good) : send("/orders"));
    }
    for (int i = 0; i < 64; i++) {
      assertThat(answers.get(i).join().version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answers.get(i).join().statusCode()).isEqualTo(i % 2 == 0 ? 200 : 401);
    }
  }
}
