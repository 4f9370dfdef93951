package io.sallyport;

import static io.sallyport.Trial.AUDIENCE;
import static io.sallyport.Trial.ISSUER;
import static io.sallyport.Trial.NOW;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.gate;
import static io.sallyport.Trial.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.testkit.TestToken;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a handler gets to see of an admitted token, and that it can do nothing to it. */
final class NarrowedClaimsTest {
  /** A claim of every shape, nested in every other. */
  private static final String RICH =
      """
      {"iss":"%s","sub":"ann","aud":["%s","other"],"scope":"orders:read openid","client_id":"web",
       "jti":"f3b1","iat":%d,"nbf":%d,"exp":%d,"text":"t","yes":true,"no":false,"nothing":null,
       "whole":42,"big":4294967297,"huge":123456789012345678901234567890,"broken":1.5,
       "list":["a",1,null,["b",["c"]],{"d":["e"]}],
       "object":{"a":{"b":{"c":["d",{"e":1}]}},"empty":{},"none":[]},"emptyList":[],"emptyObject":{}}
      """
          .formatted(ISSUER, AUDIENCE, t(0), t(0), t(300));

  private static long t(int seconds) {
    return NOW.getEpochSecond() + seconds;
  }

  private static VerifiedToken admitted(TokenVerifier gate, String token) {
    Decision decision = gate.verify(token);
    assertThat(decision).isInstanceOf(Decision.Admitted.class);
    return ((Decision.Admitted) decision).token();
  }

  private static VerifiedToken admitted(TokenVerifier gate, TestToken token) {
    return admitted(gate, token.mintedBy(RSA));
  }

  private static VerifiedToken rich() {
    return admitted(Trial.GATE, Trial.claims(RICH));
  }

  // ---- immutable at every depth

  /** Everything that is a collection, at every depth, with the way to it. */
  static Stream<Arguments> collections() {
    VerifiedToken token = rich();
    TokenVerifier narrowing =
        gate(RSA.jwk())
            .scopeClaim("/grants/0/scopes", "scope")
            .exposedClaims("sub", "grants", "scope")
            .build();
    VerifiedToken narrowed =
        admitted(
            narrowing,
            good()
                .claim(
                    "grants",
                    List.of(
                        Map.of(
                            "scopes", List.of("orders:read", "x"), "more", Map.of("a", List.of(1))),
                        List.of("y"))));
    VerifiedToken bare = admitted(gate(RSA.jwk()).exposedClaims("absent").build(), good());
    List<Arguments> all = new ArrayList<>();
    add(all, "claims", token.claims());
    add(all, "scopes", token.scopes());
    add(all, "audience", token.audience());
    add(all, "narrowed claims", narrowed.claims());
    add(all, "narrowed scopes", narrowed.scopes());
    add(all, "audience of one text", narrowed.audience());
    add(all, "no exposed claim", bare.claims());
    add(all, "claim(List)", token.claim("list", List.class).orElseThrow());
    add(all, "claim(Map)", token.claim("object", Map.class).orElseThrow());
    return all.stream();
  }

  private static void add(List<Arguments> all, String way, Object value) {
    if (value instanceof Map<?, ?> map) {
      all.add(Arguments.of(Named.of(way, map)));
      add(all, way + ".keySet()", map.keySet());
      add(all, way + ".values()", map.values());
      add(all, way + ".entrySet()", map.entrySet());
      map.forEach((name, member) -> add(all, way + "/" + name, member));
    } else if (value instanceof Collection<?> elements) {
      all.add(Arguments.of(Named.of(way, elements)));
      int i = 0;
      for (Object element : elements) {
        if (!(element instanceof Map.Entry)) add(all, way + "/" + i++, element);
      }
    }
  }

  @Tag("T38")
  @ParameterizedTest
  @MethodSource("collections")
  void every_mutator_of_every_collection_throws_and_changes_nothing(Object collection) {
    String before = collection.toString();
    for (Runnable mutator : mutators(collection)) {
      assertThatThrownBy(mutator::run).isInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(collection).hasToString(before);
  }

  @SuppressWarnings("unchecked")
  private static List<Runnable> mutators(Object collection) {
    if (collection instanceof Map<?, ?> map) return mutatorsOf((Map<Object, Object>) map);
    List<Runnable> mutators = mutatorsOf((Collection<Object>) collection);
    if (collection instanceof List<?> list) mutators.addAll(mutatorsOf((List<Object>) list));
    return mutators;
  }

  private static List<Runnable> mutatorsOf(Map<Object, Object> map) {
    List<Runnable> mutators = new ArrayList<>();
    mutators.add(() -> map.put("sub", "root"));
    mutators.add(() -> map.putIfAbsent("new", "x"));
    mutators.add(() -> map.putAll(Map.of("sub", "root")));
    mutators.add(() -> map.remove("sub"));
    mutators.add(() -> map.remove("sub", "ann"));
    mutators.add(() -> map.replace("sub", "root"));
    mutators.add(() -> map.replace("sub", "ann", "root"));
    mutators.add(() -> map.replaceAll((name, value) -> "x"));
    mutators.add(() -> map.compute("sub", (name, value) -> "root"));
    mutators.add(() -> map.computeIfAbsent("new", name -> "x"));
    mutators.add(() -> map.computeIfPresent("sub", (name, value) -> "root"));
    mutators.add(() -> map.merge("sub", "root", (a, b) -> b));
    mutators.add(map::clear);
    if (!map.isEmpty()) {
      mutators.add(() -> map.entrySet().iterator().next().setValue("x"));
      mutators.add(() -> map.entrySet().forEach(entry -> entry.setValue("x")));
      mutators.add(() -> map.entrySet().stream().forEach(entry -> entry.setValue("x")));
      mutators.add(() -> entryOfArray(map).setValue("x"));
    }
    return mutators;
  }

  @SuppressWarnings("unchecked")
  private static Map.Entry<Object, Object> entryOfArray(Map<Object, Object> map) {
    return (Map.Entry<Object, Object>) map.entrySet().toArray()[0];
  }

  private static List<Runnable> mutatorsOf(Collection<Object> elements) {
    List<Runnable> mutators = new ArrayList<>();
    mutators.add(() -> elements.add("x"));
    mutators.add(() -> elements.addAll(List.of("x")));
    mutators.add(elements::clear);
    if (!elements.isEmpty()) {
      Object first = elements.iterator().next();
      mutators.add(() -> elements.remove(first));
      mutators.add(() -> elements.removeIf(element -> true));
      mutators.add(() -> elements.removeAll(Arrays.asList(first)));
      mutators.add(() -> elements.retainAll(List.of("x")));
      mutators.add(
          () -> {
            Iterator<Object> iterator = elements.iterator();
            iterator.next();
            iterator.remove();
          });
    }
    return mutators;
  }

  private static List<Runnable> mutatorsOf(List<Object> list) {
    List<Runnable> mutators = new ArrayList<>();
    mutators.add(() -> list.add(0, "x"));
    mutators.add(() -> list.addAll(0, List.of("x")));
    mutators.add(() -> list.listIterator().add("x"));
    mutators.add(() -> list.subList(0, 0).add("x"));
    if (!list.isEmpty()) {
      mutators.add(() -> list.set(0, "x"));
      mutators.add(() -> list.remove(0));
      mutators.add(() -> list.replaceAll(element -> "x"));
      mutators.add(() -> list.sort(null));
      mutators.add(() -> list.subList(0, 1).clear());
      mutators.add(
          () -> {
            ListIterator<Object> iterator = list.listIterator();
            iterator.next();
            iterator.set("x");
          });
    }
    return mutators;
  }

  @Test
  @Tag("T38")
  void arrays_that_are_handed_out_are_copies() {
    VerifiedToken token = rich();
    Arrays.fill(token.claims().values().toArray(), "x");
    Arrays.fill(token.scopes().toArray(), "x");
    Arrays.fill(token.audience().toArray(), "x");
    Object[] list = token.claim("list", List.class).orElseThrow().toArray();
    Arrays.fill(list, "x");
    assertThat(token.subject()).isEqualTo("ann");
    assertThat(token.scopes()).containsExactly("orders:read");
    assertThat(token.audience()).containsExactly(AUDIENCE, "other");
    assertThat(token.claims()).containsEntry("text", "t");
    assertThat(token.claim("list", List.class).orElseThrow().get(0)).isEqualTo("a");
  }

  @Test
  @Tag("T38")
  void claims_hold_nothing_but_immutable_values() {
    Set<Class<?>> scalars =
        Set.of(String.class, Long.class, Double.class, BigInteger.class, Boolean.class);
    assertScalars(rich().claims(), scalars);
  }

  private static void assertScalars(Object value, Set<Class<?>> scalars) {
    if (value instanceof Map<?, ?> map) {
      map.keySet().forEach(name -> assertThat(name).isInstanceOf(String.class));
      map.values().forEach(member -> assertScalars(member, scalars));
    } else if (value instanceof List<?> list) {
      list.forEach(element -> assertScalars(element, scalars));
    } else if (value != null) {
      assertThat(value.getClass()).isIn(scalars);
    }
  }

  // ---- scopes that nobody is to see

  /** Where scopes stand; each of these tokens holds {@code secret} in every configured place. */
  static Stream<Arguments> hidingPlaces() {
    return Stream.of(
        hiding("scope", good().claim("scope", "orders:read secret")),
        hiding("scope, first", good().claim("scope", "secret orders:read")),
        hiding(
            "scope, by the beginning", good().claim("scope", "orders:read secret:x ordersecret")),
        hiding("scope as array", good().claim("scope", List.of("orders:read", "secret"))),
        hiding("scp", good().without("scope").claim("scp", "orders:read secret")),
        hiding(
            "scp as array", good().without("scope").claim("scp", List.of("secret", "orders:read"))),
        hiding("scp, which does not count here", good().claim("scp", "secret")),
        hiding("scp as array, which does not count", good().claim("scp", List.of("secret"))),
        hiding(
            "scp as object, which does not count", good().claim("scp", Map.of("secret", "secret"))),
        hiding(
            "scp as nested array, which does not count",
            good().claim("scp", List.of(List.of("secret"), "secret"))),
        hiding("with a tab", good().claim("scope", "orders:read orders:read\tsecret")),
        hiding("with a line end", good().claim("scope", "orders:read secret\norders:read")),
        hiding(
            "in an array's text",
            good().claim("scope", List.of("orders:read", "orders:read secret"))));
  }

  private static Arguments hiding(String name, TestToken token) {
    return Arguments.of(Named.of(name, token.mintedBy(RSA)));
  }

  @Tag("T36")
  @ParameterizedTest
  @MethodSource("hidingPlaces")
  void an_unlisted_scope_is_neither_in_scopes_nor_in_claims(String token) {
    VerifiedToken seen = admitted(Trial.GATE, token);
    assertThat(seen.scopes()).containsExactly("orders:read");
    assertThat(seen.claims().toString()).contains("orders:read").doesNotContain("secret");
  }

  static Stream<Arguments> pointers() {
    return Stream.of(
        Arguments.of(
            "/realm_access/roles",
            Map.of(
                "realm_access",
                Map.of("roles", List.of("secret", "orders:read"), "kept", List.of("k")))),
        Arguments.of(
            "/resource_access/api/roles",
            Map.of(
                "resource_access",
                Map.of("api", Map.of("roles", List.of("orders:read", "secret")), "kept", 1))),
        Arguments.of(
            "/resource_access/api/roles",
            Map.of(
                "resource_access",
                Map.of("api", Map.of("roles", "orders:read secret")),
                "kept",
                1)),
        Arguments.of(
            "/grants/1/scopes",
            Map.of("grants", List.of("kept", Map.of("scopes", "secret orders:read")))),
        Arguments.of("/grants/0", Map.of("grants", List.of("orders:read secret", "kept"))),
        Arguments.of(
            "/https:~1~1example.com~1roles",
            Map.of("https://example.com/roles", List.of("orders:read", "secret"), "kept", true)),
        Arguments.of(
            "https://example.com/roles",
            Map.of("https://example.com/roles", List.of("orders:read", "secret"), "kept", true)));
  }

  @Tag("T36")
  @ParameterizedTest
  @MethodSource("pointers")
  void an_unlisted_scope_is_invisible_where_a_pointer_leads(
      String place, Map<String, Object> claims) {
    TestToken token = good().without("scope");
    for (Map.Entry<String, Object> claim : claims.entrySet()) {
      token = token.claim(claim.getKey(), claim.getValue());
    }
    VerifiedToken seen = admitted(gate(RSA.jwk()).scopeClaim(place).build(), token);
    assertThat(seen.scopes()).containsExactly("orders:read");
    assertThat(seen.claims().toString()).contains("orders:read", "kept").doesNotContain("secret");
    assertThat(seen.subject()).isEqualTo("ann");
  }

  @Test
  @Tag("T36")
  void every_configured_place_is_narrowed_and_no_other() {
    TokenVerifier gate =
        gate(RSA.jwk()).scopeClaim("scope", "scp", "/a/b", "/a/c/0", "/x/y").build();
    VerifiedToken token =
        admitted(
            gate,
            good()
                .claim("scope", "orders:read one")
                .claim("scp", List.of("two", "orders:write"))
                .claim(
                    "a", Map.of("b", "three orders:read", "c", List.of("four", "five"), "d", "six"))
                .claim("roles", List.of("seven")));
    assertThat(token.scopes()).containsExactly("orders:read");
    assertThat(token.claims().toString())
        .doesNotContain("one", "two", "three", "four", "orders:write")
        .contains("five", "six", "seven");
  }

  @Test
  @Tag("T36")
  void what_is_implied_is_in_scopes_if_allowed_and_its_origin_is_not() {
    TokenVerifier gate = gate(RSA.jwk()).scopeImplies("admin>orders:read", "admin>payroll").build();
    VerifiedToken token = admitted(gate, good().claim("scope", "admin"));
    assertThat(token.scopes()).containsExactly("orders:read");
    assertThat(token.claims().toString()).doesNotContain("admin", "payroll");
  }

  // ---- exposedClaims

  @Test
  @Tag("T38")
  void exposedClaims_leaves_the_accessors_as_they_are() {
    TokenVerifier gate = gate(RSA.jwk()).exposedClaims("tenant", "email", "absent").build();
    VerifiedToken token = admitted(gate, good().claim("tenant", "t1").claim("password", "p"));
    assertThat(token.claims()).containsOnly(Map.entry("tenant", "t1"));
    assertThat(token.claim("tenant", String.class)).contains("t1");
    assertThat(token.claim("password", String.class)).isEmpty();
    assertThat(token.claim("sub", String.class)).isEmpty();
    assertThat(token.claim("exp", Instant.class)).isEmpty();
    assertThat(token.subject()).isEqualTo("ann");
    assertThat(token.getName()).isEqualTo("ann");
    assertThat(token.issuer()).isEqualTo(ISSUER);
    assertThat(token.audience()).containsExactly(AUDIENCE);
    assertThat(token.scopes()).containsExactly("orders:read");
    assertThat(token.clientId()).contains("web");
    assertThat(token.id()).contains("f3b1");
    assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(token.issuedAt()).contains(NOW);
    assertThat(token).hasToString("VerifiedToken[tenant]");
  }

  @Test
  @Tag("T36")
  @Tag("T38")
  void exposedClaims_shows_a_scope_claim_narrowed_all_the_same() {
    TokenVerifier gate = gate(RSA.jwk()).exposedClaims("scope").build();
    VerifiedToken token = admitted(gate, good().claim("scope", "secret orders:read"));
    assertThat(token.claims()).containsOnly(Map.entry("scope", "orders:read"));
  }

  @Test
  @Tag("T38")
  void exposedClaims_takes_names_and_no_letter_case() {
    TokenVerifier gate = gate(RSA.jwk()).exposedClaims("Sub").build();
    assertThat(admitted(gate, good()).claims()).isEmpty();
  }

  // ---- accessors and conversions

  @Test
  void accessors_show_what_the_token_says() {
    VerifiedToken token = rich();
    assertThat(token.subject()).isEqualTo("ann");
    assertThat(token.getName()).isEqualTo("ann");
    assertThat(token.issuer()).isEqualTo(ISSUER);
    assertThat(token.audience()).containsExactly(AUDIENCE, "other");
    assertThat(token.scopes()).containsExactly("orders:read");
    assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(token.issuedAt()).contains(NOW);
    assertThat(token.id()).contains("f3b1");
    assertThat(token.clientId()).contains("web");
  }

  @Test
  void what_a_token_does_not_say_is_empty() {
    TokenVerifier gate = gate(RSA.jwk()).requiredClaims("exp").build();
    VerifiedToken token =
        admitted(gate, good().without("sub").without("jti").without("iat").without("client_id"));
    assertThat(token.subject()).isNull();
    assertThat(token.getName()).isNull();
    assertThat(token.id()).isEmpty();
    assertThat(token.issuedAt()).isEmpty();
    assertThat(token.clientId()).isEmpty();
  }

  @Test
  void times_keep_their_fraction_of_a_second() {
    VerifiedToken token =
        admitted(Trial.GATE, good().claim("exp", t(60) + 0.5).claim("iat", t(-60) + 0.25));
    assertThat(token.expiresAt()).isEqualTo(NOW.plusMillis(60_500));
    assertThat(token.issuedAt()).contains(NOW.minusMillis(59_750));
    assertThat(token.claim("exp", Instant.class)).contains(NOW.plusMillis(60_500));
  }

  @Test
  void the_client_is_client_id_and_else_azp() {
    TestToken none = good().without("client_id");
    assertThat(admitted(Trial.GATE, none.claim("azp", "spa")).clientId()).contains("spa");
    assertThat(admitted(Trial.GATE, good().claim("azp", "spa")).clientId()).contains("web");
    assertThat(admitted(Trial.GATE, none.claim("appid", "spa").claim("cid", "spa")).clientId())
        .isEmpty();
    assertThat(admitted(Trial.GATE, none).clientId()).isEmpty();
  }

  static Stream<Arguments> conversions() {
    return Stream.of(
        Arguments.of("text", String.class, "t"),
        Arguments.of("text", CharSequence.class, "t"),
        Arguments.of("text", Object.class, "t"),
        Arguments.of("yes", Boolean.class, true),
        Arguments.of("no", Boolean.class, false),
        Arguments.of("whole", Long.class, 42L),
        Arguments.of("whole", Integer.class, 42),
        Arguments.of("whole", Number.class, 42L),
        Arguments.of("big", Long.class, 4_294_967_297L),
        Arguments.of("huge", BigInteger.class, new BigInteger("123456789012345678901234567890")),
        Arguments.of("huge", Number.class, new BigInteger("123456789012345678901234567890")),
        Arguments.of("broken", Double.class, 1.5),
        Arguments.of("broken", Number.class, 1.5),
        Arguments.of("emptyList", List.class, List.of()),
        Arguments.of("emptyObject", Map.class, Map.of()),
        Arguments.of("exp", Instant.class, NOW.plusSeconds(300)),
        Arguments.of("whole", Instant.class, Instant.ofEpochSecond(42)),
        Arguments.of("scope", String.class, "orders:read"));
  }

  @ParameterizedTest
  @MethodSource("conversions")
  void a_claim_is_given_as_what_it_is_asked_for(String name, Class<?> type, Object value) {
    assertThat(rich().claim(name, type)).isPresent().get().isEqualTo(value).isInstanceOf(type);
  }

  static Stream<Arguments> noConversions() {
    return Stream.of(
        Arguments.of("absent", String.class),
        Arguments.of("Text", String.class),
        Arguments.of("", Object.class),
        Arguments.of("nothing", String.class),
        Arguments.of("nothing", Object.class),
        Arguments.of("whole", String.class),
        Arguments.of("whole", Boolean.class),
        Arguments.of("whole", BigInteger.class),
        Arguments.of("text", Integer.class),
        Arguments.of("text", Boolean.class),
        Arguments.of("text", List.class),
        Arguments.of("text", Instant.class),
        Arguments.of("yes", String.class),
        Arguments.of("yes", Integer.class),
        Arguments.of("big", Integer.class),
        Arguments.of("huge", Long.class),
        Arguments.of("huge", Integer.class),
        Arguments.of("huge", Instant.class),
        Arguments.of("broken", Integer.class),
        Arguments.of("broken", Long.class),
        Arguments.of("list", String.class),
        Arguments.of("list", Map.class),
        Arguments.of("object", List.class),
        Arguments.of("object", String.class),
        Arguments.of("object.a", Map.class),
        Arguments.of("/object/a", Map.class));
  }

  @ParameterizedTest
  @MethodSource("noConversions")
  void a_claim_that_is_something_else_is_empty_and_never_guessed(String name, Class<?> type) {
    assertThat(rich().claim(name, type)).isEmpty();
  }

  // ---- toString and the rest

  @Test
  @Tag("T85")
  @Tag("T88")
  @Tag("T84")
  void toString_lists_names_and_no_values() {
    String text =
        good().claim("tenant", "t-4711").claim("nested", Map.of("inner", "i-4712")).mintedBy(RSA);
    VerifiedToken token = admitted(Trial.GATE, text);
    assertThat(token.toString())
        .contains("iss", "sub", "aud", "scope", "exp", "tenant", "nested")
        .doesNotContain(
            "ann",
            "web",
            "f3b1",
            "t-4711",
            "i-4712",
            "inner",
            "orders:read",
            "https:",
            "" + t(300));
    assertThat(Trial.pieces(token.toString(), text)).isEmpty();
    assertThat(new Decision.Admitted(token).toString()).doesNotContain("ann", "t-4711");
  }

  static Stream<String> hostileNames() {
    return Stream.of(
        "\r",
        "\n",
        "\r\nWARN forged line",
        "\u001b[2J\u001b[31m",
        "\u0000",
        "\u0008",
        "\u007f",
        "\u0085",
        "\u009b31m",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u202a",
        "\u2066",
        "\u2069",
        "\u200e",
        "\u200f",
        "\u061c",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\ue000",
        "\ufffe",
        "\udb40\udc41");
  }

  @Tag("T85")
  @ParameterizedTest
  @MethodSource("hostileNames")
  void toString_makes_hostile_names_harmless(String name) {
    VerifiedToken token = admitted(Trial.GATE, good().claim("x" + name + "y", "value"));
    assertThat(token.claims()).containsKey("x" + name + "y");
    name.chars()
        .filter(c -> c < ' ' || c > '~')
        .forEach(c -> assertThat(token.toString()).doesNotContain(String.valueOf((char) c)));
    assertThat(token.toString().chars()).allMatch(c -> c >= ' ' && c <= '~');
  }

  @Test
  @Tag("T85")
  void toString_cuts_long_names_at_64_characters() {
    VerifiedToken token = admitted(Trial.GATE, good().claim("n".repeat(5_000), 1));
    assertThat(token.toString()).contains("n".repeat(64)).doesNotContain("n".repeat(65));
  }

  @Test
  @Tag("T88")
  void a_verified_token_cannot_be_serialized_extended_or_made() {
    assertThat(Serializable.class.isAssignableFrom(VerifiedToken.class)).isFalse();
    assertThat(Serializable.class.isAssignableFrom(Decision.Admitted.class)).isFalse();
    assertThat(Modifier.isFinal(VerifiedToken.class.getModifiers())).isTrue();
    assertThat(VerifiedToken.class.getConstructors()).isEmpty();
    assertThat(
            Arrays.stream(VerifiedToken.class.getDeclaredFields())
                .filter(field -> !field.isSynthetic()) // a coverage tool's probes
                .filter(field -> !Modifier.isFinal(field.getModifiers())))
        .isEmpty();
  }

  @Test
  @Tag("T50")
  @Tag("T88")
  void nothing_that_a_verified_token_holds_has_the_text_of_the_token() throws Exception {
    String text = good().mintedBy(RSA);
    VerifiedToken token = admitted(Trial.GATE, text);
    Map<String, Object> shown = new LinkedHashMap<>();
    for (java.lang.reflect.Method method : VerifiedToken.class.getMethods()) {
      if (method.getParameterCount() == 0 && method.getDeclaringClass() == VerifiedToken.class) {
        shown.put(method.getName(), method.invoke(token));
      }
    }
    assertThat(shown).containsKeys("claims", "scopes", "subject");
    assertThat(Trial.pieces(shown.toString(), text)).isEmpty();
    for (java.lang.reflect.Field field : VerifiedToken.class.getDeclaredFields()) {
      field.setAccessible(true);
      assertThat(Trial.pieces(String.valueOf(field.get(token)), text)).isEmpty();
    }
  }

  @Test
  @Tag("T38")
  void two_requests_with_one_token_share_nothing_that_either_can_change() {
    String text = Trial.claims(RICH);
    VerifiedToken first = admitted(Trial.GATE, text);
    VerifiedToken second = admitted(Trial.GATE, text);
    assertThatThrownBy(() -> first.claims().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(second.claims()).isEqualTo(first.claims()).isNotEmpty();
  }
}
