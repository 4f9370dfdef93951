package io.sallyport.text;

import org.jspecify.annotations.Nullable;

/**
 * Makes text from outside fit for a log line or a message (CWE-117): at most {@value #MAX_LENGTH}
 * characters, and none that ends a line, moves a cursor or turns the direction of writing.
 *
 * @since 0.1.0
 */
public final class Printable {
  private static final int MAX_LENGTH = 64;

  private Printable() {}

  /**
   * The text in single quotes, with a {@code ?} for each character that could mislead a reader.
   *
   * @param text anything; null is shown as {@code nothing}
   * @return one line, cut after 64 characters with a mark
   */
  public static String quoted(@Nullable Object text) {
    return text == null ? "nothing" : "'" + plain(text.toString()) + "'";
  }

  /**
   * The same without quotes.
   *
   * @param text anything
   * @return one line, cut after 64 characters with a mark
   */
  public static String plain(String text) {
    if (text.length() <= MAX_LENGTH) return masked(text, text.length()).toString();
    return masked(text, MAX_LENGTH).append('…').toString();
  }

  /**
   * One line out of a message of our own that quotes others, such as an exception's: not cut.
   *
   * @param message anything
   * @return the same with a {@code ?} for each character that could mislead a reader
   */
  public static String line(String message) {
    return masked(message, message.length()).toString();
  }

  private static StringBuilder masked(String text, int end) {
    StringBuilder line = new StringBuilder(end + 1);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      line.append(misleads(c) ? '?' : c);
    }
    return line;
  }

  private static boolean misleads(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
