package io.sallyport;

import java.util.function.Function;

/** How far one token has come through the gate. For one decision, and one thread. */
final class Trace {
  private Stage reached = Stage.FORM;

  /** The last check that was made, or begun. */
  Stage reached() {
    return reached;
  }

  /** The same check, which leaves its mark here when it is made. */
  <T, N> Function<T, Outcome<N>> of(Stage stage, Function<T, Outcome<N>> check) {
    return value -> {
      reached = stage;
      return check.apply(value);
    };
  }
}
