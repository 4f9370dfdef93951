package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.Attack.Sent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refusal has to have by RFC 6750. */
final class ChallengeRulesTest {
  private static Reply reply(int status, String... challenges) {
    List<String> fields =
        Arrays.stream(challenges).map(challenge -> "WWW-Authenticate: " + challenge).toList();
    return new Reply(status, fields, "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOTHING   | 401 | Bearer realm=\"a\"",
        "NOTHING   | 401 | Bearer realm=\"a\", scope=\"b c\"",
        "NOTHING   | 400 | Bearer realm=\"a\", error=\"invalid_request\"",
        "NOTHING   | 401 | Basic realm=\"a\", Bearer realm=\"a\"",
        "MALFORMED | 400 | Bearer realm=\"a\", error=\"invalid_request\"",
        "MALFORMED | 401 | Bearer realm=\"a\", error=\"invalid_token\"",
        "MALFORMED | 401 | Bearer realm=\"a\"",
        "FORGED    | 401 | Bearer error=\"invalid_token\"",
        "FORGED    | 401 | bearer error=invalid_token, error_description=\"x\"",
        "SIGNED    | 401 | Bearer error=\"insufficient_user_authentication\", max_age=\"5\"",
        "SIGNED    | 403 | Bearer error=\"insufficient_scope\", scope=\"b\"",
        "SIGNED    | 401 | Bearer error=\"invalid_token\", DPoP error=\"invalid_dpop_proof\"",
        "NOTHING   | 404 | Basic realm=\"a\""
      })
  void a_good_challenge_is_left_alone(Sent sent, int status, String challenge) {
    assertThat(ChallengeRules.complaint(sent, reply(status, challenge))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NOTHING | 401 | Basic realm=\"a\"                       | no challenge of the scheme Bearer",
        "SIGNED  | 403 | DPoP error=\"insufficient_scope\"       | no challenge of the scheme Bearer",
        "NOTHING | 401 | Bearer                                  | a Bearer challenge without a parameter",
        "NOTHING | 401 | Bearer realm=a, Bearer realm=b          | more than one challenge of the scheme Bearer",
        "NOTHING | 401 | Bearer realm=\"a\", error=\"invalid_token\" | an error code, although no token was sent",
        "FORGED  | 401 | Bearer realm=\"a\"                      | no error code, although a token was sent",
        "FORGED  | 401 | Bearer error=\"unauthorized\"           | an error code that RFC 6750 does not have",
        "FORGED  | 401 | Bearer error=\"invalid_request\"        | error invalid_request with status 401",
        "FORGED  | 401 | Bearer error=\"insufficient_scope\"     | error insufficient_scope with status 401",
        "SIGNED  | 403 | Bearer error=\"invalid_token\"          | error invalid_token with status 403",
        "MALFORMED | 400 | Bearer error=\"invalid_token\"        | error invalid_token with status 400",
        "FORGED  | 401 | Bearer error=\"invalid_token\", error_description=\"a\\\"b\" | error_description holds a character that RFC 6750 does not allow",
        "FORGED  | 401 | Bearer error=\"invalid_token\", error_description=\"\u00e9\" | error_description holds a character that RFC 6750 does not allow",
        "FORGED  | 401 | Bearer error=invalid token              | WWW-Authenticate is malformed: there is no comma where one has to be"
      })
  void a_wrong_one_is_told_of(Sent sent, int status, String challenge, String complaint) {
    assertThat(ChallengeRules.complaint(sent, reply(status, challenge))).hasValue(complaint);
  }

  @Test
  void a_401_takes_a_challenge_from_everybody_and_a_403_from_who_has_read_the_token() {
    for (Sent sent : Sent.values()) {
      assertThat(ChallengeRules.complaint(sent, reply(401)))
          .hasValue("status 401 without WWW-Authenticate");
      assertThat(ChallengeRules.complaint(sent, reply(400))).isEmpty();
      assertThat(ChallengeRules.complaint(sent, reply(403)).isPresent())
          .isEqualTo(sent == Sent.SIGNED);
    }
  }

  @Test
  void two_fields_may_hold_one_challenge_each() {
    assertThat(
            ChallengeRules.complaint(
                Sent.NOTHING, reply(401, "Bearer realm=\"a\"", "DPoP algs=\"ES256\"")))
        .isEmpty();
  }
}
