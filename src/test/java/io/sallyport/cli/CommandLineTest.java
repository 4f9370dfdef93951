package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.Command.Result;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What all commands have in common. */
final class CommandLineTest {
  private static final String LIKE_A_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln";

  @Test
  void without_a_command_it_says_which_there_are() {
    Result result = Command.plain().run();
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("explain", "doctor", "check-config", "probe", "convert-keycloak");
    assertThat(Command.plain().run("--help").code()).isZero();
    assertThat(Command.plain().run("--version").out()).startsWith("sallyport ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain", "doctor", "check-config", "probe", "convert-keycloak"})
  void every_command_helps_with_options_exit_codes_and_examples(String name) {
    Result result = Command.plain().run(name, "--help");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "Usage: sallyport " + name, "--json", "Exit codes:", "Examples:", "sallyport " + name)
        .containsPattern("(?m)^ +0 +\\S")
        .containsPattern("(?m)^ +1 +\\S")
        .containsPattern("(?m)^ +2 +\\S");
    CommandSpec spec = spec(name);
    for (OptionSpec option : spec.options()) {
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
    }
  }

  private static CommandSpec spec(String name) {
    CommandLine program =
        Main.commandLine(Command.plain().surroundings(new StringWriter(), new StringWriter()));
    return program.getSubcommands().get(name).getCommandSpec();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explan                               | There is no command 'explan'",
        "explain --tokn x                     | There is no option '--tokn'",
        "explain --config                     | Missing required parameter for option '--config'",
        "explain --at yesterday               | --at takes an instant, and was given 'yesterday'",
        "doctor x                             | There is one word too many on the command line",
        "probe                                | Missing required parameter: 'URL'",
        "convert-keycloak                     | Missing required parameter: 'FILE'"
      })
  void a_wrong_word_is_told_of_with_what_is_allowed(String words, String said) {
    Result result = Command.plain().run(words.split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("error: ", said, "Allowed: ")
        .containsPattern("Example( and options)?: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "explain %s",
        "explain --at %s",
        "explain --token %s",
        "explain --token=%s",
        "explain -s %s",
        "explain --config %s",
        "explain --jwks x %s",
        "doctor %s",
        "doctor -s issuer=%s",
        "check-config %s",
        "check-config --config %s",
        "check-config -s audience=%s",
        "check-config -s issuer=%s",
        "probe http://localhost:1/ %s",
        "probe %s",
        "probe http://api.example.com/?t=%s",
        "convert-keycloak %s"
      })
  void a_token_on_the_command_line_is_never_repeated(String words) {
    Result result = Command.plain().run(words.formatted(LIKE_A_TOKEN).split(" "));
    assertThat(result.code()).isNotZero();
    for (String part : LIKE_A_TOKEN.split("\\.")) {
      assertThat(result.out() + result.err()).doesNotContain(part);
    }
  }

  @Test
  void colours_are_for_terminals_alone() {
    for (String command : Set.of("check-config", "doctor", "explain")) {
      String[] words = {command, "-s", "issuer=http://nowhere.example"};
      Result piped = Command.reading("x").run(words);
      assertThat(piped.out() + piped.err()).doesNotContain("\u001b");
      Result seen = Command.reading("x").onTerminal().run(words);
      assertThat(seen.out() + seen.err()).contains("\u001b[");
    }
    assertThat(Command.plain().onTerminal().run("--help").out()).contains("\u001b[");
    assertThat(Command.plain().run("--help").out()).doesNotContain("\u001b");
  }

  @Test
  void a_defect_is_no_answer_and_its_message_is_not_shown() {
    Surroundings sound = Command.plain().surroundings(new StringWriter(), new StringWriter());
    for (Throwable defect :
        List.of(new AssertionError("hush"), new IllegalStateException("hush"))) {
      StringWriter err = new StringWriter();
      Surroundings broken =
          new Surroundings(
              sound.in(),
              sound.out(),
              new PrintWriter(err),
              sound.paint(),
              false,
              sound.clock(),
              () -> {
                if (defect instanceof Error error) throw error;
                throw (RuntimeException) defect;
              });
      assertThat(Main.run(broken, "doctor")).isEqualTo(2);
      assertThat(err.toString())
          .contains("a defect of this program", defect.getClass().getName(), "    at io.sallyport")
          .doesNotContain("hush");
    }
  }
}
