package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.sallyport.Decision;
import io.sallyport.TokenVerifier;
import io.sallyport.VerifiedToken;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ToolTest {
  private static final String RESOURCE = "http://127.0.0.1/mcp";

  @Test
  void a_tool_stays_closed_where_nothing_in_front_of_it_has_refused() throws Exception {
    Tool add = tool("add_note");

    CallToolResult refused = add.call(caller(NoteTools.READ), Map.of("text", "no"));

    assertThat(refused.isError()).isTrue();
    assertThat(refused.content().toString()).contains("notes:read notes:write");
  }

  @Test
  void a_tool_opens_to_all_of_its_scopes() throws Exception {
    CallToolResult added =
        tool("add_note").call(caller(NoteTools.READ, NoteTools.WRITE), Map.of("text", "yes"));

    assertThat(added.isError()).isFalse();
  }

  @Test
  void every_tool_names_the_scope_that_every_request_takes() {
    assertThat(new NoteTools().all())
        .allSatisfy(tool -> assertThat(tool.scopes()).contains(NoteTools.READ));
  }

  private static Tool tool(String name) {
    List<Tool> all = new NoteTools().all();
    return all.stream().filter(tool -> tool.name().equals(name)).findFirst().orElseThrow();
  }

  private static VerifiedToken caller(String... scopes) throws Exception {
    DevelopmentIssuer issuer = new DevelopmentIssuer(0, RESOURCE);
    try (TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer(issuer.name())
            .audience(RESOURCE)
            .allowedScopes(NoteTools.READ, NoteTools.WRITE)
            .allowHttp(true)
            .build()) {
      Decision decision = verifier.verify(issuer.token("ann", scopes));
      return ((Decision.Admitted) decision).token();
    } finally {
      issuer.stop();
    }
  }
}
