package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings with the name of an issuer before them. */
final class IssuerSettingsTest {
  private static final String CORP = "https://id.example.com";
  private static final String PARTNER = "https://login.example.org/tenant";

  @TempDir Path folder;

  private static Map<String, String> good() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("partner.issuer", PARTNER); // before issuers says that there is one of that name
    settings.put("partner.allowedScopes", "stock:read");
    settings.put("issuers", "corp partner");
    settings.put("corp.issuer", CORP);
    settings.put("corp.allowedScopes", "orders:read orders:write");
    settings.put("audience", "https://api.example.com");
    return settings;
  }

  /** With some more settings, or without those whose value is null. */
  private static Map<String, String> settings(String... more) {
    Map<String, String> settings = good();
    for (int i = 0; i < more.length; i += 2) {
      if (more[i + 1] == null) settings.remove(more[i]);
      else settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static Policy policy(String... more) {
    return Policy.of(settings(more));
  }

  @Test
  void each_issuer_has_its_own_and_else_what_is_common() {
    Policy policy =
        policy(
            "clockSkewSeconds", "20",
            "corp.clockSkewSeconds", "10",
            "corp.audience", "corp-api",
            "partner.algorithms", "ES256",
            "partner.requiredScopes", "stock:read");
    IssuerPolicy corp = policy.issuers.get(0);
    IssuerPolicy partner = policy.issuers.get(1);
    assertThat(policy.issuers).hasSize(2);
    assertThat(corp.issuer.identifier()).isEqualTo(CORP);
    assertThat(partner.issuer.identifier()).isEqualTo(PARTNER);
    assertThat(corp.audience.accepted()).containsExactly("corp-api");
    assertThat(partner.audience.accepted()).containsExactly("https://api.example.com");
    assertThat(corp.period.skew()).hasSeconds(10);
    assertThat(partner.period.skew()).hasSeconds(20);
    assertThat(corp.algorithms).hasSize(5);
    assertThat(partner.algorithms).containsExactly(JWSAlgorithm.ES256);
    assertThat(corp.demand.required()).isEmpty();
    assertThat(partner.demand.required()).containsExactly("stock:read");
    assertThat(policy.allowedScopes).containsExactly("orders:read", "orders:write", "stock:read");
    assertThat(policy.realm).as("the first issuer's host").isEqualTo("id.example.com");
  }

  @Test
  void one_line_at_the_start_has_each_issuer_with_all_that_is_its_own() {
    assertThat(policy("partner.algorithms", "ES256", "partner.requiredScopes", "stock:read"))
        .hasToString(
            "issuer=https://id.example.com audience=https://api.example.com algorithms=RS256 PS256"
                + " ES256 EdDSA Ed25519 allowedScopes=orders:read orders:write"
                + " requiredScopes=(any allowed one); issuer=https://login.example.org/tenant"
                + " audience=https://api.example.com algorithms=ES256 allowedScopes=stock:read"
                + " requiredScopes=stock:read");
  }

  @Test
  void one_issuer_may_have_a_name_too() {
    Policy named =
        Policy.of(
            Map.of("issuers", "a", "a.issuer", CORP, "a.audience", "b", "a.allowedScopes", "c"));
    Policy plain = Policy.of(Map.of("issuer", CORP, "audience", "b", "allowedScopes", "c"));
    assertThat(named).hasToString(plain.toString());
    assertThat(named.undecidedIssuer()).isEqualTo(CORP);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        // the setting to blame, its value, part of the reason, other settings
        row("corp.issuer", null, "not set"),
        row("corp.issuer", "", "empty"),
        row("corp.issuer", "id.example.com", "https"),
        row("corp.issuer", "http://id.example.com", "http is refused without allowHttp"),
        row("partner.issuer", CORP, "it is corp.issuer too"),
        row("audience", null, "not set", "corp.audience", "x").at("partner.audience"),
        row("corp.audience", "*", "any audience"),
        row("corp.allowedScopes", null, "not set"),
        row("corp.allowedScopes", "orders:*", "too broad"),
        row("corp.requiredScopes", "stock:read", "'stock:read' is not one of corp.allowedScopes"),
        row("requiredScopes", "stock:read", "'stock:read' is not one of corp.allowedScopes"),
        row("requiredScopes", "orders:read", "is not one of partner.allowedScopes"),
        row("corp.forbiddenScopes", "orders:read", "is one of corp.allowedScopes too"),
        row("forbiddenScopes", "stock:read", "is one of partner.allowedScopes too"),
        row("corp.forbiddenScopes", "a none", "first"),
        row("corp.algorithms", "none", "not one"),
        row("corp.algorithms", "HS256", "so it needs corp.hmacSecretFile"),
        row("corp.algorithms", "RS256", "with corp.hmacSecretFile", "corp.hmacSecretFile", "/s"),
        row("algorithms", "HS256 RS256", "so it needs corp.hmacSecretFile"),
        row("corp.jwksUri", "http://id.example.com/keys", "allowHttp"),
        row("corp.jwks", "classpath:x", "corp.jwksUri is set too", "corp.jwksUri", CORP + "/k"),
        row("corp.clockSkewSeconds", "301", "range"),
        row("corp.tokenType", "JWT", "choices"),
        row("corp.maxKeyAgeSeconds", "100", "less than corp.keyRefreshSeconds, which is 300"),
        row("corp.maxKeyAgeSeconds", "9", "than keyRefreshSeconds", "keyRefreshSeconds", "10"),
        row("corp.keyRefreshSeconds", "4000", "more than corp.maxKeyAgeSeconds"),
        row("issuer", CORP, "each has its own: corp.issuer"),
        row("jwksUri", CORP + "/keys", "each has its own: corp.jwksUri"),
        row("jwks", "classpath:keys.json", "each has its own: corp.jwks"),
        row("hmacSecretFile", "/s", "each has its own: corp.hmacSecretFile"),
        row("issuers", "", "empty"),
        row("issuers", "corp, partner", "'corp,' is no plain word"),
        row("issuers", "corp partner.x", "'partner.x' is no plain word"),
        row("issuers", "corp 2nd", "'2nd' is no plain word"),
        row("issuers", "corp pa\u00efrtner", "is no plain word"),
        row("rules", "GET /x stock:write", "not one of allowedScopes"));
  }

  private record Row(String name, String value, String reason, String[] others, String blamed)
      implements Arguments {
    @Override
    public Object[] get() {
      return new Object[] {name, value, reason, others, blamed};
    }

    Row at(String otherName) {
      return new Row(name, value, reason, others, otherName);
    }
  }

  private static Row row(String name, String value, String reason, String... others) {
    return new Row(name, value, reason, others, name);
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("wrong")
  @Tag("T29")
  @Tag("T62")
  @Tag("T90")
  void a_wrong_setting_stops_the_start_by_its_full_name(
      String name, String value, String reason, String[] others, String blamed) {
    Map<String, String> settings = settings(others);
    if (value == null) settings.remove(name);
    else settings.put(name, value);
    assertThatThrownBy(() -> Policy.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the setting '" + blamed + "' is")
        .hasMessageContaining(reason)
        .hasMessageContaining("Allowed: ")
        .hasMessageContaining("Example: " + blamed + " = ");
  }

  @Test
  @Tag("T90")
  void an_unknown_name_gets_the_nearest_one_of_an_issuer() {
    Map<String, String> near =
        Map.of(
            "corp.isuer", "corp.issuer",
            "corp.aud", "corp.audience",
            "corp.jwks-uri", "corp.jwksUri",
            "corp.Algorithms", "corp.algorithms",
            "jwks.uri", "jwksUri",
            "Issuers", "issuers",
            "issuer.s", "issuers");
    near.forEach(
        (name, known) ->
            assertThatThrownBy(() -> policy(name, "x"))
                .as(name)
                .hasMessageContaining("there is no setting '" + name + "'")
                .hasMessageContaining("Did you mean '" + known + "'?"));
    for (String name :
        List.of("corp.", ".", ".corp.issuer", "corp.partner.issuer", "corp..issuer")) {
      assertThatThrownBy(() -> policy(name, "x"))
          .as(name)
          .hasMessageContaining("there is no setting '" + name + "'");
    }
  }

  @Test
  @Tag("T90")
  void an_unknown_issuer_gets_the_nearest_name() {
    assertThatThrownBy(() -> policy("crop.audience", "x"))
        .hasMessageContaining("there is no issuer 'crop' for the setting 'crop.audience'")
        .hasMessageContaining("Did you mean 'corp'?")
        .hasMessageContaining("Allowed: [corp, partner].")
        .hasMessageEndingWith(
            "Example: issuers = corp partner, and then corp.issuer ="
                + " https://id.example.com/realms/acme");
    assertThatThrownBy(() -> policy("Corp.audience", "x"))
        .as("letter case counts")
        .hasMessageContaining("there is no issuer 'Corp'");
    assertThatThrownBy(() -> policy("customers.audience", "x"))
        .hasMessageContaining("there is no issuer 'customers'")
        .hasMessageNotContaining("Did you mean");
    assertThatThrownBy(() -> policy(".issuer", CORP)).hasMessageContaining("there is no issuer ''");
  }

  @Test
  @Tag("T29")
  void settings_of_an_issuer_without_issuers_stop_the_start() {
    assertThatThrownBy(() -> policy("issuers", null))
        .hasMessageContaining("there is no issuer 'partner' for the setting 'partner.issuer'")
        .hasMessageContaining("Allowed: what issuers names, and it is not set.");
    Map<String, String> plain =
        Map.of("issuer", CORP, "audience", "a", "allowedScopes", "b", "sallyport.audience", "c");
    assertThatThrownBy(() -> Policy.of(plain))
        .hasMessageContaining("there is no issuer 'sallyport'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxTokenLength",
        "tokenCacheSize",
        "realm",
        "publicOrigin",
        "publicPaths",
        "publicPathTokens",
        "rules",
        "corsPreflight",
        "diagnostics",
        "failOnUnreachableKeys",
        "allowHttp",
        "issuers"
      })
  @Tag("T90")
  void what_is_the_filter_s_takes_no_issuer_before_it(String name) {
    assertThatThrownBy(() -> policy("corp." + name, "x"))
        .hasMessageContaining("there is no setting 'corp." + name + "'")
        .hasMessageContaining("since " + name + " is the filter's and no issuer's")
        .hasMessageContaining("Allowed after an issuer's name and a dot: issuer, audience, ")
        .hasMessageContaining("Example: " + name + " = ");
  }

  @Test
  @Tag("T90")
  void every_setting_is_the_filter_s_or_an_issuer_s_and_known_by_its_name() {
    long ofIssuers =
        Settings.ALL.stream()
            .filter(
                setting ->
                    new GivenSettings(Substitution.ofThisProcess())
                        .of("x")
                        .nameOf(setting)
                        .startsWith("x."))
            .count();
    assertThat(ofIssuers).isEqualTo(19);
    assertThat(Settings.has("corp.issuer")).isTrue();
    assertThat(Settings.has("corp.isuer")).isFalse();
    assertThat(Settings.has("a.b.issuer")).isFalse();
  }

  @Test
  @Tag("T84")
  void what_a_file_holds_is_not_shown_for_an_issuer_either() throws IOException {
    Path file = Files.writeString(folder.resolve("s"), "HUNTER-TWO");
    String reference = "${file:" + file + "}";
    for (String name :
        List.of("corp.issuer", "corp.requiredScopes", "corp.algorithms", "issuers")) {
      assertThatThrownBy(() -> policy(name, reference)).as(name).hasMessageNotContaining("HUNTER");
    }
    Path names = Files.writeString(folder.resolve("n"), "corp partner\n");
    assertThat(policy("issuers", "${file:" + names + "}").issuers).hasSize(2);
    Files.writeString(names, "corp partner hunter");
    assertThatThrownBy(() -> policy("issuers", "${file:" + names + "}"))
        .hasMessageContaining("'issuers' is")
        .hasMessageContaining("it names one that has no issuer set")
        .hasMessageNotContaining("hunter");
    String same =
        "${file:" + Files.writeString(folder.resolve("i"), "https://hunter.example") + "}";
    assertThatThrownBy(() -> policy("corp.issuer", same, "partner.issuer", same))
        .hasMessageContaining("it is corp.issuer too")
        .hasMessageNotContaining("hunter");
  }

  @Test
  void references_are_put_in_for_an_issuer_too() {
    assertThat(policy("corp.audience", "${SALLYPORT_NOT_SET:x}").issuers.get(0).audience.accepted())
        .containsExactly("x");
  }

  @Test
  void the_same_can_be_made_in_code() {
    Policy coded =
        TokenVerifier.builder()
            .issuer("corp", own -> own.issuer(CORP).allowedScopes("orders:read", "orders:write"))
            .issuer(
                "partner",
                own -> own.issuer(PARTNER).allowedScopes("stock:read").algorithms("ES256"))
            .audience("https://api.example.com")
            .policy();
    assertThat(coded).hasToString(policy("partner.algorithms", "ES256").toString());
  }

  @Test
  void code_has_the_same_messages_at_the_call_that_is_wrong() {
    SallyportFilter.Builder builder =
        SallyportFilter.builder().issuer("corp", own -> own.issuer(CORP));
    assertThatThrownBy(() -> builder.issuer("corp", own -> {}))
        .hasMessageContaining("the setting 'issuers' is 'corp' (it has been set before)");
    assertThatThrownBy(() -> builder.issuer("corp two", own -> {}))
        .hasMessageContaining("'issuers' is 'corp two' (here it is one name)");
    assertThatThrownBy(() -> builder.issuer("2", own -> {})).hasMessageContaining("no plain word");
    assertThatThrownBy(() -> builder.issuer("", own -> {})).hasMessageContaining("empty");
    assertThatThrownBy(() -> builder.issuer(null, own -> {})).hasMessageContaining("it is null");
    assertThatThrownBy(() -> builder.issuer("a", own -> own.audience("x").audience("y")))
        .hasMessageContaining("the setting 'a.audience' is 'y' (it has been set before)");
    assertThatThrownBy(() -> builder.issuer("b", own -> own.clockSkewSeconds(301)))
        .hasMessageContaining("the setting 'b.clockSkewSeconds' is '301'")
        .hasMessageEndingWith("Example: b.clockSkewSeconds = 30");
    assertThatThrownBy(() -> builder.issuer("c", own -> own.issuer(null)))
        .hasMessageContaining("'c.issuer' is not set (it is null)");
    KeySource source = KeySources.secret(new byte[32], Set.of(JWSAlgorithm.HS256));
    assertThatThrownBy(() -> builder.issuer("d", own -> own.keySource(source).keySource(source)))
        .hasMessageContaining("d.keySource has been set before");
  }

  @Test
  @Tag("T27")
  void keys_for_all_issuers_at_once_stop_the_start_in_code_too() {
    KeySource source = KeySources.secret(new byte[32], Set.of(JWSAlgorithm.HS256));
    SallyportFilter.Builder builder =
        SallyportFilter.builder()
            .audience("api")
            .allowedScopes("a")
            .keySource(source)
            .issuer("corp", own -> own.issuer(CORP));
    assertThatThrownBy(builder::build)
        .hasMessageContaining("keySource is set for several issuers")
        .hasMessageEndingWith("Example: issuer(\"corp\", own -> own.keySource(source))");
    assertThatThrownBy(
            () ->
                SallyportFilter.builder()
                    .audience("api")
                    .allowedScopes("a")
                    .issuer(CORP)
                    .issuer("partner", own -> own.issuer(PARTNER))
                    .build())
        .hasMessageContaining("the setting 'issuer' is '" + CORP + "'")
        .hasMessageContaining("each has its own: partner.issuer");
    assertThatThrownBy(
            () ->
                SallyportFilter.builder()
                    .audience("api")
                    .allowedScopes("a")
                    .issuer(
                        "corp", own -> own.issuer(CORP).jwksUri(CORP + "/keys").keySource(source))
                    .build())
        .hasMessageContaining("'corp.jwksUri'")
        .hasMessageContaining("keySource is set too, and the two exclude each other");
  }

  @Test
  @Tag("T91")
  void what_is_loose_or_doubtful_for_one_is_told_by_its_name_and_for_all_once() {
    assertThat(policy().loosenings).isEmpty();
    assertThat(policy().doubts).isEmpty();
    assertThat(policy("clockSkewSeconds", "60").loosenings)
        .containsExactly("clockSkewSeconds: a token serves 60 s past its exp");
    assertThat(policy("corp.clockSkewSeconds", "60").loosenings)
        .containsExactly("corp.clockSkewSeconds: a token serves 60 s past its exp");
    Map<String, String> loose =
        Map.of(
            "audienceClaim", "client_id",
            "requiredClaims", "jti",
            "keyRefreshSeconds", "301",
            "maxKeyAgeSeconds", "3601",
            "forbiddenScopes", "none",
            "allowedScopes", "docker:run");
    loose.forEach(
        (name, value) ->
            assertThat(policy("partner." + name, value).loosenings)
                .as(name)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("partner." + name + ": "));
    for (String name : List.of("audience", "scopeClaim", "allowedScopes")) {
      String value = name.equals("scopeClaim") ? "realm_access.roles" : "a,b";
      assertThat(policy("partner." + name, value).doubts)
          .as(name)
          .hasSize(1)
          .first()
          .asString()
          .startsWith("partner." + name + ": ");
    }
    assertThat(policy("audience", "a,b").doubts).hasSize(1);
    assertThat(policy("rules", "GET /x stock:read", "corp.requiredScopes", "orders:read").doubts)
        .as("partner's tokens pass with any scope where no rule matches")
        .hasSize(1);
  }

  @Test
  @Tag("T27")
  void one_key_set_for_two_issuers_is_allowed_and_asked_about() {
    String keys = CORP + "/keys";
    assertThat(policy("corp.jwksUri", keys, "partner.jwksUri", keys).doubts)
        .containsExactly(
            "partner.jwksUri: it is corp.jwksUri too, so whoever signs for one of these issuers can"
                + " sign for the other");
    assertThat(policy("corp.jwksUri", keys, "partner.jwksUri", keys + "2").doubts).isEmpty();
  }

  @Test
  void two_issuers_may_have_one_name_in_front_of_the_other() {
    assertThatCode(
            () ->
                policy(
                    "issuers", "corp partner corp-2",
                    "corp-2.issuer", CORP + "/2",
                    "corp-2.allowedScopes", "x"))
        .doesNotThrowAnyException();
  }
}
