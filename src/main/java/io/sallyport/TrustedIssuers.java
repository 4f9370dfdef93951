package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.keys.KeyHealth;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.text.StrictJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configured issuers, and the choice between them. That choice is the one thing for which
 * anything is read of claims that nobody has verified (RFC 8725 section 3.10): the text of {@code
 * iss}, compared code point for code point. It is dropped at once, and after the signature the
 * claims are read anew. Where there is one issuer, there is no choice, and nothing is read.
 */
final class TrustedIssuers {
  private final List<TrustedIssuer> all;
  private final Map<String, TrustedIssuer> byIdentifier;
  private final @Nullable TrustedIssuer only;
  private final StrictJson json;
  private final LongSupplier nanoTime;

  TrustedIssuers(List<IssuerPolicy> policies, StrictJson json, LongSupplier nanoTime) {
    this.all = policies.stream().map(policy -> new TrustedIssuer(policy, json)).toList();
    this.byIdentifier =
        all.stream()
            .collect(Collectors.toUnmodifiableMap(TrustedIssuer::identifier, Function.identity()));
    this.only = all.size() == 1 ? all.get(0) : null;
    this.json = json;
    this.nanoTime = nanoTime;
  }

  /** Whether this very token may have been remembered; without that it need not be hashed. */
  boolean mayRemember(CompactJws token) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).mayRemember(token)) return true;
    }
    return false;
  }

  /** The issuer by whose keys the token has to be signed. */
  Outcome<TrustedIssuer> of(CompactJws token) {
    if (only != null) return passed(only);
    String iss = json.text(token.payload(), "iss");
    if (iss == null) return stopped(Reason.ISSUER_UNKNOWN, "there is no iss, or not one of text");
    TrustedIssuer named = byIdentifier.get(iss);
    return named == null
        ? stopped(Reason.ISSUER_UNKNOWN, "the iss is none of the configured ones")
        : passed(named);
  }

  /** Starts fetching the keys of each. */
  void start() {
    all.forEach(issuer -> issuer.keys().start());
  }

  /**
   * Waits for the first keys of each.
   *
   * @return what is wrong with whom, fit for a log; nothing once all of them have keys
   */
  List<String> awaitKeys(Duration patience) {
    long start = nanoTime.getAsLong();
    List<String> troubles = new ArrayList<>();
    for (TrustedIssuer issuer : all) {
      Duration left = patience.minusNanos(nanoTime.getAsLong() - start);
      issuer
          .keys()
          .awaitKeys(left)
          .ifPresent(why -> troubles.add(issuer.identifier() + " cannot be had (" + why + ")"));
    }
    return troubles;
  }

  /** How the keys of each stand, by its identifier, in the order of the settings. */
  Map<String, KeyHealth> keyHealth() {
    Map<String, KeyHealth> each = new LinkedHashMap<>();
    for (TrustedIssuer issuer : all) each.put(issuer.identifier(), issuer.keyHealth());
    return Collections.unmodifiableMap(each);
  }

  /** Ends the key sources that are ours. */
  void close() {
    List<KeySource> ours =
        all.stream().filter(issuer -> issuer.policy().ownsKeys).map(TrustedIssuer::keys).toList();
    KeySources.close(ours);
  }
}
