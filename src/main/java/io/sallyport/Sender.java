package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings on how a sender shows that a token is its own.
 *
 * @param constraint which tokens have to be bound
 * @param algorithms what a proof may be signed with, by name; empty where tokens are authenticated
 *     by a shared secret, which proves nothing to a third party
 * @param maxAge how long after its {@code iat} a proof is good
 * @param skew how far before its {@code iat}
 * @param nonces whether proofs need a nonce of ours
 * @param publicOrigin the origin that clients see, in its one spelling; or null
 * @param trustedProxies whose word on the client's certificate is taken
 * @param replayGuard the application's own, or null
 */
record Sender(
    Constraint constraint,
    Map<String, JWSAlgorithm> algorithms,
    Duration maxAge,
    Duration skew,
    boolean nonces,
    @Nullable String publicOrigin,
    TrustedProxies trustedProxies,
    @Nullable ReplayGuard replayGuard,
    Clock clock,
    LongSupplier nanoTime) {

  /** What a bound token is refused for that came without what shows it to be its sender's. */
  private static final Set<Reason> BINDINGS =
      Set.of(Reason.TOKEN_BOUND, Reason.CERTIFICATE_MISSING, Reason.CERTIFICATE_MISMATCH);

  /** Which tokens have to be bound; one that is bound has to be proved under every one of these. */
  enum Constraint {
    /** None. */
    AUTO,
    /** All, to a key. */
    DPOP,
    /** All, to a certificate. */
    MTLS,
    /** All, to a key or a certificate. */
    ANY
  }

  /**
   * Takes them out of the settings.
   *
   * @throws IllegalArgumentException if proofs are demanded that no algorithm could sign
   */
  static Sender of(
      GivenSettings settings,
      Set<JWSAlgorithm> algorithms,
      @Nullable ReplayGuard replayGuard,
      Clock clock,
      LongSupplier nanoTime) {
    Map<String, JWSAlgorithm> asymmetric = new LinkedHashMap<>();
    for (JWSAlgorithm algorithm : algorithms) {
      if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) continue;
      asymmetric.put(algorithm.getName(), algorithm);
    }
    Constraint constraint = constraint(settings.get(Settings.SENDER_CONSTRAINT));
    if (constraint == Constraint.DPOP && asymmetric.isEmpty()) {
      throw settings.refused(
          Settings.SENDER_CONSTRAINT,
          "a proof is signed by one of algorithms, and a shared secret signs none",
          "mtls");
    }
    return new Sender(
        constraint,
        asymmetric,
        Duration.ofSeconds(settings.get(Settings.DPOP_MAX_AGE_SECONDS)),
        Duration.ofSeconds(settings.get(Settings.CLOCK_SKEW_SECONDS)),
        settings.get(Settings.DPOP_NONCE).equals("required"),
        settings.find(Settings.PUBLIC_ORIGIN).map(Sender::spelled).orElse(null),
        TrustedProxies.of(settings.find(Settings.TRUSTED_PROXIES).orElse(Set.of())),
        replayGuard,
        clock,
        nanoTime);
  }

  private static Constraint constraint(String choice) {
    return switch (choice) {
      case "dpop" -> Constraint.DPOP;
      case "mtls" -> Constraint.MTLS;
      case "any" -> Constraint.ANY;
      default -> Constraint.AUTO;
    };
  }

  private static @Nullable String spelled(URI origin) {
    return TargetUri.origin(origin.getScheme(), origin.getRawAuthority());
  }

  /** Whether the settings speak of client certificates, so that clients may be told of them. */
  boolean expectsCertificates() {
    return constraint == Constraint.MTLS
        || constraint == Constraint.ANY
        || !trustedProxies.ranges().isEmpty();
  }

  /**
   * Whether a refusal tells of DPoP beside Bearer.
   *
   * @param dpop whether the request came with the scheme DPoP
   */
  boolean challenges(Reason reason, boolean dpop) {
    if (algorithms.isEmpty()) return false;
    return dpop
        || constraint == Constraint.DPOP
        || constraint == Constraint.ANY
        || BINDINGS.contains(reason);
  }
}
