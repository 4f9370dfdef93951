package io.sallyport;

import io.sallyport.text.Printable;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its name, what it may be, how its text is read.
 *
 * @param name the name in code and as an init-param
 * @param standard the text that counts where none is given, or null
 * @param allowed what may be given, as the end of a sentence
 * @param example a value that works
 * @param reader reads a text, or throws {@code IllegalArgumentException} with what is wrong
 * @param <T> what the text means
 */
record Setting<T>(
    String name,
    @Nullable String standard,
    String allowed,
    String example,
    Function<String, T> reader) {

  /** Why a text is refused that is not shown. */
  static final String HIDDEN = "what the file holds is not allowed";

  /** The same setting under another name. */
  Setting<T> named(String other) {
    return other.equals(name) ? this : new Setting<>(other, standard, allowed, example, reader);
  }

  /** Reads a text that somebody gave. */
  T read(String text) {
    return read(text, text);
  }

  /** Reads a text of which a message may show another. */
  T read(String text, String shown) {
    if (text.isBlank()) throw refused(shown, "it is empty");
    try {
      return reader.apply(text.strip());
    } catch (IllegalArgumentException e) {
      String why = text.equals(shown) ? String.valueOf(e.getMessage()) : HIDDEN;
      throw refused(shown, why);
    }
  }

  /** The one form of message for a setting that stops the start. */
  IllegalArgumentException refused(@Nullable String found, String why) {
    return refused(found, why, example);
  }

  /** The same with an example that fits the other settings. */
  IllegalArgumentException refused(@Nullable String found, String why, String fitting) {
    return new IllegalArgumentException(
        "Sallyport cannot start: the setting '%s' %s (%s). Allowed: %s. Example: %s = %s"
            .formatted(
                name,
                found == null ? "is not set" : "is " + Printable.quoted(found),
                why,
                allowed,
                name,
                fitting));
  }

  static Setting<String> text(
      String name, String allowed, String example, Function<String, String> reader) {
    return new Setting<>(name, null, allowed, example, reader);
  }

  /** Items with white space between them, each checked by itself. */
  static Setting<Set<String>> words(
      String name,
      @Nullable String standard,
      String allowed,
      String example,
      Function<String, String> item) {
    return new Setting<>(
        name,
        standard,
        allowed,
        example,
        text ->
            Arrays.stream(text.split("\\s+"))
                .map(item)
                .collect(
                    Collectors.collectingAndThen(
                        Collectors.toCollection(LinkedHashSet::new),
                        Collections::unmodifiableSet)));
  }

  static Setting<List<String>> lines(String name, String allowed, String example) {
    return new Setting<>(
        name,
        null,
        allowed,
        example,
        text -> text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
  }

  static Setting<Integer> number(String name, int standard, int least, int most) {
    return new Setting<>(
        name,
        Integer.toString(standard),
        "a whole number from " + least + " to " + most,
        Integer.toString(standard),
        text -> {
          if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("it is not a whole number of digits alone");
          }
          int number = Integer.parseInt(text);
          if (number < least || number > most) {
            throw new IllegalArgumentException("it is out of range");
          }
          return number;
        });
  }

  /** One of a few words, written exactly so; the first is what counts where none is given. */
  static Setting<String> choice(String name, String... choices) {
    List<String> known = List.of(choices);
    String allowed = String.join(" or ", known) + ", written exactly so";
    return new Setting<>(
        name,
        choices[0],
        allowed,
        choices[choices.length - 1],
        text -> {
          if (!known.contains(text)) {
            throw new IllegalArgumentException("it is none of the choices");
          }
          return text;
        });
  }

  static Setting<Boolean> flag(String name) {
    return new Setting<>(
        name,
        "false",
        "true or false",
        "true",
        text -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("it is neither true nor false");
          }
          return text.equals("true");
        });
  }
}
