package io.sallyport;

import static io.sallyport.Trial.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request with a fault for every stage of the gate, to be mended fault by fault. What the gate
 * says of it is the first that is left.
 */
final class Ladder {
  private static final String URI = "https://api.example.com/orders";
  private static final Demand ROUTE =
      Demand.of(Set.of("orders:read"), Set.of("orders:read", "orders:write"));

  private final TestKey client = TestKey.generate("client", "ES256");
  private final Set<Reason> mended = new LinkedHashSet<>();

  void mend(Reason reason) {
    assertThat(mended.add(reason)).as("%s is told although it is mended", reason).isTrue();
  }

  private boolean has(Reason fault) {
    return !mended.contains(fault);
  }

  @Nullable Reason verdict() {
    TokenVerifier.Builder settings =
        TokenVerifier.builder()
            .clock(Trial.CLOCK)
            .audience(Trial.AUDIENCE)
            .allowedScopes("orders:read", "orders:write")
            .tokenCheck(token -> !has(Reason.TOKEN_DISALLOWED))
            .issuer("corp", own -> own.issuer(Trial.ISSUER).keySource(Trial.fixed(Trial.EC.jwk())))
            .issuer(
                "other",
                own -> own.issuer("https://other.example").keySource(Trial.fixed(Trial.EC.jwk())));
    Gate gate = new Gate(settings.policy());
    if (has(Reason.GATE_CLOSED)) gate.close();
    String token = token();
    Outcome<VerifiedToken> outcome =
        gate.decide(BearerToken.fromFields(fields(token), 16_384), demand(), presented(token));
    return outcome instanceof Outcome.Stopped<VerifiedToken> stopped
        ? stopped.refusal().reason()
        : null;
  }

  private List<String> fields(String token) {
    if (has(Reason.TOKEN_MISSING)) return List.of();
    return List.of("DPoP " + (has(Reason.TOKEN_NOT_JWS) ? "opaque" : token));
  }

  private String token() {
    TestToken token = Trial.good();
    if (has(Reason.ALGORITHM_NOT_ALLOWED)) token = token.header("alg", "none");
    token = token.header("typ", has(Reason.TYPE_NOT_ACCEPTED) ? "logout+jwt" : "at+jwt");
    if (has(Reason.ISSUER_UNKNOWN)) token = token.claim("iss", "https://evil.example");
    if (has(Reason.AUDIENCE_NOT_ACCEPTED)) token = token.claim("aud", "other");
    if (has(Reason.EXPIRED)) token = token.claim("exp", 1);
    if (has(Reason.CLAIM_ILL_TYPED)) token = token.claim("jti", 5);
    Map<String, Object> binding = Proofs.bindingTo(client);
    token = token.claim("cnf", has(Reason.CONFIRMATION_UNKNOWN) ? Map.of() : binding);
    if (has(Reason.SCOPE_TOO_BROAD)) token = token.claim("scope", "orders:* orders:write");
    else if (has(Reason.SCOPE_MISSING)) token = token.claim("scope", "orders:write");
    String claims = token.claimsJson();
    if (has(Reason.CLAIMS_MALFORMED)) claims = claims.replace("\"sub\"", "\"sub\":\"x\",\"sub\"");
    TestKey key = has(Reason.SIGNATURE_INVALID) ? client : Trial.EC;
    return TestToken.signed(token.headerJson(Trial.EC), claims, key);
  }

  private Demand demand() {
    if (has(Reason.PATH_DENIED)) return Demand.unmet(Reason.PATH_DENIED, "deny");
    if (!has(Reason.AUTHENTICATION_TOO_WEAK)) return ROUTE;
    ValidityPeriod period = new ValidityPeriod(Trial.CLOCK, Duration.ZERO);
    return ROUTE.with(new StepUp(Set.of("gold"), null, period));
  }

  private Presented presented(String token) {
    if (has(Reason.PROOF_MISSING)) return DpopProofTest.Request.with();
    return DpopProofTest.Request.with(Proofs.good(client, "GET", URI, token, NOW).mintedBy(client));
  }
}
