package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of attacks. */
final class AttacksTest {
  @Test
  void there_are_as_many_as_the_probe_promises_and_no_two_have_one_name() {
    assertThat(Attacks.all()).hasSizeGreaterThanOrEqualTo(150);
    assertThat(Attacks.all()).extracting(Attack::id).doesNotHaveDuplicates();
    assertThat(Attacks.all()).extracting(Attack::title).doesNotHaveDuplicates();
    assertThat(Attacks.all()).extracting(Attack::id).allMatch(id -> id.matches("[a-z0-9-]+"));
  }

  @Test
  void no_two_requests_are_the_same_and_none_is_the_good_one() {
    RawRequest request = RawRequest.of("GET", URI.create("http://localhost:8080/orders"));
    try (TestIssuer issuer = TestIssuer.start();
        Forge forge = new Forge(request, issuer.mint("orders:read"), issuer)) {
      Map<String, String> seen = new HashMap<>();
      seen.put(text(request.bearer(forge.good())), "the good one");
      for (Attack attack : Attacks.all()) {
        RawRequest made = attack.maker().make(forge);
        if (made == null) continue;
        assertThat(seen.put(text(made), attack.id())).as(attack.id()).isNull();
      }
      assertThat(seen).hasSizeGreaterThan(250);
    }
  }

  private static String text(RawRequest request) {
    return new String(request.bytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void a_good_token_alone_is_enough_for_more_than_a_hundred() {
    RawRequest request = RawRequest.of("GET", URI.create("http://localhost:8080/orders"));
    try (TestIssuer issuer = TestIssuer.start();
        Forge forge = new Forge(request, issuer.mint("orders:read"), null)) {
      List<Attack> made =
          Attacks.all().stream()
              .filter(attack -> !attack.issuerNeeded())
              .filter(attack -> attack.maker().make(forge) != null)
              .toList();
      assertThat(made).hasSizeGreaterThan(100);
    }
  }
}
