package io.sallyport.cli;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.EffectiveSetting;
import io.sallyport.Policy;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.keys.Rotation;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of one issuer that say where its keys are and how they are kept.
 *
 * @param values its own settings and the filter's, by name
 */
record IssuerSettings(Map<String, String> values) {
  /** A fetch has as long as a look-up; a little more, so that its own report comes first. */
  private static final Duration PATIENCE = Lookup.PATIENCE.plusMillis(500);

  IssuerSettings {
    values = Map.copyOf(values);
  }

  /** Those of each issuer of a policy, in order. */
  static List<IssuerSettings> of(Policy policy) {
    Map<String, Map<String, String>> named = new LinkedHashMap<>();
    Map<String, String> common = new LinkedHashMap<>();
    for (EffectiveSetting setting : policy.effective()) {
      int dot = setting.name().indexOf('.');
      String own = setting.name().substring(dot + 1);
      if (dot < 0) {
        common.put(own, setting.value());
      } else {
        String issuer = setting.name().substring(0, dot);
        named.computeIfAbsent(issuer, name -> new LinkedHashMap<>()).put(own, setting.value());
      }
    }
    if (named.isEmpty()) return List.of(new IssuerSettings(common));
    List<IssuerSettings> each = new ArrayList<>();
    for (Map<String, String> own : named.values()) {
      Map<String, String> all = new LinkedHashMap<>(common);
      all.putAll(own);
      each.add(new IssuerSettings(all));
    }
    return each;
  }

  String issuer() {
    return text("issuer");
  }

  Optional<String> find(String setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /** A setting that has a default, or that every policy has. */
  private String text(String setting) {
    return Objects.requireNonNull(values.get(setting), setting);
  }

  Duration seconds(String setting) {
    return Duration.ofSeconds(Long.parseLong(text(setting)));
  }

  Set<JWSAlgorithm> algorithms() {
    Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
    for (String name : text("algorithms").split("\\s+", -1))
      algorithms.add(JWSAlgorithm.parse(name));
    return algorithms;
  }

  /** Whether keys are fetched over the network at all. */
  boolean areKeysFetched() {
    return find("jwks").isEmpty() && find("hmacSecretFile").isEmpty();
  }

  /** Whether keys may come from an address: https, or http of a loopback host with allowHttp. */
  boolean isTrusted(URI address) {
    if (address.getHost() == null) return false;
    if ("https".equals(address.getScheme())) return true;
    return "http".equals(address.getScheme())
        && text("allowHttp").equals("true")
        && address.getHost().matches("localhost|\\[::1]|127(\\.[0-9]{1,3}){3}");
  }

  /**
   * Fetches the keys as an application does, with as much patience as its start has.
   *
   * @return what is wrong, fit for a terminal; empty where there are keys
   */
  Optional<String> trouble(Clock clock) {
    try (KeySource source = source(clock)) {
      return source.awaitKeys(PATIENCE);
    }
  }

  private KeySource source(Clock clock) {
    Duration refresh = seconds("keyRefreshSeconds");
    Rotation rotation = new Rotation(refresh, seconds("maxKeyAgeSeconds"), clock, System::nanoTime);
    return find("jwksUri")
        .map(address -> KeySources.fetched(URI.create(address), algorithms(), rotation))
        .orElseGet(() -> KeySources.discovered(issuer(), this::isTrusted, algorithms(), rotation));
  }
}
