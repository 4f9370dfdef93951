package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.KeySource;
import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Algorithm allowlist, key, signature (RFC 7515 section 5.2, RFC 8725 sections 3.1 to 3.3). Until
 * here nothing of the token may be believed; behind here all of it was signed by the issuer.
 *
 * <p>{@code jwk}, {@code jku}, {@code x5u} and {@code x5c} of a header are what their sender liked
 * to write there: they never choose a key and never cause a request.
 */
final class TokenSignature {
  /** What changes how a token is to be read, and is never done here: refused whatever the value. */
  static final List<String> UNSUPPORTED = List.of("crit", "b64", "zip", "enc");

  private final Map<String, JWSAlgorithm> algorithms;
  private final String algorithmNotAllowed;
  private final KeySource keys;
  private final StrictJson json;
  private final KnownHeaders known = new KnownHeaders();

  TokenSignature(Set<JWSAlgorithm> algorithms, KeySource keys, StrictJson json) {
    this.algorithms =
        algorithms.stream().collect(Collectors.toUnmodifiableMap(JWSAlgorithm::getName, a -> a));
    this.algorithmNotAllowed = "alg is none of " + this.algorithms.keySet();
    this.keys = keys;
    this.json = json;
  }

  /** A token whose signature holds, its type, and the key that vouches for it. */
  record Signed(CompactJws token, @Nullable String type, KeySource.Key key) {}

  /** Whether a signature has held under this very header; without that no token is known. */
  boolean knowsHeaderOf(CompactJws token) {
    return known.find(token) != null;
  }

  Outcome<Signed> verify(CompactJws token) {
    JWSHeader header = known.find(token);
    if (header != null) return underKey(token, header);
    return header(token).then(read -> underKey(token, read).then(signed -> keep(read, signed)));
  }

  private Outcome<Signed> keep(JWSHeader header, Signed signed) {
    known.add(signed.token(), header);
    return passed(signed);
  }

  private Outcome<JWSHeader> header(CompactJws token) {
    Map<String, @Nullable Object> members = json.object(token.header());
    if (members == null) return stopped(Reason.HEADER_MALFORMED, "not one well-formed JSON object");
    for (String name : UNSUPPORTED) {
      if (members.containsKey(name)) return stopped(Reason.HEADER_UNSUPPORTED, name);
    }
    for (String name : List.of("alg", "kid", "typ")) {
      if (members.containsKey(name) && !(members.get(name) instanceof String)) {
        return stopped(Reason.HEADER_MALFORMED, name + " is not text");
      }
    }
    JWSAlgorithm algorithm = algorithms.get(String.valueOf(members.get("alg")));
    if (algorithm == null) {
      return stopped(Reason.ALGORITHM_NOT_ALLOWED, algorithmNotAllowed);
    }
    // What else a header holds is not even parsed: certificates in it would cost more than a check.
    JWSHeader.Builder header = new JWSHeader.Builder(algorithm);
    if (members.get("kid") instanceof String kid) header.keyID(kid);
    if (members.get("typ") instanceof String type) header.type(new JOSEObjectType(type));
    return passed(header.build());
  }

  private Outcome<Signed> underKey(CompactJws token, JWSHeader header) {
    KeySource.Answer answer;
    try {
      answer = keys.find(header);
    } catch (RuntimeException | Error e) { // what the application's own source throws tells nothing
      return stopped(Reason.KEYS_UNAVAILABLE, "the source of keys threw " + e.getClass().getName());
    }
    if (answer instanceof KeySource.Found found) return holds(token, header, found.key());
    if (answer instanceof KeySource.Unknown unknown) return noKey(unknown);
    return stopped(Reason.KEYS_UNAVAILABLE, "the issuer's keys cannot be had now");
  }

  private static Outcome<Signed> noKey(KeySource.Unknown unknown) {
    return switch (unknown.why()) {
      case NO_SUCH_KEY ->
          stopped(Reason.KEY_UNKNOWN, "none of the issuer's " + unknown.keys() + " keys fits");
      case UNFIT -> stopped(Reason.KEY_UNFIT, "the key of that kid is not for that alg");
      case AMBIGUOUS -> stopped(Reason.KEY_AMBIGUOUS, "several keys fit kid and alg");
    };
  }

  private static Outcome<Signed> holds(CompactJws token, JWSHeader header, KeySource.Key key) {
    if (!key.algorithms().contains(header.getAlgorithm())) {
      return stopped(Reason.KEY_UNFIT, "the key is not for that alg");
    }
    try {
      if (!key.verifies(header, token.signingInput(), token.signature())) {
        String kid = Printable.quoted(key.kid());
        return stopped(Reason.SIGNATURE_INVALID, "it does not verify under the key of kid " + kid);
      }
    } catch (JOSEException e) {
      return stopped(Reason.SIGNATURE_INVALID, "the signature cannot be verified");
    }
    String type = header.getType() == null ? null : header.getType().getType();
    return passed(new Signed(token, type, key));
  }
}
