package io.sallyport.jmh;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * An issuer's key.
 *
 * @param signing the private half, or the shared secret
 * @param verifying the public half, or the same secret
 */
record SigningKey(Algorithm algorithm, Key signing, Key verifying) {
  byte[] sign(byte[] input) throws GeneralSecurityException {
    if (algorithm.isShared()) return mac(signing, input);
    Signature signature = Signature.getInstance(algorithm.jca);
    signature.initSign((PrivateKey) signing);
    signature.update(input);
    return signature.sign();
  }

  static byte[] mac(Key secret, byte[] input) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(Algorithm.HS256.jca);
    mac.init(secret);
    return mac.doFinal(input);
  }

  /** What a verifier gets, as a JWK. */
  JWK jwk(String kid) {
    JWSAlgorithm alg = JWSAlgorithm.parse(algorithm.alg);
    return switch (algorithm) {
      case RS256 -> new RSAKey.Builder((RSAPublicKey) verifying).keyID(kid).algorithm(alg).build();
      case ES256 ->
          new ECKey.Builder(Curve.P_256, (ECPublicKey) verifying).keyID(kid).algorithm(alg).build();
      case EDDSA ->
          new OctetKeyPair.Builder(Curve.Ed25519, ed25519()).keyID(kid).algorithm(alg).build();
      case HS256 ->
          new OctetSequenceKey.Builder((SecretKey) verifying).keyID(kid).algorithm(alg).build();
    };
  }

  /** The last 32 bytes of the encoded key are the {@code x} of RFC 8037. */
  private Base64URL ed25519() {
    byte[] encoded = verifying.getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }
}
