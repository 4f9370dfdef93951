package io.sallyport.keys;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import io.sallyport.keys.KeySource.Answer;
import io.sallyport.keys.KeySource.Found;
import io.sallyport.keys.KeySource.Unknown;
import io.sallyport.keys.KeySource.Why;
import io.sallyport.text.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The ready keys of one JWK set, and the look-up in it. Immutable. */
final class KeySet {
  private final Map<JWK, KeySource.Key> keys;
  private final Set<KeySource.Key> members;
  private final Map<String, List<KeySource.Key>> byKid = new LinkedHashMap<>();
  private final List<String> remarks;

  /**
   * Makes a set.
   *
   * @param keys the usable keys with what they were made from
   * @param remarks one line for each key that was left out or is of no use, fit for a log
   */
  KeySet(Map<JWK, KeySource.Key> keys, List<String> remarks) {
    this.keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    this.members = Collections.newSetFromMap(new IdentityHashMap<>());
    this.members.addAll(keys.values());
    this.remarks = List.copyOf(remarks);
    for (KeySource.Key key : keys.values()) {
      String kid = key.kid();
      if (kid != null) byKid.computeIfAbsent(kid, k -> new ArrayList<>()).add(key);
    }
  }

  /** The key that a header names: by its {@code kid}, or without one the only key that fits. */
  Answer find(JWSHeader header, Instant now) {
    String kid = header.getKeyID();
    Collection<KeySource.Key> candidates =
        kid == null ? keys.values() : byKid.getOrDefault(kid, List.of());
    KeySource.Key fitting = null;
    boolean named = false;
    for (KeySource.Key key : candidates) {
      if (key.expiredAt(now)) continue;
      named = kid != null;
      if (key.verifier(header.getAlgorithm()) == null) continue;
      if (fitting != null) return unknown(Why.AMBIGUOUS);
      fitting = key;
    }
    if (fitting != null) return new Found(fitting);
    return unknown(named ? Why.UNFIT : Why.NO_SUCH_KEY);
  }

  private Unknown unknown(Why why) {
    return new Unknown(why, keys.size());
  }

  /** Whether this very key is one of the set and has not ended. */
  boolean holds(KeySource.Key key, Instant now) {
    return members.contains(key) && !key.expiredAt(now);
  }

  /** How many have not ended. */
  int count(Instant now) {
    return (int) keys.values().stream().filter(key -> !key.expiredAt(now)).count();
  }

  /** The key that an earlier set made from the same JWK, so that it need not be made again. */
  KeySource.@Nullable Key madeFrom(JWK jwk) {
    return keys.get(jwk);
  }

  /** Tells the operator which keys count from now on, and which are of no use and why. */
  void tell(Logger log, String name) {
    log.info("{}: keys now {}", name, this);
    remarks.forEach(remark -> log.warn("{}: not used: {}", name, remark));
  }

  /** The same keys and the same remarks: nothing that an operator has to hear of. */
  boolean sameAs(KeySet other) {
    return members.equals(other.members) && remarks.equals(other.remarks);
  }

  /** The ids, for a log. */
  @Override
  public String toString() {
    return keys.values().stream()
        .map(key -> (key.kid() == null ? "without kid" : Printable.plain(key.kid())))
        .collect(Collectors.joining(", "));
  }
}
