package io.sallyport;

import io.sallyport.keys.KeyHealth;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate without a servlet, for a WebSocket handshake, a gRPC interceptor or a message listener.
 *
 * <p>It takes the same settings as the filter and makes the same decisions; those on paths do not
 * apply. Safe for use by several threads. Close it to end the threads that keep its keys fresh, one
 * for each issuer.
 *
 * <pre>{@code
 * TokenVerifier verifier = TokenVerifier.builder()
 *     .issuer("https://id.example.com")
 *     .audience("https://api.example.com")
 *     .allowedScopes("orders:read")
 *     .build();
 * Decision decision = verifier.verify(token);
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TokenVerifier implements AutoCloseable {
  private final Policy policy;
  private final Gate gate;
  private final RefusalLog refusals;

  private TokenVerifier(Policy policy) {
    this.policy = policy;
    this.gate = new Gate(policy);
    this.refusals = new RefusalLog(policy.undecidedIssuer(), policy.nanoTime);
    Start.of(policy, gate);
  }

  /**
   * Begins a verifier.
   *
   * @return a builder with nothing set
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A verifier by settings that were checked before; its keys are fetched from now on.
   *
   * @param policy the checked settings
   * @return the verifier
   * @throws IllegalStateException if {@code failOnUnreachableKeys} is set and there are no keys in
   *     time, which is some 5 seconds, or {@code hostExposure} is {@code refuse} and the host is
   *     within reach
   */
  public static TokenVerifier of(Policy policy) {
    return new TokenVerifier(policy);
  }

  /**
   * Decides on a token.
   *
   * @param token the token alone, without a scheme before it; null and the empty text are refused
   * @return the verified and narrowed claims, or why there are none; never null, and no exception
   *     for anything that a token can hold. While the issuer's keys are not at hand it may wait for
   *     them for 5 seconds at most
   */
  public Decision verify(@Nullable String token) {
    Listeners.Begun begun = policy.listeners.begin();
    Outcome<VerifiedToken> outcome =
        gate.decide(
            BearerToken.fromText(token, policy.maxTokenLength), policy.demand, Presented.NOTHING);
    if (outcome instanceof Outcome.Passed<VerifiedToken> passed) {
      policy.listeners.verified(begun, passed.value().issuer());
      return new Decision.Admitted(passed.value());
    }
    Refusal refusal = ((Outcome.Stopped<VerifiedToken>) outcome).refusal();
    refusals.note(refusal);
    policy.listeners.refused(begun, refusal);
    return new Decision.Refused(refusal);
  }

  /**
   * Decides on a token, and tells what each check expects and finds. The checks are those of {@link
   * #verify}, made by the same code; a token that was verified before is verified again, and the
   * refusal is neither counted nor logged. For diagnosis: it costs more.
   *
   * @param token the token alone, without a scheme before it
   * @return each check and the decision; never null, and no exception for anything that a token can
   *     hold
   */
  public Explanation explain(@Nullable String token) {
    return new Explainer(policy, gate).explain(token, policy.demand);
  }

  /**
   * The same as the filter would judge a request by {@code publicPaths} and {@code rules}. On a
   * public path any good token will do.
   *
   * @param token the token alone
   * @param method the request's method
   * @param path its path within the application, decoded and normalised
   * @return each check and the decision
   */
  public Explanation explain(@Nullable String token, String method, String path) {
    Demand demand = policy.routes.demandOf(method, path);
    return new Explainer(policy, gate).explain(token, demand == null ? Demand.NOTHING : demand);
  }

  /**
   * How the keys stand, for a health endpoint. Never waits for a fetch.
   *
   * @return the keys of each issuer, by its identifier, in the order of the settings
   */
  public Map<String, KeyHealth> keyHealth() {
    return gate.keyHealth();
  }

  /** Ends the verifier: every later decision is a refusal for {@code GATE_CLOSED}. */
  @Override
  public void close() {
    gate.close();
    refusals.close();
  }

  /**
   * Takes the settings of a verifier.
   *
   * @since 0.1.0
   */
  public static final class Builder extends PolicyBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Checks the settings and starts fetching keys.
     *
     * @return the verifier
     * @throws IllegalArgumentException if a required setting is missing or two contradict each
     *     other
     * @throws IllegalStateException if {@code failOnUnreachableKeys} is set and there are no keys
     *     in time, which is some 5 seconds, or {@code hostExposure} is {@code refuse} and the host
     *     is within reach
     */
    public TokenVerifier build() {
      return new TokenVerifier(policy());
    }
  }
}
