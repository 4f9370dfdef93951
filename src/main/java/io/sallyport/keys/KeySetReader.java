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
import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a JWK set ready key by key (RFC 7517 section 5): a bad key costs that key, not the set.
 *
 * <p>Left out with a remark: symmetric and private keys, keys for anything but verifying, ended or
 * not yet valid ones, RSA keys outside of {@value #MIN_RSA_BITS} to {@value #MAX_RSA_BITS} bits or
 * with an exponent that is even, under 3 or over {@value #MAX_EXPONENT_BITS} bits, unknown types
 * and curves, what Nimbus cannot parse, and all after the first {@value #MAX_KEYS}.
 */
final class KeySetReader {
  /** How many bytes a JWK set may have. */
  static final int MAX_BYTES = 256 * 1024;

  private static final int MAX_KEYS = 100;
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

  private final StrictJson json = new StrictJson(MAX_BYTES);
  private final Set<JWSAlgorithm> allowed;
  private final Clock clock;

  /**
   * Makes a reader.
   *
   * @param allowed the algorithms that keys are made ready for
   * @param clock tells which keys have ended
   */
  KeySetReader(Set<JWSAlgorithm> allowed, Clock clock) {
    this.allowed = Set.copyOf(allowed);
    this.clock = clock;
  }

  /**
   * Reads a set.
   *
   * @param document the JWK set as it came
   * @param previous the set before it, whose keys are kept where their JWK is the same; or null
   * @return a set with at least one key
   * @throws IOException if the document is no JWK set or has no usable key; the message is fit for
   *     a log
   */
  KeySet read(byte[] document, @Nullable KeySet previous) throws IOException {
    Map<String, @Nullable Object> object = json.object(document);
    if (object == null) throw new IOException("the answer is not one well-formed JSON object");
    if (!(object.get("keys") instanceof List<?> elements)) {
      throw new IOException("the answer has no array \"keys\"");
    }
    Map<JWK, KeySource.Key> keys = new LinkedHashMap<>();
    List<String> remarks = new ArrayList<>();
    for (Object element : elements.subList(0, Math.min(elements.size(), MAX_KEYS))) {
      try {
        JWK jwk = parsed(element);
        KeySource.Key known = previous == null ? null : previous.madeFrom(jwk);
        keys.put(jwk, known != null && !ended(jwk) ? known : ready(jwk));
      } catch (Unfit e) {
        remarks.add(label(element) + ": " + e.getMessage());
      }
    }
    if (elements.size() > MAX_KEYS) {
      remarks.add("all keys after the first " + MAX_KEYS + " of " + elements.size());
    }
    if (keys.isEmpty()) {
      throw new IOException("no usable key among " + elements.size() + " " + remarks);
    }
    remarks.addAll(twins(keys.values()));
    return new KeySet(keys, remarks);
  }

  private static JWK parsed(@Nullable Object element) throws Unfit {
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

  private KeySource.Key ready(JWK jwk) throws Unfit {
    if (jwk.isPrivate()) throw new Unfit("holds private or secret members");
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
      throw new Unfit("its use is not sig");
    }
    Set<KeyOperation> operations = jwk.getKeyOperations();
    if (operations != null && !operations.contains(KeyOperation.VERIFY)) {
      throw new Unfit("its key_ops have no verify");
    }
    if (ended(jwk)) throw new Unfit("its exp is past");
    Date start = jwk.getNotBeforeTime();
    if (start != null && clock.instant().isBefore(start.toInstant())) {
      throw new Unfit("its nbf is not reached");
    }
    Map<JWSAlgorithm, JWSVerifier> verifiers = new LinkedHashMap<>();
    PublicKey key = publicKey(jwk);
    for (JWSAlgorithm algorithm : algorithms(jwk)) {
      if (allowed.contains(algorithm)) verifiers.put(algorithm, verifier(algorithm, key));
    }
    if (verifiers.isEmpty()) throw new Unfit("it is for none of the allowed algorithms");
    Date end = jwk.getExpirationTime();
    return new KeySource.Key(jwk.getKeyID(), verifiers, end == null ? null : end.toInstant());
  }

  private boolean ended(JWK jwk) {
    Date end = jwk.getExpirationTime();
    return end != null && !clock.instant().isBefore(end.toInstant());
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

  /** Keys that share an id and an algorithm: a token that names them is refused. */
  private static List<String> twins(Iterable<KeySource.Key> keys) {
    Set<String> seen = new HashSet<>();
    Set<String> twins = new LinkedHashSet<>();
    for (KeySource.Key key : keys) {
      if (key.kid() == null) continue;
      for (JWSAlgorithm algorithm : key.algorithms()) {
        if (!seen.add(algorithm + " " + key.kid())) {
          twins.add(
              "kid "
                  + Printable.quoted(key.kid())
                  + ": several keys for "
                  + algorithm
                  + ", so that tokens naming it are refused");
        }
      }
    }
    return List.copyOf(twins);
  }

  private static String label(@Nullable Object element) {
    if (element instanceof Map<?, ?> members && members.get("kid") instanceof String kid) {
      return "kid " + Printable.quoted(kid);
    }
    return "a key without kid";
  }

  /** Why one key is left out; never leaves this class. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String why) {
      super(why);
    }
  }
}
