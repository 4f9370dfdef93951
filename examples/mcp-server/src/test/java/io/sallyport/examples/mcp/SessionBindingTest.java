package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SessionBindingTest {
  private static final int MOST = 20;
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final AtomicLong nanos = new AtomicLong();
  private NotesServer server;
  private Wire wire;
  private String ann;
  private String mallory;

  @BeforeEach
  void start() throws Exception {
    Ticker ticker = nanos::get;
    server = NotesServer.start(0, new SessionBinding(MOST, IDLE, ticker));
    wire = new Wire(server);
    ann = server.issuer().token("ann", NoteTools.READ, NoteTools.WRITE);
    mallory = server.issuer().token("mallory", NoteTools.READ, NoteTools.WRITE);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void another_users_session_is_answered_as_one_that_does_not_exist() throws Exception {
    String session = wire.session(ann);

    HttpResponse<String> foreign = whoami(mallory, session);
    HttpResponse<String> unknown = whoami(mallory, "5f5a2c5e-0b9b-4b7e-9f0e-3d6a0c1b2a3d");

    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(unknown.body()).isEmpty();
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(whoami(ann, session).body()).contains("subject ann");
  }

  @Test
  void another_user_cannot_listen_to_a_session() throws Exception {
    String session = wire.session(ann);

    assertThat(wire.send(wire.request(mallory, session).GET()).statusCode()).isEqualTo(404);
  }

  @Test
  void another_user_cannot_end_a_session() throws Exception {
    String session = wire.session(ann);

    assertThat(wire.send(wire.request(mallory, session).DELETE()).statusCode()).isEqualTo(404);
    assertThat(whoami(ann, session).statusCode()).isEqualTo(200);
  }

  @Test
  void a_second_session_id_beside_ones_own_is_no_way_in() throws Exception {
    String foreign = wire.session(ann);
    String own = wire.session(mallory);

    for (List<String> both : List.of(List.of(own, foreign), List.of(foreign, own))) {
      HttpResponse<String> answer =
          wire.send(
              wire.request(mallory, both.get(0)).header("Mcp-Session-Id", both.get(1)).DELETE());
      assertThat(answer.statusCode()).isEqualTo(404);
    }
  }

  @Test
  void an_ended_session_is_gone_for_its_owner_too() throws Exception {
    String session = wire.session(ann);

    assertThat(wire.send(wire.request(ann, session).DELETE()).statusCode()).isEqualTo(200);
    assertThat(whoami(ann, session).statusCode()).isEqualTo(404);
  }

  @Test
  void a_session_ends_when_it_was_not_used_for_long() throws Exception {
    String session = wire.session(ann);

    nanos.addAndGet(IDLE.toNanos() - 1);
    assertThat(whoami(ann, session).statusCode()).isEqualTo(200);
    nanos.addAndGet(IDLE.toNanos() - 1);
    assertThat(whoami(ann, session).statusCode()).isEqualTo(200);
    nanos.addAndGet(IDLE.toNanos());
    assertThat(whoami(ann, session).statusCode()).isEqualTo(404);
  }

  @Test
  void there_are_never_more_sessions_than_that() throws Exception {
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < 3 * MOST; i++) {
      sessions.add(wire.begin(ann).headers().firstValue("Mcp-Session-Id").orElseThrow());
    }

    int alive = 0;
    for (String session : sessions) {
      if (whoami(ann, session).statusCode() != 404) alive++;
    }
    assertThat(alive).isPositive().isLessThanOrEqualTo(MOST);
  }

  private HttpResponse<String> whoami(String token, String session) throws Exception {
    return wire.call(token, session, "whoami", "{}");
  }
}
