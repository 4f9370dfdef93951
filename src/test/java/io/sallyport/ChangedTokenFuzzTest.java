package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.testkit.TestKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/**
 * Fuzzes what is done to a good token: a byte for the token, a byte for the change, two for the
 * place, and the rest is what is written there. {@link MutatedTokenTest} changes at random; here
 * the changes go where they reach new code.
 */
final class ChangedTokenFuzzTest {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final List<TestKey> KEYS = List.of(Trial.RSA, Trial.EC, Trial.ED);
  private static final List<String> GOOD =
      KEYS.stream().map(key -> Trial.good().mintedBy(key)).toList();

  /** Whoever has an ECDSA signature (r, s) has (r, n-s) too: both hold, and no other. */
  private static final String TWIN = withOtherS(GOOD.get(1));

  private static final Set<String> SIGNED = Set.of(GOOD.get(0), GOOD.get(1), GOOD.get(2), TWIN);

  @FuzzTest
  @Tag("T4")
  @Tag("T12")
  @Tag("T13")
  @Tag("T19")
  void a_changed_token_is_refused_unless_its_key_has_signed_it(byte[] data) {
    if (data.length < 4) return;
    String token = changed(data);
    Decision decision = Trial.GATE.verify(token);
    if (decision instanceof Decision.Refused refused) {
      assertThat(refused.refusal().reason()).isNotEqualTo(Reason.TOKEN_UNREADABLE);
      assertThat(SIGNED).as("refused: %s", refused.refusal()).doesNotContain(token);
    } else {
      assertThat(SIGNED).as("admitted").contains(token);
    }
  }

  private static String changed(byte[] data) {
    int which = digit(data[0], KEYS.size());
    String token = GOOD.get(which);
    int place = (data[2] & 0xff) << 8 | data[3] & 0xff;
    byte[] rest = Arrays.copyOfRange(data, 4, data.length);
    String text = new String(rest, StandardCharsets.ISO_8859_1);
    int at = place % token.length();
    int end = Math.min(token.length(), at + rest.length);
    return switch (digit(data[1], 10)) {
      case 0 -> token.substring(0, at) + text + token.substring(end);
      case 1 -> token.substring(0, at) + text + token.substring(at);
      case 2 -> token.substring(0, at) + token.substring(end);
      case 3 -> swapped(token, place);
      case 4 -> withFlippedBits(token, place % 3, place / 3, rest);
      case 5 -> withSegment(token, place % 3, rest);
      case 6 -> withSegment(token, place % 3, GOOD.get((which + 1) % KEYS.size()));
      case 7 -> TWIN;
      case 8 -> withOtherLastCharacter(token, place % 3);
      default -> token;
    };
  }

  /** The digits of a corpus that can be read count from zero. */
  private static int digit(byte value, int bound) {
    return Math.floorMod(value - '0', bound);
  }

  private static String swapped(String token, int order) {
    String[] parts = token.split("\\.");
    return parts[order % 3] + '.' + parts[order / 3 % 3] + '.' + parts[order / 9 % 3];
  }

  private static String withFlippedBits(String token, int segment, int place, byte[] mask) {
    byte[] octets = Base64.getUrlDecoder().decode(token.split("\\.")[segment]);
    for (int i = 0; i < mask.length; i++) octets[(place + i) % octets.length] ^= mask[i];
    return withSegment(token, segment, octets);
  }

  private static String withSegment(String token, int segment, String donor) {
    return withSegment(token, segment, Base64.getUrlDecoder().decode(donor.split("\\.")[segment]));
  }

  private static String withSegment(String token, int segment, byte[] octets) {
    String[] parts = token.split("\\.");
    parts[segment] = ENCODER.encodeToString(octets);
    return String.join(".", parts);
  }

  /** Where the last character has unused bits, this is the same segment in a second spelling. */
  private static String withOtherLastCharacter(String token, int segment) {
    String[] parts = token.split("\\.");
    int last = parts[segment].length() - 1;
    int sextet = ALPHABET.indexOf(parts[segment].charAt(last));
    parts[segment] = parts[segment].substring(0, last) + ALPHABET.charAt(sextet ^ 1);
    return String.join(".", parts);
  }

  private static String withOtherS(String token) {
    byte[] rs = Base64.getUrlDecoder().decode(token.split("\\.")[2]);
    BigInteger n = ((ECPublicKey) Trial.EC.pair().getPublic()).getParams().getOrder();
    BigInteger other = n.subtract(new BigInteger(1, Arrays.copyOfRange(rs, 32, 64)));
    byte[] s = other.toByteArray(); // up to 33 bytes, the first of them a sign
    Arrays.fill(rs, 32, 64, (byte) 0);
    int length = Math.min(32, s.length);
    System.arraycopy(s, s.length - length, rs, 64 - length, length);
    return withSegment(token, 2, rs);
  }
}
