package io.sallyport.cli;

import io.sallyport.Policy;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings as somebody gave them, not yet checked.
 *
 * @param name where they come from, for a heading
 * @param settings values by the names of the settings
 * @param contextParams what counts where they have nothing, with {@code sallyport.} before the
 *     names
 * @param doubts what looks like a mistake about them, a line each
 */
record Configuration(
    String name,
    Map<String, String> settings,
    Map<String, String> contextParams,
    List<String> doubts) {
  /** What stands before a setting's name in a context-param. */
  static final String CONTEXT_PREFIX = "sallyport.";

  Configuration {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    contextParams = Collections.unmodifiableMap(new LinkedHashMap<>(contextParams));
    doubts = List.copyOf(doubts);
  }

  /** The same with these settings instead of what it has. */
  Configuration with(Map<String, String> others) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(others);
    return new Configuration(name, all, contextParams, doubts);
  }

  /** The same without any of these settings. */
  Configuration without(List<String> names) {
    Map<String, String> rest = new LinkedHashMap<>(settings);
    rest.keySet().removeAll(names);
    Map<String, String> params = new LinkedHashMap<>(contextParams);
    names.forEach(setting -> params.remove(CONTEXT_PREFIX + setting));
    return new Configuration(name, rest, params, doubts);
  }

  boolean has(String setting) {
    return settings.containsKey(setting) || contextParams.containsKey(CONTEXT_PREFIX + setting);
  }

  /**
   * The policy that an application makes of them.
   *
   * @throws IllegalArgumentException with what the start of the application would say
   */
  Policy policy(Clock clock) {
    return Policy.of(settings, contextParams, clock);
  }
}
