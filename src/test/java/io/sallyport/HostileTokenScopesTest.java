package io.sallyport;

import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.admitted;
import static io.sallyport.Trial.gate;
import static io.sallyport.Trial.good;
import static io.sallyport.Trial.refused;
import static io.sallyport.Trial.withClaim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.testkit.TestToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scopes of a signed token (THREATS 35 to 37, DESIGN 2.4): every other claim is good. */
final class HostileTokenScopesTest {
  /**
   * A row that says what a handler gets to see.
   *
   * @param scopes what {@code scopes()} holds; null for a refused token
   */
  private record Seen(Trial trial, Set<String> scopes) {
    @Override
    public String toString() {
      return trial.name();
    }

    void check() {
      trial.check();
      if (scopes == null) return;
      Decision decision = trial.gate().verify(trial.token());
      assertThat(((Decision.Admitted) decision).token().scopes()).isEqualTo(scopes);
    }
  }

  private static Seen seen(String json, String... scopes) {
    return new Seen(admitted("scope " + json, withClaim("scope", json)), Set.of(scopes));
  }

  private static Seen no(Reason reason, String json) {
    return new Seen(refused(reason, "scope " + json, withClaim("scope", json)), null);
  }

  private static Seen at(TokenVerifier gate, String what, Seen row) {
    Trial trial = row.trial();
    return new Seen(
        new Trial(what + ": " + trial.name(), gate, trial.token(), trial.reason()), row.scopes());
  }

  // ---- scopes that come again

  /** More texts than a gate remembers, each like the one before it. */
  @Test
  void what_was_decided_of_scopes_before_is_decided_of_them_again_and_of_no_others() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 20; i++) {
        seen("\"orders:read x" + i + "\"", "orders:read").check();
        seen("\"x" + i + " orders:write\"", "orders:write").check();
        no(Reason.SCOPE_MISSING, "\"orders x" + i + "\"").check();
        no(Reason.SCOPE_TOO_BROAD, "\"orders:read x" + i + "*\"").check();
        no(Reason.SCOPE_FORBIDDEN, "\"orders:read x" + i + " root\"").check();
        seen("[\"orders:read x" + i + "\",\"orders:write\"]", "orders:write").check();
      }
    }
  }

  // ---- the claim itself

  static Stream<Seen> texts() {
    return Stream.of(
        seen("\"orders:read\"", "orders:read"),
        seen("\"orders:read orders:write\"", "orders:read", "orders:write"),
        seen("\"orders:write orders:read orders:read\"", "orders:read", "orders:write"),
        seen("\"  orders:read   orders:write  \"", "orders:read", "orders:write"),
        seen("\"openid orders:read email\"", "orders:read"),
        seen("\"orders\\u003aread\"", "orders:read"),
        no(Reason.SCOPE_EMPTY, "\"\""),
        no(Reason.SCOPE_EMPTY, "\" \""),
        no(Reason.SCOPE_EMPTY, "\"     \""),
        no(Reason.SCOPE_MISSING, "\"openid\""),
        no(Reason.SCOPE_MISSING, "\"\\t\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\torders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\norders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\r\\norders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\u00a0orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\u00a0orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\u2003orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\u3000orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\u000borders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\u0000orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read,orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read;orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read+orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read%20orders:write\""),
        no(Reason.SCOPE_MISSING, "\"orders:read\\u200b\""),
        no(Reason.SCOPE_MISSING, "\"\\ufefforders:read\""),
        no(Reason.SCOPE_MISSING, "\"Orders:read\""),
        no(Reason.SCOPE_MISSING, "\"ORDERS:READ\""),
        no(Reason.SCOPE_MISSING, "\"orders:rea\""),
        no(Reason.SCOPE_MISSING, "\"orders:reads\""),
        no(Reason.SCOPE_MISSING, "\"orders\""),
        no(Reason.SCOPE_MISSING, "\"orders:\""),
        no(Reason.SCOPE_MISSING, "\"orders.read\""),
        no(Reason.SCOPE_MISSING, "\"orders\\uff1aread\""),
        no(Reason.SCOPE_MISSING, "\"\u043erders:read\""),
        no(Reason.SCOPE_MISSING, "\"\\\"orders:read\\\"\""),
        no(Reason.SCOPE_MISSING, "\"[\\\"orders:read\\\"]\""),
        seen("\"openid\\torders:write orders:read\"", "orders:read"));
  }

  static Stream<Seen> arrays() {
    return Stream.of(
        seen("[\"orders:read\"]", "orders:read"),
        seen("[\"orders:read\",\"orders:write\",\"openid\"]", "orders:read", "orders:write"),
        seen("[\"orders:read\",\"orders:read\"]", "orders:read"),
        seen("[\"\",\"orders:read\"]", "orders:read"),
        no(Reason.SCOPE_EMPTY, "[]"),
        no(Reason.SCOPE_EMPTY, "[\"\"]"),
        no(Reason.SCOPE_EMPTY, "[\"\",\"\"]"),
        no(Reason.SCOPE_MISSING, "[\"openid\"]"),
        no(Reason.SCOPE_MISSING, "[\"orders:read orders:write\"]"),
        no(Reason.SCOPE_MISSING, "[\" orders:read\"]"),
        no(Reason.SCOPE_MISSING, "[\"orders:read \"]"),
        no(Reason.SCOPE_MISSING, "[\"Orders:read\"]"),
        no(Reason.CLAIM_ILL_TYPED, "[null]"),
        no(Reason.CLAIM_ILL_TYPED, "[\"orders:read\",null]"),
        no(Reason.CLAIM_ILL_TYPED, "[null,\"orders:read\"]"),
        no(Reason.CLAIM_ILL_TYPED, "[\"orders:read\",5]"),
        no(Reason.CLAIM_ILL_TYPED, "[\"orders:read\",true]"),
        no(Reason.CLAIM_ILL_TYPED, "[\"orders:read\",1.5]"),
        no(Reason.CLAIM_ILL_TYPED, "[\"orders:read\",[]]"),
        no(Reason.CLAIM_ILL_TYPED, "[[\"orders:read\"]]"),
        no(Reason.CLAIM_ILL_TYPED, "[\"orders:read\",[\"orders:write\"]]"),
        no(Reason.CLAIM_ILL_TYPED, "[\"orders:read\",{}]"),
        no(Reason.CLAIM_ILL_TYPED, "[{\"name\":\"orders:read\"}]"));
  }

  static Stream<Seen> otherTypes() {
    return Stream.of(
            "null",
            "5",
            "0",
            "-1",
            "1.5",
            "true",
            "false",
            "{}",
            "{\"orders:read\":true}",
            "{\"0\":\"orders:read\"}")
        .map(json -> no(Reason.CLAIM_ILL_TYPED, json));
  }

  @Tag("T35")
  @Tag("T36")
  @Tag("T37")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource({"texts", "arrays", "otherTypes"})
  void scopes_are_a_text_split_at_blanks_or_an_array_of_texts(Seen row) {
    row.check();
  }

  static Stream<Seen> places() {
    TestToken bare = good().without("scope");
    TokenVerifier reversed = gate(RSA.jwk()).scopeClaim("scp", "scope").build();
    TokenVerifier roles = gate(RSA.jwk()).scopeClaim("/realm_access/roles", "scope").build();
    return Stream.of(
        seenIn("scp alone", bare.claim("scp", "orders:read"), "orders:read"),
        seenIn("scp alone, an array", bare.claim("scp", List.of("orders:read")), "orders:read"),
        seenIn("scope and scp", good().claim("scp", "orders:write"), "orders:read"),
        refusedIn(Reason.SCOPE_EMPTY, "neither", bare),
        refusedIn(
            Reason.SCOPE_EMPTY,
            "scope empty, scp good",
            good().claim("scope", "").claim("scp", "orders:read")),
        refusedIn(
            Reason.SCOPE_EMPTY,
            "scope an empty array, scp good",
            good().claim("scope", List.of()).claim("scp", "orders:read")),
        refusedIn(
            Reason.CLAIM_ILL_TYPED,
            "scope null, scp good",
            good().claim("scope", null).claim("scp", "orders:read")),
        refusedIn(
            Reason.CLAIM_ILL_TYPED,
            "scope a number, scp good",
            good().claim("scope", 5).claim("scp", "orders:read")),
        refusedIn(
            Reason.SCOPE_MISSING,
            "scope unlisted, scp good",
            good().claim("scope", "openid").claim("scp", "orders:read")),
        refusedIn(
            Reason.SCOPE_EMPTY,
            "other names",
            bare.claim("Scope", "orders:read")
                .claim("scopes", "orders:read")
                .claim("roles", "orders:read")),
        seenIn("scope good, scp with a wildcard", good().claim("scp", "*"), "orders:read"),
        at(
            reversed,
            "scp first",
            seenIn("scope and scp", good().claim("scp", "orders:write"), "orders:write")),
        at(reversed, "scp first", seenIn("scope alone", good(), "orders:read")),
        at(
            reversed,
            "scp first",
            refusedIn(Reason.CLAIM_ILL_TYPED, "scp null", good().claim("scp", null))),
        at(
            roles,
            "roles first",
            seenIn(
                "roles and scope",
                good().claim("realm_access", Map.of("roles", List.of("orders:write"))),
                "orders:write")),
        at(
            roles,
            "roles first",
            seenIn(
                "realm_access without roles",
                good().claim("realm_access", Map.of("x", 1)),
                "orders:read")),
        at(
            roles,
            "roles first",
            refusedIn(
                Reason.SCOPE_EMPTY,
                "roles empty",
                good().claim("realm_access", Map.of("roles", List.of())))),
        at(
            roles,
            "roles first",
            refusedIn(
                Reason.CLAIM_ILL_TYPED,
                "roles null",
                good().claim("realm_access", java.util.Collections.singletonMap("roles", null)))),
        at(
            roles,
            "roles first",
            refusedIn(
                Reason.CLAIM_ILL_TYPED,
                "roles an object",
                good().claim("realm_access", Map.of("roles", Map.of("a", 1))))));
  }

  private static Seen seenIn(String name, TestToken token, String... scopes) {
    return new Seen(admitted(name, token.mintedBy(RSA)), Set.of(scopes));
  }

  private static Seen refusedIn(Reason reason, String name, TestToken token) {
    return new Seen(refused(reason, name, token.mintedBy(RSA)), null);
  }

  @Tag("T35")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("places")
  void the_first_configured_claim_that_is_present_counts_alone(Seen row) {
    row.check();
  }

  @Test
  void the_operator_is_told_which_claims_were_looked_at_for_scopes() {
    TokenVerifier gate = gate(RSA.jwk()).scopeClaim("roles", "/a/b").build();
    Decision decision = gate.verify(good().without("scope").mintedBy(RSA));
    assertThat(((Decision.Refused) decision).refusal().detail())
        .startsWith("none of the claims [roles, /a/b] has a scope");
  }

  static Stream<Seen> pointers() {
    String array = "[\"orders:read\"]";
    return Stream.of(
        pointer("/realm_access/roles", "realm_access", "{\"roles\":" + array + "}", true),
        pointer(
            "/resource_access/api/roles",
            "resource_access",
            "{\"api\":{\"roles\":" + array + "}}",
            true),
        pointer(
            "/resource_access/api/roles",
            "resource_access",
            "{\"other\":{\"roles\":" + array + "}}",
            false),
        pointer("/scp", "scp", "\"orders:read\"", true),
        pointer("/https:~1~1example.com~1roles", "https://example.com/roles", array, true),
        pointer("/a~0b", "a~b", array, true),
        pointer("/a~01b", "a~1b", array, true),
        pointer("/a~01b", "a/b", array, false),
        pointer("/a~1b", "a/b", array, true),
        pointer("/a~1b", "a", "{\"b\":" + array + "}", false),
        pointer("/a/b", "a/b", array, false),
        pointer("/", "", array, true),
        pointer("/a/", "a", "{\"\":" + array + "}", true),
        pointer("/a//b", "a", "{\"\":{\"b\":" + array + "}}", true),
        pointer("/grants/0", "grants", "[\"orders:read\",\"orders:write\"]", true),
        pointer("/grants/1/roles", "grants", "[{},{\"roles\":" + array + "}]", true),
        pointer("/grants/10", "grants", "[0,1,2,3,4,5,6,7,8,9,\"orders:read\"]", true),
        pointer("/grants/2", "grants", "[\"orders:read\",\"orders:read\"]", false),
        pointer("/grants/-", "grants", "[\"orders:read\"]", false),
        pointer("/grants/-1", "grants", "[\"orders:read\"]", false),
        pointer("/grants/00", "grants", "[\"orders:read\"]", false),
        pointer("/grants/01", "grants", "[\"x\",\"orders:read\"]", false),
        pointer("/grants/+0", "grants", "[\"orders:read\"]", false),
        pointer("/grants/0.0", "grants", "[\"orders:read\"]", false),
        pointer("/grants/4294967296", "grants", "[\"orders:read\"]", false),
        pointer("/grants/length", "grants", "[\"orders:read\"]", false),
        pointer("/grants/0", "grants", "{\"0\":\"orders:read\"}", true),
        pointer("/a/b", "a", "\"b\"", false),
        pointer("/a/0", "a", "\"orders:read\"", false),
        pointer("/a/b", "a", "null", false),
        pointer("/a/b", "a", "5", false),
        pointer("/A/B", "a", "{\"b\":" + array + "}", false),
        pointer("a.b", "a", "{\"b\":" + array + "}", false),
        pointer("a.b", "a.b", array, true),
        pointer("https://example.com/roles", "https://example.com/roles", array, true));
  }

  private static Seen pointer(String place, String claim, String json, boolean found) {
    TokenVerifier gate = gate(RSA.jwk()).scopeClaim(place).build();
    String name = place + " in " + claim + " " + json;
    String rest = good().without("scope").claimsJson();
    String token = Trial.claims("{\"" + claim + "\":" + json + "," + rest.substring(1));
    return found
        ? new Seen(admitted(name, token).at(gate), Set.of("orders:read"))
        : new Seen(refused(Reason.SCOPE_EMPTY, name, token).at(gate), null);
  }

  @Tag("T35")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("pointers")
  void a_name_with_a_slash_before_it_is_a_JSON_pointer(Seen row) {
    row.check();
  }

  // ---- too broad, and reaching for the host

  static Stream<Seen> wildcards() {
    return Stream.of(
            "\"*\"",
            "\"orders:read *\"",
            "\"* orders:read\"",
            "\"orders:read orders:*\"",
            "\"orders:read *:read\"",
            "\"orders:read or*ders\"",
            "\"orders:read **\"",
            "\"orders:read a*b*c\"",
            "\"orders:read openid*\"",
            "\"orders:read \\u002a\"",
            "\"orders:read x\\t*\"",
            "[\"orders:read\",\"*\"]",
            "[\"orders:read\",\" * \"]",
            "[\"*\"]",
            "[\"\",\"*\"]")
        .map(json -> no(Reason.SCOPE_TOO_BROAD, json));
  }

  static Stream<Seen> otherStars() {
    return Stream.of(
        seen("\"orders:read \uff0a\"", "orders:read"),
        seen("\"orders:read \\u2217\"", "orders:read"),
        seen("\"orders:read %2a\"", "orders:read"),
        seen("\"orders:read ?\"", "orders:read"),
        seen("\"orders:read .+\"", "orders:read"));
  }

  static Stream<Seen> hostLevel() {
    List<Seen> rows = new ArrayList<>();
    for (String scope :
        List.of(
            "host",
            "host:",
            "host:exec",
            "host:a:b",
            "docker",
            "docker:",
            "docker:run",
            "docker.sock",
            "docker-socket",
            "dockerd",
            "docker/exec",
            "containerd",
            "containerd:",
            "containerd:exec",
            "containerd.sock",
            "containerd-shim",
            "kubernetes:",
            "kubernetes:admin",
            "k8s:",
            "k8s:pods:exec",
            "node:",
            "node:shell",
            "runtime:",
            "runtime:socket",
            "container:exec",
            "container:create",
            "container:privileged",
            "container:admin",
            "privileged",
            "root",
            "cluster-admin",
            "system:masters")) {
      rows.add(no(Reason.SCOPE_FORBIDDEN, "\"orders:read " + scope + "\""));
      rows.add(no(Reason.SCOPE_FORBIDDEN, "[\"" + scope + "\",\"orders:read\"]"));
      rows.add(no(Reason.SCOPE_FORBIDDEN, "\"" + scope + "\""));
    }
    rows.add(no(Reason.SCOPE_FORBIDDEN, "\"orders:read d\\u006fcker\""));
    return rows.stream();
  }

  /** Like a host-level scope, and none: unlisted, and so only invisible. */
  static Stream<Seen> near() {
    return Stream.of(
            "hosts",
            "hostile",
            "ghost",
            "HOST",
            "Host:exec",
            "my:host",
            "Docker",
            "DOCKER:run",
            "mydocker",
            "container",
            "container:",
            "container:read",
            "container:executor",
            "container:exec:x",
            "kubernetes",
            "k8s",
            "node",
            "nodes:read",
            "runtime",
            "Root",
            "rooted",
            "root:x",
            "privileged:x",
            "cluster-admins",
            "system:master",
            "system:masters:x",
            "xdocker:run")
        .map(scope -> seen("\"orders:read " + scope + "\"", "orders:read"));
  }

  @Tag("T37")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource({"wildcards", "otherStars"})
  void a_scope_with_a_star_anywhere_is_too_broad(Seen row) {
    row.check();
  }

  @Tag("T37")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource({"hostLevel", "near"})
  void a_host_level_scope_refuses_the_token_whatever_else_it_has(Seen row) {
    row.check();
  }

  static Stream<Seen> forbidden() {
    TokenVerifier named = gateAllowing("orders:read", "docker:run").build();
    TokenVerifier more = gate(RSA.jwk()).forbiddenScopes("billing:*", "payroll").build();
    TokenVerifier none = gate(RSA.jwk()).forbiddenScopes("none").build();
    TokenVerifier instead = gate(RSA.jwk()).forbiddenScopes("none", "billing:*").build();
    return Stream.of(
        at(
            named,
            "docker:run allowed",
            seen("\"docker:run orders:read\"", "docker:run", "orders:read")),
        at(named, "docker:run allowed", seen("\"docker:run\"", "docker:run")),
        at(named, "docker:run allowed", no(Reason.SCOPE_FORBIDDEN, "\"docker:runs\"")),
        at(named, "docker:run allowed", no(Reason.SCOPE_FORBIDDEN, "\"docker:run docker\"")),
        at(named, "docker:run allowed", no(Reason.SCOPE_FORBIDDEN, "\"orders:read docker:rm\"")),
        at(named, "docker:run allowed", no(Reason.SCOPE_FORBIDDEN, "\"docker:run host\"")),
        at(named, "docker:run allowed", no(Reason.SCOPE_TOO_BROAD, "\"docker:run *\"")),
        at(more, "billing:* payroll", no(Reason.SCOPE_FORBIDDEN, "\"orders:read billing:\"")),
        at(more, "billing:* payroll", no(Reason.SCOPE_FORBIDDEN, "\"orders:read billing:read\"")),
        at(more, "billing:* payroll", no(Reason.SCOPE_FORBIDDEN, "\"orders:read payroll\"")),
        at(more, "billing:* payroll", no(Reason.SCOPE_FORBIDDEN, "\"orders:read docker\"")),
        at(more, "billing:* payroll", no(Reason.SCOPE_FORBIDDEN, "\"orders:read system:masters\"")),
        at(more, "billing:* payroll", seen("\"orders:read billing\"", "orders:read")),
        at(more, "billing:* payroll", seen("\"orders:read payrolls\"", "orders:read")),
        at(more, "billing:* payroll", seen("\"orders:read Billing:read\"", "orders:read")),
        at(none, "none", seen("\"orders:read docker host:exec root\"", "orders:read")),
        at(none, "none", no(Reason.SCOPE_MISSING, "\"docker\"")),
        at(none, "none", no(Reason.SCOPE_TOO_BROAD, "\"orders:read *\"")),
        at(instead, "none billing:*", seen("\"orders:read docker\"", "orders:read")),
        at(instead, "none billing:*", no(Reason.SCOPE_FORBIDDEN, "\"orders:read billing:x\"")));
  }

  private static TokenVerifier.Builder gateAllowing(String... scopes) {
    return Trial.settings().allowedScopes(scopes).keySource(Trial.fixed(RSA.jwk()));
  }

  @Tag("T37")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("forbidden")
  void forbidden_scopes_are_added_to_or_cleared_and_an_allowed_one_passes(Seen row) {
    row.check();
  }

  // ---- required, unlisted and implied scopes

  @Test
  @Tag("T37")
  void forbidden_are_exact_names_and_beginnings_and_the_host_level_ones_unless_none_comes_first() {
    ForbiddenScopes more = ForbiddenScopes.of(List.of("billing:*", "payroll"));
    assertThat(Stream.of("billing:", "billing:x", "payroll", "docker", "root"))
        .allMatch(more::contains);
    assertThat(Stream.of("billing", "payrolls", "Payroll", "roots")).noneMatch(more::contains);
    assertThat(more.coversHost()).isTrue();
    ForbiddenScopes instead = ForbiddenScopes.of(List.of("none", "payroll"));
    assertThat(instead.contains("payroll")).isTrue();
    assertThat(Stream.of("none", "docker", "root")).noneMatch(instead::contains);
    assertThat(instead.coversHost()).isFalse();
    assertThatThrownBy(() -> ForbiddenScopes.of(List.of("payroll", "none")))
        .hasMessage("the word none stands first or not at all");
  }

  static Stream<Seen> unlisted() {
    TokenVerifier reject = gate(RSA.jwk()).unlistedScopes("reject").build();
    TokenVerifier implying =
        gate(RSA.jwk()).unlistedScopes("reject").scopeImplies("admin>orders:read").build();
    return Stream.of(
        at(reject, "reject", seen("\"orders:read orders:write\"", "orders:read", "orders:write")),
        at(reject, "reject", no(Reason.SCOPE_UNLISTED, "\"orders:read openid\"")),
        at(reject, "reject", no(Reason.SCOPE_UNLISTED, "\"openid\"")),
        at(reject, "reject", no(Reason.SCOPE_UNLISTED, "\"orders:read Orders:read\"")),
        at(
            reject,
            "reject",
            no(Reason.SCOPE_UNLISTED, "\"orders:read\\torders:write orders:read\"")),
        at(reject, "reject", no(Reason.SCOPE_UNLISTED, "[\"orders:read\",\"orders:write \"]")),
        at(reject, "reject", no(Reason.SCOPE_TOO_BROAD, "\"orders:read *\"")),
        at(reject, "reject", no(Reason.SCOPE_FORBIDDEN, "\"orders:read docker\"")),
        at(reject, "reject", no(Reason.SCOPE_EMPTY, "\"\"")),
        at(reject, "reject", seen("[\"\",\"orders:read\"]", "orders:read")),
        at(implying, "reject, implying", seen("\"admin\"", "orders:read")),
        at(implying, "reject, implying", no(Reason.SCOPE_UNLISTED, "\"admin openid\"")));
  }

  @Tag("T36")
  @Tag("T37")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("unlisted")
  void unlisted_scopes_refuse_the_token_where_that_is_set(Seen row) {
    row.check();
  }

  static Stream<Seen> implied() {
    TokenVerifier chain = implying("a", "b", "c", "d").scopeImplies("a>b", "b>c", "c>d").build();
    TokenVerifier cycle = implying("a", "b", "c").scopeImplies("a>b", "b>c", "c>a").build();
    TokenVerifier self = implying("a", "b").scopeImplies("a>a").build();
    TokenVerifier gap = implying("a", "c").scopeImplies("a>b", "b>c").build();
    TokenVerifier outside =
        implying("read", "write").scopeImplies("admin>read", "admin>write").build();
    TokenVerifier required =
        implying("read", "write").scopeImplies("write>read").requiredScopes("read").build();
    TokenVerifier host = implying("read").scopeImplies("root>read").build();
    TokenVerifier toHost = implying("read").scopeImplies("read>docker:run").build();
    return Stream.of(
        at(chain, "a>b>c>d", seen("\"a\"", "a", "b", "c", "d")),
        at(chain, "a>b>c>d", seen("\"c\"", "c", "d")),
        at(chain, "a>b>c>d", seen("\"d\"", "d")),
        at(chain, "a>b>c>d", no(Reason.SCOPE_MISSING, "\"A\"")),
        at(chain, "a>b>c>d", no(Reason.SCOPE_TOO_BROAD, "\"a *\"")),
        at(cycle, "a>b>c>a", seen("\"a\"", "a", "b", "c")),
        at(cycle, "a>b>c>a", seen("\"c\"", "a", "b", "c")),
        at(self, "a>a", seen("\"a\"", "a")),
        at(self, "a>a", seen("\"b\"", "b")),
        at(gap, "a>b>c, b not allowed", seen("\"a\"", "a", "c")),
        at(gap, "a>b>c, b not allowed", seen("\"b\"", "c")),
        at(outside, "admin not allowed", seen("\"admin\"", "read", "write")),
        at(outside, "admin not allowed", no(Reason.SCOPE_MISSING, "\"administrator\"")),
        at(outside, "admin not allowed", no(Reason.SCOPE_MISSING, "\"Admin\"")),
        at(required, "write>read required", seen("\"write\"", "read", "write")),
        at(required, "write>read required", seen("\"read\"", "read")),
        at(host, "root>read", no(Reason.SCOPE_FORBIDDEN, "\"root\"")),
        at(host, "root>read", no(Reason.SCOPE_FORBIDDEN, "\"read root\"")),
        at(toHost, "read>docker:run", seen("\"read\"", "read")));
  }

  private static TokenVerifier.Builder implying(String... allowed) {
    return gateAllowing(allowed);
  }

  @Tag("T36")
  @Tag("T37")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("implied")
  void implied_scopes_count_as_held_along_chains_and_around_cycles(Seen row) {
    row.check();
  }

  @Test
  void one_scope_may_imply_several() {
    TokenVerifier gate =
        gate(RSA.jwk()).scopeImplies("all>orders:read", "all>orders:write").build();
    Trial trial = admitted("all", withClaim("scope", "\"all\"")).at(gate);
    new Seen(trial, Set.of("orders:read", "orders:write")).check();
  }

  static Stream<Seen> required() {
    TokenVerifier both = gate(RSA.jwk()).requiredScopes("orders:read", "orders:write").build();
    TokenVerifier one = gate(RSA.jwk()).requiredScopes("orders:write").build();
    return Stream.of(
        at(
            both,
            "both required",
            seen("\"orders:write orders:read x\"", "orders:read", "orders:write")),
        at(both, "both required", no(Reason.SCOPE_MISSING, "\"orders:read\"")),
        at(both, "both required", no(Reason.SCOPE_MISSING, "\"orders:write\"")),
        at(both, "both required", no(Reason.SCOPE_MISSING, "\"openid\"")),
        at(both, "both required", no(Reason.SCOPE_EMPTY, "\"\"")),
        at(one, "one required", seen("\"orders:write\"", "orders:write")),
        at(one, "one required", no(Reason.SCOPE_MISSING, "\"orders:read\"")),
        at(one, "one required", no(Reason.SCOPE_MISSING, "\"orders:Write\"")),
        at(one, "one required", no(Reason.SCOPE_MISSING, "\"orders:writer\"")));
  }

  @Tag("T37")
  @Tag("T84")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("required")
  void every_required_scope_is_there(Seen row) {
    row.check();
  }

  // ---- many, and settings that make no sense

  @Test
  @Tag("T36")
  @Tag("slow")
  void two_thousand_scopes_cost_under_a_millisecond() {
    TokenVerifier gate = gate(RSA.jwk()).tokenCacheSize(0).build();
    String many =
        IntStream.range(1_000, 3_000).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    String few = withClaim("scope", "\"orders:read\"");
    String token = withClaim("scope", "\"" + many + " orders:read\"");
    new Seen(admitted("2,000 scopes", token).at(gate), Set.of("orders:read")).check();
    for (int i = 0; i < 300; i++) gate.verify(token);
    assertThat(fastest(gate, token) - fastest(gate, few)).isLessThan(1_000_000);
  }

  private static long fastest(TokenVerifier gate, String token) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      long start = System.nanoTime();
      gate.verify(token);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  @Test
  @Tag("T37")
  void a_broad_or_contradictory_scope_setting_stops_the_start() {
    assertThatThrownBy(() -> Trial.settings().allowedScopes("orders:*"))
        .hasMessageContaining("allowedScopes");
    assertThatThrownBy(() -> Trial.settings().allowedScopes("*"))
        .hasMessageContaining("allowedScopes");
    assertThatThrownBy(() -> Trial.settings().requiredScopes("*"))
        .hasMessageContaining("requiredScopes");
    assertThatThrownBy(() -> Trial.settings().forbiddenScopes("*"))
        .hasMessageContaining("forbiddenScopes");
    assertThatThrownBy(() -> Trial.settings().scopeImplies("a>*"))
        .hasMessageContaining("scopeImplies");
    assertThatThrownBy(() -> Trial.settings().scopeImplies("a>b>c"))
        .hasMessageContaining("scopeImplies");
    assertThatThrownBy(() -> Trial.settings().unlistedScopes("Reject"))
        .hasMessageContaining("unlistedScopes");
    assertThatThrownBy(() -> Trial.settings().scopeClaim("/a~2b"))
        .hasMessageContaining("scopeClaim");
    assertThatThrownBy(() -> gate(RSA.jwk()).requiredScopes("payroll").build())
        .hasMessageContaining("requiredScopes");
    assertThatThrownBy(() -> gate(RSA.jwk()).forbiddenScopes("billing:*", "none").build())
        .hasMessageContaining("forbiddenScopes");
    assertThatThrownBy(() -> gate(RSA.jwk()).forbiddenScopes("orders:read").build())
        .hasMessageContaining("forbiddenScopes");
  }
}
