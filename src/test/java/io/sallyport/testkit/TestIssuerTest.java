package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.Decision;
import io.sallyport.Reason;
import io.sallyport.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The issuer that users of the library test with, judged by the real gate. */
final class TestIssuerTest {
  private final TestIssuer issuer = TestIssuer.start("ES256", "RS256", "EdDSA");

  @AfterEach
  void stop() {
    issuer.close();
  }

  private TokenVerifier gate() {
    return TokenVerifier.builder()
        .issuer(issuer.issuer())
        .allowHttp(true)
        .audience(TestIssuer.AUDIENCE)
        .allowedScopes("orders:read")
        .tokenType("at+jwt")
        .build();
  }

  private HttpResponse<String> get(String address) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(2)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "RS256", "EdDSA"})
  void its_tokens_are_of_the_profile_for_access_tokens(String algorithm) {
    try (TokenVerifier gate = gate()) {
      String token = issuer.token().algorithm(algorithm).scope("orders:read").mint();
      assertThat(gate.verify(token)).isInstanceOf(Decision.Admitted.class);
    }
  }

  @Test
  void a_token_can_be_changed_in_every_member_and_stays_as_it_was() throws Exception {
    TestToken good = issuer.token();
    TestToken changed =
        good.subject("bob")
            .issuer("https://other.example")
            .audience("a", "b")
            .scope("x", "y")
            .claim("tenant", null)
            .without("jti")
            .header("crit", List.of("b64"))
            .withoutHeader("typ")
            .expiresIn(Duration.ofSeconds(-1));

    JWSObject read = JWSObject.parse(changed.mint());
    Map<String, Object> claims = read.getPayload().toJSONObject();
    assertThat(claims)
        .containsEntry("sub", "bob")
        .containsEntry("iss", "https://other.example")
        .containsEntry("aud", List.of("a", "b"))
        .containsEntry("scope", "x y")
        .containsEntry("tenant", null)
        .doesNotContainKey("jti");
    assertThat((Long) claims.get("exp") - (Long) claims.get("iat")).isEqualTo(-1);
    assertThat(read.getHeader().toJSONObject()).containsKey("crit").doesNotContainKey("typ");
    assertThat(JSONObjectUtils.parse(good.claimsJson()))
        .containsEntry("sub", "ann")
        .containsEntry("iss", issuer.issuer())
        .containsKey("jti");
    assertThat(good.toString()).contains("sub").doesNotContain("ann");
  }

  @Test
  void a_rotation_keeps_the_old_keys_until_they_are_withdrawn() throws Exception {
    TestKey old = issuer.key();
    String before = issuer.mint("orders:read");
    issuer.rotate();
    assertThat(issuer.key().kid()).isNotEqualTo(old.kid());
    assertThat(kids()).contains(old.kid(), issuer.key().kid());
    try (TokenVerifier gate = gate()) {
      assertThat(gate.verify(before)).isInstanceOf(Decision.Admitted.class);
      assertThat(gate.verify(issuer.mint("orders:read"))).isInstanceOf(Decision.Admitted.class);
    }
    issuer.withdraw();
    assertThat(kids()).contains(issuer.key().kid()).doesNotContain(old.kid());
    issuer.withdraw(issuer.key());
    assertThat(kids()).doesNotContain(issuer.key().kid());
  }

  private List<String> kids() throws Exception {
    return JWKSet.parse(get(issuer.jwksUri()).body()).getKeys().stream()
        .map(key -> key.getKeyID())
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Outage.class)
  void an_outage_leaves_the_gate_without_keys_and_ends(Outage kind) throws Exception {
    issuer.outage(kind);
    try (TokenVerifier gate = gate()) {
      Decision decision = gate.verify(issuer.mint("orders:read"));
      assertThat(decision).isInstanceOf(Decision.Refused.class);
      assertThat(((Decision.Refused) decision).refusal().reason())
          .isEqualTo(Reason.KEYS_UNAVAILABLE);
    }
    issuer.recover();
    assertThat(get(issuer.jwksUri()).statusCode()).isEqualTo(200);
    try (TokenVerifier gate = gate()) {
      assertThat(gate.verify(issuer.mint("orders:read"))).isInstanceOf(Decision.Admitted.class);
    }
  }

  @Test
  void its_clock_is_in_its_tokens_and_its_answers() throws Exception {
    issuer.clockOffset(Duration.ofHours(2));
    Instant near = Instant.now().plus(Duration.ofHours(2));
    String date = get(issuer.jwksUri()).headers().firstValue("Date").orElseThrow();
    assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
        .isBetween(near.minusSeconds(60), near.plusSeconds(60));
    try (TokenVerifier gate = gate()) {
      Decision.Refused refused = (Decision.Refused) gate.verify(issuer.mint("orders:read"));
      assertThat(refused.refusal().reason()).isEqualTo(Reason.ISSUED_IN_FUTURE);
    }
  }

  @Test
  void a_token_bound_to_a_key_names_its_thumbprint_and_a_proof_names_the_token() throws Exception {
    TestKey client = TestKey.generate("client", "ES256");
    String token = issuer.token().boundTo(client).mint();
    String cnf = JWSObject.parse(token).getPayload().toJSONObject().get("cnf").toString();
    assertThat(cnf).contains(client.jwk().computeThumbprint().toString());
    JWSObject proof =
        JWSObject.parse(TestToken.proof(client, "GET", "https://a.example/x", token).mint());
    assertThat(proof.getPayload().toJSONObject())
        .containsEntry("htm", "GET")
        .containsEntry("htu", "https://a.example/x")
        .containsKey("ath");
    assertThat(client.verifies(proof.getSigningInput(), proof.getSignature().decode())).isTrue();
  }

  @Test
  void what_makes_no_sense_is_told() {
    assertThatThrownBy(() -> issuer.token().algorithm("PS256"))
        .hasMessage("the issuer has no key for PS256, but for [ES256, RS256, EdDSA]");
    assertThatThrownBy(() -> issuer.key("PS256")).hasMessageContaining("no key for PS256");
    assertThatThrownBy(() -> TestKey.generate("x", "HS256")).hasMessageContaining("HS256");
    assertThatThrownBy(() -> TestIssuer.start(new String[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> issuer.token().without("iat").expiresIn(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> TestToken.of(Map.of(), Map.of()).mint())
        .isInstanceOf(IllegalStateException.class);
  }
}
