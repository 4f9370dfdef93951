package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which Authorization fields carry exactly one bearer token. */
final class BearerTokenTest {
  private static final int MAX = 16_384;

  private static Object read(List<String> fields) {
    Outcome<BearerToken> outcome = BearerToken.fromFields(fields, MAX);
    if (outcome instanceof Outcome.Stopped<BearerToken> stopped) return stopped.refusal().reason();
    BearerToken token = ((Outcome.Passed<BearerToken>) outcome).value();
    return token.isB64token() ? token.field().substring(token.start()) : Reason.TOKEN_NOT_B64TOKEN;
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        row("a.b.c", "Bearer a.b.c"),
        row("a.b.c", "bearer a.b.c"),
        row("a.b.c", "BEARER a.b.c"),
        row("a.b.c", "bEaReR a.b.c"),
        row("a.b.c", "Bearer    a.b.c"),
        row("a+/~-_.==", "Bearer a+/~-_.=="),
        row("azAZ09", "Bearer azAZ09"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a`b"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a{b"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a@b"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a[b"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a\u0141b"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer =a"),
        row(Reason.TOKEN_MISSING),
        row(Reason.TOKEN_MISSING, ""),
        row(Reason.TOKEN_MISSING, "Basic YW5uOnB3"),
        row("a.b.c", "DPoP a.b.c"),
        row("a.b.c", "dpop  a.b.c"),
        row(Reason.TOKEN_EMPTY, "DPoP"),
        row(Reason.TOKEN_NOT_B64TOKEN, "DPoP,a.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "DPoP a.b.c, Bearer a.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a.b.c, DPoP a.b.c"),
        row(Reason.TOKEN_MISSING, "DPoPx a.b.c"),
        row(Reason.TOKEN_MISSING, "DPo"),
        row(Reason.TOKEN_MISSING, "Bearertoken"),
        row(Reason.TOKEN_MISSING, "Bearer-x a.b.c"),
        row(Reason.TOKEN_MISSING, "Token a.b.c"),
        row(Reason.TOKEN_MISSING, "a.b.c"),
        row(Reason.TOKEN_MISSING, "Digest a=\"b\", c=\"d\""),
        row(Reason.TOKEN_MISSING, "Basic YW5uOnB3,"),
        row(Reason.TOKEN_MISSING, "Basic YW5uOnB3, \t"),
        row(Reason.TOKEN_EMPTY, "Bearer"),
        row(Reason.TOKEN_EMPTY, "Bearer "),
        row(Reason.TOKEN_EMPTY, "Bearer    "),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer\ta.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer,a.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer: a.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer=a.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer \"a.b.c\""),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a.b.c "),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a b"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a.b.c Bearer a.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a.b.c, Bearer a.b.c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a.b.c,Basic x"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a.b!c"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a\u0000b"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a\nb"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer aéb"),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer ===="),
        row(Reason.TOKEN_NOT_B64TOKEN, "Bearer a=b"),
        row(Reason.SEVERAL_CREDENTIALS, "Basic YW5uOnB3, Bearer a.b.c"),
        row(Reason.SEVERAL_CREDENTIALS, "Basic YW5uOnB3,\t bearer a.b.c"),
        row(Reason.SEVERAL_CREDENTIALS, "Basic YW5uOnB3, dPoP a.b.c"),
        row(Reason.SEVERAL_CREDENTIALS, "DPoP a.b.c", "Bearer a.b.c"),
        row(Reason.SEVERAL_CREDENTIALS, ",Bearer a.b.c"),
        row(Reason.SEVERAL_CREDENTIALS, "Basic YW5uOnB3,a=b,Bearer"),
        row(Reason.SEVERAL_CREDENTIALS, "Bearer a.b.c", "Bearer a.b.c"),
        row(Reason.SEVERAL_CREDENTIALS, "Bearer a.b.c", "Basic x"),
        row(Reason.SEVERAL_CREDENTIALS, "Basic x", "Basic y"),
        row(Reason.SEVERAL_CREDENTIALS, "", ""));
  }

  private static Arguments row(Object verdict, String... fields) {
    return Arguments.of(verdict, List.of(fields));
  }

  @ParameterizedTest(name = "{1} -> {0}")
  @MethodSource("fields")
  @Tag("T40")
  void a_field_carries_exactly_one_token_or_none(Object verdict, List<String> fields) {
    assertThat(read(fields)).isEqualTo(verdict);
  }

  @Test
  @Tag("T41")
  void the_scheme_is_read_alike_under_every_locale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThat(read(List.of("BEARER a.b.c"))).isEqualTo("a.b.c");
      assertThat(read(List.of("bearer a.b.c"))).isEqualTo("a.b.c");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  @Tag("T1")
  void the_length_is_looked_at_before_anything_else() {
    String longest = "a".repeat(MAX);
    assertThat(read(List.of("Bearer " + longest))).isEqualTo(longest);
    assertThat(read(List.of("Bearer " + longest + "a"))).isEqualTo(Reason.TOKEN_TOO_LONG);
    assertThat(read(List.of("Bearer " + "!".repeat(1 << 20)))).isEqualTo(Reason.TOKEN_TOO_LONG);
  }
}
