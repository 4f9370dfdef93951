package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stops the start, and what it says then. */
final class SettingsTest {
  private static final String LONG_SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private static Map<String, String> good() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("issuer", "https://id.example.com");
    settings.put("audience", "https://api.example.com");
    settings.put("allowedScopes", "orders:read orders:write");
    return settings;
  }

  private static Policy policy(String... more) {
    Map<String, String> settings = good();
    for (int i = 0; i < more.length; i += 2) settings.put(more[i], more[i + 1]);
    return Policy.of(settings);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
            // the setting to blame, its value, part of the reason, other settings
            row("issuer", null, "not set"),
            row("issuer", "", "empty"),
            row("issuer", "   ", "empty"),
            row("issuer", "id.example.com", "https"),
            row("issuer", "https://", "URL"),
            row("issuer", "https:///realms", "host"),
            row("issuer", "https://id.example.com?x=1", "query"),
            row("issuer", "https://id.example.com#x", "fragment"),
            row("issuer", "https://ann@id.example.com", "user information"),
            row("issuer", "http://id.example.com", "http is refused without allowHttp"),
            row("issuer", "http://localhost", "allowHttp"),
            row("issuer", "http://id.example.com", "for loopback hosts alone", "allowHttp", "true"),
            row("issuer", "http://127.0.0.1.evil.example", "loopback", "allowHttp", "true"),
            row("issuer", "http://localhost.evil.example", "loopback", "allowHttp", "true"),
            row("issuer", "ftp://id.example.com", "https"),
            row("issuer", "https://id.example.com:99999/x", "port"),
            row("issuer", "https://id.example.com:/x", "port"),
            row("jwksUri", "https://id.example.com:0/keys", "port"),
            row("forbiddenScopes", "None billing:*", "written so"),
            row("issuer", "${SALLYPORT_NOT_SET}", "SALLYPORT_NOT_SET"),
            row("issuer", "${SALLYPORT_NOT_SET", "not closed"),
            row("issuer", "${}", "no name"),
            row("issuer", "${file:/nowhere/at/all}", "/nowhere/at/all"),
            row("audience", null, "not set"),
            row("audience", " ", "empty"),
            row("audience", "*", "any audience"),
            row("issuer", "https://id.example.com/.well-known/openid-configuration", "well-known"),
            row("audience", "${SALLYPORT_NOT_SET:}", "empty"),
            row("audienceClaim", "client id", "white space"),
            row("allowedScopes", null, "not set"),
            row("allowedScopes", "", "empty"),
            row("allowedScopes", "orders:*", "too broad"),
            row("allowedScopes", "*", "too broad"),
            row("allowedScopes", "orders:\"read\"", "cannot have"),
            row("allowedScopes", "orders:réad", "cannot have"),
            row("requiredScopes", "orders:delete", "allowedScopes"),
            row("requiredScopes", "*", "too broad"),
            row("requiredScopes", "", "empty"),
            row("scopeImplies", "orders:write", "pair"),
            row("scopeImplies", "a>b>c", "pair"),
            row("scopeImplies", ">orders:read", "pair"),
            row("scopeImplies", "orders:*>orders:read", "too broad"),
            row("unlistedScopes", "DROP", "choices"),
            row("unlistedScopes", "keep", "choices"),
            row("forbiddenScopes", "*", "everything"),
            row("forbiddenScopes", "a*b", "end"),
            row("forbiddenScopes", "billing none", "first"),
            row("forbiddenScopes", "orders:read", "allowedScopes"),
            row("scopeClaim", "/a/~2b", "JSON Pointer"),
            row("algorithms", "none", "not one"),
            row("algorithms", "RS256 none", "not one"),
            row("algorithms", "rs256", "not one"),
            row("algorithms", "ES256K", "not one"),
            row("algorithms", "HS256", "takes a shared secret, so it needs hmacSecretFile"),
            row("algorithms", "RS256", "takes public keys; with", "hmacSecretFile", "/s"),
            row("algorithms", "RS256 HS256", "hmacSecretFile"),
            row("jwksUri", "http://id.example.com/keys", "allowHttp"),
            row("jwksUri", "http://10.0.0.1/keys", "loopback", "allowHttp", "true"),
            row("jwksUri", "file:/etc/keys.json", "https"),
            row("jwksUri", "jar:file:/a.jar!/keys.json", "https"),
            row("jwksUri", "ftp://id.example.com/keys", "https"),
            row("jwksUri", "https://id.example.com/a b", "URL"),
            row("jwks", "/nowhere/keys.json", "cannot be read"),
            row("jwks", "classpath:nowhere.json", "resource"),
            row("jwks", "classpath:nowhere.json", "exclude", "jwksUri", "https://id.example.com/k"),
            row("hmacSecretFile", "/nowhere/secret", "cannot be read", "algorithms", "HS256"),
            row("hmacSecretFile", "/s", "exclude", "jwks", "classpath:x", "algorithms", "HS256"),
            row("hmacSecretFile", "/s", "exclude", "jwksUri", "https://id.example.com/keys"),
            row("tokenType", "JWT", "choices"),
            row("tokenType", "AT+JWT", "choices"),
            row("clockSkewSeconds", "-1", "digits"),
            row("clockSkewSeconds", "301", "range"),
            row("clockSkewSeconds", "+5", "digits"),
            row("clockSkewSeconds", "30s", "digits"),
            row("clockSkewSeconds", "1e2", "digits"),
            row("clockSkewSeconds", "٣٠", "digits"),
            row("clockSkewSeconds", "99999999999", "digits"),
            row("requiredClaims", "", "empty"),
            row("exposedClaims", " ", "empty"),
            row("maxTokenLength", "0", "range"),
            row("maxTokenLength", "99999999", "range"),
            row("tokenCacheSize", "-5", "digits"),
            row("tokenCacheSize", "many", "digits"),
            row("realm", "a \"b\"", "cannot have"),
            row("realm", "a\\b", "cannot have"),
            row("realm", "réalm", "cannot have"),
            row("publicOrigin", "https://api.example.com/", "after host"),
            row("publicOrigin", "https://api.example.com/v1", "after host"),
            row("publicOrigin", "http://api.example.com", "allowHttp"),
            row("publicPaths", "health", "slash"),
            row("publicPaths", "/a*", "end"),
            row("publicPaths", "/a/*/b", "end"),
            row("publicPaths", "/a/../b", "normalised"),
            row("publicPaths", "/a//b", "normalised"),
            row("publicPaths", "/a%20b", "decoded"),
            row("publicPaths", "/a;b", "normalised"),
            row("publicPaths", "/health*.json /x", "end"),
            row("publicPathTokens", "true", "choices"),
            row("rules", "GET /orders", "three words"),
            row("rules", "GET orders orders:read", "slash"),
            row("rules", "get /orders orders:read", "capitals"),
            row("rules", "GET, /orders orders:read", "capitals"),
            row("rules", "GET /orders orders:delete", "allowedScopes"),
            row("rules", "GET /orders orders:read deny", "deny"),
            row("rules", "GET /orders acr=gold", "behind a scope"),
            row("rules", "GET /orders deny acr=gold", "nor deny alone"),
            row("rules", "GET /orders orders:read acr=", "no acr"),
            row("rules", "GET /orders orders:read acr=g\"old", "no acr"),
            row("rules", "GET /orders orders:read maxAge=", "digits"),
            row("rules", "GET /orders orders:read maxAge=-1", "digits"),
            row("rules", "GET /orders orders:read maxAge=0", "range"),
            row("rules", "GET /orders orders:read maxAge=31536001", "range"),
            row("rules", "GET /orders orders:read maxAge=1 maxAge=2", "twice"),
            row("rules", "GET /orders orders:read maxage=1", "allowedScopes"),
            row("rules", "GET /orders orders:read ACR=gold", "allowedScopes"),
            row("rules", "GET /orders orders:read acr=a orders:write", "come last"),
            row("rules", "GET /x a acr=b", "may mean either", "allowedScopes", "a acr=b"),
            row("acrValues", "gold sil\\ver", "no acr"),
            row("acrValues", "g\u00f6ld", "no acr"),
            row("maxAuthAgeSeconds", "0", "range"),
            row("maxAuthAgeSeconds", "31536001", "range"),
            row("maxAuthAgeSeconds", "1234567890", "digits"),
            row("maxAuthAgeSeconds", "5m", "digits"),
            row("resource", "api.example.com", "https"),
            row("resource", "https://api.example.com/mcp?x=1", "query"),
            row("resource", "https://api.example.com/mcp#x", "fragment"),
            row("resource", "https://api.example.com/a//b", "more than one way"),
            row("resource", "https://api.example.com/a/../b", "more than one way"),
            row("resource", "https://api.example.com/a;b", "more than one way"),
            row("resource", "https://api.example.com/\u00e9", "more than one way"),
            row("resource", "https://ann@api.example.com/mcp", "user information"),
            row("resource", "http://api.example.com/mcp", "allowHttp"),
            row("resource", "urn:mcp", "https"),
            row("rules", "GET /orders/*/x orders:read", "end"),
            row("senderConstraint", "DPoP", "choices"),
            row(
                "senderConstraint",
                "dpop",
                "secret",
                "hmacSecretFile",
                "pom.xml",
                "algorithms",
                "HS256"),
            row("dpopMaxAgeSeconds", "0", "range"),
            row("dpopMaxAgeSeconds", "301", "range"),
            row("dpopNonce", "on", "choices"),
            row("trustedProxies", "proxy.example.com", "numeric"),
            row("trustedProxies", "10.0.0", "numeric"),
            row("trustedProxies", "10.0.0.256", "numeric"),
            row("trustedProxies", "10.0.0.01", "numeric"),
            row("trustedProxies", "10.0.0.0/", "number of bits"),
            row("trustedProxies", "10.0.0.0/33", "number of bits"),
            row("trustedProxies", "0.0.0.0/0", "number of bits"),
            row("trustedProxies", "10.0.0.1/8", "bits set"),
            row("trustedProxies", "2001:db8::1/32", "bits set"),
            row("trustedProxies", "2001:db8::/129", "number of bits"),
            row("trustedProxies", "2001:db8:::1", "numeric"),
            row("trustedProxies", "10.0.0.1, 10.0.0.2", "numeric"),
            row("corsPreflight", "yes", "choices"),
            row("keyRefreshSeconds", "0", "range"),
            row("keyRefreshSeconds", "90000", "range"),
            row("maxKeyAgeSeconds", "0", "range"),
            row("maxKeyAgeSeconds", "100", "keyRefreshSeconds"),
            row("maxKeyAgeSeconds", "4000", "keyRefreshSeconds", "keyRefreshSeconds", "5000"),
            row("keyRefreshSeconds", "4000", "maxKeyAgeSeconds"),
            row("publicPaths", "//*", "normalised"),
            row("publicPaths", "/a//*", "normalised"),
            row("publicPaths", "/a/../*", "normalised"),
            row("publicPaths", "/a\u0001b", "normalised"),
            row("rules", "GET //* orders:read", "normalised"),
            row("hostExposure", "on", "choices"),
            row("diagnostics", "debug", "choices"),
            row("failOnUnreachableKeys", "yes", "true"),
            row("failOnUnreachableKeys", "TRUE", "true"),
            row("allowHttp", "1", "true"))
        .map(row -> row);
  }

  private static Arguments row(String name, String value, String reason, String... others) {
    return Arguments.of(name, value, reason, others);
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("wrong")
  @Tag("T29")
  @Tag("T62")
  @Tag("T90")
  void a_wrong_setting_stops_the_start_and_says_how_to_mend_it(
      String name, String value, String reason, String[] others) {
    Map<String, String> settings = good();
    for (int i = 0; i < others.length; i += 2) settings.put(others[i], others[i + 1]);
    if (value == null) settings.remove(name);
    else settings.put(name, value);

    assertThatThrownBy(() -> Policy.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining(reason)
        .hasMessageContaining("Allowed: ")
        .hasMessageContaining("Example: " + name + " = ")
        .message()
        .doesNotContain("\n")
        .satisfies(
            message -> {
              if (value == null || value.length() > 40) return;
              assertThat(message).contains(value.strip().replace('\u0001', '?'));
            });
  }

  @Test
  @Tag("T90")
  void an_unknown_name_stops_the_start_with_the_nearest_known_one() {
    Map<String, String> near =
        Map.of(
            "aud", "audience",
            "audiences", "audience",
            "jwks-uri", "jwksUri",
            "jwks_uri", "jwksUri",
            "clockSkew", "clockSkewSeconds",
            "Issuer", "issuer",
            "requiredScope", "requiredScopes",
            "algorithm", "algorithms");
    near.forEach(
        (name, known) -> {
          assertThatThrownBy(() -> policy(name, "x"))
              .as(name)
              .hasMessageContaining("'" + name + "'")
              .hasMessageContaining("Did you mean '" + known + "'?");
        });
    assertThatThrownBy(() -> policy("colour", "red"))
        .hasMessageContaining("'colour'")
        .hasMessageContaining("Allowed: issuer, audience")
        .hasMessageNotContaining("Did you mean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://api.example.com/mcp", "https://api.example.com/mcp#x", "/mcp"})
  void RFC_9728_section_1_2_a_resource_is_an_https_address_without_fragment(String resource) {
    assertThatThrownBy(() -> policy("resource", resource))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'resource'");
  }

  @Test
  void the_example_of_every_setting_is_read_as_it_is_written() {
    for (Setting<?> setting : Settings.ALL) {
      Object value = setting.read(setting.example());
      String read =
          value instanceof Set<?> words
              ? words.stream().map(Object::toString).collect(Collectors.joining(" "))
              : value instanceof List<?> lines ? lines.get(0).toString() : value.toString();
      assertThat(read).as(setting.name()).isEqualTo(setting.example());
    }
  }

  @Test
  void the_first_choice_is_the_default_and_the_last_the_example() {
    Setting<String> setting = Setting.choice("colour", "red", "blue");
    assertThat(setting.standard()).isEqualTo("red");
    assertThat(setting.example()).isEqualTo("blue");
    assertThat(setting.read("red")).isEqualTo("red");
    assertThatThrownBy(() -> setting.read("green"))
        .hasMessageContaining("Allowed: red or blue, written exactly so.");
  }

  @Test
  void what_is_set_comes_into_the_policy_and_else_the_default() throws IOException {
    assertThat(policy().realm).isEqualTo("id.example.com");
    assertThat(policy("realm", "orders").realm).isEqualTo("orders");
    assertThat(policy().verbose).isFalse();
    assertThat(policy("diagnostics", "verbose").verbose).isTrue();
    assertThat(policy().ignoresTokensOnPublicPaths).isFalse();
    assertThat(policy("publicPathTokens", "ignore").ignoresTokensOnPublicPaths).isTrue();
    assertThat(policy().demand.required()).isEmpty();
    assertThat(policy("requiredScopes", "orders:read").demand.required())
        .containsExactly("orders:read");
    assertThat(policy().issuers.get(0).requiredClaims.names()).containsExactly("sub");
    assertThat(policy("tokenType", "at+jwt").issuers.get(0).requiredClaims.names())
        .containsExactlyInAnyOrder("aud", "sub", "client_id", "iat", "jti");
    assertThat(policy("rules", "GET /a orders:read\n\n \t\n* /b deny").routes.rules()).hasSize(2);
    assertThat(policy().issuers.get(0).ownsKeys).isTrue();
    assertThat(policy().tokenCacheSize).isEqualTo(10_000);
    Path secret = Files.writeString(folder.resolve("secret"), LONG_SECRET);
    assertThat(policy("hmacSecretFile", secret.toString(), "algorithms", "HS256").tokenCacheSize)
        .as("a hash of the token costs what HMAC does")
        .isZero();
    assertThat(policy("requiredScopes", "orders:read"))
        .hasToString(
            "issuer=https://id.example.com audience=https://api.example.com algorithms=RS256 PS256"
                + " ES256 EdDSA Ed25519 allowedScopes=orders:read orders:write"
                + " requiredScopes=orders:read");
  }

  @Test
  void an_example_names_a_scope_that_is_allowed_unless_a_file_holds_them() throws IOException {
    Path file = Files.writeString(folder.resolve("scopes"), "c d");
    assertThatThrownBy(() -> policy("allowedScopes", "c d", "rules", "GET /x e"))
        .hasMessageEndingWith("Example: rules = GET /orders/* c");
    assertThatThrownBy(() -> policy("allowedScopes", "${file:" + file + "}", "rules", "GET /x e"))
        .hasMessageEndingWith("Example: rules = GET /orders/* orders:read");
  }

  @Test
  void a_scope_has_no_blank_in_it() {
    assertThatThrownBy(() -> SettingSyntax.scopeToken("a b")).hasMessageContaining("'a b'");
  }

  @ParameterizedTest
  @CsvSource({
    "clockSkewSeconds, 0, 300",
    "maxTokenLength, 64, 1048576",
    "tokenCacheSize, 0, 10000000",
    "keyRefreshSeconds, 1, 86400",
    "maxKeyAgeSeconds, 1, 604800",
    "dpopMaxAgeSeconds, 1, 300"
  })
  @Tag("T90")
  void a_number_is_taken_from_the_least_to_the_greatest_and_no_other(
      String name, int least, int most) {
    Setting<?> setting = setting(name);
    assertThat(setting.read(String.valueOf(least))).isEqualTo(least);
    assertThat(setting.read(String.valueOf(most))).isEqualTo(most);
    assertThatThrownBy(() -> setting.read(String.valueOf(least - 1)))
        .hasMessageContaining("a whole number from " + least + " to " + most);
    assertThatThrownBy(() -> setting.read(String.valueOf(most + 1)))
        .hasMessageContaining("out of range");
  }

  private static Setting<?> setting(String name) {
    return Settings.ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void an_age_is_taken_from_one_second_to_a_year() {
    assertThat(StepUp.seconds("1")).isEqualTo(1);
    assertThat(StepUp.seconds("31536000")).isEqualTo(31_536_000);
  }

  @Test
  void a_resource_is_an_accepted_audience_and_stands_in_for_one() {
    String resource = "https://api.example.com/mcp";
    Map<String, String> settings = good();
    settings.put("resource", resource);
    assertThat(Policy.of(settings).issuers.get(0).audience.accepted())
        .containsExactly("https://api.example.com", resource);
    settings.remove("audience");
    assertThat(Policy.of(settings).issuers.get(0).audience.accepted()).containsExactly(resource);
  }

  @ParameterizedTest
  @CsvSource({
    "issuer, https://id.example.com:65535/x",
    "issuer, https://id.example.com:1/x",
    "allowedScopes, !#[]~",
    "forbiddenScopes, a*",
    "forbiddenScopes, none",
    "scopeClaim, /a~0b~1c",
    "realm, a !#[]~",
    "publicOrigin, https://api.example.com:8443",
    "publicPaths, /*",
    "resource, https://api.example.com",
    "resource, https://api.example.com/",
    "resource, https://api.example.com:8443/a/b/",
    "acrValues, urn:mace:incommon:iap:silver !#[]~",
    "trustedProxies, 128.0.0.0/1",
    "trustedProxies, ::1/128"
  })
  void what_is_just_allowed_is_allowed(String name, String value) {
    assertThatCode(() -> policy(name, value)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "[::1]", "127.0.0.1", "127.255.0.1"})
  @Tag("T62")
  void plain_http_is_for_loopback_hosts_by_their_names(String host) {
    assertThatCode(() -> policy("issuer", "http://" + host + ":8080/x", "allowHttp", "true"))
        .doesNotThrowAnyException();
  }

  @Test
  void keys_may_be_as_old_as_the_time_between_two_fetches() {
    assertThatCode(() -> policy("keyRefreshSeconds", "3600")).doesNotThrowAnyException();
    assertThatCode(() -> policy("keyRefreshSeconds", "60", "maxKeyAgeSeconds", "60"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> policy("keyRefreshSeconds", "60", "maxKeyAgeSeconds", "59"))
        .hasMessageEndingWith("Example: maxKeyAgeSeconds = 3600");
  }

  @Test
  @Tag("T66")
  void a_file_is_read_up_to_256_KiB() throws IOException {
    Path file = folder.resolve("secret");
    Files.write(file, new byte[256 * 1024]);
    assertThatCode(() -> policy("hmacSecretFile", file.toString(), "algorithms", "HS256"))
        .doesNotThrowAnyException();
    Files.write(file, new byte[256 * 1024 + 1]);
    assertThatThrownBy(() -> policy("hmacSecretFile", file.toString(), "algorithms", "HS256"))
        .hasMessageContaining("it has more than 262144 bytes");
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "LF, 0", "CR LF, 0", "CR, 1", "x LF, 1", "x CR LF, 1", "x LF LF, 2"})
  @Tag("T15")
  void one_end_of_line_after_a_secret_is_no_part_of_it(String text, int bytes) throws IOException {
    String secret = text.replace(" ", "").replace("CR", "\r").replace("LF", "\n");
    Path file = Files.writeString(folder.resolve("secret"), secret);
    assertThatThrownBy(() -> policy("hmacSecretFile", file.toString(), "algorithms", "HS256"))
        .hasMessageContaining("the secret has " + bytes + " bytes, HS256 needs 32");
  }

  @Test
  void a_key_set_is_found_on_the_class_path_of_the_application() throws IOException {
    TestKey key = TestKey.generate("k", "ES256");
    Files.writeString(folder.resolve("keys.json"), KeyServer.jwks(key.jwk()));
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader application = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Thread.currentThread().setContextClassLoader(application);
      for (String place : List.of("classpath:keys.json", "classpath:/keys.json")) {
        assertThatCode(() -> policy("jwks", place)).doesNotThrowAnyException();
      }
      Thread.currentThread().setContextClassLoader(null);
      assertThatThrownBy(() -> policy("jwks", "classpath:keys.json"))
          .hasMessageContaining("no such resource");
      assertThatThrownBy(() -> policy("jwks", "classpath:/META-INF/web-fragment.xml"))
          .as("found beside the library itself")
          .hasMessageContaining("not one well-formed JSON object");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  @Tag("T90")
  void a_hint_is_given_up_to_a_distance_of_three() {
    List<String> known = List.of("audience", "maxTokenLength", "maxTokenAge");
    assertThat(NearestName.of("audienxyz", known)).hasValue("audience");
    assertThat(NearestName.of("audiewxyz", known)).isEmpty();
    assertThat(NearestName.of("xaudience", known)).hasValue("audience");
    assertThat(NearestName.of("udince", known)).hasValue("audience");
    assertThat(NearestName.of("aud", known)).as("a beginning").hasValue("audience");
    assertThat(NearestName.of("au", known)).as("too short a one").isEmpty();
    assertThat(NearestName.of("MAX-TOKEN_", known)).as("the shorter").hasValue("maxTokenAge");
    assertThat(NearestName.of("", List.of("abc", "abcd"))).hasValue("abc");
    assertThat(NearestName.of("abc", List.of("abcd", "abx")))
        .as("a beginning is as near as one wrong letter")
        .hasValue("abx");
    assertThat(NearestName.of("ABCD", List.of("abc", "abcd")))
        .as("the same but for letter case")
        .hasValue("abcd");
    assertThat(Settings.has("issuer")).isTrue();
    assertThat(Settings.has("isuer")).isFalse();
  }

  @Test
  void every_setting_can_be_made_in_code_and_once_alone() throws Exception {
    for (Method method : methodsOfSettings()) {
      String name = method.getName();
      SallyportFilter.Builder builder = SallyportFilter.builder();
      Object value = value(method);
      assertThat(method.invoke(builder, value)).as(name).isSameAs(builder);
      assertThatThrownBy(() -> method.invoke(builder, value))
          .rootCause()
          .hasMessageContaining(name)
          .hasMessageContaining("has been set before");
    }
  }

  /** All that take one setting each; an issuer among several is made of such. */
  private static List<Method> methodsOfSettings() {
    return Stream.of(SallyportFilter.Builder.class.getMethods())
        .filter(method -> !method.isBridge() && method.getParameterCount() == 1)
        .filter(method -> TokenSettings.class.isAssignableFrom(method.getDeclaringClass()))
        .filter(method -> !method.getName().equals("listener")) // of which there may be several
        .toList();
  }

  private static Object value(Method method) {
    if (method.getName().equals("keySource")) {
      return KeySources.secret(new byte[32], Set.of(JWSAlgorithm.HS256));
    }
    if (method.getName().equals("tokenCheck")) return (TokenCheck) token -> true;
    if (method.getName().equals("replayGuard")) return (ReplayGuard) (proof, until) -> true;
    String example = setting(method.getName()).example();
    Class<?> type = method.getParameterTypes()[0];
    if (type == String[].class) return new String[] {example};
    if (type == int.class) return Integer.parseInt(example);
    return type == boolean.class ? (Object) Boolean.parseBoolean(example) : example;
  }

  @Test
  void a_setting_that_is_given_twice_in_code_is_refused_at_that_call() {
    SallyportFilter.Builder builder = SallyportFilter.builder().issuer("https://id.example.com");
    assertThatThrownBy(() -> builder.issuer("https://other.example.com"))
        .hasMessageContaining("'issuer'")
        .hasMessageContaining("set before");
    assertThatThrownBy(() -> builder.clockSkewSeconds(301)).hasMessageContaining("'301'");
  }

  @Test
  @Tag("T29")
  void null_is_no_value_and_never_the_text_null() {
    SallyportFilter.Builder builder = SallyportFilter.builder();
    String unset = null;
    assertThatThrownBy(() -> builder.issuer(unset)).hasMessageContaining("'issuer' is not set");
    assertThatThrownBy(() -> builder.audience(unset)).hasMessageContaining("'audience' is not set");
    assertThatThrownBy(() -> builder.audience("a", unset)).hasMessageContaining("'audience'");
    assertThatThrownBy(() -> builder.audience((String[]) null)).hasMessageContaining("'audience'");
    assertThatThrownBy(() -> builder.rules(unset)).hasMessageContaining("'rules' is not set");
    assertThatThrownBy(() -> builder.audience()).hasMessageContaining("'audience' is ''");
  }

  @Test
  void the_example_of_a_contradiction_works_beside_the_other_settings() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), LONG_SECRET);
    assertThatThrownBy(() -> policy("hmacSecretFile", file.toString()))
        .hasMessageEndingWith("Example: algorithms = HS256");
    assertThatThrownBy(() -> policy("keyRefreshSeconds", "5000", "maxKeyAgeSeconds", "4000"))
        .hasMessageEndingWith("Example: maxKeyAgeSeconds = 5000");
  }

  @Test
  @Tag("T84")
  void a_secret_out_of_a_file_is_not_shown_in_a_message() throws IOException {
    Path secret = Files.writeString(folder.resolve("s"), "hunter2-hunter2-hunter2");
    String reference = "${file:" + secret + "}";
    for (String name :
        List.of("hmacSecretFile", "issuer", "clockSkewSeconds", "tokenType", "jwks")) {
      assertThatThrownBy(() -> policy(name, reference, "algorithms", "HS256"))
          .as(name)
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void code_and_web_xml_take_the_same_settings() throws Exception {
    List<String> methods = new ArrayList<>();
    for (Method method : methodsOfSettings()) methods.add(method.getName());
    methods.removeAll(List.of("keySource", "tokenCheck", "replayGuard"));
    methods.add("issuers"); // in code issuer(name, …) names them
    assertThat(methods)
        .containsExactlyInAnyOrderElementsOf(Settings.ALL.stream().map(Setting::name).toList());
  }

  @Test
  void references_are_taken_from_the_environment_the_properties_or_a_file() throws IOException {
    Path secret = Files.writeString(folder.resolve("x"), "from-file\n");
    Substitution substitution =
        new Substitution(
            Map.of("HOST", "env.example", "BOTH", "env")::get,
            Map.of("host.prop", "prop.example", "BOTH", "prop")::get);

    assertThat(substitution.apply("https://${HOST}/a")).isEqualTo("https://env.example/a");
    assertThat(substitution.apply("${host.prop}")).isEqualTo("prop.example");
    assertThat(substitution.apply("${BOTH}")).isEqualTo("env");
    assertThat(substitution.apply("${NONE:https://x:1/}")).isEqualTo("https://x:1/");
    assertThat(substitution.apply("${NONE:}")).isEmpty();
    assertThat(substitution.apply("${HOST} ${HOST}")).isEqualTo("env.example env.example");
    assertThat(substitution.apply("${file:" + secret + "}")).isEqualTo("from-file");
    assertThat(substitution.apply("$HOST $ {HOST} }")).isEqualTo("$HOST $ {HOST} }");
    assertThatThrownBy(() -> substitution.apply("${NONE}")).hasMessageContaining("NONE");
  }

  @Test
  void what_is_put_in_is_not_looked_at_again() {
    Substitution substitution = new Substitution(Map.of("A", "${B}", "B", "b")::get, name -> null);
    assertThat(substitution.apply("${A}")).isEqualTo("${B}");
  }

  @Test
  @Tag("T15")
  void a_secret_that_is_shorter_than_the_hash_stops_the_start() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), LONG_SECRET + "\n");
    assertThatCode(() -> policy("hmacSecretFile", file.toString(), "algorithms", "HS256"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> policy("hmacSecretFile", file.toString(), "algorithms", "HS384"))
        .hasMessageContaining("'hmacSecretFile'")
        .hasMessageContaining("32 bytes")
        .hasMessageContaining("48");
    assertThatThrownBy(() -> policy("hmacSecretFile", file.toString()))
        .hasMessageContaining("'algorithms'");
    assertThatThrownBy(() -> policy("hmacSecretFile", file.toString(), "algorithms", "HS256 RS256"))
        .hasMessageContaining("'algorithms'");
  }

  @Test
  @Tag("T15")
  @Tag("T21")
  void a_key_file_without_a_usable_key_stops_the_start() throws IOException {
    TestKey key = TestKey.rsa("k", "RS256", 1024);
    for (String text :
        List.of(
            "",
            "[]",
            "{}",
            "{\"keys\":[]}",
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
            JSONObjectUtils.toJSONString(Map.of("keys", List.of(key.jwk().toJSONObject()))))) {
      Path file = Files.writeString(folder.resolve("keys.json"), text, StandardCharsets.UTF_8);
      assertThatThrownBy(() -> policy("jwks", file.toString()))
          .as(text)
          .hasMessageContaining("'jwks'");
    }
  }

  @Test
  void a_source_in_code_excludes_one_in_the_settings() {
    KeySource none = KeySources.secret(new byte[32], Set.of(JWSAlgorithm.HS256));
    assertThatThrownBy(
            () ->
                SallyportFilter.builder()
                    .issuer("https://id.example.com")
                    .audience("api")
                    .allowedScopes("a")
                    .jwksUri("https://id.example.com/keys")
                    .keySource(none)
                    .build())
        .hasMessageContaining("'jwksUri'")
        .hasMessageContaining("keySource is set too, and the two exclude each other");
  }

  @Test
  void what_looks_like_a_mistake_is_told_of_at_the_start() {
    assertThat(policy().doubts).isEmpty();
    Map<String, String> doubtful =
        Map.of(
            "allowedScopes", "orders:read,orders:write",
            "audience", "https://a.example,https://b.example",
            "scopeClaim", "realm_access.roles",
            "rules", "GET /orders/* orders:read");
    doubtful.forEach(
        (name, value) ->
            assertThat(policy(name, value).doubts)
                .as(name)
                .hasSize(1)
                .first()
                .asString()
                .startsWith(name));
    assertThat(policy("rules", "GET /o/* orders:read\n* /* deny").doubts).isEmpty();
    assertThat(policy("scopeClaim", "https://example.com/scopes").doubts).isEmpty();
    assertThat(policy("scopeClaim", "/realm.access/roles").doubts).isEmpty();
    assertThat(policy("scopeClaim", ".roles").doubts).hasSize(1);
    assertThat(policy("allowedScopes", ",orders").doubts).hasSize(1);
  }

  @Test
  void the_settings_are_shown_as_they_count() throws IOException {
    Path file = Files.writeString(folder.resolve("realm"), "HUNTER-TWO");
    Policy policy = policy("clockSkewSeconds", "10", "realm", "${file:" + file + "}");
    assertThat(policy.effective())
        .extracting(EffectiveSetting::toString)
        .contains(
            "issuer = https://id.example.com",
            "clockSkewSeconds = 10",
            "tokenType = any",
            "realm = ${file:" + file + "}")
        .noneMatch(line -> line.startsWith("jwks") || line.contains("HUNTER"));
    assertThat(policy.effective())
        .filteredOn(EffectiveSetting::isGiven)
        .extracting(EffectiveSetting::name)
        .containsExactly("issuer", "audience", "allowedScopes", "clockSkewSeconds", "realm");
    assertThat(policy.effective()).extracting(EffectiveSetting::value).contains("HUNTER-TWO");
    assertThat(policy().effective())
        .contains(new EffectiveSetting("realm", "id.example.com", "id.example.com", false));
    assertThat(policy("publicPaths", "/*").loosenings()).hasSize(1);
    assertThat(policy("scopeClaim", ".roles").doubts()).hasSize(1);
  }

  @Test
  void those_of_several_issuers_stand_under_their_names() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("issuers", "corp");
    settings.put("audience", "api");
    settings.put("corp.issuer", "https://id.example.com");
    settings.put("corp.allowedScopes", "a");
    assertThat(Policy.of(settings).effective())
        .extracting(EffectiveSetting::toString)
        .contains("issuers = corp", "realm = id.example.com", "corp.audience = api")
        .contains("corp.issuer = https://id.example.com", "corp.tokenType = any")
        .doesNotContain("audience = api", "tokenType = any");
  }

  @Test
  void what_a_filter_has_not_is_taken_from_the_context_params() {
    Map<String, String> base = new LinkedHashMap<>();
    good().forEach((name, value) -> base.put("sallyport." + name, value));
    base.put("sallyport.realm", "base");
    base.put("unrelated", "x");
    Policy policy = Policy.of(Map.of("realm", "own"), base, Clock.systemUTC());
    assertThat(policy.realm).isEqualTo("own");
    assertThat(policy.issuers).hasSize(1);
    assertThatThrownBy(() -> Policy.of(good(), Map.of("sallyport.relam", "x"), Clock.systemUTC()))
        .hasMessageContaining("'sallyport.relam'. Did you mean 'sallyport.realm'?");
  }

  @Test
  @Tag("T84")
  void what_a_file_holds_is_not_quoted_item_by_item_either() throws IOException {
    Path file = Files.writeString(folder.resolve("s"), "HUNTER-TWO deny deny");
    String reference = "${file:" + file + "}";
    for (String name :
        List.of("algorithms", "requiredScopes", "scopeImplies", "rules", "publicPaths")) {
      assertThatThrownBy(() -> policy(name, reference)).as(name).hasMessageNotContaining("HUNTER");
    }
  }

  @Test
  @Tag("T91")
  void the_defaults_loosen_nothing_and_every_loosening_is_told() {
    assertThat(policy().loosenings).isEmpty();
    Map<String, String> loose =
        Map.ofEntries(
            Map.entry("allowHttp", "true"),
            Map.entry("diagnostics", "verbose"),
            Map.entry("publicPathTokens", "ignore"),
            Map.entry("corsPreflight", "pass"),
            Map.entry("audienceClaim", "client_id"),
            Map.entry("clockSkewSeconds", "31"),
            Map.entry("requiredClaims", "jti"),
            Map.entry("maxTokenLength", "20000"),
            Map.entry("keyRefreshSeconds", "301"),
            Map.entry("maxKeyAgeSeconds", "3601"),
            Map.entry("dpopMaxAgeSeconds", "61"),
            Map.entry("forbiddenScopes", "none"),
            Map.entry("allowedScopes", "docker:run"),
            Map.entry("publicPaths", "/*"));
    assertThat(policy("forbiddenScopes", "none host").loosenings).hasSize(1);
    loose.forEach(
        (name, value) ->
            assertThat(policy(name, value).loosenings)
                .as(name)
                .hasSize(1)
                .first()
                .asString()
                .startsWith(name));
  }
}
