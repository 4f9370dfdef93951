package io.sallyport.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token from standard input, which is the one way for it: what stands on a command line is in the
 * shell's history, and in the list of processes for everybody on the machine.
 *
 * @param token the token alone
 * @param scheme the scheme that stood before it, or null
 */
record TokenInput(String token, @Nullable String scheme) {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final String EXAMPLE = "printf %s \"$TOKEN\" | sallyport ";

  private static final Pattern FIELD =
      Pattern.compile("(?:Authorization:\\s*)?(Bearer|DPoP)[ \\t]+(.*)", Pattern.CASE_INSENSITIVE);

  /** What looks like the beginning of a JSON object in base64url, and all that goes with it. */
  private static final Pattern LIKE_A_TOKEN = Pattern.compile("eyJ[A-Za-z0-9_.~+/=-]*");

  /**
   * Reads it.
   *
   * @param demandsScheme whether a scheme has to stand before it
   * @param command the command, for an example
   * @throws Fault if there is none, or too much of it
   */
  static TokenInput read(InputStream in, boolean demandsScheme, String command) {
    String text = text(in, command);
    Matcher field = FIELD.matcher(text);
    if (field.matches()) return new TokenInput(field.group(2), field.group(1));
    if (!demandsScheme) return new TokenInput(text, null);
    throw Fault.of(
        "What came on standard input does not begin with a scheme, and --scheme was given",
        "the value of an Authorization field with the scheme Bearer or DPoP; without --scheme, a"
            + " token alone",
        "printf 'Bearer %s' \"$TOKEN\" | sallyport " + command + " --scheme");
  }

  private static String text(InputStream in, String command) {
    byte[] bytes;
    try {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new Fault("Standard input cannot be read: " + e.getClass().getSimpleName());
    }
    if (bytes.length > MAX_BYTES) {
      throw Fault.of(
          "More than " + MAX_BYTES + " bytes came on standard input",
          "one token, which no setting lets be longer",
          EXAMPLE + command);
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (!text.isEmpty()) return text;
    throw Fault.of(
        "No token came on standard input",
        "one token, or a whole Authorization field. Look for an unset variable where it comes from",
        EXAMPLE + command);
  }

  /** Refuses a token on the command line, without repeating it. */
  static Fault onCommandLine(String command) {
    return Fault.of(
        "A token is not taken from the command line: there it would stay in the shell's history and"
            + " stand in the list of processes, for everybody on this machine to read",
        "a token on standard input. If the one that you gave is still good, treat it as lost",
        EXAMPLE + command);
  }

  /** The same text without anything in it that looks like a token. */
  static String without(String text) {
    return LIKE_A_TOKEN.matcher(text).replaceAll("(a token, not shown)");
  }
}
