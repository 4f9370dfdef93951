package io.sallyport.jmh;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sends requests through one filter, one after the other, with tokens that take turns. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 3, time = 1)
public abstract class Requests {
  private Competitor competitor;
  private String[] authorizations;
  private boolean admitted;

  /**
   * Makes keys, tokens and filter.
   *
   * @param attempt what is sent, or null for good tokens
   */
  final void prepare(Algorithm algorithm, Contender contender, @Nullable Attempt attempt)
      throws Exception {
    Surroundings.prepare();
    Issuer issuer = new Issuer(algorithm);
    List<String> tokens = attempt == null ? issuer.tokens : List.of(attempt.token(issuer));
    competitor = contender.make(issuer);
    authorizations = tokens.stream().map(token -> "Bearer " + token).toArray(String[]::new);
    admitted = attempt == null;
  }

  /** Each thread goes through the tokens by itself. */
  @State(Scope.Thread)
  public static class Turn {
    private int next;

    int next(int size) {
      next = next + 1 < size ? next + 1 : 0;
      return next;
    }
  }

  /** One request. */
  @Benchmark
  public Object request(Turn turn) throws Exception {
    Exchange exchange = Exchange.of(authorizations[turn.next(authorizations.length)], competitor);
    if (exchange.isAdmitted() != admitted) {
      throw new IllegalStateException("this request was " + (admitted ? "refused" : "admitted"));
    }
    return exchange;
  }
}
