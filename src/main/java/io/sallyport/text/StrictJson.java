package io.sallyport.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON object into a deeply immutable map, or nothing (RFC 8259, with the demands of RFC
 * 7515 section 4 and RFC 8725 section 3.7).
 *
 * <p>Refused: what is not well-formed UTF-8 (a byte-order mark and lone surrogates included), what
 * is not exactly one object, a member name given twice at any depth, more than {@value #MAX_DEPTH}
 * levels, a number of more than {@value #MAX_NUMBER_LENGTH} characters or beyond the range of a
 * double.
 *
 * <p>Values are {@code String}, {@code Long}, {@code BigInteger} (only beyond a long), {@code
 * Double}, {@code Boolean}, {@code null}, unmodifiable {@code List} and unmodifiable {@code Map}.
 * Instances are safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class StrictJson {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 64;

  private final JsonFactory factory;
  private final Spares<Characters> spares = new Spares<>();

  /**
   * Makes a reader of documents by anybody.
   *
   * @param maxLength how many characters a document may have; greater ones are refused
   */
  public StrictJson(int maxLength) {
    // A table of names shared between requests is something that a sender could fill: switched off.
    this(maxLength, false);
  }

  private StrictJson(int maxLength, boolean remembersNames) {
    this.factory =
        JsonFactory.builder()
            .configure(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES, remembersNames)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxDocumentLength(maxLength)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(maxLength)
                    .maxStringLength(maxLength)
                    .build())
            .build();
  }

  /**
   * Makes a reader that remembers the names of members, so that the next document has them for
   * nothing. Only for documents that were signed by somebody who is trusted.
   *
   * @param maxLength how many characters a document may have; greater ones are refused
   * @return the reader
   */
  public static StrictJson rememberingNames(int maxLength) {
    return new StrictJson(maxLength, true);
  }

  /**
   * Reads the object that these bytes are.
   *
   * @param utf8 the document
   * @return the object, immutable at every depth; or null where the bytes are anything else
   */
  public @Nullable Map<String, @Nullable Object> object(byte[] utf8) {
    return object(ByteBuffer.wrap(utf8));
  }

  /**
   * Reads the object that these bytes are.
   *
   * @param utf8 the document, from the buffer's position to its limit
   * @return the object, immutable at every depth; or null where the bytes are anything else
   */
  public @Nullable Map<String, @Nullable Object> object(ByteBuffer utf8) {
    return read(utf8, StrictJson::members);
  }

  /**
   * Reads one member of the object that these bytes are, and keeps nothing of the others: they have
   * to be well-formed, but may repeat each other's names.
   *
   * @param utf8 the document, from the buffer's position to its limit
   * @param name the member
   * @return its text; or null where the bytes are anything else than one object with exactly one
   *     member of that name, or where that is anything else than text
   */
  public @Nullable String text(ByteBuffer utf8, String name) {
    return read(utf8, parser -> text(parser, name));
  }

  private <T> @Nullable T read(ByteBuffer utf8, Function<JsonParser, T> object) {
    Characters spare = spares.take();
    Characters characters =
        spare != null && spare.hold(utf8) ? spare : new Characters(utf8.remaining());
    try {
      return characters.decode(utf8) ? read(characters, object) : null;
    } finally {
      characters.clear();
      if (characters.isWorthKeeping()) spares.giveBack(characters);
    }
  }

  private <T> @Nullable T read(Characters text, Function<JsonParser, T> object) {
    try (JsonParser parser =
        factory.createParser(ObjectReadContext.empty(), text.array(), 0, text.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) return null;
      T read = object.apply(parser);
      return parser.nextToken() == null ? read : null;
    } catch (JacksonException | Malformed e) {
      return null;
    }
  }

  private static String text(JsonParser parser, String name) {
    String text = null;
    for (String member = parser.nextName(); member != null; member = parser.nextName()) {
      JsonToken value = parser.nextToken();
      if (!member.equals(name)) {
        parser.skipChildren();
      } else if (text == null && value == JsonToken.VALUE_STRING) {
        text = wellFormed(parser.getString());
      } else {
        throw new Malformed();
      }
    }
    if (text == null) throw new Malformed();
    return text;
  }

  private static Map<String, @Nullable Object> members(JsonParser parser) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      int before = members.size();
      members.put(wellFormed(name), value(parser, parser.nextToken()));
      if (members.size() == before) throw new Malformed();
    }
    return Collections.unmodifiableMap(members);
  }

  private static List<@Nullable Object> elements(JsonParser parser) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(parser, token));
    }
    return Collections.unmodifiableList(elements);
  }

  private static @Nullable Object value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_STRING -> wellFormed(parser.getString());
      case VALUE_NUMBER_INT ->
          parser.getNumberValue() instanceof Integer i ? Long.valueOf(i) : parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new Malformed();
    };
  }

  private static double finite(double number) {
    if (Double.isInfinite(number) || Double.isNaN(number)) throw new Malformed();
    return number;
  }

  /** An escape such as {@code \}{@code ud800} makes a lone surrogate out of well-formed UTF-8. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i)) && isLone(text, i)) throw new Malformed();
    }
    return text;
  }

  private static boolean isLone(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
        : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
  }

  /** A document's characters, in room that serves the next one too; nothing is left in it. */
  private static final class Characters {
    private static final int LEAST = 1024;
    private static final int MOST_KEPT = 16_384;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer text;

    Characters(int length) {
      this.text = CharBuffer.allocate(Math.max(LEAST, length));
    }

    /** Whether there is room: UTF-8 never has more characters than bytes. */
    boolean hold(ByteBuffer utf8) {
      return utf8.remaining() <= text.capacity();
    }

    boolean isWorthKeeping() {
      return text.capacity() <= MOST_KEPT;
    }

    /** Whether the bytes were well-formed. */
    boolean decode(ByteBuffer utf8) {
      return !decoder.reset().decode(utf8, text, true).isError();
    }

    char[] array() {
      return text.array();
    }

    int length() {
      return text.position();
    }

    void clear() {
      Arrays.fill(text.array(), 0, text.position(), '\0');
      text.clear();
    }
  }

  /** Leaves the recursion; never leaves this class, so it needs neither text nor trace. */
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super(null, null, false, false);
    }
  }
}
