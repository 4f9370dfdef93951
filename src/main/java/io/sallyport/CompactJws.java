package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Spares;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A token in the one spelling that JWS Compact Serialization has for it (RFC 7515 sections 2 and
 * 7.1): three base64url segments, none of them empty, without padding, and with the unused bits of
 * each last character zero. A token with a second accepted spelling could pass a deny list, or fill
 * a cache, again and again.
 */
final class CompactJws implements AutoCloseable {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final byte[] SEXTET = sextets();

  private static final String NOT_IN_ALPHABET = "characters that are no base64url";

  private final BearerToken token;
  private final Spares<TokenRoom> rooms;
  private final int firstDot;
  private final int secondDot;
  private final int end;

  /** Lent until this is closed, and null from then on. */
  private @Nullable TokenRoom room;

  private CompactJws(
      BearerToken token, int firstDot, int secondDot, TokenRoom room, Spares<TokenRoom> rooms) {
    this.token = token;
    this.firstDot = firstDot - token.start();
    this.secondDot = secondDot - token.start();
    this.end = token.field().length() - token.start();
    this.room = room;
    this.rooms = rooms;
  }

  /**
   * Checks the form; nothing is decoded, nor even copied before. What is between the dots has not
   * been looked at, which {@link #inAlphabet} makes good where it matters.
   *
   * @param rooms where the octets of tokens find room, and leave it empty
   */
  static Outcome<CompactJws> from(BearerToken token, Spares<TokenRoom> rooms) {
    String text = token.field();
    int start = token.start();
    int first = text.indexOf('.', start);
    int second = first < 0 ? -1 : text.indexOf('.', first + 1);
    if (second < 0 || text.indexOf('.', second + 1) >= 0) {
      return malformed(token, "not of three segments");
    }
    if (!isSegment(text, start, first)
        || !isSegment(text, first + 1, second)
        || !isSegment(text, second + 1, text.length())) {
      return malformed(token, "a segment that is not base64url in its one spelling");
    }
    TokenRoom spare = rooms.take();
    int length = text.length() - start;
    TokenRoom room = spare != null && spare.isEnoughFor(length) ? spare : new TokenRoom(length);
    CompactJws jws = new CompactJws(token, first, second, room, rooms);
    if (room.hold(text, start)) return passed(jws);
    jws.close();
    return malformed(token, NOT_IN_ALPHABET);
  }

  private static <T> Outcome<T> malformed(BearerToken token, String detail) {
    return token.isB64token()
        ? stopped(Reason.TOKEN_NOT_JWS, detail)
        : stopped(Reason.TOKEN_NOT_B64TOKEN, "not a b64token");
  }

  /** Whether base64url characters are a whole number of bytes, and spelled in the one way. */
  private static boolean isSegment(String text, int start, int end) {
    if (start == end) return false;
    int last = sextet(text.charAt(end - 1));
    return switch ((end - start) % 4) {
      case 0 -> true;
      case 2 -> (last & 0b1111) == 0;
      case 3 -> (last & 0b11) == 0;
      default -> false;
    };
  }

  /** The six bits of a character, or -1; only a dot has seven. */
  private static int sextet(int character) {
    return character < SEXTET.length ? SEXTET[character] : -1;
  }

  private static byte[] sextets() {
    byte[] sextets = new byte[256];
    Arrays.fill(sextets, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) sextets[ALPHABET.charAt(i)] = (byte) i;
    sextets['.'] = 64; // between segments, of which there are three
    return sextets;
  }

  /**
   * Whether every character between the dots is one of base64url. A token that was verified before
   * need not be asked, since every octet of it is known.
   */
  Outcome<CompactJws> inAlphabet() {
    byte[] octets = octets();
    int sextets = 0;
    for (int i = 0; i < end; i++) sextets |= SEXTET[octets[i] & 0xff];
    return sextets >= 0 ? passed(this) : malformed(token, NOT_IN_ALPHABET);
  }

  private byte[] octets() {
    if (room == null) throw new IllegalStateException("closed");
    return room.octets();
  }

  /** Whether the first segment is this one. */
  boolean isUnder(byte[] segment) {
    return Arrays.equals(octets(), 0, firstDot, segment, 0, segment.length);
  }

  /** The first segment as it came. */
  byte[] encodedHeader() {
    return Arrays.copyOf(octets(), firstDot);
  }

  ByteBuffer header() {
    return decoded(0, firstDot);
  }

  ByteBuffer payload() {
    return decoded(firstDot + 1, secondDot);
  }

  private ByteBuffer decoded(int from, int to) {
    return Base64.getUrlDecoder().decode(ByteBuffer.wrap(octets(), from, to - from));
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
    return ByteBuffer.wrap(octets(), 0, secondDot);
  }

  /** Takes the whole token into a digest. */
  void into(MessageDigest digest) {
    digest.update(octets(), 0, end);
  }

  /** Forgets the token and gives its room to the next. */
  @Override
  public void close() {
    TokenRoom lent = room;
    if (lent == null) return;
    room = null;
    lent.clear();
    if (lent.isWorthKeeping()) rooms.giveBack(lent);
  }
}
