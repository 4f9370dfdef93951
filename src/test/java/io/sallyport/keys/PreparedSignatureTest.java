package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
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
}
