package io.sallyport;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Room for the octets of one token at a time; nothing is left in it. */
final class TokenRoom {
  private static final int LEAST = 2048;
  private static final int MOST_KEPT = 16_384;

  private final CharsetEncoder encoder = StandardCharsets.ISO_8859_1.newEncoder();
  private final CharBuffer characters;
  private final ByteBuffer octets;

  TokenRoom(int length) {
    this.characters = CharBuffer.allocate(Math.max(LEAST, length));
    this.octets = ByteBuffer.allocate(characters.capacity());
  }

  boolean isEnoughFor(int length) {
    return length <= characters.capacity();
  }

  boolean isWorthKeeping() {
    return characters.capacity() <= MOST_KEPT;
  }

  /** Takes a text from a place on to its end; false where a character of it is no single octet. */
  boolean hold(String text, int start) {
    text.getChars(start, text.length(), characters.array(), 0);
    characters.clear().limit(text.length() - start);
    octets.clear();
    return encoder.reset().encode(characters, octets, true).isUnderflow();
  }

  byte[] octets() {
    return octets.array();
  }

  void clear() {
    Arrays.fill(characters.array(), 0, characters.limit(), '\0');
    Arrays.fill(octets.array(), 0, characters.limit(), (byte) 0);
  }
}
