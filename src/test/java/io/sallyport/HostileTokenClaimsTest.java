package io.sallyport;

import static io.sallyport.Trial.AUDIENCE;
import static io.sallyport.Trial.ISSUER;
import static io.sallyport.Trial.NOW;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.admitted;
import static io.sallyport.Trial.gate;
import static io.sallyport.Trial.good;
import static io.sallyport.Trial.refused;
import static io.sallyport.Trial.withClaim;
import static io.sallyport.Trial.withHeader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.TestToken;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signed token claims (THREATS C, but for the scopes): every signature here is good. */
final class HostileTokenClaimsTest {
  private static final long T = NOW.getEpochSecond();
  private static final long LAST_SECOND = 253_402_300_799L;

  /** JSON of every type but text. */
  private static final List<String> NO_TEXTS =
      List.of(
          "null", "5", "0", "1.5", "true", "false", "[]", "{}", "[\"x\"]", "[null]", "{\"x\":1}");

  // ---- typ

  static Stream<Trial> types() {
    List<Trial> rows = new ArrayList<>();
    for (String typ : inEveryCase("at+jwt")) rows.add(typ(null, typ));
    for (String typ : inEveryCase("JWT")) rows.add(typ(null, typ));
    for (String typ :
        List.of(
            "application/at+jwt",
            "APPLICATION/AT+JWT",
            "Application/At+Jwt",
            "aPPLICATION/at+JWT",
            "application/AT+jwt")) {
      rows.add(typ(null, typ));
    }
    rows.add(admitted("no typ", good().mintedBy(RSA)));
    for (String typ :
        List.of(
            "",
            " ",
            "at+jwt ",
            " at+jwt",
            "JWT ",
            " JWT",
            "\\tJWT",
            "JWT\\n",
            "JWT\\u0000",
            "at+jwt\\u0000",
            "at+jwt;charset=utf-8",
            "at jwt",
            "at%2Bjwt",
            "at-jwt",
            "atjwt",
            "jwt+at",
            "at+jws",
            "at+jwt+jwt",
            "x-at+jwt",
            "rt+jwt",
            "application/jwt",
            "APPLICATION/JWT",
            "application/",
            "application/application/at+jwt",
            "application/at+jwt/",
            "text/at+jwt",
            "applicatıon/at+jwt",
            "at+ȷwt",
            "ａt+jwt",
            "\\u212aWT",
            "logout+jwt",
            "dpop+jwt",
            "secevent+jwt",
            "token-introspection+jwt",
            "oauth-authz-req+jwt",
            "entity-statement+jwt",
            "openid4vci-proof+jwt",
            "vc+sd-jwt",
            "kb+jwt",
            "id_token",
            "ID",
            "Refresh",
            "Bearer",
            "JOSE",
            "JOSE+JSON",
            "JWE",
            "JWS",
            "none",
            "null",
            "*",
            "*/*",
            "passport",
            "wallet-attestation+jwt")) {
      rows.add(typ(Reason.TYPE_NOT_ACCEPTED, typ));
    }
    for (String typ : NO_TEXTS) {
      rows.add(refused(Reason.HEADER_MALFORMED, "typ as JSON " + typ, withHeader("typ", typ)));
    }
    rows.add(admitted("Typ, which is another name", withHeader("Typ", "\"logout+jwt\"")));
    rows.add(
        refused(
            Reason.TYPE_NOT_ACCEPTED,
            "typ spelt with an escape",
            withHeader("ty\\u0070", "\"logout+jwt\"")));
    rows.add(admitted("a claim typ says nothing", withClaim("typ", "\"Bearer\"")));
    return rows.stream();
  }

  private static Trial typ(Reason reason, String typ) {
    return new Trial("typ " + typ, Trial.GATE, withHeader("typ", '"' + typ + '"'), reason);
  }

  private static List<String> inEveryCase(String text) {
    List<String> all = List.of("");
    for (char c : text.toCharArray()) {
      List<String> letters =
          Character.isLetter(c)
              ? List.of(
                  String.valueOf(Character.toLowerCase(c)),
                  String.valueOf(Character.toUpperCase(c)))
              : List.of(String.valueOf(c));
      all = all.stream().flatMap(start -> letters.stream().map(start::concat)).toList();
    }
    return all;
  }

  @Tag("T34")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("types")
  void typ_is_that_of_an_access_token_in_any_letter_case(Trial row) {
    row.check();
  }

  @Test
  @Tag("T34")
  void typ_is_read_the_same_under_a_Turkish_locale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr-TR"));
    try {
      typ(null, "APPLICATION/AT+JWT").check();
      typ(null, "application/at+jwt").check();
      typ(Reason.TYPE_NOT_ACCEPTED, "APPLİCATİON/AT+JWT").check();
      typ(Reason.TYPE_NOT_ACCEPTED, "applıcatıon/at+jwt").check();
    } finally {
      Locale.setDefault(before);
    }
  }

  static Stream<Trial> profile() {
    TokenVerifier gate = gate(RSA.jwk()).tokenType("at+jwt").build();
    TestToken at = good().header("typ", "at+jwt");
    List<Trial> rows = new ArrayList<>();
    for (String typ : inEveryCase("at+jwt")) {
      rows.add(admitted("profile: typ " + typ, good().header("typ", typ).mintedBy(RSA)));
    }
    rows.add(
        admitted(
            "profile: application/at+jwt",
            good().header("typ", "application/AT+jwt").mintedBy(RSA)));
    for (String typ : inEveryCase("jwt")) {
      rows.add(
          refused(
              Reason.TYPE_NOT_ACCEPTED,
              "profile: typ " + typ,
              good().header("typ", typ).mintedBy(RSA)));
    }
    rows.add(refused(Reason.TYPE_NOT_ACCEPTED, "profile: no typ", good().mintedBy(RSA)));
    for (String typ : List.of("", "logout+jwt", "dpop+jwt", "application/jwt", "at+jwt ")) {
      rows.add(
          refused(
              Reason.TYPE_NOT_ACCEPTED,
              "profile: typ '" + typ + "'",
              good().header("typ", typ).mintedBy(RSA)));
    }
    for (String name : List.of("iss", "exp", "aud", "sub", "client_id", "iat", "jti")) {
      rows.add(
          refused(Reason.CLAIM_MISSING, "profile: no " + name, at.without(name).mintedBy(RSA)));
    }
    for (String name : List.of("sub", "client_id", "jti", "iat", "exp", "aud")) {
      rows.add(
          refused(
              Reason.CLAIM_ILL_TYPED,
              "profile: " + name + " null",
              at.claim(name, null).mintedBy(RSA)));
      rows.add(
          refused(
              Reason.CLAIM_ILL_TYPED,
              "profile: " + name + " true",
              at.claim(name, true).mintedBy(RSA)));
    }
    rows.add(
        refused(
            Reason.CLAIM_MISSING,
            "profile: azp instead of client_id",
            at.without("client_id").claim("azp", "web").mintedBy(RSA)));
    rows.add(
        refused(
            Reason.CLAIM_ILL_TYPED, "profile: iat as text", at.claim("iat", "" + T).mintedBy(RSA)));
    return rows.stream().map(row -> row.at(gate));
  }

  @Tag("T34")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("profile")
  void the_profile_of_RFC_9068_takes_its_type_and_every_claim_that_it_requires(Trial row) {
    row.check();
  }

  // ---- iss

  static Stream<Trial> issuers() {
    TokenVerifier accented = named("https://id.example.com/caf\u00e9");
    List<Trial> rows = new ArrayList<>();
    for (String iss :
        List.of(
            "https://id.example.com/realms/acme/",
            "https://id.example.com/realms/acm",
            "https://id.example.com/realms/acme2",
            "https://id.example.com/realms/Acme",
            "HTTPS://id.example.com/realms/acme",
            "https://ID.example.com/realms/acme",
            "http://id.example.com/realms/acme",
            "id.example.com/realms/acme",
            "//id.example.com/realms/acme",
            "https://id.example.com",
            "https://id.example.com/",
            "https://id.example.com:443/realms/acme",
            "https://id.example.com./realms/acme",
            "https://id.example.com/realms//acme",
            "https://id.example.com/realms/./acme",
            "https://id.example.com/realms/x/../acme",
            "https://id.example.com/realms/%61cme",
            "https://id.example.com/realms/acme?",
            "https://id.example.com/realms/acme#",
            "https://id.example.com/realms/acme?x=1",
            "https://id.example.com/realms/acme#x",
            "https://user@id.example.com/realms/acme",
            "https://id.example.com.evil.example/realms/acme",
            "https://evil.example/https://id.example.com/realms/acme",
            "https://evil.example",
            " https://id.example.com/realms/acme",
            "https://id.example.com/realms/acme ",
            "https://id.example.com/realms/acme\n",
            "https://id.example.com/realms/acme\u0000",
            "https://id.example.com/realms/acme\u200b",
            "https://id.ex\u0430mple.com/realms/acme",
            "https://id.example.com/realms/\uff41cme",
            "https://id.example.com/realms/*",
            "https://*.example.com/realms/acme",
            ".*",
            "*",
            "",
            "null",
            "https://id.example.com\\realms\\acme")) {
      rows.add(
          refused(
              Reason.ISSUER_NOT_ACCEPTED, "iss " + iss, good().claim("iss", iss).mintedBy(RSA)));
    }
    rows.add(
        admitted(
            "iss with its slashes escaped",
            withClaim("iss", '"' + ISSUER.replace("/", "\\/") + '"')));
    rows.add(
        refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "iss as an array of itself",
            withClaim("iss", "[\"" + ISSUER + "\"]")));
    rows.add(
        refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "iss as an array with others",
            withClaim("iss", "[\"" + ISSUER + "\",\"https://evil.example\"]")));
    rows.add(
        refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "iss as an object",
            withClaim("iss", "{\"" + ISSUER + "\":1}")));
    for (String iss : List.of("null", "5", "true", "[]", "{}", "[null]")) {
      rows.add(refused(Reason.ISSUER_NOT_ACCEPTED, "iss as JSON " + iss, withClaim("iss", iss)));
    }
    rows.add(refused(Reason.CLAIM_MISSING, "no iss", good().without("iss").mintedBy(RSA)));
    rows.add(
        refused(
            Reason.CLAIM_MISSING,
            "Iss, which is another name",
            good().without("iss").claim("Iss", ISSUER).mintedBy(RSA)));
    rows.add(
        admitted(
                "composed, as configured",
                good().claim("iss", "https://id.example.com/caf\u00e9").mintedBy(RSA))
            .at(accented));
    rows.add(
        refused(
                Reason.ISSUER_NOT_ACCEPTED,
                "decomposed, where it is composed",
                good().claim("iss", "https://id.example.com/cafe\u0301").mintedBy(RSA))
            .at(accented));
    rows.add(
        refused(
                Reason.ISSUER_NOT_ACCEPTED,
                "percent-encoded, where it is not",
                good().claim("iss", "https://id.example.com/caf%C3%A9").mintedBy(RSA))
            .at(accented));
    TokenVerifier slash = named("https://id.example.com/");
    rows.add(
        admitted(
                "a slash at the end, as configured",
                good().claim("iss", "https://id.example.com/").mintedBy(RSA))
            .at(slash));
    rows.add(
        refused(
                Reason.ISSUER_NOT_ACCEPTED,
                "no slash at the end, where it is configured",
                good().claim("iss", "https://id.example.com").mintedBy(RSA))
            .at(slash));
    return rows.stream();
  }

  private static TokenVerifier named(String issuer) {
    return TokenVerifier.builder()
        .issuer(issuer)
        .audience(AUDIENCE)
        .allowedScopes("orders:read")
        .keySource(Trial.fixed(RSA.jwk()))
        .clock(Trial.CLOCK)
        .build();
  }

  @Tag("T26")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("issuers")
  void iss_is_the_issuer_code_point_for_code_point(Trial row) {
    row.check();
  }

  // ---- aud

  static Stream<Trial> audiences() {
    String own = '"' + AUDIENCE + '"';
    List<Trial> rows = new ArrayList<>();
    for (String aud :
        List.of(
            "[" + own + "]",
            "[\"x\"," + own + "]",
            "[" + own + ",\"x\"]",
            "[" + own + "," + own + "]",
            own.replace("/", "\\/"))) {
      rows.add(admitted("aud " + aud, withClaim("aud", aud)));
    }
    for (String aud :
        List.of(
            "\"\"",
            "\"https://api.example.com/\"",
            "\"https://api.example.co\"",
            "\"https://api.example.com2\"",
            "\"HTTPS://api.example.com\"",
            "\"https://API.example.com\"",
            "\"http://api.example.com\"",
            "\"api.example.com\"",
            "\"https://api.example.com:443\"",
            "\"https://api.example.com \"",
            "\" https://api.example.com\"",
            "\"https://api.example.com\\u0000\"",
            "\"https://api.example.com https://x\"",
            "\"https://x https://api.example.com\"",
            "\"https://api.example.com,https://x\"",
            "\"*\"",
            "\"https://*.example.com\"",
            "\"https://api.example.com/*\"",
            "\"account\"",
            "[]",
            "[\"\"]",
            "[\"x\",\"y\"]",
            "[\"https://api.example.com/\"]",
            "[\"*\"]",
            "[\"https://api.example.com x\"]",
            "\"[\\\"https://api.example.com\\\"]\"",
            "\"https://api.ex\u0430mple.com\"")) {
      rows.add(refused(Reason.AUDIENCE_NOT_ACCEPTED, "aud " + aud, withClaim("aud", aud)));
    }
    for (String aud :
        List.of(
            "null",
            "5",
            "0",
            "true",
            "false",
            "{}",
            "{\"aud\":" + own + "}",
            "{" + own + ":true}",
            "[null]",
            "[null," + own + "]",
            "[" + own + ",null]",
            "[" + own + ",5]",
            "[[" + own + "]]",
            "[" + own + ",[" + own + "]]",
            "[" + own + ",{}]",
            "[true," + own + "]",
            "[{" + own + ":1}]")) {
      rows.add(refused(Reason.CLAIM_ILL_TYPED, "aud " + aud, withClaim("aud", aud)));
    }
    rows.add(refused(Reason.CLAIM_MISSING, "no aud", good().without("aud").mintedBy(RSA)));
    rows.add(
        refused(
            Reason.CLAIM_MISSING,
            "Aud, which is another name",
            good().without("aud").claim("Aud", AUDIENCE).mintedBy(RSA)));
    rows.add(
        refused(
            Reason.CLAIM_MISSING,
            "azp and client_id instead of aud",
            good()
                .without("aud")
                .claim("azp", AUDIENCE)
                .claim("client_id", AUDIENCE)
                .mintedBy(RSA)));
    TokenVerifier two = gateFor("api-a", "api-b");
    rows.add(
        admitted("the second of two of ours", good().claim("aud", "api-b").mintedBy(RSA)).at(two));
    rows.add(
        admitted(
                "both of ours and another",
                good().claim("aud", List.of("x", "api-b", "api-a")).mintedBy(RSA))
            .at(two));
    rows.add(
        refused(
                Reason.AUDIENCE_NOT_ACCEPTED,
                "both of ours in one text",
                good().claim("aud", "api-a api-b").mintedBy(RSA))
            .at(two));
    TokenVerifier cognito =
        TokenVerifier.builder()
            .issuer(ISSUER)
            .audience("web")
            .audienceClaim("client_id")
            .allowedScopes("orders:read")
            .keySource(Trial.fixed(RSA.jwk()))
            .clock(Trial.CLOCK)
            .build();
    rows.add(
        admitted("audienceClaim: client_id, no aud", good().without("aud").mintedBy(RSA))
            .at(cognito));
    rows.add(
        refused(
                Reason.AUDIENCE_NOT_ACCEPTED,
                "audienceClaim: another client",
                good().claim("client_id", "x").claim("aud", "web").mintedBy(RSA))
            .at(cognito));
    rows.add(
        refused(
                Reason.CLAIM_MISSING,
                "audienceClaim: no client_id, aud fits",
                good().without("client_id").claim("aud", "web").mintedBy(RSA))
            .at(cognito));
    rows.add(
        refused(
                Reason.CLAIM_ILL_TYPED,
                "audienceClaim: client_id null",
                good().claim("client_id", null).claim("aud", "web").mintedBy(RSA))
            .at(cognito));
    return rows.stream();
  }

  private static TokenVerifier gateFor(String... audiences) {
    return TokenVerifier.builder()
        .issuer(ISSUER)
        .audience(audiences)
        .allowedScopes("orders:read")
        .keySource(Trial.fixed(RSA.jwk()))
        .clock(Trial.CLOCK)
        .build();
  }

  @Tag("T28")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("audiences")
  void aud_holds_one_of_our_names_exactly(Trial row) {
    row.check();
  }

  // ---- exp, nbf, iat

  static Stream<Trial> boundaries() {
    return Stream.of(0, 30, 300).flatMap(HostileTokenClaimsTest::boundaries);
  }

  private static Stream<Trial> boundaries(int skew) {
    TokenVerifier gate = gate(RSA.jwk()).clockSkewSeconds(skew).tokenCacheSize(0).build();
    List<Trial> rows = new ArrayList<>();
    rows.add(admitted("exp a second later than now - skew", dated("exp", T - skew + 1)));
    rows.add(admitted("exp half a second later than now - skew", dated("exp", T - skew + 0.5)));
    rows.add(admitted("exp a thousandth later than now - skew", dated("exp", T - skew + 0.001)));
    rows.add(
        refused(Reason.EXPIRED, "exp in the very second of now - skew", dated("exp", T - skew)));
    rows.add(
        refused(
            Reason.EXPIRED,
            "exp in that very second, as a fraction",
            dated("exp", T - skew + 0.0)));
    rows.add(
        refused(
            Reason.EXPIRED,
            "exp a thousandth earlier than now - skew",
            dated("exp", T - skew - 0.001)));
    rows.add(
        refused(
            Reason.EXPIRED, "exp a second earlier than now - skew", dated("exp", T - skew - 1)));
    for (String name : List.of("nbf", "iat")) {
      Reason reason = name.equals("nbf") ? Reason.NOT_YET_VALID : Reason.ISSUED_IN_FUTURE;
      rows.add(admitted(name + " a second earlier than now + skew", dated(name, T + skew - 1)));
      rows.add(admitted(name + " in the very second of now + skew", dated(name, T + skew)));
      rows.add(admitted(name + " in that very second, as a fraction", dated(name, T + skew + 0.0)));
      rows.add(
          refused(
              reason, name + " a thousandth later than now + skew", dated(name, T + skew + 0.001)));
      rows.add(
          refused(
              reason, name + " half a second later than now + skew", dated(name, T + skew + 0.5)));
      rows.add(
          refused(reason, name + " a second later than now + skew", dated(name, T + skew + 1)));
      rows.add(refused(reason, name + " at the end of 9999", dated(name, LAST_SECOND)));
      rows.add(admitted(name + " 0", dated(name, 0)));
    }
    return rows.stream()
        .map(row -> new Trial(row.name() + ", skew " + skew, gate, row.token(), row.reason()));
  }

  private static String dated(String name, Number seconds) {
    return withClaim(name, new BigDecimal(seconds.toString()).toPlainString());
  }

  @Tag("T32")
  @Tag("T33")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("boundaries")
  void a_token_holds_until_exp_and_skew_and_from_nbf_less_skew(Trial row) {
    row.check();
  }

  @Test
  void the_operator_is_told_how_far_a_time_is_off_and_what_is_allowed() {
    assertThat(detail(withClaim("exp", String.valueOf(T - 30))))
        .startsWith(
            "exp is 2026-11-24T11:59:30Z, now is 2026-11-24T12:00:00Z:"
                + " 30 s apart, where a skew of 30 s is allowed");
    assertThat(detail(withClaim("nbf", String.valueOf(T + 90))))
        .startsWith(
            "nbf is 2026-11-24T12:01:30Z, now is 2026-11-24T12:00:00Z:"
                + " 90 s apart, where a skew of 30 s is allowed");
  }

  private static String detail(String token) {
    return ((Decision.Refused) Trial.GATE.verify(token)).refusal().detail();
  }

  @Tag("T32")
  @ParameterizedTest
  @ValueSource(ints = {-1, -30, 301, 3_600, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void a_skew_out_of_0_to_300_seconds_stops_the_start(int skew) {
    assertThatThrownBy(() -> gate(RSA.jwk()).clockSkewSeconds(skew).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clockSkewSeconds");
  }

  static Stream<Trial> times() {
    List<Trial> rows = new ArrayList<>();
    for (String name : List.of("exp", "nbf", "iat")) {
      for (String value :
          List.of(
              "null",
              "true",
              "false",
              "\"\"",
              "\"" + (T + 60) + "\"",
              "\"2026-11-24T12:01:00Z\"",
              "[]",
              "[" + (T + 60) + "]",
              "{}",
              "{\"$date\":" + (T + 60) + "}",
              "-1",
              "-0.001",
              "-" + T,
              "-18446744073709551",
              "18446744073709552",
              "-9223372036854775808",
              "9223372036854775807",
              "9223372036854775808",
              "-9223372036854775809",
              "18446744073709551616",
              "9223372036854776",
              "253402300800",
              "253402300799.5",
              "253402300800.0",
              "1e12",
              "1e17",
              "1e18",
              "1e300",
              "-1e300",
              "1.7976931348623157e308",
              "1795000000000",
              "100000000000000000000",
              "9".repeat(64))) {
        rows.add(refused(Reason.CLAIM_ILL_TYPED, name + " " + value, withClaim(name, value)));
      }
    }
    rows.add(refused(Reason.CLAIM_MISSING, "no exp", good().without("exp").mintedBy(RSA)));
    rows.add(
        refused(
            Reason.CLAIM_MISSING,
            "Exp, which is another name",
            good().without("exp").claim("Exp", T + 60).mintedBy(RSA)));
    rows.add(refused(Reason.EXPIRED, "exp 0", withClaim("exp", "0")));
    rows.add(refused(Reason.EXPIRED, "exp 0.0", withClaim("exp", "0.0")));
    rows.add(refused(Reason.EXPIRED, "exp 1e-300", withClaim("exp", "1e-300")));
    rows.add(admitted("exp at the last second", withClaim("exp", "253402300799")));
    rows.add(admitted("exp there, as a fraction", withClaim("exp", "253402300799.0")));
    rows.add(admitted("exp as 1.8e9", withClaim("exp", "1.8e9")));
    rows.add(admitted("exp as 18E+8", withClaim("exp", "18E+8")));
    rows.add(admitted("neither nbf nor iat", good().without("iat").mintedBy(RSA)));
    rows.add(admitted("nbf as a fraction", withClaim("nbf", T - 1 + ".999")));
    rows.add(
        refused(
            Reason.NOT_YET_VALID, "nbf after exp", withClaim("nbf", String.valueOf(T + 3_600))));
    rows.add(
        admitted("an ill-typed time by another name", withClaim("updated_at", "\"yesterday\"")));
    return rows.stream();
  }

  @Tag("T30")
  @Tag("T31")
  @Tag("T33")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("times")
  void exp_nbf_and_iat_are_numbers_from_1970_to_9999(Trial row) {
    row.check();
  }

  // ---- sub and other required claims

  static Stream<Trial> subjects() {
    List<Trial> rows = new ArrayList<>();
    rows.add(admitted("one character", sub("a")));
    rows.add(admitted("255 characters", sub("a".repeat(255))));
    rows.add(admitted("128 characters of two units each", sub("\ud83d\ude00".repeat(128))));
    rows.add(admitted("letters of another script", sub("\u0430\u043d\u043d\u0430")));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "empty", sub("")));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "256 characters", sub("a".repeat(256))));
    rows.add(
        refused(
            Reason.CLAIM_ILL_TYPED,
            "256 characters of two units each",
            sub("\ud83d\ude00".repeat(256))));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "8,000 characters", sub("a".repeat(8_000))));
    IntStream.concat(IntStream.rangeClosed(0, 0x1f), IntStream.rangeClosed(0x7f, 0x9f))
        .forEach(
            c ->
                rows.add(
                    refused(
                        Reason.CLAIM_ILL_TYPED, "U+%04X".formatted(c), sub("a" + (char) c + "b"))));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "a line end after it", sub("ann\n")));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "NUL before it", sub("\u0000ann")));
    rows.add(
        refused(
            Reason.CLAIM_ILL_TYPED,
            "a control character by bytes",
            withClaim("sub", "\"a\u007fb\"")));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "U+FFFD", sub("ann\ufffd")));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "U+FFFD alone", sub("\ufffd")));
    rows.add(refused(Reason.CLAIM_ILL_TYPED, "U+FFFD by bytes", withClaim("sub", "\"\ufffd\"")));
    rows.add(
        refused(Reason.CLAIMS_MALFORMED, "a lone surrogate", withClaim("sub", "\"ann\\ud800\"")));
    for (String json : NO_TEXTS) {
      rows.add(refused(Reason.CLAIM_ILL_TYPED, "as JSON " + json, withClaim("sub", json)));
    }
    rows.add(refused(Reason.CLAIM_MISSING, "none", good().without("sub").mintedBy(RSA)));
    rows.add(
        refused(
            Reason.CLAIM_MISSING,
            "by other names",
            good().without("sub").claim("Sub", "ann").claim("subject", "ann").mintedBy(RSA)));
    TokenVerifier optional = gate(RSA.jwk()).requiredClaims("jti").build();
    rows.add(
        admitted("none, where it is not required", good().without("sub").mintedBy(RSA))
            .at(optional));
    rows.add(
        refused(Reason.CLAIM_ILL_TYPED, "null, where it is not required", withClaim("sub", "null"))
            .at(optional));
    rows.add(
        refused(Reason.CLAIM_ILL_TYPED, "empty, where it is not required", sub("")).at(optional));
    rows.add(
        refused(Reason.CLAIM_ILL_TYPED, "a number, where it is not required", withClaim("sub", "5"))
            .at(optional));
    return rows.stream();
  }

  private static String sub(String subject) {
    return withClaim("sub", quoted(subject));
  }

  private static String quoted(String text) {
    String object = JSONObjectUtils.toJSONString(Map.of("x", text));
    return object.substring(5, object.length() - 1);
  }

  @Tag("T39")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("subjects")
  void sub_is_a_text_of_1_to_255_readable_characters(Trial row) {
    row.check();
  }

  static Stream<Trial> required() {
    List<Trial> rows = new ArrayList<>();
    Map<String, List<String>> wrong =
        Map.ofEntries(
            Map.entry("jti", NO_TEXTS),
            Map.entry("client_id", NO_TEXTS),
            Map.entry("azp", NO_TEXTS),
            Map.entry("acr", NO_TEXTS),
            Map.entry("sid", NO_TEXTS),
            Map.entry("nbf", List.of("null", "\"1\"", "true", "[]", "-1")),
            Map.entry("iat", List.of("null", "\"1\"", "true", "[]", "-1")),
            Map.entry("auth_time", List.of("null", "\"1\"", "true", "[]", "-1", "1e12")),
            Map.entry("amr", List.of("null", "5", "true", "{}", "[null]", "[5]", "[\"pwd\",null]")),
            Map.entry("tenant", List.of("null")));
    wrong.forEach(
        (name, values) -> {
          TokenVerifier gate = gate(RSA.jwk()).requiredClaims("sub", name).build();
          rows.add(
              refused(Reason.CLAIM_MISSING, "no " + name, good().without(name).mintedBy(RSA))
                  .at(gate));
          for (String value : values) {
            rows.add(
                refused(Reason.CLAIM_ILL_TYPED, name + " " + value, withClaim(name, value))
                    .at(gate));
          }
        });
    Map.of(
            "jti",
            "\"x\"",
            "azp",
            "\"x\"",
            "acr",
            "\"gold\"",
            "nbf",
            "1",
            "auth_time",
            "1",
            "amr",
            "[\"pwd\"]",
            "tenant",
            "{\"id\":7}")
        .forEach(
            (name, value) -> {
              TokenVerifier gate = gate(RSA.jwk()).requiredClaims(name).build();
              rows.add(admitted(name + " " + value, withClaim(name, value)).at(gate));
            });
    for (String name : List.of("jti", "client_id", "azp")) {
      rows.add(
          refused(
              Reason.CLAIM_ILL_TYPED,
              name + " null, though not required",
              withClaim(name, "null")));
      rows.add(
          refused(
              Reason.CLAIM_ILL_TYPED,
              name + " a number, though not required",
              withClaim(name, "5")));
      rows.add(
          admitted("no " + name + ", which is not required", good().without(name).mintedBy(RSA)));
    }
    TokenVerifier two = gate(RSA.jwk()).requiredClaims("tenant", "region").build();
    rows.add(refused(Reason.CLAIM_MISSING, "one of two", withClaim("tenant", "\"x\"")).at(two));
    TokenVerifier dotted = gate(RSA.jwk()).requiredClaims("https://example.com/tenant").build();
    rows.add(
        admitted("a name that is an address", withClaim("https://example.com/tenant", "\"x\""))
            .at(dotted));
    rows.add(
        refused(Reason.CLAIM_MISSING, "no name that is an address", good().mintedBy(RSA))
            .at(dotted));
    return rows.stream();
  }

  @Tag("T39")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("required")
  void required_claims_are_there_and_of_their_registered_type(Trial row) {
    row.check();
  }

  // ---- cnf

  static Stream<Trial> confirmations() {
    return Stream.of(
            "{\"jkt\":null}",
            "{\"jkt\":5}",
            "{\"jkt\":\"\"}",
            "{\"x5t#S256\":[\"a\"]}",
            "{\"x5t\":\"a\"}",
            "{\"JKT\":\"a\"}",
            "{\"jkt\":\"a\",\"kid\":\"b\"}",
            "{\"kc-jkt-type\":\"DPoP\"}",
            "{\"jwk\":{\"kty\":\"RSA\"}}",
            "{\"kid\":\"rsa-1\"}",
            "{\"jku\":\"https://evil.example/keys\"}",
            "{\"unknown\":1}",
            "{}",
            "null",
            "\"\"",
            "\"jkt\"",
            "[]",
            "[{\"jkt\":\"a\"}]",
            "0",
            "true",
            "false")
        .map(cnf -> refused(Reason.CONFIRMATION_UNKNOWN, "cnf " + cnf, withClaim("cnf", cnf)));
  }

  static Stream<Trial> knownConfirmations() {
    return Stream.of(
        refused(Reason.TOKEN_BOUND, "by a key", withClaim("cnf", "{\"jkt\":\"a\"}")),
        refused(
            Reason.TOKEN_BOUND,
            "as Keycloak does it",
            withClaim("cnf", "{\"jkt\":\"a\",\"kc-jkt-type\":\"DPoP\"}")),
        refused(
            Reason.TOKEN_BOUND, "by both", withClaim("cnf", "{\"jkt\":\"a\",\"x5t#S256\":\"b\"}")),
        refused(
            Reason.CERTIFICATE_MISSING,
            "by a certificate",
            withClaim("cnf", "{\"x5t#S256\":\"b\"}")));
  }

  @Tag("T25")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource({"confirmations", "knownConfirmations"})
  void a_token_bound_in_any_form_is_no_bearer_token(Trial row) {
    row.check();
  }

  @Test
  void a_claim_Cnf_binds_nothing() {
    admitted("another name", withClaim("Cnf", "{\"jkt\":\"a\"}")).check();
  }

  // ---- settings without which nothing is checked

  @Test
  @Tag("T29")
  void without_issuer_audience_scopes_or_keys_there_is_no_gate() {
    assertThatThrownBy(
            () ->
                TokenVerifier.builder()
                    .audience(AUDIENCE)
                    .allowedScopes("a")
                    .keySource(Trial.fixed(RSA.jwk()))
                    .build())
        .hasMessageContaining("issuer");
    assertThatThrownBy(
            () ->
                TokenVerifier.builder()
                    .issuer(ISSUER)
                    .allowedScopes("a")
                    .keySource(Trial.fixed(RSA.jwk()))
                    .build())
        .hasMessageContaining("audience");
    assertThatThrownBy(() -> Trial.settings().keySource(Trial.fixed(RSA.jwk())).build())
        .hasMessageContaining("allowedScopes");
    for (String empty : List.of("", " ", "\t\n")) {
      assertThatThrownBy(() -> TokenVerifier.builder().issuer(empty))
          .hasMessageContaining("issuer");
      assertThatThrownBy(() -> TokenVerifier.builder().audience(empty))
          .hasMessageContaining("audience");
      assertThatThrownBy(() -> TokenVerifier.builder().jwks(empty)).hasMessageContaining("jwks");
    }
  }

  @Test
  @Tag("T78")
  void a_token_that_was_good_is_refused_once_it_has_expired() {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    Clock clock = new Trial.Hand(now::get);
    TokenVerifier gate =
        TokenVerifier.builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .allowedScopes("orders:read")
            .keySource(Trial.fixed(RSA.jwk()))
            .clock(clock)
            .build();
    String token = good().claim("nbf", T).mintedBy(RSA);
    admitted("at first", token).at(gate).check();
    now.set(NOW.plusSeconds(329));
    admitted("a second before exp and skew", token).at(gate).check();
    now.set(NOW.plusSeconds(330));
    refused(Reason.EXPIRED, "at exp and skew", token).at(gate).check();
    now.set(NOW.minusSeconds(30));
    admitted("at nbf less skew", token).at(gate).check();
    now.set(NOW.minusSeconds(31));
    refused(Reason.NOT_YET_VALID, "a second before nbf less skew", token).at(gate).check();
    assertThat(gate.verify(token)).isInstanceOf(Decision.Refused.class);
  }
}
