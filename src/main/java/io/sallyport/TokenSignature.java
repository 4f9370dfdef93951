package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import io.sallyport.keys.KeySource;
import io.sallyport.text.StrictJson;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Algorithm allowlist, key, signature (RFC 7515 section 5.2, RFC 8725 sections 3.1 to 3.3). Until
 * here nothing of the token may be believed; behind here all of it was signed by the issuer.
 *
 * <p>{@code jwk}, {@code jku}, {@code x5u} and {@code x5c} of a header are what their sender liked
 * to write there: they never choose a key and never cause a request.
 */
final class TokenSignature {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");

  /** What changes how a token is to be read, and is never done here: refused whatever the value. */
  private static final List<String> UNSUPPORTED = List.of("crit", "b64", "zip", "enc");

  private final Set<JWSAlgorithm> algorithms;
  private final KeySource keys;
  private final StrictJson json;

  TokenSignature(Set<JWSAlgorithm> algorithms, KeySource keys, StrictJson json) {
    this.algorithms = Set.copyOf(algorithms);
    this.keys = keys;
    this.json = json;
  }

  /** A token whose signature holds, its type, and the key that vouches for it. */
  record Signed(CompactJws token, @Nullable String type, KeySource.Key key) {}

  Outcome<Signed> verify(CompactJws token) {
    return header(token).then(header -> verify(token, header));
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
    if (!(members.get("alg") instanceof String name) || !algorithms.contains(algorithm(name))) {
      return stopped(Reason.ALGORITHM_NOT_ALLOWED, "alg is none of " + algorithms);
    }
    try {
      return passed(JWSHeader.parse(members, new Base64URL(token.encodedHeader())));
    } catch (ParseException | IllegalArgumentException e) {
      return stopped(Reason.HEADER_MALFORMED, "a member that Nimbus cannot parse");
    }
  }

  private static JWSAlgorithm algorithm(String name) {
    return new JWSAlgorithm(name); // equal by name, letter for letter
  }

  private Outcome<Signed> verify(CompactJws token, JWSHeader header) {
    KeySource.Answer answer = find(header);
    if (answer instanceof KeySource.Found found) return verify(token, header, found.key());
    if (answer instanceof KeySource.Unknown unknown) return noKey(unknown);
    return stopped(Reason.KEYS_UNAVAILABLE, "the issuer's keys cannot be had now");
  }

  /** A source of the application's own that throws cannot know, which is no fault of the token. */
  private KeySource.Answer find(JWSHeader header) {
    try {
      return keys.find(header);
    } catch (RuntimeException e) {
      log.warn("the source of keys failed: {}", e.getClass().getName());
      return new KeySource.Unavailable();
    }
  }

  private static Outcome<Signed> noKey(KeySource.Unknown unknown) {
    return switch (unknown.why()) {
      case NO_SUCH_KEY ->
          stopped(Reason.KEY_UNKNOWN, "the key ids of the issuer are " + unknown.known());
      case UNFIT -> stopped(Reason.KEY_UNFIT, "the key of that kid is not for that alg");
      case AMBIGUOUS -> stopped(Reason.KEY_AMBIGUOUS, "several keys fit kid and alg");
    };
  }

  private static Outcome<Signed> verify(CompactJws token, JWSHeader header, KeySource.Key key) {
    JWSVerifier verifier = key.verifier(header.getAlgorithm());
    if (verifier == null) return stopped(Reason.KEY_UNFIT, "the key is not for that alg");
    try {
      Base64URL signature = new Base64URL(token.encodedSignature());
      if (!verifier.verify(header, token.signingInput(), signature)) {
        return stopped(Reason.SIGNATURE_INVALID, "the signature does not verify");
      }
    } catch (JOSEException e) {
      return stopped(Reason.SIGNATURE_INVALID, "the signature cannot be verified");
    }
    String type = header.getType() == null ? null : header.getType().getType();
    return passed(new Signed(token, type, key));
  }
}
