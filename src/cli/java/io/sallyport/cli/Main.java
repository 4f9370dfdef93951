package io.sallyport.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: {@code java -jar sallyport-cli.jar COMMAND}. */
@Command(
    name = "sallyport",
    description = {
      "Says why a token is refused, whether a configuration is right, and whether the issuer and the"
          + " host are in order.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:A good answer: admitted, in order, right, nothing got through.",
      "1:A bad answer: refused, out of order, wrong, something got through.",
      "2:No answer: a wrong word on the command line, a file that cannot be read, a configuration"
          + " that no gate can be made of, keys that cannot be had."
    },
    footer = {
      "",
      "From a 401 without a reason to its cause:",
      "  printf %%s \"$TOKEN\" | sallyport explain --web-xml WEB-INF/web.xml",
      "",
      "Each command tells of its options with --help."
    })
public final class Main {
  private Main() {}

  /**
   * Runs a command, and ends the JVM with its exit code.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    System.exit(run(Surroundings.ofThisProcess(), arguments));
  }

  /**
   * Runs a command.
   *
   * @return its exit code
   */
  static int run(Surroundings surroundings, String... arguments) {
    CommandLine program = commandLine(surroundings);
    int code;
    try {
      code = arguments.length == 0 ? usage(program) : program.execute(arguments);
    } catch (Error e) { // by itself the JVM would end with 1, which is an answer
      code = failed(surroundings, e);
    }
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }

  private static int usage(CommandLine program) {
    program.usage(program.getErr());
    return 2;
  }

  static CommandLine commandLine(Surroundings surroundings) {
    Help.Ansi ansi = surroundings.paint().isOn() ? Help.Ansi.ON : Help.Ansi.OFF;
    return new CommandLine(new Main())
        .addSubcommand(new Explain(surroundings))
        .addSubcommand(new Doctor(surroundings))
        .addSubcommand(new CheckConfig(surroundings))
        .addSubcommand(new Probe(surroundings))
        .addSubcommand(new ConvertKeycloak(surroundings))
        .setOut(surroundings.out())
        .setErr(surroundings.err())
        .setColorScheme(Help.defaultColorScheme(ansi))
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler((e, given) -> wrongWord(surroundings, e))
        .setExecutionExceptionHandler((e, command, result) -> failed(surroundings, e));
  }

  /** A word that picocli does not know may be a token: it is told of and not repeated. */
  private static int wrongWord(Surroundings surroundings, ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String wrong = TokenInput.without(String.valueOf(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) wrong = unmatched(command, unmatched);
    PrintWriter err = surroundings.err();
    err.println(surroundings.paint().bad("error: ") + wrong);
    err.println("Allowed: " + synopsis(command));
    err.println("Example and options: " + name + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String unmatched(CommandLine command, UnmatchedArgumentException e) {
    String options =
        e.getUnmatched().stream()
            .filter(word -> word.startsWith("-"))
            .map(word -> "'" + word.replaceFirst("=.*", "=...") + "'")
            .collect(Collectors.joining(", "));
    if (!options.isEmpty()) return "There is no option " + TokenInput.without(options);
    Optional<String> word = e.getUnmatched().stream().findFirst();
    boolean isCommand = !command.getSubcommands().isEmpty();
    String shown = TokenInput.without(word.orElse(""));
    return isCommand
        ? "There is no command '" + shown + "'"
        : "There is one word too many on the command line";
  }

  private static String synopsis(CommandLine command) {
    List<String> commands = List.copyOf(command.getSubcommands().keySet());
    if (!commands.isEmpty()) return String.join(", ", commands);
    return command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
  }

  private static int failed(Surroundings surroundings, Throwable e) {
    PrintWriter err = surroundings.err();
    if (e instanceof Fault) {
      err.println(
          surroundings.paint().bad("error: ") + TokenInput.without(String.valueOf(e.getMessage())));
      return 2;
    }
    err.println(
        surroundings.paint().bad("error: ") + "a defect of this program, please report it:");
    err.println("  " + e.getClass().getName());
    for (StackTraceElement frame : e.getStackTrace()) err.println("    at " + frame);
    return 2;
  }
}
