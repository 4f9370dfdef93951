package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.sallyport.keys.KeySource;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A token's text is nowhere to be had once it has been verified. */
final class TokenTextTest {
  private final SigningKey key = SigningKey.rsa("k", "RS256");

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

  /** Looks for the text, and for the bytes that were signed, in a dump of all that is alive. */
  @Test
  @Tag("T88")
  void a_heap_dump_after_traffic_holds_no_token() throws Exception {
    try (KeyServer server = new KeyServer().publish(key);
        TokenVerifier verifier = verifier(server)) {
      byte[] reversed = verifiedAndForgotten(server, verifier);
      Path dump = Files.createTempDirectory("sallyport").resolve("heap.hprof");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(dump.toString(), true);
      try {
        assertThat(holds(dump, "a-marker-that-is-alive")).as("the search finds").isTrue();
        byte[] signature = new byte[reversed.length];
        for (int i = 0; i < reversed.length; i++) {
          signature[i] = reversed[reversed.length - 1 - i];
        }
        assertThat(holds(dump, new String(signature, StandardCharsets.US_ASCII))).isFalse();
      } finally {
        Files.delete(dump);
      }
    }
  }

  /**
   * 32 characters of the token's signature, backwards, so that the test itself does not hold them.
   */
  private byte[] verifiedAndForgotten(KeyServer server, TokenVerifier verifier) {
    String text = token(server);
    for (int i = 0; i < 10; i++) {
      assertThat(verifier.verify(text)).isInstanceOf(Decision.Admitted.class);
      assertThat(verifier.verify(text + "A")).isInstanceOf(Decision.Refused.class);
    }
    String end = text.substring(text.length() - 40, text.length() - 8);
    return new StringBuilder(end).reverse().toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean holds(Path dump, String text) throws Exception {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(dump), 1 << 20)) {
      int matched = 0;
      for (int b = in.read(); b >= 0; b = in.read()) {
        // Good enough for texts whose first character does not come again in their beginning.
        if (b == wanted[matched]) matched++;
        else matched = b == wanted[0] ? 1 : 0;
        if (matched == wanted.length) return true;
      }
      return false;
    }
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
    return Jws.good(server.issuer(), "api", "a", Instant.now()).signedBy(key);
  }
}
