package io.sallyport;

import static io.sallyport.SignatureFaults.SHA256_INFO;
import static io.sallyport.SignatureFaults.bytes;
import static io.sallyport.SignatureFaults.hash;
import static io.sallyport.SignatureFaults.hex;
import static io.sallyport.SignatureFaults.joined;
import static io.sallyport.SignatureFaults.padded;
import static io.sallyport.SignatureFaults.paddedSha256;
import static io.sallyport.SignatureFaults.reversed;
import static io.sallyport.Trial.EC;
import static io.sallyport.Trial.ED;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.gate;
import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import io.sallyport.keys.KeySource;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signatures with one fault each, made with the true key where the fault needs it: the kinds that
 * Project Wycheproof has, made anew. Header and claims are good in every row.
 */
final class SignatureFaultTest {
  /** A header and claims to be signed, and the rows that come of it. */
  private static final class Table {
    private final TokenVerifier gate;
    private final String input;
    private final List<Trial> rows = new ArrayList<>();

    Table(TokenVerifier gate, String alg, String kid) {
      this.gate = gate;
      this.input =
          TestToken.base64Url("{\"alg\":\"" + alg + "\",\"kid\":\"" + kid + "\"}")
              + "."
              + TestToken.base64Url(Trial.good().claimsJson());
    }

    byte[] input() {
      return input.getBytes(StandardCharsets.US_ASCII);
    }

    void good(String name, byte[] signature) {
      rows.add(new Trial(name, gate, input + "." + Base64URL.encode(signature), null));
    }

    void bad(String name, byte[] signature) {
      Reason reason = signature.length == 0 ? Reason.TOKEN_NOT_JWS : Reason.SIGNATURE_INVALID;
      rows.add(new Trial(name, gate, input + "." + Base64URL.encode(signature), reason));
    }
  }

  // ---- RS256

  private static final BigInteger N = ((RSAPublicKey) RSA.pair().getPublic()).getModulus();
  private static final BigInteger D =
      ((RSAPrivateKey) RSA.pair().getPrivate()).getPrivateExponent();

  /** What raises to this block under the public key. */
  private static byte[] raised(byte[] block) {
    return bytes(new BigInteger(1, block).modPow(D, N), 256);
  }

  static Stream<Trial> rsaPadding() {
    Table rs = new Table(Trial.GATE, "RS256", "rsa-1");
    byte[] block = paddedSha256(256, rs.input());
    int separator = 256 - 51 - 1;
    rs.good("the block as it has to be", raised(block));
    rs.good("as the JDK signs", RSA.sign(rs.input()));
    for (int value : new int[] {0x01, 0x02, 0x7f}) {
      rs.bad("first byte " + value, raised(with(block, 0, value)));
    }
    for (int value : new int[] {0x00, 0x02, 0x03, 0x81, 0xff}) {
      rs.bad("block type " + value, raised(with(block, 1, value)));
    }
    for (int at : new int[] {2, 3, 9, 10, 100, separator - 1}) {
      for (int value : new int[] {0x00, 0x01, 0xfe, 0x7f}) {
        rs.bad("padding byte " + at + " is " + value, raised(with(block, at, value)));
      }
    }
    for (int value : new int[] {0x01, 0x80, 0xff}) {
      rs.bad("separator " + value, raised(with(block, separator, value)));
    }
    byte[] info = joined(hex(SHA256_INFO), hash("SHA-256", rs.input()));
    rs.bad("no separator at all", raised(joined(hex("0001"), filled(203, 0xff), info)));
    rs.bad("two separators", raised(joined(hex("0001"), filled(201, 0xff), hex("0000"), info)));
    rs.bad("no padding, filled up behind", raised(joined(hex("000100"), info, filled(202, 0))));
    rs.bad(
        "8 bytes of padding, garbage behind",
        raised(joined(hex("0001"), filled(8, 0xff), hex("00"), info, filled(194, 0x5a))));
    rs.bad(
        "8 bytes of padding, zeros behind",
        raised(joined(hex("0001"), filled(8, 0xff), hex("00"), info, filled(194, 0))));
    rs.bad(
        "one byte of padding less, one behind",
        raised(joined(hex("0001"), filled(201, 0xff), hex("00"), info, hex("00"))));
    rs.bad("all padding zero", raised(joined(hex("0001"), filled(202, 0), hex("00"), info)));
    rs.bad(
        "all padding random, as for encryption",
        raised(joined(hex("0002"), filled(202, 0x5a), hex("00"), info)));
    rs.bad("the hash alone, unpadded", raised(joined(filled(224, 0), hash("SHA-256", rs.input()))));
    rs.bad("the DigestInfo alone, unpadded", raised(joined(filled(205, 0), info)));
    return rs.rows.stream();
  }

  static Stream<Trial> rsaDigestInfo() {
    Table rs = new Table(Trial.GATE, "RS256", "rsa-1");
    byte[] hash = hash("SHA-256", rs.input());
    byte[] prefix = hex(SHA256_INFO);
    for (int i = 0; i < prefix.length; i++) {
      byte[] changed = with(prefix, i, prefix[i] ^ 1);
      rs.bad(
          "byte " + i + " of the DigestInfo changed", raised(padded(256, joined(changed, hash))));
    }
    Map<String, String> forms = new LinkedHashMap<>();
    // Not here: a DigestInfo without NULL. RFC 8017 (appendix B.1) wants the NULL, the JDK takes
    // both,
    // Wycheproof calls it acceptable, and only the owner of the private key can make one.
    forms.put("NULL with content", "3032300e060960864801650304020105010004 20".replace(" ", ""));
    forms.put("NULL with a long length", "3032300e06096086480165030402010581000420");
    forms.put("an empty sequence for NULL", "3031300d060960864801650304020130000420");
    forms.put("two NULLs", "3033300f0609608648016503040201050005000420");
    forms.put("outer length in long form", "308131300d060960864801650304020105000420");
    forms.put("outer length in two bytes", "30820031300d060960864801650304020105000420");
    forms.put("outer length in five bytes", "30850000000031300d060960864801650304020105000420");
    forms.put("outer length 2^32 + 49", "30850100000031300d060960864801650304020105000420");
    forms.put("outer length 2^64 + 49", "3089010000000000000031300d060960864801650304020105000420");
    forms.put("outer length one more", "3032300d060960864801650304020105000420");
    forms.put("outer length one less", "3030300d060960864801650304020105000420");
    forms.put("outer length 0", "3000300d060960864801650304020105000420");
    forms.put("outer length 2^31 - 1", "30847fffffff300d060960864801650304020105000420");
    forms.put("outer length 2^32 - 1", "3084ffffffff300d060960864801650304020105000420");
    forms.put("outer length indefinite", "3080300d060960864801650304020105000420");
    forms.put("inner length in long form", "303230810d060960864801650304020105000420");
    forms.put("inner length indefinite", "30333080060960864801650304020105000000" + "0420");
    forms.put("inner length one more", "3031300e060960864801650304020105000420");
    forms.put("inner length one less", "3031300c060960864801650304020105000420");
    forms.put("OID length in long form", "3032300e06810960864801650304020105000420");
    forms.put("OID one longer", "3032300e060a6086480165030402010005000420");
    forms.put("OID one shorter", "3030300c060860864801650304020500" + "0420");
    forms.put("OID with a leading 80", "3032300e060a8060864801650304020105000420");
    forms.put("OID empty", "30283004" + "0600" + "0500" + "0420");
    forms.put("octet string length in long form", "3032300d06096086480165030402010500048120");
    forms.put("octet string length one less", "3031300d06096086480165030402010500041f");
    forms.put("octet string length one more", "3031300d060960864801650304020105000421");
    forms.put(
        "octet string constructed", "3033300d06096086480165030402010500242204 20".replace(" ", ""));
    forms.put("bit string for octet string", "3031300d060960864801650304020105000320");
    forms.put("set for sequence", "3131300d060960864801650304020105000420");
    forms.put("an empty sequence before", "30333000300d060960864801650304020105000420");
    forms.put("a sequence around the sequence", "30333031300d060960864801650304020105000420");
    forms.put("nothing before the hash", "");
    forms.put("an octet string alone", "0420");
    forms.forEach(
        (name, form) ->
            rs.bad("DigestInfo: " + name, raised(padded(256, joined(hex(form), hash)))));
    rs.bad(
        "NULL appended inside",
        raised(padded(256, joined(hex("3033" + SHA256_INFO.substring(4)), hash, hex("0500")))));
    rs.bad("NULL appended behind", raised(padded(256, joined(prefix, hash, hex("0500")))));
    rs.bad(
        "end of contents appended",
        raised(padded(256, joined(hex("3080" + SHA256_INFO.substring(4)), hash, hex("0000")))));
    for (int trailing : new int[] {1, 2, 16, 100, 194}) {
      rs.bad(
          trailing + " bytes behind the hash",
          raised(padded(256, joined(prefix, hash, filled(trailing, 0x5a)))));
    }
    return rs.rows.stream();
  }

  static Stream<Trial> rsaHash() {
    Table rs = new Table(Trial.GATE, "RS256", "rsa-1");
    byte[] hash = hash("SHA-256", rs.input());
    String sha1 = "3021300906052b0e03021a05000414";
    String md5 = "3020300c06082a864886f70d020505000410";
    String sha224 = "302d300d06096086480165030402040500041c";
    String sha384 = "3041300d060960864801650304020205000430";
    String sha512 = "3051300d060960864801650304020305000440";
    String sha512of256 = "3031300d060960864801650304020605000420";
    String sha3of256 = "3031300d060960864801650304020805000420";
    rs.bad(
        "MD5, as it has to be for RS-MD5",
        raised(padded(256, joined(hex(md5), hash("MD5", rs.input())))));
    rs.bad(
        "SHA-1, as it has to be for RS1",
        raised(padded(256, joined(hex(sha1), hash("SHA-1", rs.input())))));
    rs.bad("SHA-224", raised(padded(256, joined(hex(sha224), hash("SHA-224", rs.input())))));
    rs.bad(
        "SHA-384, as it has to be for RS384",
        raised(padded(256, joined(hex(sha384), hash("SHA-384", rs.input())))));
    rs.bad(
        "SHA-512, as it has to be for RS512",
        raised(padded(256, joined(hex(sha512), hash("SHA-512", rs.input())))));
    rs.bad(
        "SHA-512/256",
        raised(padded(256, joined(hex(sha512of256), hash("SHA-512/256", rs.input())))));
    rs.bad("SHA3-256", raised(padded(256, joined(hex(sha3of256), hash("SHA3-256", rs.input())))));
    rs.bad(
        "the name of SHA-512/256 over SHA-256",
        raised(padded(256, joined(hex(sha512of256), hash))));
    rs.bad(
        "the name of SHA-1 over SHA-256",
        raised(padded(256, joined(hex("302d300906052b0e03021a05000420"), hash))));
    rs.bad(
        "the name of SHA-256 over SHA-512/256",
        raised(padded(256, joined(hex(SHA256_INFO), hash("SHA-512/256", rs.input())))));
    rs.bad(
        "the name of SHA-256 over SHA-1",
        raised(
            padded(
                256,
                joined(hex("3025300d060960864801650304020105000414"), hash("SHA-1", rs.input())))));
    rs.bad(
        "MD5 and SHA-1 of old TLS",
        raised(padded(256, joined(hash("MD5", rs.input()), hash("SHA-1", rs.input())))));
    rs.bad("a hash of zeros", raised(padded(256, joined(hex(SHA256_INFO), new byte[32]))));
    rs.bad("the hash of nothing", raised(paddedSha256(256, new byte[0])));
    rs.bad("the hash hashed again", raised(paddedSha256(256, hash)));
    rs.bad("the hash backwards", raised(padded(256, joined(hex(SHA256_INFO), reversed(hash)))));
    rs.bad(
        "31 bytes of the hash",
        raised(
            padded(
                256,
                joined(hex("3030300d06096086480165030402010500041f"), Arrays.copyOf(hash, 31)))));
    rs.bad("no hash", raised(padded(256, hex("3011300d060960864801650304020105000400"))));
    rs.bad(
        "first bit of the hash changed",
        raised(padded(256, joined(hex(SHA256_INFO), with(hash, 0, hash[0] ^ 0x80)))));
    rs.bad(
        "last bit of the hash changed",
        raised(padded(256, joined(hex(SHA256_INFO), with(hash, 31, hash[31] ^ 1)))));
    return rs.rows.stream();
  }

  static Stream<Trial> rsaNumbers() {
    Table rs = new Table(Trial.GATE, "RS256", "rsa-1");
    byte[] signature = RSA.sign(rs.input());
    BigInteger s = new BigInteger(1, signature);
    rs.bad("0", new byte[256]);
    rs.bad("0 in one byte", new byte[1]);
    rs.bad("1", bytes(BigInteger.ONE, 256));
    rs.bad("2", bytes(BigInteger.TWO, 256));
    rs.bad("n - 1", bytes(N.subtract(BigInteger.ONE), 256));
    rs.bad("n", bytes(N, 256));
    rs.bad("n + 1", bytes(N.add(BigInteger.ONE), 256));
    rs.bad("n - s", bytes(N.subtract(s), 256));
    rs.bad("n + s, in 257 bytes", bytes(N.add(s), 257));
    rs.bad("n + s, cut to 256 bytes", bytes(N.add(s), 256));
    rs.bad("s + 256 n, in 258 bytes", bytes(N.shiftLeft(8).add(s), 258));
    rs.bad("1 / s", bytes(s.modInverse(N), 256));
    rs.bad("2 s", bytes(s.shiftLeft(1).mod(N), 256));
    rs.bad("the block itself", paddedSha256(256, rs.input()));
    rs.bad("all ones", filled(256, 0xff));
    rs.bad("backwards", reversed(signature));
    rs.bad("nothing", new byte[0]);
    for (int length : new int[] {1, 32, 64, 128, 255}) {
      rs.bad("cut to " + length + " bytes", Arrays.copyOf(signature, length));
      rs.bad("the last " + length + " bytes", Arrays.copyOfRange(signature, 256 - length, 256));
    }
    rs.bad("a zero before", joined(new byte[1], signature));
    rs.bad("a zero behind", joined(signature, new byte[1]));
    rs.bad("256 zeros before", joined(new byte[256], signature));
    rs.bad("256 zeros behind", joined(signature, new byte[256]));
    rs.bad("twice", joined(signature, signature));
    rs.bad("in an octet string", joined(hex("04820100"), signature));
    rs.bad("in a bit string", joined(hex("0382010100"), signature));
    rs.bad("as text", Base64URL.encode(signature).toString().getBytes(StandardCharsets.US_ASCII));
    for (int bit = 0; bit < 2048; bit += 256) {
      rs.bad("bit " + bit + " changed", with(signature, bit / 8, signature[bit / 8] ^ 0x80));
      rs.bad(
          "bit " + (bit + 255) + " changed",
          with(signature, bit / 8 + 31, signature[bit / 8 + 31] ^ 1));
    }
    otherInputs(rs, RSA::sign);
    return rs.rows.stream();
  }

  @Tag("T19")
  @Tag("T24")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource({"rsaPadding", "rsaDigestInfo", "rsaHash", "rsaNumbers"})
  void RS256_takes_the_one_padded_block_and_nothing_near_it(Trial row) {
    row.check();
  }

  @Test
  @Tag("T24")
  void an_RS256_signature_that_begins_with_zero_keeps_its_zero() {
    String token =
        IntStream.range(0, 100_000)
            .mapToObj(i -> good().claim("jti", "z" + i).mintedBy(RSA))
            .filter(t -> signature(t)[0] == 0)
            .findFirst()
            .orElseThrow();
    String input = token.substring(0, token.lastIndexOf('.') + 1);
    byte[] shorter = Arrays.copyOfRange(signature(token), 1, 256);
    Trial.admitted("with its zero", token).check();
    Trial.refused(Reason.SIGNATURE_INVALID, "without", input + Base64URL.encode(shorter)).check();
  }

  private static byte[] signature(String token) {
    return new Base64URL(token.substring(token.lastIndexOf('.') + 1)).decode();
  }

  // ---- PS256

  static Stream<Trial> pss() {
    TestKey key = RSA.as("rsa-1", "PS256");
    TokenVerifier gate = gate(RSA.jwk("rsa-1", null)).build();
    Table ps = new Table(gate, "PS256", "rsa-1");
    Table rs = new Table(gate, "RS256", "rsa-1");
    byte[] signature = key.sign(ps.input());
    ps.good("PS256 as it has to be", signature);
    ps.good("PS256 with another salt", key.sign(ps.input()));
    rs.good("RS256 under the same key", RSA.sign(rs.input()));
    ps.bad("RS256 under PS256", RSA.sign(ps.input()));
    rs.bad("PS256 under RS256", key.sign(rs.input()));
    ps.bad("PS384 under PS256", key.as("x", "PS384").sign(ps.input()));
    ps.bad("PS512 under PS256", key.as("x", "PS512").sign(ps.input()));
    for (int salt : new int[] {0, 1, 20, 31, 33, 48, 64, 222}) {
      ps.bad(
          "a salt of " + salt + " bytes",
          pss(ps.input(), "SHA-256", MGF1ParameterSpec.SHA256, salt));
    }
    ps.bad("MGF1 with SHA-1", pss(ps.input(), "SHA-256", MGF1ParameterSpec.SHA1, 32));
    ps.bad("MGF1 with SHA-512", pss(ps.input(), "SHA-256", MGF1ParameterSpec.SHA512, 32));
    ps.bad("SHA-1", pss(ps.input(), "SHA-1", MGF1ParameterSpec.SHA1, 20));
    ps.bad("SHA-512/256", pss(ps.input(), "SHA-512/256", MGF1ParameterSpec.SHA512_256, 32));
    BigInteger e = ((RSAPublicKey) RSA.pair().getPublic()).getPublicExponent();
    byte[] block = bytes(new BigInteger(1, signature).modPow(e, N), 256);
    ps.good("the block, raised again", raised(block));
    ps.bad("trailer bb", raised(with(block, 255, 0xbb)));
    ps.bad("trailer cc", raised(with(block, 255, 0xcc)));
    ps.bad("trailer 00", raised(with(block, 255, 0)));
    ps.bad("the hash changed", raised(with(block, 254, block[254] ^ 1)));
    ps.bad("the first bit of the hash changed", raised(with(block, 223, block[223] ^ 0x80)));
    ps.bad("the masked salt changed", raised(with(block, 222, block[222] ^ 1)));
    ps.bad("the masked separator changed", raised(with(block, 190, block[190] ^ 1)));
    ps.bad("the masked padding changed", raised(with(block, 1, block[1] ^ 1)));
    ps.bad("0", new byte[256]);
    ps.bad("1", bytes(BigInteger.ONE, 256));
    ps.bad("n", bytes(N, 256));
    ps.bad("n - 1", bytes(N.subtract(BigInteger.ONE), 256));
    ps.bad("n + s", bytes(N.add(new BigInteger(1, signature)), 257));
    ps.bad("n - s", bytes(N.subtract(new BigInteger(1, signature)), 256));
    ps.bad("cut by a byte", Arrays.copyOf(signature, 255));
    ps.bad("a zero before", joined(new byte[1], signature));
    ps.bad("a zero behind", joined(signature, new byte[1]));
    otherInputs(ps, key::sign);
    return Stream.concat(ps.rows.stream(), rs.rows.stream());
  }

  private static byte[] pss(byte[] input, String hash, MGF1ParameterSpec mask, int salt) {
    return jca("RSASSA-PSS", new PSSParameterSpec(hash, "MGF1", mask, salt, 1), RSA, input);
  }

  private static byte[] jca(
      String name, AlgorithmParameterSpec parameters, TestKey key, byte[] input) {
    try {
      Signature signature = Signature.getInstance(name);
      if (parameters != null) signature.setParameter(parameters);
      signature.initSign(key.pair().getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Tag("T24")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("pss")
  void PS256_takes_its_own_hash_mask_and_salt_and_no_other(Trial row) {
    row.check();
  }

  // ---- ES256

  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger PRIME =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger BASE_X =
      new BigInteger("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", 16);

  static Stream<Trial> pairsOfNumbers() {
    Map<String, BigInteger> numbers = new LinkedHashMap<>();
    numbers.put("0", BigInteger.ZERO);
    numbers.put("1", BigInteger.ONE);
    numbers.put("n - 1", ORDER.subtract(BigInteger.ONE));
    numbers.put("n", ORDER);
    numbers.put("n + 1", ORDER.add(BigInteger.ONE));
    numbers.put("p", PRIME);
    numbers.put("p + 1", PRIME.add(BigInteger.ONE));
    numbers.put("2^256 - 1", BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));
    Table es = new Table(Trial.GATE, "ES256", "ec-1");
    byte[] signature = EC.sign(es.input());
    BigInteger r = new BigInteger(1, Arrays.copyOf(signature, 32));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    numbers.forEach(
        (first, a) -> {
          numbers.forEach((second, b) -> es.bad("r " + first + ", s " + second, pair(a, b)));
          es.bad("r " + first + ", s good", pair(a, s));
          es.bad("r good, s " + first, pair(r, a));
        });
    es.bad("r and s the base point's x", pair(BASE_X, BASE_X));
    es.bad("r the base point's x, s 1", pair(BASE_X, BigInteger.ONE));
    return es.rows.stream();
  }

  static Stream<Trial> ecdsa() {
    Table es = new Table(Trial.GATE, "ES256", "ec-1");
    byte[] signature = EC.sign(es.input());
    BigInteger r = new BigInteger(1, Arrays.copyOf(signature, 32));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    BigInteger high = ORDER.subtract(s);
    es.good("as the JDK signs", signature);
    es.good("s on the other side of n / 2", pair(r, high));
    es.bad("n - r", pair(ORDER.subtract(r), s));
    es.bad("n - r, n - s", pair(ORDER.subtract(r), high));
    es.bad("r + 1", pair(r.add(BigInteger.ONE).mod(ORDER), s));
    es.bad("s + 1", pair(r, s.add(BigInteger.ONE).mod(ORDER)));
    es.bad("2 s", pair(r, s.shiftLeft(1).mod(ORDER)));
    es.bad("1 / s", pair(r, s.modInverse(ORDER)));
    es.bad("n + r, in 33 bytes each", joined(bytes(ORDER.add(r), 33), bytes(s, 33)));
    es.bad("n + s, in 33 bytes each", joined(bytes(r, 33), bytes(ORDER.add(s), 33)));
    es.bad("n + r, cut to 32 bytes", pair(ORDER.add(r).mod(BigInteger.ONE.shiftLeft(256)), s));
    es.bad("r and s in 33 bytes each", joined(bytes(r, 33), bytes(s, 33)));
    es.bad("r and s in 48 bytes each, as for ES384", joined(bytes(r, 48), bytes(s, 48)));
    es.bad("r and s in 66 bytes each, as for ES512", joined(bytes(r, 66), bytes(s, 66)));
    es.bad("swapped", pair(s, r));
    es.bad("twice r", pair(r, r));
    es.bad("twice s", pair(s, s));
    es.bad("r and s backwards", joined(reversed(bytes(r, 32)), reversed(bytes(s, 32))));
    es.bad("all backwards", reversed(signature));
    byte[] der = jca("SHA256withECDSA", null, EC, es.input());
    es.bad("in DER", der);
    es.bad("in DER, filled up with zeros", Arrays.copyOf(der, Math.max(72, der.length)));
    es.bad("in DER, cut to 64 bytes", Arrays.copyOf(der, 64));
    es.bad(
        "in base64url", Base64URL.encode(signature).toString().getBytes(StandardCharsets.US_ASCII));
    es.bad(
        "in hexadecimal",
        java.util.HexFormat.of().formatHex(signature).getBytes(StandardCharsets.US_ASCII));
    es.bad("nothing", new byte[0]);
    for (int length : new int[] {1, 2, 31, 32, 33, 62, 63}) {
      es.bad("cut to " + length + " bytes", Arrays.copyOf(signature, length));
    }
    for (int length : new int[] {1, 2, 8, 32, 64}) {
      es.bad(length + " zeros before", joined(new byte[length], signature));
      es.bad(length + " zeros behind", joined(signature, new byte[length]));
    }
    es.bad("one byte behind", joined(signature, hex("5a")));
    es.bad("all ones", filled(64, 0xff));
    for (int at : new int[] {0, 15, 31, 32, 47, 63}) {
      es.bad("byte " + at + " changed", with(signature, at, signature[at] ^ 1));
    }
    for (String name : List.of("SHA1", "SHA224", "SHA384", "SHA512", "SHA3-256", "NONE")) {
      byte[] input = name.equals("NONE") ? hash("SHA-512/256", es.input()) : es.input();
      es.bad("hash " + name, jca(name + "withECDSAinP1363Format", null, EC, input));
    }
    es.good(
        "the hash, signed as it is",
        jca("NONEwithECDSAinP1363Format", null, EC, hash("SHA-256", es.input())));
    es.bad("by another key", TestKey.generate("ec-1", "ES256").sign(es.input()));
    otherInputs(es, EC::sign);
    return es.rows.stream();
  }

  private static byte[] pair(BigInteger r, BigInteger s) {
    return joined(bytes(r, 32), bytes(s, 32));
  }

  @Tag("T19")
  @Tag("T24")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource({"pairsOfNumbers", "ecdsa"})
  void ES256_takes_r_and_s_of_32_bytes_each_between_0_and_the_order(Trial row) {
    row.check();
  }

  @Test
  @Tag("T19")
  void an_ES256_signature_whose_r_or_s_begins_with_zero_keeps_its_zeros() {
    for (int at : new int[] {0, 32}) {
      String token =
          IntStream.range(0, 100_000)
              .mapToObj(i -> good().claim("jti", "z" + i).mintedBy(EC))
              .filter(t -> signature(t)[at] == 0)
              .findFirst()
              .orElseThrow();
      String input = token.substring(0, token.lastIndexOf('.') + 1);
      byte[] signature = signature(token);
      byte[] shorter =
          joined(Arrays.copyOf(signature, at), Arrays.copyOfRange(signature, at + 1, 64));
      Trial.admitted("with its zero", token).check();
      Trial.refused(Reason.SIGNATURE_INVALID, "without", input + Base64URL.encode(shorter)).check();
    }
  }

  @Test
  @Tag("T19")
  void zeros_are_no_signature_on_any_curve() {
    Map<String, Integer> lengths = Map.of("ES256", 64, "ES384", 96, "ES512", 132);
    lengths.forEach(
        (alg, length) -> {
          TestKey key = TestKey.generate("ec-1", alg);
          Table es = new Table(gate(key.jwk()).algorithms(alg).build(), alg, "ec-1");
          es.good(alg + " as the JDK signs", key.sign(es.input()));
          es.bad(alg + ": zeros", new byte[length]);
          es.bad(alg + ": ones", filled(length, 0xff));
          es.bad(alg + ": zeros, one short", new byte[length - 1]);
          es.bad(alg + ": zeros, one long", new byte[length + 1]);
          es.rows.forEach(Trial::check);
        });
  }

  // ---- EdDSA

  /** The order of the base point of Ed25519, 2^252 and a bit. */
  private static final BigInteger L =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /** Points of order 1, 2, 4 and 8, and other spellings of them. */
  private static final List<String> SMALL_ORDER =
      List.of(
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0000000000000000000000000000000000000000000000000000000000000080",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
          "0100000000000000000000000000000000000000000000000000000000000080",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

  static Stream<Trial> edDsa() {
    Table ed = new Table(Trial.GATE, "EdDSA", "ed-1");
    byte[] signature = ED.sign(ed.input());
    byte[] r = Arrays.copyOf(signature, 32);
    byte[] s = Arrays.copyOfRange(signature, 32, 64);
    BigInteger number = new BigInteger(1, reversed(s));
    ed.good("as the JDK signs", signature);
    ed.good("put together again", joined(r, little(number)));
    for (int times = 1;
        number.add(L.multiply(BigInteger.valueOf(times))).bitLength() <= 256;
        times++) {
      ed.bad(
          "S + " + times + " L",
          joined(r, little(number.add(L.multiply(BigInteger.valueOf(times))))));
    }
    ed.bad("L - S", joined(r, little(L.subtract(number))));
    ed.bad("S + 1", joined(r, little(number.add(BigInteger.ONE))));
    ed.bad("S - 1", joined(r, little(number.subtract(BigInteger.ONE))));
    ed.bad("S 0", joined(r, new byte[32]));
    ed.bad("S 1", joined(r, little(BigInteger.ONE)));
    ed.bad("S L - 1", joined(r, little(L.subtract(BigInteger.ONE))));
    ed.bad("S L", joined(r, little(L)));
    ed.bad("S L + 1", joined(r, little(L.add(BigInteger.ONE))));
    ed.bad("S 2^253", joined(r, little(BigInteger.ONE.shiftLeft(253))));
    ed.bad("S all ones", joined(r, filled(32, 0xff)));
    for (int bit : new int[] {0x20, 0x40, 0x80, 0xe0}) {
      ed.bad("high bits of S " + bit, with(signature, 63, signature[63] | bit));
    }
    for (String point : SMALL_ORDER) {
      ed.bad("R of small order " + point + ", S good", joined(hex(point), s));
      ed.bad("R of small order " + point + ", S 0", joined(hex(point), new byte[32]));
    }
    ed.bad("R with its sign changed", with(signature, 31, signature[31] ^ 0x80));
    ed.bad("R with its first bit changed", with(signature, 0, signature[0] ^ 1));
    ed.bad("R off the curve", joined(little(BigInteger.TWO), s));
    byte[] spki = ED.pair().getPublic().getEncoded();
    ed.bad("R the public key", joined(Arrays.copyOfRange(spki, spki.length - 32, spki.length), s));
    ed.bad("R backwards", joined(reversed(r), s));
    ed.bad("S backwards", joined(r, reversed(s)));
    ed.bad("swapped", joined(s, r));
    ed.bad("all zeros", new byte[64]);
    ed.bad("all ones", filled(64, 0xff));
    ed.bad("nothing", new byte[0]);
    for (int length : new int[] {1, 32, 33, 62, 63}) {
      ed.bad("cut to " + length + " bytes", Arrays.copyOf(signature, length));
    }
    for (int length : new int[] {1, 32, 64}) {
      ed.bad(length + " zeros before", joined(new byte[length], signature));
      ed.bad(length + " zeros behind", joined(signature, new byte[length]));
    }
    ed.bad("twice", joined(signature, signature));
    ed.bad(
        "in base64url", Base64URL.encode(signature).toString().getBytes(StandardCharsets.US_ASCII));
    ed.bad("Ed25519ph", jca("Ed25519", new EdDSAParameterSpec(true), ED, ed.input()));
    ed.bad(
        "Ed25519ctx",
        jca("Ed25519", new EdDSAParameterSpec(false, new byte[] {1}), ED, ed.input()));
    ed.bad("of the hash", ED.sign(hash("SHA-512", ed.input())));
    ed.bad("by another key", TestKey.generate("ed-1", "EdDSA").sign(ed.input()));
    otherInputs(ed, ED::sign);
    return ed.rows.stream();
  }

  private static byte[] little(BigInteger number) {
    return reversed(bytes(number, 32));
  }

  @Tag("T4")
  @Tag("T24")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("edDsa")
  void EdDSA_takes_S_below_the_order_and_R_as_it_was(Trial row) {
    row.check();
  }

  // ---- what is signed

  private interface Signer {
    byte[] sign(byte[] input);
  }

  /** True signatures over something else than the first two segments. */
  private static void otherInputs(Table table, Signer key) {
    String[] part = table.input.split("\\.");
    Map<String, String> inputs = new LinkedHashMap<>();
    inputs.put("nothing", "");
    inputs.put("the header alone", part[0]);
    inputs.put("the header and a dot", part[0] + ".");
    inputs.put("the payload alone", part[1]);
    inputs.put("both without the dot", part[0] + part[1]);
    inputs.put("both in the other order", part[1] + "." + part[0]);
    inputs.put("both and a line end", table.input + "\n");
    inputs.put("both and a dot", table.input + ".");
    inputs.put(
        "both decoded",
        new Base64URL(part[0]).decodeToString() + "." + new Base64URL(part[1]).decodeToString());
    inputs.put(
        "the payload decoded, as RFC 7797 has it",
        part[0] + "." + new Base64URL(part[1]).decodeToString());
    inputs.put("both with padding", part[0] + "=." + part[1] + "=");
    inputs.put("both in lower case", table.input.toLowerCase(java.util.Locale.ROOT));
    inputs.forEach(
        (name, input) ->
            table.bad("signed is " + name, key.sign(input.getBytes(StandardCharsets.UTF_8))));
  }

  // ---- how often

  @Test
  @Tag("T23")
  void a_request_costs_at_most_one_verification() {
    Counting counting = new Counting();
    TokenVerifier gate = Trial.settings().allowedScopes("orders:read").keySource(counting).build();
    String token = good().mintedBy(RSA);
    Trial.refused(
            Reason.SIGNATURE_INVALID, "forged", good().mintedBy(TestKey.generate("rsa-1", "RS256")))
        .at(gate)
        .check();
    assertThat(counting.times).hasValue(1);
    Trial.admitted("good", token).at(gate).check();
    assertThat(counting.times).hasValue(2);
    Trial.admitted("good, again", token).at(gate).check();
    assertThat(counting.times).hasValue(2);
    Trial.refused(Reason.EXPIRED, "expired", good().claim("exp", 1).mintedBy(RSA)).at(gate).check();
    assertThat(counting.times).hasValue(3);
    Trial.refused(Reason.TOKEN_NOT_JWS, "no token", "a.b").at(gate).check();
    Trial.refused(Reason.HEADER_UNSUPPORTED, "crit", Trial.withHeader("crit", "[]"))
        .at(gate)
        .check();
    assertThat(counting.times).hasValue(3);
  }

  /** One RSA key that counts. */
  private static final class Counting implements KeySource, JWSVerifier {
    private final AtomicInteger times = new AtomicInteger();
    private final JWSVerifier verifier = new RSASSAVerifier((RSAPublicKey) RSA.pair().getPublic());
    private final Key key = new Key("rsa-1", Map.of(JWSAlgorithm.RS256, this), null);

    @Override
    public Answer find(JWSHeader header) {
      return new Found(key);
    }

    @Override
    public boolean holds(Key held) {
      return held == key;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature)
        throws JOSEException {
      times.incrementAndGet();
      return verifier.verify(header, input, signature);
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return Set.of(JWSAlgorithm.RS256);
    }

    @Override
    public JCAContext getJCAContext() {
      return verifier.getJCAContext();
    }
  }

  // ---- helpers

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) value;
    return copy;
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
