package io.sallyport;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** The pieces that signatures are made of, for tests that put them together wrongly. */
final class SignatureFaults {
  /** DigestInfo of SHA-256 up to the hash (RFC 8017 section 9.2, note 1). */
  static final String SHA256_INFO = "3031300d060960864801650304020105000420";

  private SignatureFaults() {}

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static byte[] hash(String algorithm, byte[] input) {
    try {
      return MessageDigest.getInstance(algorithm).digest(input);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The block that RS256 signs (EMSA-PKCS1-v1_5). */
  static byte[] paddedSha256(int length, byte[] input) {
    return padded(length, joined(hex(SHA256_INFO), hash("SHA-256", input)));
  }

  /** 00 01 FF … FF 00 and the rest. */
  static byte[] padded(int length, byte[] rest) {
    byte[] block = new byte[length];
    Arrays.fill(block, 2, length - rest.length - 1, (byte) 0xff);
    block[1] = 1;
    System.arraycopy(rest, 0, block, length - rest.length, rest.length);
    return block;
  }

  static byte[] joined(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  /** The number, big-endian, in so many bytes. */
  static byte[] bytes(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[length];
    int from = Math.max(0, bytes.length - length);
    System.arraycopy(bytes, from, fixed, length - (bytes.length - from), bytes.length - from);
    return fixed;
  }

  static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) reversed[i] = bytes[bytes.length - 1 - i];
    return reversed;
  }
}
