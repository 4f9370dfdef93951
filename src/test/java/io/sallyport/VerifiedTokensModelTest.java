package io.sallyport;

import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.KeySource;
import io.sallyport.text.Spares;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The cache under every interleaving of two threads that Lincheck's model checker comes by: each
 * outcome has to be that of the same calls one after the other, made by {@link Plainly}. In other
 * words, a token is found from the moment it is kept, and from the moment its key is withdrawn it
 * is never found again, even where it is kept after that.
 *
 * <p>Caffeine is taken for one step: it has such tests of its own.
 */
@Tag("apart")
final class VerifiedTokensModelTest {
  private static final CompactJws[] TEXTS = {jws("zero"), jws("none"), jws("once")};

  private static final KeySource.Key WITHDRAWN = new KeySource.Key("a", Map.of(), null);
  private static final KeySource.Key STAYING = new KeySource.Key("b", Map.of(), null);
  private static final VerifiedToken[] TOKENS = {token(WITHDRAWN), token(STAYING), token(STAYING)};

  private static CompactJws jws(String segment) {
    String text = String.join(".", segment, segment, segment);
    return ((Outcome.Passed<CompactJws>)
            BearerToken.fromText(text, 1024).then(token -> CompactJws.from(token, new Spares<>())))
        .value();
  }

  private static VerifiedToken token(KeySource.Key key) {
    Map<String, @Nullable Object> claims = Map.of("exp", Trial.NOW.getEpochSecond() + 60);
    return new VerifiedToken(new SignedClaims(claims, null, key), claims, Set.of(), "a stage");
  }

  /** Two keys, one of which can be withdrawn, and does not come back. */
  private static final class Withdrawable implements KeySource {
    private volatile boolean withdrawn;

    @Override
    public Answer find(JWSHeader header) {
      return new Unavailable();
    }

    @Override
    public boolean holds(Key key) {
      return key == STAYING || !withdrawn;
    }
  }

  /** The same, by one thread. */
  public static final class Plainly {
    private final boolean[] kept = {true, true, false};
    private boolean withdrawn;

    public boolean find(int token) {
      return kept[token] && !(withdrawn && token == 0);
    }

    public void keep(int token) {
      kept[token] = true;
    }

    public void withdraw() {
      withdrawn = true;
    }
  }

  /** What the two threads call, in all orders. */
  @Param(name = "token", gen = IntGen.class, conf = "0:2")
  public static final class Calls {
    private final Withdrawable keys = new Withdrawable();
    private final VerifiedTokens.Basis basis =
        new VerifiedTokens.Basis(new ValidityPeriod(Trial.CLOCK, Duration.ZERO), keys);
    private final VerifiedTokens cache = new VerifiedTokens(100);

    public Calls() {
      keep(0);
      keep(1);
    }

    @Operation
    public boolean find(@Param(name = "token") int token) {
      VerifiedToken found = cache.find(TEXTS[token]);
      if (found != null && found != TOKENS[token]) throw new IllegalStateException("another's");
      return found != null;
    }

    @Operation
    public void keep(@Param(name = "token") int token) {
      cache.keep(TEXTS[token], TOKENS[token], basis);
    }

    @Operation
    public void withdraw() {
      keys.withdrawn = true;
    }
  }

  @Test
  @Tag("T78")
  void a_token_is_found_from_when_it_is_kept_until_its_key_is_withdrawn() {
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(50)
        .threads(2)
        .actorsBefore(0)
        .actorsPerThread(3)
        .actorsAfter(3)
        .sequentialSpecification(Plainly.class)
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses(name -> name.startsWith("com.github.benmanes."))
                .allMethods()
                .ignore())
        .check(Calls.class);
  }
}
