package io.sallyport;

import static io.sallyport.Explanation.Verdict.FAILED;
import static io.sallyport.Explanation.Verdict.NOT_REACHED;
import static io.sallyport.Explanation.Verdict.PASSED;
import static io.sallyport.Trial.EC;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Explanation.Check;
import io.sallyport.Explanation.Verdict;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator is told who asks why a token is refused. */
final class ExplanationTest {
  private static final TestKey STRANGER = TestKey.generate("rsa-1", "RS256");

  private static Check check(Explanation explanation, String name) {
    return explanation.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("a.b", "form", Reason.TOKEN_NOT_JWS),
        Arguments.of("", "form", Reason.TOKEN_EMPTY),
        Arguments.of("a.b.c d", "form", Reason.TOKEN_NOT_B64TOKEN),
        Arguments.of(
            good().header("crit", List.of("x")).mintedBy(RSA), "header", Reason.HEADER_UNSUPPORTED),
        Arguments.of(
            good().mintedBy(RSA.as("rsa-1", "RS384")), "algorithm", Reason.ALGORITHM_NOT_ALLOWED),
        Arguments.of(good().mintedBy(RSA.as("other", "RS256")), "key", Reason.KEY_UNKNOWN),
        Arguments.of(good().mintedBy(RSA.as("rsa-1", "PS256")), "key", Reason.KEY_UNFIT),
        Arguments.of(good().mintedBy(STRANGER), "signature", Reason.SIGNATURE_INVALID),
        Arguments.of(Trial.claims("[]"), "claims", Reason.CLAIMS_MALFORMED),
        Arguments.of(good().boundTo(EC).mintedBy(RSA), "binding", Reason.TOKEN_BOUND),
        Arguments.of(
            good().header("typ", "logout+jwt").mintedBy(RSA), "type", Reason.TYPE_NOT_ACCEPTED),
        Arguments.of(
            good().issuer("https://other.example").mintedBy(RSA),
            "issuer",
            Reason.ISSUER_NOT_ACCEPTED),
        Arguments.of(good().without("iss").mintedBy(RSA), "issuer", Reason.CLAIM_MISSING),
        Arguments.of(
            good().audience("x", "y").mintedBy(RSA), "audience", Reason.AUDIENCE_NOT_ACCEPTED),
        Arguments.of(good().without("aud").mintedBy(RSA), "audience", Reason.CLAIM_MISSING),
        Arguments.of(good().claim("exp", 1).mintedBy(RSA), "period", Reason.EXPIRED),
        Arguments.of(good().without("exp").mintedBy(RSA), "period", Reason.CLAIM_MISSING),
        Arguments.of(good().without("sub").mintedBy(RSA), "required claims", Reason.CLAIM_MISSING),
        Arguments.of(good().scope("orders:*").mintedBy(RSA), "scopes", Reason.SCOPE_TOO_BROAD),
        Arguments.of(good().claim("scope", 5).mintedBy(RSA), "scopes", Reason.CLAIM_ILL_TYPED),
        Arguments.of(good().scope("other").mintedBy(RSA), "route", Reason.SCOPE_MISSING));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void what_stopped_a_token_is_told_and_nothing_of_what_it_did_not_reach(
      String token, String name, Reason reason) {
    Explanation explanation = Trial.GATE.explain(token);

    assertThat(explanation.decision()).isEqualTo(Trial.GATE.verify(token));
    Refusal refusal = ((Decision.Refused) explanation.decision()).refusal();
    assertThat(refusal.reason()).isEqualTo(reason);
    List<Check> checks = explanation.checks();
    int failed = checks.indexOf(check(explanation, name));
    for (int i = 0; i < checks.size(); i++) {
      Verdict verdict = i < failed ? PASSED : i == failed ? FAILED : NOT_REACHED;
      assertThat(checks.get(i).verdict()).as(checks.get(i).name()).isEqualTo(verdict);
      assertThat(checks.get(i).expected()).isNotEmpty();
    }
    assertThat(checks.get(failed).found()).isEqualTo(refusal.detail());
    assertThat(checks.subList(failed + 1, checks.size()))
        .allMatch(check -> check.found().isEmpty());
  }

  @Test
  void a_good_token_passes_every_check_and_each_says_what_it_found() {
    Explanation explanation = Trial.GATE.explain(good().mintedBy(RSA));

    assertThat(explanation.decision()).isInstanceOf(Decision.Admitted.class);
    assertThat(explanation.checks()).allMatch(check -> check.verdict() == PASSED);
    assertThat(explanation.checks().stream().map(Check::name))
        .containsExactly(
            "form",
            "header",
            "algorithm",
            "key",
            "signature",
            "claims",
            "binding",
            "type",
            "issuer",
            "audience",
            "period",
            "required claims",
            "possession",
            "scopes",
            "route");
    assertThat(check(explanation, "algorithm").found()).isEqualTo("RS256");
    assertThat(check(explanation, "key").found()).isEqualTo("kid rsa-1");
    assertThat(check(explanation, "type").found()).isEqualTo("absent");
    assertThat(check(explanation, "issuer").found()).isEqualTo(Trial.ISSUER);
    assertThat(check(explanation, "audience").found()).isEqualTo(Trial.AUDIENCE);
    assertThat(check(explanation, "period").found())
        .isEqualTo(
            "exp is 2026-11-24T12:05:00Z, in 300 s; iat is 2026-11-24T12:00:00Z, in 0 s;"
                + " now is 2026-11-24T12:00:00Z");
    assertThat(check(explanation, "scopes").found()).isEqualTo("[orders:read]");
    assertThat(check(explanation, "route").expected())
        .isEqualTo("one of [orders:read, orders:write]");
  }

  @Test
  void a_time_is_told_with_both_instants_their_distance_and_the_skew() {
    Explanation explanation = Trial.GATE.explain(good().claim("exp", 1).mintedBy(RSA));
    assertThat(check(explanation, "period").found())
        .contains("1970-01-01T00:00:01Z", "2026-11-24T12:00:00Z", " s apart", "a skew of 30 s");
  }

  @Test
  void what_the_client_is_told_is_what_the_filter_tells_it() {
    assertThat(Trial.GATE.explain(good().mintedBy(RSA)).challenges()).isEmpty();
    assertThat(Trial.GATE.explain(good().scope("other").mintedBy(RSA)).challenges())
        .containsExactly(
            "Bearer realm=\"id.example.com\", error=\"insufficient_scope\","
                + " error_description=\"The access token lacks a required scope\","
                + " scope=\"orders:read orders:write\"");
    List<String> bound = Trial.GATE.explain(good().boundTo(EC).mintedBy(RSA)).challenges();
    assertThat(bound).hasSize(2);
    assertThat(bound.get(0)).startsWith("Bearer realm=").contains("error=\"invalid_token\"");
    assertThat(bound.get(1)).startsWith("DPoP realm=").contains("algs=\"");
    try (TokenVerifier verifier =
        Trial.gate(RSA.jwk())
            .resource("https://api.example.com/mcp")
            .rules("POST /orders orders:write", "* /* orders:read")
            .build()) {
      String token = good().mintedBy(RSA);
      assertThat(verifier.explain(token, "POST", "/orders").challenges())
          .singleElement()
          .asString()
          .contains(
              "scope=\"orders:write\"",
              "resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource/mcp\"");
    }
  }

  @Test
  void what_is_answered_without_a_challenge_has_none() {
    TokenVerifier closed = Trial.gate(RSA.jwk()).build();
    closed.close();
    assertThat(closed.explain(good().mintedBy(RSA)).challenges()).isEmpty();
  }

  @Test
  void a_token_that_is_remembered_is_checked_from_the_beginning() {
    try (TokenVerifier verifier = Trial.gate(RSA.jwk()).build()) {
      String token = good().mintedBy(RSA);
      verifier.verify(token);
      verifier.verify(token);
      assertThat(verifier.explain(token).checks()).hasSize(15).allMatch(c -> c.verdict() == PASSED);
    }
  }

  @Test
  void a_path_is_judged_by_its_rule() {
    try (TokenVerifier verifier =
        Trial.gate(RSA.jwk())
            .rules(
                "GET /orders/* orders:read",
                "* /orders/* orders:write acr=gold maxAge=60",
                "* /* deny")
            .publicPaths("/health")
            .build()) {
      String token = good().mintedBy(RSA);
      assertThat(verifier.explain(token, "GET", "/orders/1").decision())
          .isInstanceOf(Decision.Admitted.class);
      Check denied = check(verifier.explain(token, "GET", "/x"), "route");
      assertThat(denied.verdict()).isEqualTo(FAILED);
      assertThat(denied.expected()).isEqualTo("nothing passes: the rule '* /* deny'");
      Check weak = check(verifier.explain(token, "PUT", "/orders/1"), "route");
      assertThat(weak.expected())
          .isEqualTo("all of [orders:write], acr one of [gold], auth_time 60 s ago at most");
      assertThat(weak.found()).startsWith("acr has to be one of");
      Explanation anywhere = verifier.explain(good().scope("x").mintedBy(RSA), "GET", "/health");
      assertThat(check(anywhere, "route").expected()).isEqualTo("any good token");
      assertThat(anywhere.decision()).isInstanceOf(Decision.Admitted.class);
    }
  }

  @Test
  void the_issuer_that_a_token_names_is_told_where_there_are_several() {
    try (TokenVerifier verifier =
        TokenVerifier.builder()
            .clock(Trial.CLOCK)
            .audience(Trial.AUDIENCE)
            .allowedScopes("orders:read")
            .issuer("corp", issuer -> issuer.issuer(Trial.ISSUER).keySource(Trial.fixed(RSA.jwk())))
            .issuer(
                "partner",
                issuer ->
                    issuer
                        .issuer("https://b.example")
                        .keySource(Trial.fixed(EC.jwk()))
                        .clockSkewSeconds(5))
            .build()) {
      Explanation partner = verifier.explain(good().issuer("https://b.example").mintedBy(EC));
      assertThat(check(partner, "trusted issuer").found()).isEqualTo("https://b.example");
      assertThat(check(partner, "period").expected()).endsWith("give or take 5 s");
      Explanation nobody = verifier.explain(good().issuer("https://c.example").mintedBy(EC));
      assertThat(check(nobody, "form").verdict()).isEqualTo(PASSED);
      assertThat(check(nobody, "trusted issuer").verdict()).isEqualTo(FAILED);
      assertThat(check(nobody, "audience").verdict()).isEqualTo(NOT_REACHED);
    }
  }

  @Test
  void the_check_of_the_application_is_the_last() {
    try (TokenVerifier verifier =
        Trial.gate(RSA.jwk()).tokenCheck(token -> !token.subject().equals("ann")).build()) {
      Explanation explanation = verifier.explain(good().mintedBy(RSA));
      assertThat(check(explanation, "application").verdict()).isEqualTo(FAILED);
    }
  }

  @Test
  @Tag("T84")
  @Tag("T85")
  void no_text_of_the_token_and_no_control_character_is_told() {
    String token =
        TestToken.signed(
            good().header("kid", "rsa-1").headerJson(RSA),
            good().claim("scope", "orders:read \u001b[31m\u202e" + "x".repeat(200)).claimsJson(),
            RSA);
    String told = Trial.GATE.explain(token).toString();
    assertThat(Trial.pieces(told, token)).isEmpty();
    assertThat(told.chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x202e);
  }

  @Test
  void nothing_is_counted_or_told_to_the_log() {
    try (LogLines log = LogLines.of("io.sallyport", ch.qos.logback.classic.Level.DEBUG)) {
      Trial.GATE.explain(good().scope("other").mintedBy(RSA));
      assertThat(log.text()).doesNotContain("refused");
    }
  }
}
