package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.KeySource.Found;
import io.sallyport.keys.KeySource.Unknown;
import io.sallyport.keys.KeySource.Why;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One secret for HMAC. */
@Tag("T15")
final class SharedSecretTest {
  private static KeySource.Answer find(KeySource source, JWSAlgorithm algorithm) {
    return source.find(new JWSHeader.Builder(algorithm).keyID("any").build());
  }

  @ParameterizedTest
  @CsvSource({"HS256, 32", "HS384, 48", "HS512, 64"})
  void a_secret_is_at_least_as_long_as_the_hash(String name, int length) {
    JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
    KeySource source = KeySources.secret(new byte[length], Set.of(algorithm));
    assertThat(find(source, algorithm)).isInstanceOf(Found.class);
    assertThatThrownBy(() -> KeySources.secret(new byte[length - 1], Set.of(algorithm)))
        .hasMessage("the secret has %d bytes, %s needs %d".formatted(length - 1, name, length));
  }

  @Test
  void a_secret_serves_its_own_algorithms_under_any_kid_and_no_other() {
    KeySource source = KeySources.secret(new byte[32], Set.of(JWSAlgorithm.HS256));
    assertThat(find(source, JWSAlgorithm.HS384)).isEqualTo(new Unknown(Why.UNFIT, 1));
    KeySource.Key key = ((Found) find(source, JWSAlgorithm.HS256)).key();
    assertThat(key.kid()).isNull();
    assertThat(key.algorithms()).containsExactly(JWSAlgorithm.HS256);
    assertThat(source.holds(key)).isTrue();
    KeySource other = KeySources.secret(new byte[32], Set.of(JWSAlgorithm.HS256));
    assertThat(other.holds(key)).isFalse();
  }

  @Test
  void an_algorithm_of_public_keys_takes_no_secret() {
    assertThatThrownBy(() -> KeySources.secret(new byte[64], Set.of(JWSAlgorithm.RS256)))
        .hasMessage("RS256 takes no shared secret");
  }
}
