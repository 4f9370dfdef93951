package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener hears of requests, in every container, without Micrometer in most of them. */
final class ListenerInContainerTest extends InEveryContainer {
  private final Heard heard = new Heard();

  @AfterEach
  void forget() {
    heard.forgetDecisions();
  }

  /** Passes a request on to the guarded handler within the container. */
  private static final class Forwarding extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      request.getRequestDispatcher("/orders").forward(request, response);
    }
  }

  private void start() throws Exception {
    SallyportFilter filter =
        SallyportFilter.builder()
            .issuer(server.issuer())
            .allowHttp(true)
            .audience(AUDIENCE)
            .allowedScopes("orders:read", "orders:write")
            .publicPaths("/open/*")
            .rules("* /denied/* deny", "* /* orders:read")
            .resource("https://api.example.com/mcp")
            .listener(heard)
            .build();
    start(
        context -> {
          Container.filter(context, filter, "/*");
          Container.servlet(context, new Forwarding(), "/forward");
          Container.servlet(context, sight, "/*");
        });
  }

  private TestToken draft() {
    return issuer.token().scope("orders:read");
  }

  /** The reason that is heard of for a request, "verified", or nothing. */
  private String heardOf(String path, String... fields) {
    heard.forgetDecisions();
    Http.get(own.port(), path, fields);
    assertThat(heard.decisions()).hasSizeLessThan(2);
    if (heard.decisions().isEmpty()) return "nothing";
    String line = heard.decisions().get(0);
    return line.startsWith("verified")
        ? "verified"
        : line.replaceFirst(".*\\[reason=([A-Z_0-9]+),.*", "$1");
  }

  @Test
  void each_request_is_told_of_once_by_what_was_decided() throws Exception {
    start();
    String good = bearer(token("orders:read"));
    String forged = bearer(draft().mintedBy(TestKey.generate(key.kid(), "ES256")));
    String bound = draft().boundTo(key).mint();
    try (LogLines log = LogLines.of("io.sallyport", Level.DEBUG)) {
      assertThat(heardOf("/orders", good)).isEqualTo("verified");
      assertThat(heardOf("/orders", good)).as("out of the cache").isEqualTo("verified");
      assertThat(heardOf("/forward", good)).as("with a dispatch more").isEqualTo("verified");
      assertThat(heardOf("/open/a")).as("public").isEqualTo("nothing");
      assertThat(heardOf("/open/a", good)).isEqualTo("verified");
      assertThat(heardOf("/.well-known/oauth-protected-resource/mcp")).isEqualTo("nothing");
      assertThat(log.lines("refused SP-")).isEmpty();

      assertThat(heardOf("/orders")).isEqualTo("TOKEN_MISSING");
      assertThat(heardOf("/orders", good, good)).isEqualTo("SEVERAL_CREDENTIALS");
      assertThat(heardOf("/orders", "Authorization: Bearer")).isEqualTo("TOKEN_EMPTY");
      assertThat(heardOf("/orders", bearer("a.b.c"))).isEqualTo("TOKEN_NOT_JWS");
      assertThat(heardOf("/orders", forged)).isEqualTo("SIGNATURE_INVALID");
      assertThat(heardOf("/open/a", forged)).isEqualTo("SIGNATURE_INVALID");
      assertThat(heardOf("/orders", bearer(draft().claim("exp", 1).mint()))).isEqualTo("EXPIRED");
      assertThat(heardOf("/orders", bearer(token("*")))).isEqualTo("SCOPE_TOO_BROAD");
      assertThat(heardOf("/orders", bearer(token("orders:write")))).isEqualTo("SCOPE_MISSING");
      assertThat(heardOf("/denied/a", good)).isEqualTo("PATH_DENIED");
      assertThat(heardOf("/orders;a=b", good)).isEqualTo("PATH_AMBIGUOUS");
      assertThat(heardOf("/orders", bearer(bound))).isEqualTo("TOKEN_BOUND");
      assertThat(heardOf("/orders", "Authorization: DPoP " + bound)).isEqualTo("PROOF_MISSING");
      assertThat(log.lines("refused SP-")).as("as often as in the log").hasSize(13);
    }
  }
}
