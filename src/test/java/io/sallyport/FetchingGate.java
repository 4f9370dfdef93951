package io.sallyport;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A gate whose keys come from a key server, and tokens to try at it. */
final class FetchingGate implements AutoCloseable {
  private static final String AUDIENCE = "https://api.example.com";
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  final TokenVerifier verifier;
  private final String issuer;

  FetchingGate(KeyServer server, UnaryOperator<TokenVerifier.Builder> more) {
    this(server.issuer(), more);
  }

  FetchingGate(String issuer, UnaryOperator<TokenVerifier.Builder> more) {
    this.issuer = issuer;
    this.verifier =
        more.apply(
                TokenVerifier.builder()
                    .issuer(issuer)
                    .allowHttp(true)
                    .audience(AUDIENCE)
                    .allowedScopes("a"))
            .build();
  }

  String token(TestKey key) {
    return Tokens.good(issuer, AUDIENCE, "a", Instant.now()).mintedBy(key);
  }

  /** The subject of a token that is admitted, or the reason why it is not. */
  Object verdict(String token) {
    Decision decision = verifier.verify(token);
    return decision instanceof Decision.Refused refused
        ? refused.refusal().reason()
        : ((Decision.Admitted) decision).token().subject();
  }

  Object verdict(TestKey key) {
    return verdict(token(key));
  }

  /** Waits for what a thread of the library brings about. */
  static void eventually(Runnable assertion) {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        assertion.run();
        return;
      } catch (AssertionError e) {
        if (Instant.now().isAfter(end)) throw e;
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    verifier.close();
  }
}
