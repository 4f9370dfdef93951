package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/**
 * Fuzzes DPoP proofs that were signed as they are, with Nimbus as the second opinion: what is
 * admitted here is a proof there too, of this request, by this key (RFC 9449 section 4.3).
 *
 * <p>The first line of an input is the header, the rest are the claims. For a key that is made anew
 * in each run, and for the hash of its token, they write {@code JWK} and {@code ATH}.
 */
final class ProofFuzzTest {
  private static final TestKey CLIENT = TestKey.generate("client", "ES256");
  private static final String JWK = CLIENT.jwk(null, null).toJSONString();
  private static final String TOKEN =
      Trial.good().claim("cnf", Proofs.bindingTo(CLIENT)).mintedBy(Trial.EC);
  private static final String ATH = TestToken.hash(TOKEN.getBytes(StandardCharsets.US_ASCII));

  /** {@code dpopMaxAgeSeconds}. */
  private static final Duration BEFORE = Duration.ofSeconds(60);

  /** {@code clockSkewSeconds}. */
  private static final Duration AFTER = Duration.ofSeconds(30);

  private static final Gate GATE =
      new Gate(Trial.gate(Trial.EC.jwk()).replayGuard((proof, until) -> true).policy());

  private static final Demand DEMAND = Demand.of(Set.of("orders:read"), Set.of("orders:read"));

  @AfterAll
  static void close() {
    GATE.close();
  }

  @FuzzTest
  @DictionaryEntries({"\"typ\":", "\"jwk\":JWK", "\"crit\":", "\"d\":", "\"kty\":\"oct\"", "ATH"})
  @DictionaryEntries({"\"htu\":", "%2e%2e", "/../", "\"jti\":", "\"iat\":", "\"nonce\":"})
  @Tag("T12")
  @Tag("T13")
  void nothing_is_admitted_that_is_no_proof_of_this_request(byte[] data) throws Exception {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    if (end < 0) return;
    String proof =
        TestToken.signed(
            bytes(text.substring(0, end)), bytes(text.substring(end + 1)), CLIENT::sign);
    Outcome<VerifiedToken> outcome =
        GATE.decide(BearerToken.fromText(TOKEN, 16_384), DEMAND, DpopProofTest.Request.with(proof));
    if (outcome instanceof Outcome.Stopped<VerifiedToken> stopped) {
      assertThat(stopped.refusal().reason().kind()).isEqualTo(Reason.Kind.INVALID_PROOF);
      return;
    }
    SignedJWT second = SignedJWT.parse(proof);
    checkHeader(second);
    checkClaims(second.getJWTClaimsSet());
  }

  private static byte[] bytes(String json) {
    return json.replace("JWK", JWK).replace("ATH", ATH).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void checkHeader(SignedJWT proof) throws Exception {
    JWSHeader header = proof.getHeader();
    assertThat(header.getType().getType()).isEqualToIgnoringCase("dpop+jwt");
    assertThat(header.getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
    assertThat(header.getCriticalParams()).isNull();
    assertThat(header.getJWK().isPrivate()).isFalse();
    assertThat(header.getJWK().computeThumbprint().toString()).isEqualTo(CLIENT.thumbprint());
    assertThat(proof.verify(new ECDSAVerifier(header.getJWK().toECKey()))).isTrue();
  }

  private static void checkClaims(JWTClaimsSet claims) throws Exception {
    assertThat(claims.getJWTID()).isNotEmpty();
    assertThat(claims.getStringClaim("htm")).isEqualTo("GET");
    assertThat(claims.getStringClaim("ath")).isEqualTo(ATH);
    Instant issued = claims.getIssueTime().toInstant();
    assertThat(issued).isBetween(Trial.NOW.minus(BEFORE).minusSeconds(1), Trial.NOW.plus(AFTER));
    URI address = new URI(claims.getStringClaim("htu").split("[?#]", 2)[0]).normalize();
    assertThat(address.getScheme()).isEqualToIgnoringCase("https");
    assertThat(address.getHost()).isEqualToIgnoringCase("api.example.com");
    assertThat(address.getPort()).isIn(-1, 443);
    assertThat(address.getPath()).isEqualTo("/orders");
  }
}
