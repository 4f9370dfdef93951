package io.sallyport;

import java.util.function.Function;
import java.util.function.Supplier;

/** What a stage of the gate comes to: a value for the next stage, or the refusal that ends it. */
sealed interface Outcome<T> {
  /** The stage let it pass. */
  record Passed<T>(T value) implements Outcome<T> {}

  /** The stage stopped it. */
  record Stopped<T>(Refusal refusal) implements Outcome<T> {}

  static <T> Outcome<T> passed(T value) {
    return new Passed<>(value);
  }

  static <T> Outcome<T> stopped(Reason reason, String detail) {
    return new Stopped<>(new Refusal(reason, detail));
  }

  /** Goes on with the next stage, unless this one has stopped. */
  default <N> Outcome<N> then(Function<? super T, Outcome<N>> next) {
    if (this instanceof Passed<T> passed) return next.apply(passed.value());
    return new Stopped<>(((Stopped<T>) this).refusal());
  }

  /** Adds to what the operator is told, if this stage or one before it has stopped. */
  default Outcome<T> noting(Supplier<String> note) {
    if (!(this instanceof Stopped<T> stopped)) return this;
    Refusal refusal = stopped.refusal();
    return stopped(refusal.reason(), refusal.detail() + "; " + note.get());
  }

  /** Tells by which issuer's keys and rules a token was judged, if it was stopped. */
  default Outcome<T> under(String issuer) {
    if (!(this instanceof Stopped<T> stopped)) return this;
    Refusal refusal = stopped.refusal();
    return new Stopped<>(new Refusal(refusal.reason(), refusal.detail(), issuer));
  }
}
