package io.sallyport;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens once when a gate opens: the keys are asked for, the operator is told. */
final class Start {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");

  /** A fetch has 5 s; a little more, so that its own report comes first. */
  private static final Duration PATIENCE = Duration.ofMillis(5500);

  private Start() {}

  /**
   * Starts a gate.
   *
   * @throws IllegalStateException if there are no keys and the policy wants them at the start; the
   *     gate is closed then
   */
  static void of(Policy policy, Gate gate) {
    gate.start();
    if (policy.failsOnUnreachableKeys) {
      Optional<String> trouble = gate.awaitKeys(PATIENCE);
      if (trouble.isPresent()) {
        gate.close();
        throw new IllegalStateException(
            "Sallyport cannot start: failOnUnreachableKeys is 'true' and the keys of %s cannot be had (%s)."
                    .formatted(policy.issuer.identifier(), trouble.get())
                + " Make the issuer reachable from here, or leave the setting out to answer 503"
                + " until it is");
      }
    }
    log.info("guarding: {}", policy);
    policy.doubts.forEach(line -> log.warn("is this meant so? {}", line));
    policy.loosenings.forEach(line -> log.warn("looser than the default: {}", line));
  }
}
