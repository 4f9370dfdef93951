package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.text.Printable;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token is bound to, by its {@code cnf} claim (RFC 7800 section 3.1). A binding that nobody
 * here can check refuses the token: it is never good as a plain bearer token.
 *
 * @param jkt the thumbprint of the key that has to sign a DPoP proof (RFC 9449 section 6.1), or
 *     null
 * @param x5t the hash of the client's certificate (RFC 8705 section 3.1), or null
 */
record Confirmation(@Nullable String jkt, @Nullable String x5t) {
  static final String CLAIM = "cnf";
  private static final String KEY = "jkt";
  private static final String CERTIFICATE = "x5t#S256";

  /** Beside {@code jkt}, and no binding: Keycloak says with it how it came by the key. */
  private static final Set<String> HARMLESS = Set.of("kc-jkt-type");

  private static final Confirmation NONE = new Confirmation(null, null);

  static Outcome<Confirmation> read(SignedClaims claims) {
    if (!claims.has(CLAIM)) return passed(NONE);
    if (!(claims.get(CLAIM) instanceof Map<?, ?> members)) {
      return stopped(Reason.CONFIRMATION_UNKNOWN, "cnf is not an object");
    }
    for (Map.Entry<?, ?> member : members.entrySet()) {
      if (HARMLESS.contains(member.getKey())) continue;
      if (!KEY.equals(member.getKey()) && !CERTIFICATE.equals(member.getKey())) {
        return stopped(
            Reason.CONFIRMATION_UNKNOWN,
            "cnf has " + Printable.quoted(member.getKey()) + ", which is not known here");
      }
      if (!(member.getValue() instanceof String text) || text.isEmpty()) {
        return stopped(Reason.CONFIRMATION_UNKNOWN, member.getKey() + " of cnf is not text");
      }
    }
    Confirmation confirmation = of(claims);
    return confirmation.isNone()
        ? stopped(Reason.CONFIRMATION_UNKNOWN, "cnf names no key and no certificate")
        : passed(confirmation);
  }

  /** What claims are bound to that have been {@link #read} without objection. */
  static Confirmation of(SignedClaims claims) {
    if (!(claims.get(CLAIM) instanceof Map<?, ?> members)) return NONE;
    return new Confirmation(text(members.get(KEY)), text(members.get(CERTIFICATE)));
  }

  private static @Nullable String text(@Nullable Object member) {
    return member instanceof String text ? text : null;
  }

  boolean isNone() {
    return jkt == null && x5t == null;
  }
}
