package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The application's own check behind all others. */
final class TokenCheckTest {
  private final String token = Trial.good().mintedBy(Trial.RSA);

  private static Object verdict(TokenVerifier gate, String token) {
    Decision decision = gate.verify(token);
    return decision instanceof Decision.Refused refused ? refused.refusal().reason() : "admitted";
  }

  private static TokenVerifier gate(TokenCheck check) {
    return Trial.gate(Trial.RSA.jwk()).tokenCheck(check).build();
  }

  @Test
  void a_token_on_a_deny_list_is_refused_from_then_on_though_it_was_verified_before() {
    Set<String> denied = new HashSet<>();
    TokenVerifier gate = gate(t -> !denied.contains(t.issuer() + " " + t.id().orElseThrow()));
    assertThat(verdict(gate, token)).isEqualTo("admitted");
    denied.add(Trial.ISSUER + " f3b1");
    assertThat(verdict(gate, token)).isEqualTo(Reason.TOKEN_DISALLOWED);
    denied.clear();
    assertThat(verdict(gate, token)).isEqualTo("admitted");
  }

  @Test
  void it_is_asked_on_every_request_and_only_for_what_all_other_checks_admit() {
    List<VerifiedToken> asked = new ArrayList<>();
    TokenVerifier gate = gate(asked::add);
    for (int i = 0; i < 3; i++) assertThat(verdict(gate, token)).isEqualTo("admitted");
    assertThat(asked).hasSize(3);

    String expired = Trial.good().claim("exp", 1).mintedBy(Trial.RSA);
    String scopeless = Trial.good().claim("scope", "other").mintedBy(Trial.RSA);
    String forged = token.substring(0, token.length() - 8) + "AAAAAAAA";
    for (String bad : List.of(expired, scopeless, forged)) {
      assertThat(verdict(gate, bad)).isInstanceOf(Reason.class);
    }
    assertThat(asked).hasSize(3);
  }

  @Test
  void one_that_throws_lets_nothing_through() {
    List<Throwable> faults =
        List.of(
            new IOException("no database"),
            new IllegalStateException("a defect"),
            new InterruptedException(),
            new StackOverflowError());
    for (Throwable fault : faults) {
      TokenVerifier gate =
          gate(
              t -> {
                if (fault instanceof Error error) throw error;
                throw (Exception) fault;
              });
      assertThat(verdict(gate, token)).isEqualTo(Reason.CHECK_FAILED);
      assertThat(Thread.interrupted()).isEqualTo(fault instanceof InterruptedException);
    }
    assertThat(Reason.CHECK_FAILED.kind()).isEqualTo(Reason.Kind.UNAVAILABLE);
  }

  @Test
  void a_second_one_stops_the_start() {
    assertThatThrownBy(() -> Trial.settings().tokenCheck(t -> true).tokenCheck(t -> false))
        .hasMessageContaining("tokenCheck has been set before");
  }
}
