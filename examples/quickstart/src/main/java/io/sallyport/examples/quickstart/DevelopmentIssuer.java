package io.sallyport.examples.quickstart;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Stands in for an identity provider: it gives everybody the token that they ask for. Its keys live
 * as long as the process, one for each algorithm.
 */
final class DevelopmentIssuer {
  private final String name;
  private final Map<String, SigningKey> keys =
      SigningKey.ALGORITHMS.stream()
          .collect(Collectors.toUnmodifiableMap(Function.identity(), DevelopmentIssuer::key));

  /**
   * Makes the keys.
   *
   * @param name the {@code iss} of its tokens, below which its metadata is
   */
  DevelopmentIssuer(String name) {
    this.name = name;
  }

  private static SigningKey key(String algorithm) {
    return SigningKey.generate(algorithm, "dev-" + algorithm.toLowerCase(Locale.ROOT));
  }

  String name() {
    return name;
  }

  /** An honest token. */
  String token(Wish wish) {
    return draft(wish).signed();
  }

  /** A token to be bent, and signed or not. */
  Draft draft(Wish wish) {
    SigningKey key = keys.get(wish.algorithm());
    if (key == null) throw new IllegalArgumentException("no key for " + wish.algorithm());
    return new Draft(name, key, wish);
  }

  /** Where the keys are (OpenID Connect Discovery 1.0 section 3). */
  Map<String, Object> metadata() {
    return Map.of("issuer", name, "jwks_uri", name + "/jwks");
  }

  /** The public keys (RFC 7517 section 5). */
  Map<String, Object> jwks() {
    List<JWK> published =
        SigningKey.ALGORITHMS.stream().map(algorithm -> keys.get(algorithm).jwk()).toList();
    return new JWKSet(published).toJSONObject(true);
  }
}
