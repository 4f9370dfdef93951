package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StreamExpiryTest {
  private static NotesServer server;

  @BeforeAll
  static void start() throws Exception {
    server = NotesServer.start(0);
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @Test
  @Timeout(60)
  void a_client_that_listens_hears_nothing_after_its_token() throws Exception {
    Wire wire = new Wire(server);
    Duration life = Duration.ofSeconds(4);
    Instant end = Instant.now().plus(life);
    String token = server.issuer().token("ann", life, NoteTools.READ);
    String session = wire.session(token);

    HttpResponse<String> stream = wire.send(wire.request(token, session).GET());

    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    assertThat(Instant.now()).as("exp has whole seconds").isAfter(end.minusSeconds(1));

    String fresh = server.issuer().token("ann", NoteTools.READ);
    assertThat(wire.call(fresh, session, "whoami", "{}").body()).contains("subject ann");
  }
}
