package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Spares;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * A token in the one spelling that JWS Compact Serialization has for it (RFC 7515 sections 2 and
 * 7.1): three base64url segments, none of them empty, without padding, and with the unused bits of
 * each last character zero. A token with a second accepted spelling could pass a deny list, or fill
 * a cache, again and again.
 */
final class CompactJws implements AutoCloseable {
  /** Room for most tokens, and what is still kept for the next. */
  private static final int LEAST = 2048;

  private static final int MOST_KEPT = 16_384;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final byte[] SEXTET = sextets();

  /** The token's characters from 0 to {@code end}, lent by {@code rooms} until it is closed. */
  private byte[] octets;

  private final Spares<byte[]> rooms;
  private final int firstDot;
  private final int secondDot;
  private final int end;

  private CompactJws(BearerToken token, int firstDot, int secondDot, Spares<byte[]> rooms) {
    this.firstDot = firstDot - token.start();
    this.secondDot = secondDot - token.start();
    this.end = token.field().length() - token.start();
    this.rooms = rooms;
    byte[] spare = rooms.take();
    this.octets = spare != null && spare.length >= end ? spare : new byte[Math.max(LEAST, end)];
    copy(token.field(), token.start(), octets);
  }

  @SuppressWarnings("deprecation") // It drops half of a character: these here have no such half.
  private static void copy(String text, int start, byte[] octets) {
    text.getBytes(start, text.length(), octets, 0);
  }

  /**
   * Checks the form; nothing is decoded, nor even copied before.
   *
   * @param rooms where the bytes of tokens find room, and leave it empty
   */
  static Outcome<CompactJws> from(BearerToken token, Spares<byte[]> rooms) {
    if (!token.compact()) return stopped(Reason.TOKEN_NOT_JWS, "characters that are no base64url");
    String text = token.field();
    int start = token.start();
    int first = text.indexOf('.', start);
    int second = first < 0 ? -1 : text.indexOf('.', first + 1);
    if (second < 0 || text.indexOf('.', second + 1) >= 0) {
      return stopped(Reason.TOKEN_NOT_JWS, "not of three segments");
    }
    if (!isSegment(text, start, first)
        || !isSegment(text, first + 1, second)
        || !isSegment(text, second + 1, text.length())) {
      return stopped(Reason.TOKEN_NOT_JWS, "a segment that is not base64url in its one spelling");
    }
    return passed(new CompactJws(token, first, second, rooms));
  }

  /** Whether base64url characters are a whole number of bytes, and spelled in the one way. */
  private static boolean isSegment(String text, int start, int end) {
    if (start == end) return false;
    int last = SEXTET[text.charAt(end - 1)];
    return switch ((end - start) % 4) {
      case 0 -> true;
      case 2 -> (last & 0b1111) == 0;
      case 3 -> (last & 0b11) == 0;
      default -> false;
    };
  }

  private static byte[] sextets() {
    byte[] sextets = new byte[128];
    Arrays.fill(sextets, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) sextets[ALPHABET.charAt(i)] = (byte) i;
    return sextets;
  }

  /** Whether the first segment is this one. */
  boolean isUnder(byte[] segment) {
    return Arrays.equals(octets, 0, firstDot, segment, 0, segment.length);
  }

  /** The first segment as it came. */
  byte[] encodedHeader() {
    return Arrays.copyOf(octets, firstDot);
  }

  ByteBuffer header() {
    return decoded(0, firstDot);
  }

  ByteBuffer payload() {
    return decoded(firstDot + 1, secondDot);
  }

  private ByteBuffer decoded(int from, int to) {
    return Base64.getUrlDecoder().decode(ByteBuffer.wrap(octets, from, to - from));
  }

  byte[] signature() {
    ByteBuffer decoded = decoded(secondDot + 1, end);
    boolean isWhole = decoded.arrayOffset() == 0 && decoded.array().length == decoded.remaining();
    return isWhole ? decoded.array() : copy(decoded);
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  /** What is signed: the first two segments with the dot between them (RFC 7515 section 5.1). */
  ByteBuffer signingInput() {
    return ByteBuffer.wrap(octets, 0, secondDot);
  }

  /** Takes the whole token into a digest. */
  void into(MessageDigest digest) {
    digest.update(octets, 0, end);
  }

  /** Forgets the token and gives its room to the next; whatever asks for it later finds nothing. */
  @Override
  public void close() {
    byte[] room = octets;
    octets = new byte[0];
    Arrays.fill(room, 0, Math.min(end, room.length), (byte) 0);
    if (room.length >= LEAST && room.length <= MOST_KEPT) rooms.giveBack(room);
  }
}
