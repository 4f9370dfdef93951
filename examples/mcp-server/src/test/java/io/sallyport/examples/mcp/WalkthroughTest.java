package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands of docs/mcp.md, in one shell. Where there is none, or no curl, it is skipped. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WalkthroughTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "mcp.md");
  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern STATUS = Pattern.compile("HTTP/1.1 (\\d{3})");

  @Test
  @Timeout(60)
  void the_page_is_right() throws Exception {
    String page = Files.readString(PAGE);
    String promised =
        page.lines().filter(line -> line.startsWith("HTTP/1.1 ")).collect(Collectors.joining("\n"));
    NotesServer server = NotesServer.start(0);
    try {
      String commands =
          COMMANDS
              .matcher(page)
              .results()
              .map(block -> block.group(1))
              .collect(Collectors.joining())
              .replace("http://127.0.0.1:8080/mcp", server.resource())
              .replace("http://127.0.0.1:8080", server.resource().replace("/mcp", ""))
              .replace("http://127.0.0.1:8081", server.issuer().name());

      String answers = shell(commands);

      assertThat(statuses(answers)).as(answers).isEqualTo(statuses(promised));
      assertThat(answers)
          .contains("scope=\"notes:read\", resource_metadata=\"")
          .contains("\"resource\":\"" + server.resource() + "\"")
          .contains("subject ann")
          .contains("error=\"insufficient_scope\"")
          .contains("scope=\"notes:read notes:write\"")
          .contains("You have 1 note");
    } finally {
      server.stop();
    }
  }

  private static List<String> statuses(String answers) {
    return STATUS.matcher(answers).results().map((MatchResult status) -> status.group(1)).toList();
  }

  private static String shell(String commands) throws Exception {
    Process shell;
    try {
      new ProcessBuilder("curl", "--version").redirectErrorStream(true).start().destroy();
      shell = new ProcessBuilder("bash", "-eu").redirectErrorStream(true).start();
    } catch (IOException e) {
      return Assumptions.abort("docs/mcp.md is not tested: " + e.getMessage());
    }
    shell.getOutputStream().write(commands.getBytes(StandardCharsets.UTF_8));
    shell.getOutputStream().close();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
