package io.sallyport;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
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
   * @throws IllegalStateException if there are no keys and the policy wants them at the start, or
   *     the host is within reach and the policy refuses that; the gate is closed then
   */
  static void of(Policy policy, Gate gate) {
    of(policy, gate, HostExposure.ofThisProcess());
  }

  static void of(Policy policy, Gate gate, HostExposure host) {
    List<HostExposure.Finding> open =
        policy.hostExposure.equals("off") ? List.of() : host.findings();
    if (policy.hostExposure.equals("refuse") && !open.isEmpty()) {
      gate.close();
      throw new IllegalStateException(
          "Sallyport cannot start: hostExposure is 'refuse' and this process reaches for its host: "
              + open.stream().map(Object::toString).collect(Collectors.joining("; "))
              + ". Or set hostExposure to warn");
    }
    gate.start();
    if (policy.failsOnUnreachableKeys) {
      List<String> troubles = gate.awaitKeys(PATIENCE);
      if (!troubles.isEmpty()) {
        gate.close();
        throw new IllegalStateException(
            "Sallyport cannot start: failOnUnreachableKeys is 'true' and the keys of %s."
                    .formatted(String.join(", the keys of ", troubles))
                + " Make the issuer reachable from here, or leave the setting out to answer 503"
                + " until it is");
      }
    }
    log.info("guarding: {}", policy);
    policy.doubts.forEach(line -> log.warn("is this meant so? {}", line));
    open.forEach(finding -> log.warn("the host is within reach: {}", finding));
    policy.loosenings.forEach(line -> log.warn("looser than the default: {}", line));
  }
}
