package io.sallyport.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key as a JWK (RFC 7517 section 4), read strictly, be it out of an issuer's set or out of
 * the header of what it has signed.
 *
 * <p>Unfit: symmetric and private keys, keys for anything but verifying, RSA keys outside of
 * {@value #MIN_RSA_BITS} to {@value #MAX_RSA_BITS} bits or with an exponent that is even, under 3
 * or over {@value #MAX_EXPONENT_BITS} bits, unknown types and curves, Ed25519 points of small
 * order, and what Nimbus cannot parse.
 *
 * @param key verifies by the one algorithm that was asked for
 * @param thumbprint SHA-256 of the key's required members, in base64url (RFC 7638)
 * @since 0.1.0
 */
public record PublicJwk(KeySource.Key key, String thumbprint) {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;
  private static final int MAX_EXPONENT_BITS = 64;

  /** The DER of a SubjectPublicKeyInfo for Ed25519 up to the 32 bytes of the key (RFC 8410). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /**
   * The points of small order, little-endian and without sign, with their second spellings: a
   * signature under one of them can be made without a secret (RFC 8032 leaves that to the user).
   */
  private static final Set<String> SMALL_ORDER =
      Set.of(
          "00".repeat(32),
          "01" + "00".repeat(31),
          "ec" + "ff".repeat(30) + "7f",
          "ed" + "ff".repeat(30) + "7f",
          "ee" + "ff".repeat(30) + "7f",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

  private static final Map<Curve, JWSAlgorithm> BY_CURVE =
      Map.of(
          Curve.P_256, JWSAlgorithm.ES256,
          Curve.P_384, JWSAlgorithm.ES384,
          Curve.P_521, JWSAlgorithm.ES512);

  /** Private and secret members of every kind of key (RFC 7518 section 6, RFC 8037 section 2). */
  private static final Set<String> SECRET = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  /** What says which key it is, and what for; certificates and addresses are not even parsed. */
  private static final Set<String> NEEDED =
      Set.of("kty", "crv", "x", "y", "n", "e", "use", "key_ops", "alg");

  /**
   * Reads the {@code jwk} of a header. Whose key it is, is for the caller to find out.
   *
   * @param members the JWK, out of strict JSON
   * @param algorithm the {@code alg} of the same header
   * @return the key, or null where it is unfit, or not for that algorithm
   */
  public static @Nullable PublicJwk of(
      Map<String, @Nullable Object> members, JWSAlgorithm algorithm) {
    Map<String, @Nullable Object> needed = new HashMap<>(members);
    if (needed.keySet().stream().anyMatch(SECRET::contains)) return null;
    needed.keySet().retainAll(NEEDED);
    try {
      JWK jwk = parsed(needed);
      checkPurpose(jwk);
      KeySource.Key key = new KeySource.Key(null, verifiers(jwk, Set.of(algorithm)), null);
      return new PublicJwk(key, jwk.computeThumbprint("SHA-256").toString());
    } catch (Unfit | JOSEException e) {
      return null;
    }
  }

  static JWK parsed(@Nullable Object element) throws Unfit {
    if (!(element instanceof Map<?, ?> members)) throw new Unfit("not an object");
    Map<String, Object> copy = new HashMap<>();
    members.forEach((name, value) -> copy.put((String) name, value));
    try {
      return JWK.parse(copy);
    } catch (ParseException | RuntimeException e) {
      // Nimbus reports an unknown curve, a point off it or a missing member either way.
      throw new Unfit("not a key that can be parsed");
    }
  }

  static void checkPurpose(JWK jwk) throws Unfit {
    if (jwk.isPrivate()) throw new Unfit("holds private or secret members");
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
      throw new Unfit("its use is not sig");
    }
    Set<KeyOperation> operations = jwk.getKeyOperations();
    if (operations != null && !operations.contains(KeyOperation.VERIFY)) {
      throw new Unfit("its key_ops have no verify");
    }
  }

  /** A verifier for each of the allowed algorithms that the key is for; there is one at least. */
  static Map<JWSAlgorithm, JWSVerifier> verifiers(JWK jwk, Set<JWSAlgorithm> allowed) throws Unfit {
    Map<JWSAlgorithm, JWSVerifier> verifiers = new LinkedHashMap<>();
    PublicKey key = publicKey(jwk);
    for (JWSAlgorithm algorithm : algorithms(jwk)) {
      if (allowed.contains(algorithm)) verifiers.put(algorithm, verifier(algorithm, key));
    }
    if (verifiers.isEmpty()) throw new Unfit("it is for none of the allowed algorithms");
    return verifiers;
  }

  private static PublicKey publicKey(JWK jwk) throws Unfit {
    try {
      if (jwk instanceof RSAKey rsa) return checked(rsa.toRSAPublicKey());
      if (jwk instanceof ECKey ec && BY_CURVE.containsKey(ec.getCurve())) {
        return ec.toECPublicKey();
      }
      if (jwk instanceof OctetKeyPair okp && Curve.Ed25519.equals(okp.getCurve())) {
        return ed25519(okp);
      }
    } catch (JOSEException | GeneralSecurityException e) {
      throw new Unfit("the provider cannot use it");
    }
    throw new Unfit("its type or curve is not one that verifies here");
  }

  private static RSAPublicKey checked(RSAPublicKey key) throws Unfit {
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new Unfit(
          "RSA of " + bits + " bits, where " + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " are good");
    }
    BigInteger exponent = key.getPublicExponent();
    if (exponent.compareTo(BigInteger.valueOf(3)) < 0
        || exponent.bitLength() > MAX_EXPONENT_BITS
        || !exponent.testBit(0)) {
      throw new Unfit("RSA with an exponent that is even, under 3 or over 64 bits");
    }
    return key;
  }

  private static PublicKey ed25519(OctetKeyPair okp) throws Unfit, GeneralSecurityException {
    byte[] x = okp.getDecodedX();
    if (x.length != 32) throw new Unfit("Ed25519 with an x of " + x.length + " bytes, not 32");
    if (isOfSmallOrder(x)) throw new Unfit("Ed25519 with a point under which anybody can sign");
    byte[] spki = new byte[ED25519_PREFIX.length + x.length];
    System.arraycopy(ED25519_PREFIX, 0, spki, 0, ED25519_PREFIX.length);
    System.arraycopy(x, 0, spki, ED25519_PREFIX.length, x.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
  }

  private static boolean isOfSmallOrder(byte[] x) {
    byte[] y = x.clone();
    y[31] &= 0x7f; // the topmost bit is the sign of the other coordinate
    return SMALL_ORDER.contains(HexFormat.of().formatHex(y));
  }

  /** What the key's type and its own {@code alg} leave; EdDSA and Ed25519 are one (RFC 9864). */
  private static Set<JWSAlgorithm> algorithms(JWK jwk) {
    Set<JWSAlgorithm> byType = new LinkedHashSet<>();
    if (jwk instanceof RSAKey) {
      byType.addAll(JWSAlgorithm.Family.RSA);
    } else if (jwk instanceof ECKey ec) {
      byType.add(BY_CURVE.get(ec.getCurve()));
    } else {
      byType.addAll(Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519));
      if (jwk.getAlgorithm() != null && byType.contains(jwk.getAlgorithm())) return byType;
    }
    if (jwk.getAlgorithm() != null) {
      byType.removeIf(algorithm -> !algorithm.getName().equals(jwk.getAlgorithm().getName()));
    }
    return byType;
  }

  private static JWSVerifier verifier(JWSAlgorithm algorithm, PublicKey key) throws Unfit {
    try {
      return new PreparedSignature(algorithm, key);
    } catch (GeneralSecurityException e) {
      throw new Unfit("the provider cannot verify " + algorithm + " with it");
    }
  }

  /** Why a key is left out; never leaves this package. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String why) {
      super(why);
    }
  }
}
