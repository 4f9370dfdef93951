package io.sallyport;

/**
 * What the gate decided: {@link Admitted} or {@link Refused}, and nothing else.
 *
 * <pre>{@code
 * Decision decision = verifier.verify(token);
 * if (decision instanceof Decision.Admitted admitted) return admitted.token();
 * }</pre>
 *
 * @since 0.1.0
 */
public sealed interface Decision {
  /**
   * The token holds.
   *
   * @param token its verified and narrowed claims
   * @since 0.1.0
   */
  record Admitted(VerifiedToken token) implements Decision {}

  /**
   * The token does not hold, or it cannot be known whether it does.
   *
   * @param refusal why
   * @since 0.1.0
   */
  record Refused(Refusal refusal) implements Decision {}
}
