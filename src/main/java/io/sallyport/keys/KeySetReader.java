package io.sallyport.keys;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import io.sallyport.keys.PublicJwk.Unfit;
import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a JWK set ready key by key (RFC 7517 section 5): a bad key costs that key, not the set.
 *
 * <p>Left out with a remark: symmetric and private keys, keys for anything but verifying, ended or
 * not yet valid ones, what {@link PublicJwk} finds unfit, and all after the first {@value
 * #MAX_KEYS}.
 */
final class KeySetReader {
  /** How many bytes a JWK set may have. */
  static final int MAX_BYTES = 256 * 1024;

  private static final int MAX_KEYS = 100;
  private final StrictJson json = new StrictJson(MAX_BYTES);
  private final Set<JWSAlgorithm> allowed;
  private final Clock clock;

  /**
   * Makes a reader.
   *
   * @param allowed the algorithms that keys are made ready for
   * @param clock tells which keys have ended
   */
  KeySetReader(Set<JWSAlgorithm> allowed, Clock clock) {
    this.allowed = Set.copyOf(allowed);
    this.clock = clock;
  }

  /**
   * Reads a set.
   *
   * @param document the JWK set as it came
   * @param previous the set before it, whose keys are kept where their JWK is the same; or null
   * @return a set with at least one key
   * @throws IOException if the document is no JWK set or has no usable key; the message is fit for
   *     a log
   */
  KeySet read(byte[] document, @Nullable KeySet previous) throws IOException {
    Map<String, @Nullable Object> object = json.object(document);
    if (object == null) throw new IOException("the answer is not one well-formed JSON object");
    if (!(object.get("keys") instanceof List<?> elements)) {
      throw new IOException("the answer has no array \"keys\"");
    }
    Map<JWK, KeySource.Key> keys = new LinkedHashMap<>();
    List<String> remarks = new ArrayList<>();
    for (Object element : elements.subList(0, Math.min(elements.size(), MAX_KEYS))) {
      try {
        JWK jwk = PublicJwk.parsed(element);
        KeySource.Key known = previous == null ? null : previous.madeFrom(jwk);
        keys.put(jwk, known != null && !ended(jwk) ? known : ready(jwk));
      } catch (Unfit e) {
        remarks.add(label(element) + ": " + e.getMessage());
      }
    }
    if (elements.size() > MAX_KEYS) {
      remarks.add("all keys after the first " + MAX_KEYS + " of " + elements.size());
    }
    if (keys.isEmpty()) {
      throw new IOException("no usable key among " + elements.size() + " " + remarks);
    }
    remarks.addAll(twins(keys.values()));
    return new KeySet(keys, remarks);
  }

  private KeySource.Key ready(JWK jwk) throws Unfit {
    PublicJwk.checkPurpose(jwk);
    if (ended(jwk)) throw new Unfit("its exp is past");
    Date start = jwk.getNotBeforeTime();
    if (start != null && clock.instant().isBefore(start.toInstant())) {
      throw new Unfit("its nbf is not reached");
    }
    Map<JWSAlgorithm, JWSVerifier> verifiers = PublicJwk.verifiers(jwk, allowed);
    Date end = jwk.getExpirationTime();
    return new KeySource.Key(jwk.getKeyID(), verifiers, end == null ? null : end.toInstant());
  }

  private boolean ended(JWK jwk) {
    Date end = jwk.getExpirationTime();
    return end != null && !clock.instant().isBefore(end.toInstant());
  }

  /** Keys that share an id and an algorithm: a token that names them is refused. */
  private static List<String> twins(Iterable<KeySource.Key> keys) {
    Set<String> seen = new HashSet<>();
    Set<String> twins = new LinkedHashSet<>();
    for (KeySource.Key key : keys) {
      if (key.kid() == null) continue;
      for (JWSAlgorithm algorithm : key.algorithms()) {
        if (!seen.add(algorithm + " " + key.kid())) {
          twins.add(
              "kid "
                  + Printable.quoted(key.kid())
                  + ": several keys for "
                  + algorithm
                  + ", so that tokens naming it are refused");
        }
      }
    }
    return List.copyOf(twins);
  }

  private static String label(@Nullable Object element) {
    if (element instanceof Map<?, ?> members && members.get("kid") instanceof String kid) {
      return "kid " + Printable.quoted(kid);
    }
    return "a key without kid";
  }
}
