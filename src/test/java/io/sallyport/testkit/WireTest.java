package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as they are written, and answers as they come, or do not. */
final class WireTest {
  private static final URI ADDRESS = URI.create("http://[::1]:8080/a%20b?c=d");

  private static Reply read(String answer, String method) throws IOException {
    return Reply.read(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)), method);
  }

  @Test
  void a_request_is_what_was_written() {
    RawRequest request =
        RawRequest.of("PUT", ADDRESS).line("X : y").body("text/plain", "abc").bearer("t");
    assertThat(new String(request.bytes(), StandardCharsets.ISO_8859_1))
        .isEqualTo(
            "PUT /a%20b?c=d HTTP/1.1\r\nHost: [::1]:8080\r\nAccept: */*\r\nConnection: close\r\n"
                + "X : y\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
                + "Authorization: Bearer t\r\n\r\nabc");
    assertThat(request.withoutBody().without("Host").version("HTTP/1.0").lines())
        .containsExactly("Accept: */*", "Connection: close", "X : y", "Authorization: Bearer t");
    assertThat(RawRequest.of("GET", URI.create("http://localhost")).target()).isEqualTo("/");
  }

  @Test
  void an_answer_ends_with_its_length_its_last_chunk_or_the_connection() throws IOException {
    assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", "GET").body())
        .isEqualTo("ab");
    assertThat(
            read(
                    "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
                    "GET")
                .body())
        .isEqualTo("abc");
    assertThat(read("HTTP/1.0 200 OK\n\nabc", "GET").body()).isEqualTo("abc");
    assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "HEAD").body()).isEmpty();
    assertThat(read("HTTP/1.1 204 No Content\r\n\r\nabc", "GET").body()).isEmpty();
  }

  @Test
  void interim_answers_are_skipped_and_fields_are_found_in_any_case() throws IOException {
    Reply reply =
        read(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nwww-authenticate: A\r\nWWW-Authenticate:B \r\n\r\n",
            "GET");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.values("Www-Authenticate")).isEqualTo(List.of("A", "B"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK\r\nX: y\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "<html>\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n"
      })
  void what_is_no_answer_is_told_of(String answer) {
    assertThatThrownBy(() -> read(answer, "GET")).isInstanceOf(IOException.class);
  }

  @Test
  void an_answer_that_does_not_come_is_waited_for_no_longer_than_5_s() {
    try (KeyServer server = new KeyServer()) {
      URI address = URI.create(server.keysUri());
      RawRequest request = RawRequest.of("GET", address);
      try (Wire wire = new Wire(address, (SSLSocketFactory) SSLSocketFactory.getDefault())) {
        server.answer(KeyServer.KEYS, Answer.json("{}").stalledInHeader());
        assertThatThrownBy(() -> wire.exchange(request)).hasMessage("no answer within 5 s");
        server.answer(KeyServer.KEYS, Answer.json("{}").cutAt(-10));
        assertThatThrownBy(() -> wire.exchange(request))
            .hasMessage("the connection ended without an answer");
      }
    }
  }
}
