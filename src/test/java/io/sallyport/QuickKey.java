package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.sallyport.testkit.TestToken;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * An RS256 key that signs many times as fast as others, for tests that take tokens by the ten
 * thousand. Its modulus is a product of sixteen primes (RFC 8017 section 3.2), so anybody could
 * break it; what it signs is verified as every other signature is.
 */
final class QuickKey {
  private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);
  private static final byte[] HEADER =
      "{\"alg\":\"RS256\",\"kid\":\"quick\"}".getBytes(StandardCharsets.US_ASCII);

  /** What stands before a SHA-256 in a signature (RFC 8017 section 9.2). */
  private static final byte[] DIGEST_INFO =
      HexFormat.of().parseHex("3031300d060960864801650304020105000420");

  private final BigInteger modulus;
  private final List<Share> shares;

  /** A prime, the private exponent in its field, and a number that is 1 there and 0 in others. */
  private record Share(BigInteger prime, BigInteger exponent, BigInteger weight) {
    static Share of(BigInteger prime, BigInteger modulus) {
      BigInteger others = modulus.divide(prime);
      return new Share(
          prime,
          EXPONENT.modInverse(prime.subtract(BigInteger.ONE)),
          others.multiply(others.modInverse(prime)));
    }

    BigInteger sign(BigInteger message) {
      return message.modPow(exponent, prime).multiply(weight);
    }
  }

  QuickKey() {
    Random random = new Random(1);
    List<BigInteger> primes =
        Stream.generate(() -> BigInteger.probablePrime(129, random)).limit(16).toList();
    modulus = primes.stream().reduce(BigInteger.ONE, BigInteger::multiply);
    shares = primes.stream().map(prime -> Share.of(prime, modulus)).toList();
  }

  JWK jwk() {
    return new RSAKey.Builder(Base64URL.encode(modulus), Base64URL.encode(EXPONENT))
        .keyID("quick")
        .algorithm(JWSAlgorithm.RS256)
        .build();
  }

  String sign(TestToken token) {
    byte[] claims = token.claimsJson().getBytes(StandardCharsets.UTF_8);
    return TestToken.signed(HEADER, claims, this::signature);
  }

  /** RFC 8017 section 8.2.1, by the Chinese remainder theorem. */
  private byte[] signature(byte[] input) {
    BigInteger message = new BigInteger(padded(input));
    BigInteger sum = BigInteger.ZERO;
    for (Share share : shares) sum = sum.add(share.sign(message));
    byte[] signature = sum.mod(modulus).toByteArray();
    int from = signature.length - length(); // 1 where a zero stands first, and -1 where one lacks
    return from >= 0
        ? Arrays.copyOfRange(signature, from, signature.length)
        : ByteBuffer.allocate(length()).position(-from).put(signature).array();
  }

  private int length() {
    return (modulus.bitLength() + 7) / 8;
  }

  private byte[] padded(byte[] input) {
    byte[] padded = new byte[length()];
    Arrays.fill(padded, (byte) 0xff);
    padded[0] = 0;
    padded[1] = 1;
    int end = padded.length - 32;
    padded[end - DIGEST_INFO.length - 1] = 0;
    System.arraycopy(DIGEST_INFO, 0, padded, end - DIGEST_INFO.length, DIGEST_INFO.length);
    System.arraycopy(sha256(input), 0, padded, end, 32);
    return padded;
  }

  private static byte[] sha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
