package io.sallyport.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.keys.KeySource.Found;
import io.sallyport.keys.KeySource.Unknown;
import io.sallyport.keys.KeySource.Why;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Which keys of a JWK set are made ready, which are left out and why, and which one a header names.
 */
final class KeySetReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final long T = NOW.getEpochSecond();
  private static final Set<JWSAlgorithm> ALLOWED =
      Stream.of("RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
          .map(JWSAlgorithm::parse)
          .collect(Collectors.toUnmodifiableSet());
  private static final JWK EC = ec(Curve.P_256);
  private static final Map<String, Object> ED =
      Map.of("kty", "OKP", "crv", "Ed25519", "kid", "k", "x", base64(new byte[] {9}, 32));

  private final KeySetReader reader = at(NOW);

  private static KeySetReader at(Instant now) {
    return new KeySetReader(ALLOWED, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static JWK ec(Curve curve) {
    try {
      return new ECKeyGenerator(curve).keyID("k").generate().toPublicJWK();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(byte[] beginning, int length) {
    byte[] bytes = new byte[length];
    System.arraycopy(beginning, 0, bytes, 0, beginning.length);
    return Base64URL.encode(bytes).toString();
  }

  /** An RSA key of this length; nobody has to know its factors. */
  private static Map<String, Object> rsa(int bits, BigInteger exponent) {
    BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
    return Map.of(
        "kty",
        "RSA",
        "kid",
        "k",
        "n",
        Base64URL.encode(modulus).toString(),
        "e",
        Base64URL.encode(exponent).toString());
  }

  private static Map<String, Object> rsa(long exponent) {
    return rsa(2048, BigInteger.valueOf(exponent));
  }

  private static Map<String, Object> with(
      Map<String, Object> key, String name, @Nullable Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(key);
    if (value == null) copy.remove(name);
    else copy.put(name, value);
    return copy;
  }

  private static Map<String, Object> ecWith(String name, @Nullable Object value) {
    return with(EC.toJSONObject(), name, value);
  }

  private static byte[] set(Object... keys) {
    return JSONObjectUtils.toJSONString(Map.of("keys", List.of(keys)))
        .getBytes(StandardCharsets.UTF_8);
  }

  private KeySet read(Object... keys) throws IOException {
    return reader.read(set(keys), null);
  }

  private static KeySource.Answer find(KeySet keys, String algorithm, @Nullable String kid) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(kid).build();
    return keys.find(header, NOW);
  }

  private static Set<String> algorithms(KeySet keys) {
    return ALLOWED.stream()
        .map(JWSAlgorithm::getName)
        .filter(name -> find(keys, name, "k") instanceof Found)
        .collect(Collectors.toSet());
  }

  static Stream<Arguments> good() {
    return Stream.of(
        row("RS256 PS256", rsa(2048, BigInteger.valueOf(65537))),
        row("RS256 PS256", rsa(8192, BigInteger.valueOf(65537))),
        row("RS256 PS256", rsa(3)),
        row("RS256 PS256", rsa(2048, BigInteger.ONE.shiftLeft(63).setBit(0))),
        row("RS256", with(rsa(3), "alg", "RS256")),
        row("PS256", with(rsa(3), "alg", "PS256")),
        row("ES256", EC.toJSONObject()),
        row("ES384", ec(Curve.P_384).toJSONObject()),
        row("ES512", ec(Curve.P_521).toJSONObject()),
        row("EdDSA Ed25519", ED),
        row("EdDSA Ed25519", with(ED, "alg", "EdDSA")),
        row("EdDSA Ed25519", with(ED, "alg", "Ed25519")),
        row("ES256", ecWith("use", "sig")),
        row("ES256", ecWith("key_ops", List.of("sign", "verify"))),
        row("ES256", ecWith("exp", T + 1)),
        row("ES256", ecWith("nbf", T)));
  }

  @ParameterizedTest
  @MethodSource("good")
  @Tag("T16")
  @Tag("T20")
  void a_key_is_made_ready_for_what_its_type_its_curve_and_its_alg_leave(
      String algorithms, Map<String, Object> key) throws IOException {
    assertThat(algorithms(read(key))).containsExactlyInAnyOrder(algorithms.split(" "));
  }

  static Stream<Arguments> bad() {
    String exponent = "RSA with an exponent that is even, under 3 or over 64 bits";
    return Stream.of(
        row("RSA of 2047 bits, where 2048 to 8192 are good", rsa(2047, BigInteger.valueOf(3))),
        row("RSA of 8193 bits, where 2048 to 8192 are good", rsa(8193, BigInteger.valueOf(3))),
        row(exponent, rsa(4)),
        row(exponent, rsa(2048, BigInteger.ONE.shiftLeft(64).setBit(0))),
        row("holds private or secret members", Map.of("kty", "oct", "kid", "k", "k", "AAAA")),
        row("holds private or secret members", with(ED, "d", base64(new byte[] {1}, 32))),
        row("its use is not sig", ecWith("use", "enc")),
        row("its key_ops have no verify", ecWith("key_ops", List.of("sign"))),
        row("its exp is past", ecWith("exp", T)),
        row("its nbf is not reached", ecWith("nbf", T + 1)),
        row("it is for none of the allowed algorithms", with(rsa(3), "alg", "RS512")),
        row("it is for none of the allowed algorithms", with(ED, "alg", "ES256")),
        row("not a key that can be parsed", ecWith("y", null)),
        row("its type or curve is not one that verifies here", with(ED, "crv", "X25519")),
        row("Ed25519 with an x of 31 bytes, not 32", with(ED, "x", base64(new byte[] {9}, 31))));
  }

  private static Arguments row(String text, Map<String, Object> key) {
    return Arguments.of(text, key);
  }

  @ParameterizedTest
  @MethodSource("bad")
  @Tag("T20")
  @Tag("T21")
  void a_key_that_is_left_out_is_told_of_with_its_kid_and_the_reason(
      String reason, Map<String, Object> key) {
    assertThatThrownBy(() -> read(key))
        .isInstanceOf(IOException.class)
        .hasMessage("no usable key among 1 [kid 'k': " + reason + "]");
  }

  @Test
  void what_is_no_set_of_keys_is_told_of() {
    assertThatThrownBy(() -> reader.read(new byte[0], null))
        .hasMessage("the answer is not one well-formed JSON object");
    assertThatThrownBy(() -> reader.read(bytes("{\"keys\":{}}"), null))
        .hasMessage("the answer has no array \"keys\"");
    assertThatThrownBy(() -> reader.read(bytes("{\"keys\":[5,{\"kid\":7}]}"), null))
        .hasMessage(
            "no usable key among 2 [a key without kid: not an object,"
                + " a key without kid: not a key that can be parsed]");
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @Tag("T66")
  void a_hundred_keys_are_read_and_the_rest_is_told_of() throws IOException {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) keys.add(ecWith("kid", "k" + i));
    KeySet hundred = read(keys.toArray());
    assertThat(find(hundred, "ES256", "k99")).isInstanceOf(Found.class);
    assertThat(remarks(hundred)).isEmpty();
    keys.add(ecWith("kid", "k100"));
    KeySet more = read(keys.toArray());
    assertThat(find(more, "ES256", "k100")).isEqualTo(new Unknown(Why.NO_SUCH_KEY, 100));
    assertThat(remarks(more)).containsExactly("all keys after the first 100 of 101");
  }

  /** What an operator is warned of when these keys come into force. */
  private static List<String> remarks(KeySet keys) {
    Logger logger = (Logger) LoggerFactory.getLogger("io.sallyport.keys.test");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    keys.tell(logger, "the issuer");
    logger.detachAppender(log);
    assertThat(log.list.get(0)).hasToString("[INFO] the issuer: keys now " + keys);
    return log.list.stream()
        .skip(1)
        .map(event -> event.toString().replace("[WARN] the issuer: not used: ", ""))
        .toList();
  }

  @Test
  @Tag("T22")
  void keys_that_share_kid_and_algorithm_are_told_of_and_others_are_not() throws IOException {
    Map<String, Object> other = ec(Curve.P_256).toJSONObject();
    KeySet twins = read(EC.toJSONObject(), other, ED);
    assertThat(remarks(twins))
        .containsExactly("kid 'k': several keys for ES256, so that tokens naming it are refused");
    assertThat(find(twins, "ES256", "k")).isEqualTo(new Unknown(Why.AMBIGUOUS, 3));
    assertThat(find(twins, "EdDSA", "k")).isInstanceOf(Found.class);
    assertThat(remarks(read(ecWith("kid", null), with(other, "kid", null)))).isEmpty();
  }

  @Test
  void without_a_kid_the_only_key_that_fits_is_found() throws IOException {
    KeySet keys = read(EC.toJSONObject(), ED, ecWith("exp", T + 1));
    assertThat(find(keys, "EdDSA", null)).isInstanceOf(Found.class);
    assertThat(find(keys, "ES256", null)).isEqualTo(new Unknown(Why.AMBIGUOUS, 3));
    assertThat(find(keys, "RS256", null)).isEqualTo(new Unknown(Why.NO_SUCH_KEY, 3));
    assertThat(find(keys, "RS256", "k")).isEqualTo(new Unknown(Why.UNFIT, 3));
    assertThat(find(keys, "ES256", "other")).isEqualTo(new Unknown(Why.NO_SUCH_KEY, 3));
  }

  @Test
  @Tag("T21")
  void a_key_that_has_ended_is_as_good_as_gone() throws IOException {
    KeySet keys = read(ecWith("exp", T + 1));
    KeySource.Key key = ((Found) find(keys, "ES256", "k")).key();
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build();
    assertThat(keys.holds(key, NOW)).isTrue();
    assertThat(keys.holds(key, NOW.plusSeconds(1))).isFalse();
    assertThat(keys.find(header, NOW.plusSeconds(1))).isEqualTo(new Unknown(Why.NO_SUCH_KEY, 1));
    KeySource.Key stranger = ((Found) find(read(EC.toJSONObject()), "ES256", "k")).key();
    assertThat(keys.holds(stranger, NOW)).as("made from the same JWK, and not the same").isFalse();
  }

  @Test
  void a_key_that_has_not_changed_is_not_made_again() throws IOException {
    KeySet before = read(EC.toJSONObject(), ED);
    KeySet after = reader.read(set(EC.toJSONObject()), before);
    assertThat(find(after, "ES256", "k")).isEqualTo(find(before, "ES256", "k"));
    assertThat(after.sameAs(before)).isFalse();
    assertThat(reader.read(set(EC.toJSONObject(), ED), before).sameAs(before)).isTrue();
    assertThat(reader.read(set(EC.toJSONObject(), ED, Map.of()), before).sameAs(before))
        .as("with another remark")
        .isFalse();
    KeySet ending = read(ecWith("exp", T + 1));
    assertThatThrownBy(() -> at(NOW.plusSeconds(1)).read(set(ecWith("exp", T + 1)), ending))
        .hasMessageContaining("its exp is past");
  }

  @Test
  void a_set_is_shown_by_the_ids_of_its_keys() throws IOException {
    assertThat(read(EC.toJSONObject(), with(ED, "kid", null), ecWith("kid", "a\nb")))
        .hasToString("k, without kid, a?b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
      })
  @Tag("T20")
  void an_ed25519_point_of_small_order_is_no_key(String point) {
    String x =
        Base64.getUrlEncoder().withoutPadding().encodeToString(HexFormat.of().parseHex(point));
    assertThatThrownBy(() -> read(with(ED, "x", x))).hasMessageContaining("anybody can sign");
  }
}
