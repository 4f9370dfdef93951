package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.keys.KeySource;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A token's text is nowhere to be had once it has been verified. */
final class TokenTextTest {
  private final TestKey key = TestKey.generate("k", "RS256");

  private static final List<Class<?>> PUBLIC =
      List.of(
          SallyportFilter.class,
          TokenVerifier.class,
          VerifiedToken.class,
          Decision.class,
          Decision.Admitted.class,
          Decision.Refused.class,
          Refusal.class,
          Reason.class,
          Policy.class,
          KeySource.class,
          KeySource.Key.class);

  @Test
  @Tag("T50")
  @Tag("T88")
  void no_public_type_gives_the_token_out_or_can_be_serialized() throws Exception {
    try (KeyServer server = new KeyServer().publish(key);
        TokenVerifier verifier = verifier(server)) {
      String text = token(server);
      VerifiedToken token = ((Decision.Admitted) verifier.verify(text)).token();
      Refusal refusal = ((Decision.Refused) verifier.verify(text + "A")).refusal();
      List<Object> values = new ArrayList<>(List.of(token, refusal, verifier, token.key()));
      values.add(verifier.verify(text));
      for (Object value : values) {
        assertThat(value).isNotInstanceOfAny(Serializable.class);
        for (Method method : value.getClass().getMethods()) {
          if (method.getParameterCount() > 0 || method.getDeclaringClass() == Object.class)
            continue;
          if (Modifier.isStatic(method.getModifiers()) || method.getName().equals("close"))
            continue;
          method.setAccessible(true);
          String given = String.valueOf(method.invoke(value));
          for (String part : text.split("\\.")) assertThat(given).doesNotContain(part);
        }
      }
    }
    assertThat(PUBLIC)
        .filteredOn(type -> type != Reason.class) // every enum is
        .noneMatch(Serializable.class::isAssignableFrom);
  }

  @Test
  @Tag("T84")
  void a_token_on_its_way_does_not_show_its_text() {
    assertThat(new BearerToken("a.b.c", 0)).hasToString("BearerToken");
  }

  private static TokenVerifier verifier(KeyServer server) {
    return TokenVerifier.builder()
        .issuer(server.issuer())
        .allowHttp(true)
        .audience("api")
        .allowedScopes("a")
        .build();
  }

  private String token(KeyServer server) {
    return Tokens.good(server.issuer(), "api", "a", Instant.now()).mintedBy(key);
  }
}
