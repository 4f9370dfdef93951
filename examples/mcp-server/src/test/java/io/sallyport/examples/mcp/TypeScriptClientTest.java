package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * The official TypeScript client, which is given an address and its own name, and no token. Where
 * there is no npm, or no registry for it, the test is skipped, with the reason printed.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TypeScriptClientTest {
  private static final Path SOURCE = Path.of("src", "test", "resources", "typescript");
  private static final Path WORK = Path.of("target", "typescript");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "client.mjs");

  private static NotesServer server;

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(WORK);
    for (String file : FILES) {
      Files.writeString(WORK.resolve(file), Files.readString(SOURCE.resolve(file)));
    }
    install();
    server = NotesServer.start(0);
  }

  /** What the lock file pins, each package with its hash, and none of their scripts. */
  private static void install() throws Exception {
    String failure;
    try {
      Ran npm = run(300, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      if (npm.status() == 0) return;
      failure = npm.errors();
    } catch (IOException e) {
      failure = e.getMessage();
    }
    String reason = "The TypeScript client is not tested, since it cannot be had: " + failure;
    System.out.println(reason);
    Assumptions.abort(reason);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) server.stop();
  }

  @Test
  void a_client_finds_from_the_challenge_to_the_tools() throws Exception {
    Ran client = run(120, "node", "client.mjs", server.resource(), server.issuer().name());

    assertThat(client.status()).as(client.errors()).isZero();
    Map<String, Object> told = JSONObjectUtils.parse(client.output());
    assertThat(texts(told, "tools")).contains("whoami", "list_notes", "add_note");
    assertThat(texts(told, "before")).startsWith("subject ann", "client ann", "scopes notes:read");
    assertThat(texts(told, "added")).containsExactly("You have 1 note");
    assertThat(texts(told, "after")).contains("scopes notes:read notes:write");
    assertThat(texts(told, "notes")).containsExactly("Buy rope");
    assertThat(texts(told, "way"))
        .as("401, what the challenge leads to, and on with the token")
        .startsWith(
            "POST /mcp 401",
            "GET /.well-known/oauth-protected-resource/mcp 200",
            "GET /.well-known/oauth-authorization-server 200",
            "POST /token 200",
            "POST /mcp 200")
        .as("403, a token with what that challenge names, and the call again")
        .containsSubsequence("POST /mcp 403", "POST /token 200", "POST /mcp 200");
  }

  private static List<String> texts(Map<String, Object> json, String name) throws Exception {
    return JSONObjectUtils.getStringList(json, name);
  }

  /** What a program has written, and how it ended. */
  private record Ran(int status, String output, String errors) {}

  private static Ran run(int seconds, String... command) throws Exception {
    File output = WORK.resolve(command[0] + "-output").toFile();
    File errors = WORK.resolve(command[0] + "-errors").toFile();
    Process process =
        new ProcessBuilder(command)
            .directory(WORK.toFile())
            .redirectOutput(output)
            .redirectError(errors)
            .start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        return new Ran(-1, "", command[0] + " took more than " + seconds + " s");
      }
      return new Ran(
          process.exitValue(),
          Files.readString(output.toPath()),
          Files.readString(errors.toPath()));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
