package io.sallyport.testkit;

import static io.sallyport.testkit.Attack.forged;
import static io.sallyport.testkit.Forge.ascii;
import static io.sallyport.testkit.Forge.assembled;
import static io.sallyport.testkit.Forge.encoded;
import static io.sallyport.testkit.Forge.quoted;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/** Signatures that are not the issuer's, or not over this token, or no signatures at all. */
final class SignatureAttacks {
  private static final String VERIFY =
      "RFC 7515 section 5.2: a signature is verified, or the token refused";
  private static final String ZEROS =
      "CVE-2022-21449: r and s of ECDSA lie between 0 and the order";
  private static final String FORM = "RFC 7518 section 3.4: r and s as two numbers of 32 octets";
  private static final String RSA =
      "RFC 8017 section 8.2.2: a signature as long as the modulus, and below it";
  private static final String ED25519 = "RFC 8032 section 5.1.7: s lies below the order";

  /** The order of the group of Ed25519 (RFC 8032 section 5.1). */
  private static final BigInteger ED25519_ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private SignatureAttacks() {}

  static List<Attack> all() {
    return List.of(
        // ---- a good token, bent afterwards
        forged(
            Likeness.REFERENCE,
            "a stranger's signature under the good token's header",
            VERIFY,
            f -> TestToken.signed(f.header(), f.claims(), f.impostor())),
        forged(
            "signature-of-strange-rsa-key",
            "the signature of a strange RSA key under the issuer's kid",
            VERIFY,
            f -> TestToken.signed(f.headerFor("RS256", f.kid()), f.claims(), f.strangerRsa())),
        bent("signature-first-bit", "the first bit of the signature flipped", s -> flipped(s, 0)),
        bent(
            "signature-middle-bit",
            "a bit in the middle of the signature flipped",
            s -> flipped(s, s.length * 4)),
        bent(
            "signature-last-bit",
            "the last bit of the signature flipped",
            s -> flipped(s, s.length * 8 - 1)),
        bent(
            "signature-truncated",
            "the signature without its last octet",
            s -> Arrays.copyOf(s, s.length - 1)),
        bent("signature-half", "half of the signature", s -> Arrays.copyOf(s, s.length / 2)),
        bent("signature-one-octet", "one octet of the signature", s -> Arrays.copyOf(s, 1)),
        bent(
            "signature-zero-behind",
            "a zero behind the signature",
            s -> Arrays.copyOf(s, s.length + 1)),
        bent("signature-zero-before", "a zero before the signature", s -> joined(new byte[1], s)),
        bent("signature-twice", "the signature twice", s -> joined(s, s)),
        bent("signature-zeros", "zeros in place of the signature", s -> new byte[s.length]),
        bent("signature-ones", "ones in place of the signature", s -> filled(s.length)),
        bent("signature-reversed", "the signature read backwards", SignatureAttacks::reversed),
        bent(
            "signature-in-hexadecimal",
            "the signature in hexadecimal",
            s -> ascii(HexFormat.of().formatHex(s))),
        forged(
            "signature-over-other-subject",
            "another sub under the signature of a good token",
            VERIFY,
            f -> f.kept(f.header(), f.claimsWith("sub", quoted("admin")))),
        forged(
            "signature-over-other-scope",
            "more scopes under the signature of a good token",
            VERIFY,
            f -> f.kept(f.header(), f.claimsWith("scope", quoted("admin orders:write")))),
        forged(
            "signature-over-other-expiry",
            "a later exp under the signature of a good token",
            VERIFY,
            f -> f.kept(f.header(), f.claimsWith("exp", "9999999999"))),
        forged(
            "signature-over-other-header",
            "another header under the signature of a good token",
            VERIFY,
            f -> encoded(f.headerWith("x", "1")) + "." + f.part(1) + "." + f.part(2)),
        forged(
            "signature-over-other-spelling",
            "a good token whose header has a blank more",
            VERIFY,
            f -> encoded(f.header() + " ") + "." + f.part(1) + "." + f.part(2)),
        forged(
                "signature-of-header",
                "the issuer's signature over the header alone",
                VERIFY,
                f -> assembled(f.header(), f.claims(), f.key().sign(ascii(encoded(f.header())))))
            .byIssuer(),
        forged(
                "signature-of-payload",
                "the issuer's signature over the payload alone",
                VERIFY,
                f -> assembled(f.header(), f.claims(), f.key().sign(ascii(encoded(f.claims())))))
            .byIssuer(),
        forged(
                "signature-of-json",
                "the issuer's signature over the JSON before it is encoded",
                VERIFY,
                f ->
                    assembled(
                        f.header(), f.claims(), f.key().sign(ascii(f.header() + "." + f.claims()))))
            .byIssuer(),

        // ---- ECDSA
        pair(
            "signature-es256-zeros",
            "r and s of zero",
            (r, n) -> List.of(BigInteger.ZERO, BigInteger.ZERO)),
        pair("signature-es256-r-zero", "r of zero", (r, n) -> List.of(BigInteger.ZERO, r)),
        pair("signature-es256-s-zero", "s of zero", (r, n) -> List.of(r, BigInteger.ZERO)),
        pair("signature-es256-r-order", "r of the order", (r, n) -> List.of(n, r)),
        pair("signature-es256-s-order", "s of the order", (r, n) -> List.of(r, n)),
        pair("signature-es256-orders", "r and s of the order", (r, n) -> List.of(n, n)),
        pair(
            "signature-es256-ones",
            "r and s of one",
            (r, n) -> List.of(BigInteger.ONE, BigInteger.ONE)),
        pair(
            "signature-es256-order-less-one",
            "r and s of the order less one",
            (r, n) -> List.of(n.subtract(BigInteger.ONE), n.subtract(BigInteger.ONE))),
        with(
            "signature-es256-swapped",
            "s before r",
            FORM,
            "ES256",
            (key, input) -> {
              byte[] rs = key.sign(input);
              return joined(Arrays.copyOfRange(rs, 32, 64), Arrays.copyOf(rs, 32));
            }),
        with(
            "signature-es256-wider",
            "r and s of 33 octets",
            FORM,
            "ES256",
            (key, input) -> {
              byte[] rs = key.sign(input);
              return joined(
                  new byte[1], Arrays.copyOf(rs, 32), new byte[1], Arrays.copyOfRange(rs, 32, 64));
            }),
        with(
            "signature-es256-der",
            "a good signature in DER",
            FORM,
            "ES256",
            (key, input) -> by("SHA256withECDSA", key, input)),
        with(
            "signature-es256-sha1",
            "a signature over SHA-1",
            FORM,
            "ES256",
            (key, input) -> by("SHA1withECDSAinP1363Format", key, input)),

        // ---- RSA
        with(
            "signature-rs256-zero",
            "a signature of the number 0",
            RSA,
            "RS256",
            (key, input) -> new byte[256]),
        with(
            "signature-rs256-one",
            "a signature of the number 1",
            RSA,
            "RS256",
            (key, input) -> number(BigInteger.ONE, 256)),
        with(
            "signature-rs256-modulus",
            "the modulus as signature",
            RSA,
            "RS256",
            (key, input) -> number(modulus(key), 256)),
        with(
            "signature-rs256-modulus-less-one",
            "the modulus less one as signature",
            RSA,
            "RS256",
            (key, input) -> number(modulus(key).subtract(BigInteger.ONE), 256)),
        with(
            "signature-rs256-longer",
            "a good signature with a zero before it",
            RSA,
            "RS256",
            (key, input) -> joined(new byte[1], key.sign(input))),
        with(
            "signature-rs256-sha1",
            "a signature over SHA-1",
            RSA,
            "RS256",
            (key, input) -> by("SHA1withRSA", key, input)),
        with(
            "signature-rs256-sha384",
            "a signature over SHA-384",
            RSA,
            "RS256",
            (key, input) -> by("SHA384withRSA", key, input)),
        with(
            "signature-rs256-bare",
            "a signature over a hash that does not say which",
            RSA,
            "RS256",
            (key, input) -> padded(key, hash(input))),

        // ---- Ed25519
        with(
            "signature-eddsa-zeros",
            "r and s of zero",
            ED25519,
            "EdDSA",
            (key, input) -> new byte[64]),
        with(
            "signature-eddsa-second",
            "a good signature with the order added to s",
            ED25519,
            "EdDSA",
            (key, input) -> plusOrder(key.sign(input))));
  }

  /** The good token with another signature. */
  private static Attack bent(String id, String title, UnaryOperator<byte[]> bend) {
    return forged(
        id,
        title,
        VERIFY,
        f -> f.part(0) + "." + f.part(1) + "." + encoded(bend.apply(f.signature())));
  }

  /** Good claims under one of the issuer's keys, where it has it, with any signature. */
  private static Attack with(
      String id,
      String title,
      String about,
      String alg,
      BiFunction<TestKey, byte[], byte[]> signature) {
    return forged(id, title + " for " + alg, about, f -> under(f, alg, signature)).byIssuer();
  }

  private static @Nullable String under(
      Forge f, String alg, BiFunction<TestKey, byte[], byte[]> signature) {
    TestKey key = f.key(alg);
    if (key == null) return null;
    String header = f.headerFor(alg, key.kid());
    byte[] input = ascii(encoded(header) + "." + encoded(f.claims()));
    return assembled(header, f.claims(), signature.apply(key, input));
  }

  /** Any r and s, given a number between and the order. */
  private static Attack pair(
      String id, String title, BiFunction<BigInteger, BigInteger, List<BigInteger>> numbers) {
    return with(
        id,
        title,
        ZEROS,
        "ES256",
        (key, input) -> {
          BigInteger order = ((ECPublicKey) key.pair().getPublic()).getParams().getOrder();
          List<BigInteger> rs = numbers.apply(BigInteger.valueOf(7), order);
          return joined(number(rs.get(0), 32), number(rs.get(1), 32));
        });
  }

  private static byte[] by(String algorithm, TestKey key, byte[] input) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key.pair().getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /** As RFC 8017 section 9.2 has it, but for the name of the hash. */
  private static byte[] padded(TestKey key, byte[] hash) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      cipher.init(Cipher.ENCRYPT_MODE, key.pair().getPrivate());
      return cipher.doFinal(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  private static byte[] hash(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static BigInteger modulus(TestKey key) {
    return ((RSAPublicKey) key.pair().getPublic()).getModulus();
  }

  /** The signature that verifies as well where nobody looks at the size of s. */
  private static byte[] plusOrder(byte[] signature) {
    BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));
    byte[] other = reversed(number(s.add(ED25519_ORDER), 32));
    return joined(Arrays.copyOf(signature, 32), other);
  }

  /** The octets of a number, the greatest first. */
  private static byte[] number(BigInteger number, int length) {
    byte[] octets = new byte[length];
    byte[] all = number.toByteArray();
    int size = Math.min(all.length, length);
    System.arraycopy(all, all.length - size, octets, length - size, size);
    return octets;
  }

  private static byte[] flipped(byte[] octets, int bit) {
    byte[] other = octets.clone();
    other[bit / 8] ^= (byte) (0x80 >> bit % 8);
    return other;
  }

  private static byte[] reversed(byte[] octets) {
    byte[] other = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) other[i] = octets[octets.length - 1 - i];
    return other;
  }

  private static byte[] filled(int length) {
    byte[] octets = new byte[length];
    Arrays.fill(octets, (byte) 0xff);
    return octets;
  }

  private static byte[] joined(byte[]... parts) {
    ByteBuffer whole = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) whole.put(part);
    return whole.array();
  }
}
