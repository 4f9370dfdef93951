package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One algorithm under one key. */
final class PreparedSignatureTest {
  private static final byte[] INPUT = "a.b".getBytes(StandardCharsets.US_ASCII);

  private final KeyPair pair = pair();

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Base64URL signature() throws GeneralSecurityException {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(INPUT);
    return Base64URL.encode(signer.sign());
  }

  private static JWSHeader header(JWSAlgorithm algorithm) {
    return new JWSHeader(algorithm);
  }

  @Test
  void a_signature_holds_again_and_again_and_for_its_input_alone() throws Exception {
    PreparedSignature verifier = new PreparedSignature(JWSAlgorithm.EdDSA, pair.getPublic());
    Base64URL signature = signature();
    for (int i = 0; i < 3; i++) {
      assertThat(verifier.verify(header(JWSAlgorithm.EdDSA), INPUT, signature)).isTrue();
      assertThat(verifier.verify(header(JWSAlgorithm.EdDSA), new byte[] {1}, signature)).isFalse();
    }
    assertThat(verifier.supportedJWSAlgorithms()).containsExactly(JWSAlgorithm.EdDSA);
    assertThat(verifier.getJCAContext()).isNotNull();
  }

  @Test
  @Tag("T16")
  void a_header_of_another_algorithm_is_not_verified() throws Exception {
    PreparedSignature verifier = new PreparedSignature(JWSAlgorithm.EdDSA, pair.getPublic());
    assertThat(verifier.verify(header(JWSAlgorithm.ES256), INPUT, signature())).isFalse();
  }

  @Test
  void what_is_no_base64url_is_no_signature() throws Exception {
    PreparedSignature verifier = new PreparedSignature(JWSAlgorithm.EdDSA, pair.getPublic());
    assertThat(verifier.verify(header(JWSAlgorithm.EdDSA), INPUT, new Base64URL("!"))).isFalse();
  }

  @Test
  @Tag("T16")
  void a_key_of_another_type_and_an_algorithm_that_is_none_make_no_verifier() {
    assertThatThrownBy(() -> new PreparedSignature(JWSAlgorithm.RS256, pair.getPublic()))
        .isInstanceOf(InvalidKeyException.class);
    assertThatThrownBy(() -> new PreparedSignature(JWSAlgorithm.HS256, pair.getPublic()))
        .hasMessage("no verifier for HS256");
  }

  /** The numbers of P-256 by themselves: this Java release may look at them too. */
  @Test
  @Tag("T19")
  void numbers_of_an_ECDSA_signature_lie_between_zero_and_the_order() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
    BigInteger order = key.getParams().getOrder();
    BigInteger most = order.subtract(BigInteger.ONE);
    for (BigInteger good : List.of(BigInteger.ONE, most)) {
      assertThat(isPair(good, most, key)).isTrue();
      assertThat(isPair(BigInteger.ONE, good, key)).isTrue();
      for (BigInteger bad : List.of(BigInteger.ZERO, order, order.add(BigInteger.ONE))) {
        assertThat(isPair(good, bad, key)).isFalse();
        assertThat(isPair(bad, good, key)).isFalse();
      }
    }
    assertThat(PreparedSignature.isPairBelowOrder(new byte[63], key)).isFalse();
    byte[] longer = Arrays.copyOf(pair(BigInteger.ONE, BigInteger.ONE), 65);
    assertThat(PreparedSignature.isPairBelowOrder(longer, key)).isFalse();
  }

  private static boolean isPair(BigInteger r, BigInteger s, ECPublicKey key) {
    return PreparedSignature.isPairBelowOrder(pair(r, s), key);
  }

  private static byte[] pair(BigInteger r, BigInteger s) {
    byte[] pair = new byte[64];
    byte[] both = r.shiftLeft(256).add(s).add(BigInteger.ONE.shiftLeft(512)).toByteArray();
    System.arraycopy(both, both.length - 64, pair, 0, 64);
    return pair;
  }
}
