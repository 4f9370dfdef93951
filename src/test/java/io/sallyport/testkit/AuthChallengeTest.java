package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code WWW-Authenticate} by the letter. */
final class AuthChallengeTest {
  private static List<AuthChallenge> read(String... values) {
    return AuthChallenge.of(List.of(values));
  }

  @Test
  void a_challenge_is_a_scheme_and_parameters() {
    assertThat(read("Bearer realm=\"a b\", Error=invalid_token ,scope = \"x\\\"y\""))
        .containsExactly(
            new AuthChallenge(
                "Bearer", Map.of("realm", "a b", "error", "invalid_token", "scope", "x\"y")));
  }

  @Test
  void several_challenges_come_in_one_field_or_in_several() {
    AuthChallenge bearer = new AuthChallenge("Bearer", Map.of("realm", "a"));
    AuthChallenge dpop = new AuthChallenge("DPoP", Map.of("algs", "ES256 RS256"));
    assertThat(read("Bearer realm=\"a\", DPoP algs=\"ES256 RS256\"")).containsExactly(bearer, dpop);
    assertThat(read("Bearer realm=a", "DPoP algs=\"ES256 RS256\"")).containsExactly(bearer, dpop);
    assertThat(read("Negotiate, Bearer realm=a, ,Negotiate YWJj==,DPoP algs=\"ES256 RS256\","))
        .containsExactly(
            new AuthChallenge("Negotiate", Map.of()),
            bearer,
            new AuthChallenge("Negotiate", Map.of()),
            dpop);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "Bearer x=", "Bearer abc", "Bearer a=b, c=d", ",Bearer,"})
  void what_the_grammar_has_is_read(String value) {
    assertThat(read(value)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                          | it is empty",
        "` , `                       | it is empty",
        "`\"Bearer\"`                | a scheme is missing",
        "Bearer realm=\"a            | a quoted text has no end",
        "`Bearer realm=\"a\\`        | a quoted text has no end",
        "Bearer realm=\"a\u0001\"    | a quoted text holds a control character",
        "Bearer a=b, realm=          | a parameter has no value",
        "Bearer realm=, error=x      | there is no comma where one has to be",
        "Bearer realm=a b=c          | there is no comma where one has to be",
        "Bearer realm=\"a\"\"b\"     | there is no comma where one has to be",
        "Bearer foo bar              | there is no comma where one has to be",
        "Bearer\"a\"                 | there is no comma where one has to be",
        "Bearer realm=a; error=b     | there is no comma where one has to be",
        "Bearer realm=a, realm=b     | a parameter stands there twice",
        "Bearer realm=a, REALM=b     | a parameter stands there twice",
        "Bearer realm=a/b            | there is no comma where one has to be",
        "Bearer error:\"x\"          | there is no comma where one has to be"
      })
  void what_the_grammar_does_not_have_is_malformed(String value, String why) {
    assertThatThrownBy(() -> read(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }
}
