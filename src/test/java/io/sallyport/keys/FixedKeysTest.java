package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys that stay as they are. */
final class FixedKeysTest {
  private static KeySource keys() throws Exception {
    JWKSet set = new JWKSet(new ECKeyGenerator(Curve.P_256).keyID("a").generate().toPublicJWK());
    byte[] json = set.toString().getBytes(StandardCharsets.UTF_8);
    return KeySources.fixed("test", json, Set.of(JWSAlgorithm.ES256), Clock.systemUTC());
  }

  private static KeySource.Key key(KeySource keys) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("a").build();
    return ((KeySource.Found) keys.find(header)).key();
  }

  @Test
  void a_source_holds_its_own_keys_and_no_others_of_the_same_name() throws Exception {
    try (KeySource ours = keys();
        KeySource theirs = keys()) {
      assertThat(ours.holds(key(ours))).isTrue();
      assertThat(ours.holds(key(theirs))).isFalse();
      assertThat(ours.health().state()).isEqualTo(KeyHealth.State.FRESH);
      assertThat(ours.health().count()).isOne();
    }
  }

  @Test
  void under_an_algorithm_that_a_key_is_not_for_nothing_verifies() throws Exception {
    try (KeySource ours = keys()) {
      JWSHeader other = new JWSHeader.Builder(JWSAlgorithm.ES384).keyID("a").build();
      assertThat(key(ours).verifies(other, ByteBuffer.allocate(1), new byte[64])).isFalse();
    }
  }
}
