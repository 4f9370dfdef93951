package io.sallyport.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One challenge of {@code WWW-Authenticate}, read by the letter of RFC 9110 section 11.6.1.
 *
 * @param scheme its scheme
 * @param parameters its parameters, their names in lower case
 */
record AuthChallenge(String scheme, Map<String, String> parameters) {
  AuthChallenge {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads the fields of an answer.
   *
   * @param values the values of every {@code WWW-Authenticate}
   * @throws IllegalArgumentException saying what is malformed, without a word of the values
   */
  static List<AuthChallenge> of(List<String> values) {
    List<AuthChallenge> all = new ArrayList<>();
    for (String value : values) all.addAll(new Reader(value).challenges());
    return all;
  }

  boolean isOf(String name) {
    return scheme.equalsIgnoreCase(name);
  }

  /** Goes through one value from its start to its end. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    List<AuthChallenge> challenges() {
      List<AuthChallenge> found = new ArrayList<>();
      for (skipCommas(); !atEnd(); skipCommas()) {
        found.add(challenge());
        if (!atEnd() && peek() != ',') {
          throw new IllegalArgumentException("there is no comma where one has to be");
        }
      }
      if (found.isEmpty()) throw new IllegalArgumentException("it is empty");
      return found;
    }

    private AuthChallenge challenge() {
      String scheme = token("a scheme is missing");
      Map<String, String> parameters = new LinkedHashMap<>();
      skipBlanks();
      if (!token68()) parameters(parameters);
      return new AuthChallenge(scheme, parameters);
    }

    /** What stands there in place of parameters, such as the data of Negotiate. */
    private boolean token68() {
      int start = at;
      while (!atEnd() && isToken68(peek())) at++;
      boolean some = at > start;
      while (some && !atEnd() && peek() == '=') at++;
      skipBlanks();
      if (some && (atEnd() || peek() == ',')) return true;
      at = start;
      return false;
    }

    private void parameters(Map<String, String> parameters) {
      int end = at;
      while (isParameter()) {
        String name = token("a parameter has no name").toLowerCase(Locale.ROOT);
        skipBlanks();
        at++; // the equals sign
        skipBlanks();
        if (parameters.put(name, value()) != null) {
          throw new IllegalArgumentException("a parameter stands there twice");
        }
        skipBlanks();
        end = at;
        if (!atEnd() && peek() != ',') return;
        skipCommas();
      }
      at = end; // what comes behind the comma is the next challenge
    }

    /** Whether a name and an equals sign come next; if not, it is the next challenge. */
    private boolean isParameter() {
      int start = at;
      while (!atEnd() && isTokenCharacter(peek())) at++;
      boolean named = at > start;
      skipBlanks();
      boolean parameter = named && !atEnd() && peek() == '=';
      at = start;
      return parameter;
    }

    private String value() {
      if (atEnd() || peek() != '"') return token("a parameter has no value");
      StringBuilder value = new StringBuilder();
      for (at++; !atEnd() && peek() != '"'; at++) {
        if (peek() == '\\') at++;
        if (atEnd()) break;
        if (!isQuotable(peek())) {
          throw new IllegalArgumentException("a quoted text holds a control character");
        }
        value.append(peek());
      }
      if (atEnd()) throw new IllegalArgumentException("a quoted text has no end");
      at++;
      return value.toString();
    }

    private String token(String otherwise) {
      int start = at;
      while (!atEnd() && isTokenCharacter(peek())) at++;
      if (at == start) throw new IllegalArgumentException(otherwise);
      return text.substring(start, at);
    }

    private void skipBlanks() {
      while (!atEnd() && (peek() == ' ' || peek() == '\t')) at++;
    }

    private void skipCommas() {
      skipBlanks();
      while (!atEnd() && peek() == ',') {
        at++;
        skipBlanks();
      }
    }

    private boolean atEnd() {
      return at == text.length();
    }

    private char peek() {
      return text.charAt(at);
    }

    private static boolean isToken68(char c) {
      return isLetterOrDigit(c) || "-._~+/".indexOf(c) >= 0;
    }

    private static boolean isTokenCharacter(char c) {
      return isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static boolean isQuotable(char c) {
      return c == '\t' || (c >= ' ' && c != 0x7f);
    }

    private static boolean isLetterOrDigit(char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
  }
}
