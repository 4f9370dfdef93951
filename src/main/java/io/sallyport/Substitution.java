package io.sallyport;

import io.sallyport.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts in what a setting takes from outside: {@code ${NAME}} and {@code ${NAME:default}} from the
 * environment, then from the system properties, {@code ${file:/run/secrets/x}} from a file. What is
 * put in is not looked at again.
 */
final class Substitution {
  private static final String FILE = "file:";

  private final Function<String, @Nullable String> environment;
  private final Function<String, @Nullable String> properties;

  Substitution(
      Function<String, @Nullable String> environment,
      Function<String, @Nullable String> properties) {
    this.environment = environment;
    this.properties = properties;
  }

  static Substitution ofThisProcess() {
    return new Substitution(System::getenv, System::getProperty);
  }

  /**
   * Puts in every reference.
   *
   * @throws IllegalArgumentException saying which reference leads to nothing
   */
  String apply(String text) {
    StringBuilder result = new StringBuilder();
    int from = 0;
    for (int start = text.indexOf("${"); start >= 0; start = text.indexOf("${", from)) {
      int end = text.indexOf('}', start);
      if (end < 0) throw new IllegalArgumentException("a ${ is not closed");
      result.append(text, from, start).append(value(text.substring(start + 2, end)));
      from = end + 1;
    }
    return result.append(text.substring(from)).toString();
  }

  private String value(String reference) {
    if (reference.startsWith(FILE)) return contents(reference.substring(FILE.length()));
    String[] parts = reference.split(":", 2);
    String name = parts[0];
    if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
      throw new IllegalArgumentException("${" + Printable.plain(reference) + "} has no name");
    }
    String value = environment.apply(name);
    if (value == null) value = properties.apply(name);
    if (value == null && parts.length == 2) value = parts[1];
    if (value == null) {
      throw new IllegalArgumentException(
          name + " is neither an environment variable nor a system property, and has no default");
    }
    return value;
  }

  private static String contents(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "the file " + Printable.quoted(file) + " cannot be read: " + e.getClass().getSimpleName(),
          e);
    }
  }
}
