package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ToolScopesTest {
  private static NotesServer server;
  private static Wire wire;
  private static String reader;
  private static String session;

  @BeforeAll
  static void start() throws Exception {
    server = NotesServer.start(0);
    wire = new Wire(server);
    reader = server.issuer().token("ann", NoteTools.READ);
    session = wire.session(reader);
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @Test
  void a_refused_call_is_answered_before_a_stream_begins() throws Exception {
    HttpResponse<String> answer = wire.call(reader, session, "add_note", "{\"text\": \"no\"}");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("error=\"insufficient_scope\"", "scope=\"notes:read notes:write\"");
  }

  @Test
  void a_call_with_the_scopes_reaches_the_tool_with_its_body_whole() throws Exception {
    String writer = server.issuer().token("ben", NoteTools.READ, NoteTools.WRITE);
    String own = wire.session(writer);

    assertThat(wire.call(writer, own, "add_note", "{\"text\": \"Seil, 20 m: für Ölzeug\"}").body())
        .contains("You have 1 note");
    assertThat(wire.call(writer, own, "list_notes", "{}").body())
        .contains("Seil, 20 m: für Ölzeug");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"method\": \"tools/call\", \"params\": {\"name\": \"whoami\", \"name\": \"add_note\"}}",
        "{\"method\": \"tools/list\", \"method\": \"tools/call\", \"params\": {}}",
        "[{\"method\": \"tools/call\", \"params\": {\"name\": \"add_note\"}}]",
        "{\"method\": \"tools/call\"} {\"method\": \"tools/call\"}",
        "{\"method\": ",
        "add_note",
        ""
      })
  void what_can_be_read_in_two_ways_or_none_is_a_bad_request(String body) throws Exception {
    assertThat(wire.post(reader, session, body).statusCode()).isEqualTo(400);
  }

  @Test
  void octets_that_are_no_utf_8_are_a_bad_request() throws Exception {
    byte[] body =
        Wire.message("add_note", "{\"text\": \"ü\"}").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(post(body, "application/json").statusCode()).isEqualTo(400);
  }

  @Test
  void no_charset_makes_another_call_of_the_same_octets() throws Exception {
    byte[] ebcdic =
        Wire.message("add_note", "{\"text\": \"x\"}").getBytes(Charset.forName("Cp1047"));
    byte[] utf8 = Wire.message("add_note", "{\"text\": \"x\"}").getBytes(StandardCharsets.UTF_8);

    assertThat(post(ebcdic, "application/json;charset=Cp1047").statusCode()).isEqualTo(400);
    assertThat(post(utf8, "application/json;charset=Cp1047").statusCode()).isEqualTo(403);
  }

  @Test
  void escapes_in_a_name_hide_no_tool() throws Exception {
    HttpResponse<String> answer =
        wire.call(reader, session, "\\u0061dd_note", "{\"text\": \"hidden\"}");

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @Test
  void headers_that_name_another_tool_change_nothing() throws Exception {
    HttpResponse<String> answer =
        wire.send(
            wire.request(reader, session)
                .header("Content-Type", "application/json")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", "whoami")
                .POST(BodyPublishers.ofString(Wire.message("add_note", "{\"text\": \"x\"}"))));

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @Test
  void a_body_of_more_than_a_megabyte_is_not_read() throws Exception {
    byte[] body = new byte[1024 * 1024 + 1];

    assertThat(post(body, "application/json").statusCode()).isEqualTo(413);
  }

  @Test
  void a_body_is_not_read_before_there_is_a_good_token() throws Exception {
    HttpResponse<String> answer = wire.post(null, null, "{\"method\": ");

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  private static HttpResponse<String> post(byte[] body, String contentType) throws Exception {
    return wire.post(reader, session, BodyPublishers.ofByteArray(body), contentType);
  }
}
