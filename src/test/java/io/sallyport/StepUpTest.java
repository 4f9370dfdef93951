package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How strongly and how recently a user has to have authenticated (RFC 9470). */
@TestInstance(Lifecycle.PER_CLASS)
final class StepUpTest {
  private static final String REALM = "Bearer realm=\"id.example.com\"";
  private static final String TOO_WEAK =
      ", error=\"insufficient_user_authentication\","
          + " error_description=\"A different authentication level is required\"";
  private static final String TOO_OLD =
      ", error=\"insufficient_user_authentication\","
          + " error_description=\"More recent authentication is required\"";

  private final AtomicReference<Instant> now = new AtomicReference<>(Trial.NOW);
  private final Sight sight = new Sight();
  private Container jetty;

  @BeforeAll
  void start() throws Exception {
    SallyportFilter filter =
        SallyportFilter.builder()
            .issuer(Trial.ISSUER)
            .audience(Trial.AUDIENCE)
            .allowedScopes("orders:read orders:write")
            .acrValues("silver", "gold")
            .maxAuthAgeSeconds(3600)
            .exposedClaims("sub")
            .publicPaths("/open")
            .rules(
                "POST /orders orders:write acr=gold maxAge=300",
                "GET /strong orders:read acr=gold acr=platinum",
                "GET /fresh orders:read maxAge=60",
                "GET /plain orders:read",
                "* /denied deny")
            .keySource(Trial.fixed(Trial.RSA.jwk()))
            .clock(new Trial.Hand(now::get))
            .build();
    jetty =
        Container.start(
            context -> {
              Container.filter(context, filter, "/*");
              Container.filter(context, filter.requiring("orders:read"), "/strong");
              Container.servlet(context, sight, "/*");
            });
  }

  @AfterAll
  void stop() {
    jetty.close();
  }

  @BeforeEach
  void atNoon() {
    now.set(Trial.NOW);
  }

  private static TestToken token(@Nullable Object acr, @Nullable Object authTime) {
    return Trial.good().claim("acr", acr).claim("auth_time", authTime);
  }

  private static long before(long seconds) {
    return Trial.NOW.getEpochSecond() - seconds;
  }

  private Http.Answer send(String method, String path, TestToken token) {
    String signed = token.mintedBy(Trial.RSA);
    return Http.send(jetty.port(), method, path, "Authorization: Bearer " + signed);
  }

  private Http.Answer get(String path, TestToken token) {
    return send("GET", path, token);
  }

  @Test
  void RFC_9470_section_3_the_challenge_names_what_the_route_takes() {
    int before = sight.calls();
    Http.Answer weak = send("POST", "/orders", token("silver", before(10)));
    Http.Answer old = send("POST", "/orders", token("gold", before(301)));

    assertThat(weak.status()).isEqualTo(401);
    assertThat(weak.challenge())
        .isEqualTo(
            REALM + TOO_WEAK + ", scope=\"orders:write\", acr_values=\"gold\", max_age=\"300\"");
    assertThat(weak.body())
        .contains("\"status\":401", "\"error\":\"insufficient_user_authentication\"")
        .doesNotContain("silver", "SP-");
    assertThat(weak.field("Cache-Control")).hasValue("no-store");
    assertThat(old.status()).isEqualTo(401);
    assertThat(old.challenge())
        .isEqualTo(
            REALM + TOO_OLD + ", scope=\"orders:write\", acr_values=\"gold\", max_age=\"300\"");
    assertThat(sight.calls()).as("the handler is not reached").isEqualTo(before);
  }

  @Test
  void RFC_9470_section_3_acr_values_are_separated_by_blanks_in_the_order_of_preference() {
    assertThat(get("/other", token("bronze", before(10))).challenge())
        .isEqualTo(
            REALM
                + TOO_WEAK
                + ", scope=\"orders:read orders:write\", acr_values=\"silver gold\","
                + " max_age=\"3600\"");
  }

  static Stream<Object> tooWeak() {
    List<Object> acrs =
        new ArrayList<>(List.of("Gold", "gold ", "silver gold", "", "gol", 1, true));
    acrs.add(List.of("gold"));
    acrs.add(null);
    return acrs.stream();
  }

  @ParameterizedTest
  @MethodSource("tooWeak")
  void RFC_9470_section_6_an_acr_that_does_not_equal_one_of_them_is_too_low(@Nullable Object acr) {
    assertThat(get("/other", token(acr, before(10))).challenge()).contains(TOO_WEAK);
  }

  @Test
  void RFC_9470_section_6_an_absent_acr_and_an_absent_auth_time_are_too_low() {
    TestToken both = token("gold", before(10));
    assertThat(get("/other", both).status()).isEqualTo(200);
    assertThat(get("/other", both.without("acr")).challenge()).contains(TOO_WEAK);
    assertThat(get("/other", both.without("auth_time")).challenge()).contains(TOO_OLD);
    assertThat(get("/other", both.without("auth_time").without("acr")).challenge())
        .contains(TOO_WEAK);
  }

  static Stream<Object> noTime() {
    List<Object> times =
        new ArrayList<>(List.of("1795608000", true, -1, 253_402_300_800L, List.of(before(10))));
    times.add(null);
    return times.stream();
  }

  @ParameterizedTest
  @MethodSource("noTime")
  void RFC_9470_section_6_an_auth_time_that_is_no_time_is_too_low(@Nullable Object time) {
    assertThat(get("/other", token("gold", time)).challenge()).contains(TOO_OLD);
  }

  @ParameterizedTest
  @CsvSource({
    "3600, 200",
    "3600.001, 401",
    "3601, 401",
    "3630, 401", // the skew does not add to the age
    "0, 200",
    "-30, 200",
    "-30.001, 401",
    "-31, 401",
    "-86400, 401"
  })
  void an_auth_time_is_too_old_after_the_greatest_age_and_too_new_beyond_the_skew(
      double ago, int status) {
    double time = Trial.NOW.getEpochSecond() - ago;
    assertThat(get("/other", token("gold", time)).status()).isEqualTo(status);
  }

  @Test
  void what_a_rule_says_stands_in_for_the_filters_own_each_of_the_two_by_itself() {
    assertThat(get("/strong", token("platinum", before(3600))).challenge())
        .as("the filter that the route has of its own takes what every route takes")
        .contains("acr_values=\"silver gold\"");
    assertThat(get("/strong", token("gold", before(3600))).status()).isEqualTo(200);
    assertThat(get("/strong", token("silver", before(10))).challenge())
        .endsWith(", acr_values=\"gold platinum\", max_age=\"3600\"");
    assertThat(get("/fresh", token("silver", before(60))).status()).isEqualTo(200);
    assertThat(get("/fresh", token("silver", before(61))).challenge())
        .endsWith(", acr_values=\"silver gold\", max_age=\"60\"");
    assertThat(get("/fresh", token("bronze", before(60))).challenge()).contains(TOO_WEAK);
    assertThat(get("/plain", token("silver", before(3600))).status()).isEqualTo(200);
    assertThat(get("/plain", token("silver", before(3601))).challenge()).contains(TOO_OLD);
  }

  @Test
  @Tag("T78")
  void a_token_that_was_verified_before_is_judged_anew_by_route_and_by_time() {
    TestToken token = token("silver", before(10));
    assertThat(get("/fresh", token).status()).isEqualTo(200);
    assertThat(get("/strong", token).challenge()).contains(TOO_WEAK);
    now.set(Trial.NOW.plusSeconds(50));
    assertThat(get("/fresh", token).status()).isEqualTo(200);
    now.set(Trial.NOW.plusMillis(50_001));
    assertThat(get("/fresh", token).challenge()).contains(TOO_OLD);
    assertThat(get("/plain", token).status()).isEqualTo(200);
  }

  @Test
  void what_handlers_may_not_see_is_checked_all_the_same() {
    Http.Answer answer = get("/other", token("gold", before(10)));
    assertThat(answer.body()).contains("claims={sub=ann}\n");
  }

  @Test
  void a_challenge_for_authentication_comes_before_one_for_scopes_and_names_them() {
    Http.Answer answer =
        send("POST", "/orders", token("silver", before(10)).claim("scope", "orders:read"));
    assertThat(answer.challenge()).contains(TOO_WEAK, "scope=\"orders:write\"");
    Http.Answer strong =
        send("POST", "/orders", token("gold", before(10)).claim("scope", "orders:read"));
    assertThat(strong.status()).isEqualTo(403);
    assertThat(strong.challenge()).doesNotContain("acr_values", "max_age");
  }

  @Test
  void no_authentication_opens_a_path_that_is_denied_and_a_public_one_takes_none() {
    assertThat(get("/denied", token("bronze", before(10))).status()).isEqualTo(403);
    assertThat(get("/open", Trial.good()).body()).contains("subject=ann\n");
  }

  @Test
  @Tag("T87")
  void a_token_that_is_not_verified_or_not_there_learns_nothing_of_authentication() {
    String forged = token("gold", before(10)).mintedBy(TestKey.generate("rsa-1", "RS256"));
    String bearer = "Authorization: Bearer " + forged;
    assertThat(Http.get(jetty.port(), "/other", bearer).challenge())
        .contains("error=\"invalid_token\"")
        .doesNotContain("acr_values", "max_age", "scope=");
    assertThat(Http.get(jetty.port(), "/other").challenge())
        .isEqualTo(REALM + ", scope=\"orders:read orders:write\"");
  }

  @Test
  void a_verifier_takes_what_a_filter_takes_but_for_its_rules() {
    try (TokenVerifier gate =
        Trial.gate(Trial.RSA.jwk()).acrValues("gold").maxAuthAgeSeconds(60).build()) {
      assertThat(gate.verify(token("gold", before(60)).mintedBy(Trial.RSA)))
          .isInstanceOf(Decision.Admitted.class);
      assertThat(reason(gate, token("silver", before(60))))
          .isEqualTo(Reason.AUTHENTICATION_TOO_WEAK);
      assertThat(reason(gate, token("gold", before(61)))).isEqualTo(Reason.AUTHENTICATION_TOO_OLD);
    }
  }

  private static Reason reason(TokenVerifier gate, TestToken token) {
    return ((Decision.Refused) gate.verify(token.mintedBy(Trial.RSA))).refusal().reason();
  }

  @Test
  void the_operator_is_told_what_was_found_and_what_was_expected() {
    try (TokenVerifier gate =
        Trial.gate(Trial.RSA.jwk()).acrValues("gold").maxAuthAgeSeconds(60).build()) {
      assertThat(detail(gate, token("sil\nver", before(1))))
          .contains("acr has to be one of [gold], found 'sil")
          .doesNotContain("\n");
      assertThat(detail(gate, token(1, before(1)))).endsWith("found no text there");
      assertThat(detail(gate, token("gold", before(61))))
          .contains("auth_time is 2026-11-24T11:58:59Z, now is 2026-11-24T12:00:00Z", "60 s ago");
    }
  }

  private static String detail(TokenVerifier gate, TestToken token) {
    return ((Decision.Refused) gate.verify(token.mintedBy(Trial.RSA))).refusal().detail();
  }
}
