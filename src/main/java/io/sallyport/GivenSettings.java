package io.sallyport;

import io.sallyport.keys.KeySource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that somebody gave, by name: as they count for the filter, or for one of several
 * issuers.
 */
final class GivenSettings {
  /** A text with its references put in, and as a message may show it. */
  private record Given(String value, String shown) {}

  private final Substitution substitution;

  /** What stands before the names of this issuer's settings; empty for those of the filter. */
  private final String prefix;

  private final Map<String, Given> given;
  private final Map<String, KeySource> sources;
  private final Set<String> issuers;

  GivenSettings(Substitution substitution) {
    this(substitution, "", new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashSet<>());
  }

  private GivenSettings(
      Substitution substitution,
      String prefix,
      Map<String, Given> given,
      Map<String, KeySource> sources,
      Set<String> issuers) {
    this.substitution = substitution;
    this.prefix = prefix;
    this.given = given;
    this.sources = sources;
    this.issuers = issuers;
  }

  /** The same settings as they count for one of several issuers: its own before the common ones. */
  GivenSettings of(String issuer) {
    return new GivenSettings(substitution, issuer + ".", given, sources, issuers);
  }

  /**
   * Names one more issuer.
   *
   * @return its settings
   * @throws IllegalArgumentException if it has been named before, or is no name
   */
  GivenSettings addIssuer(@Nullable String name) {
    if (name == null) throw Settings.ISSUERS.refused(null, "it is null");
    Set<String> one = Settings.ISSUERS.read(name);
    if (one.size() > 1) throw Settings.ISSUERS.refused(name, "here it is one name");
    if (!issuers.addAll(one)) throw Settings.ISSUERS.refused(name, "it has been set before");
    return of(name.strip());
  }

  /** The names of several issuers, in order; empty where there is one, which needs no name. */
  Set<String> issuers() {
    return issuers.isEmpty()
        ? find(Settings.ISSUERS).orElse(Set.of())
        : Collections.unmodifiableSet(issuers);
  }

  /** The names that were given texts, as they were given. */
  Set<String> names() {
    return given.keySet();
  }

  /**
   * Gives a setting its text.
   *
   * @throws IllegalArgumentException if there is no such setting, it has been given before, or the
   *     text makes no sense by itself
   */
  void put(String ownName, @Nullable String text) {
    String name = prefix + ownName;
    Setting<?> setting = Settings.of(name);
    if (text == null) throw setting.refused(null, "it is null");
    String value;
    try {
      value = substitution.apply(text);
    } catch (IllegalArgumentException e) {
      throw setting.refused(text, String.valueOf(e.getMessage()));
    }
    // What comes out of a file may be a secret: the message shows where it comes from instead.
    String shown = text.contains("${file:") ? text : value;
    if (value.isBlank()) throw setting.refused(text, "it is empty");
    setting.read(value, shown);
    if (given.putIfAbsent(name, new Given(value, shown)) != null) {
      throw setting.refused(shown, "it has been set before");
    }
  }

  /**
   * Gives these settings a source of keys in code.
   *
   * @throws IllegalArgumentException if they have one
   */
  void putKeySource(KeySource source) {
    if (sources.putIfAbsent(prefix, source) == null) return;
    throw twice(prefix + "keySource", "one source of keys", "keySource(source)");
  }

  /** The source of keys that these settings were given in code, never another issuer's. */
  @Nullable KeySource keySource() {
    return sources.get(prefix);
  }

  /** What is said of something that was given in code before. */
  static IllegalArgumentException twice(String name, String allowed, String example) {
    return new IllegalArgumentException(
        "Sallyport cannot start: %s has been set before. Allowed: %s. Example: %s, once"
            .formatted(name, allowed, example));
  }

  /**
   * The name by which a setting counts here: with the issuer's before it where that was given, or
   * where nothing was and it could be.
   */
  String nameOf(Setting<?> setting) {
    String own = prefix + setting.name();
    boolean isCommon = given.containsKey(setting.name()) && !given.containsKey(own);
    return isCommon || !Settings.isOfAnIssuer(setting) ? setting.name() : own;
  }

  private <T> Setting<T> named(Setting<T> setting) {
    return setting.named(nameOf(setting));
  }

  boolean isGiven(Setting<?> setting) {
    return given.containsKey(nameOf(setting));
  }

  /** Refuses what was given, for a reason that quotes none of it. */
  IllegalArgumentException refused(Setting<?> setting, String why) {
    return refused(setting, why, setting.example());
  }

  /** The same with an example that fits the other settings. */
  IllegalArgumentException refused(Setting<?> setting, String why, String fitting) {
    return named(setting).refused(shown(setting), why, fitting);
  }

  /**
   * Refuses one item or line of what was given, for a reason that quotes it; where a file holds it,
   * neither is shown.
   */
  IllegalArgumentException refusedItem(
      Setting<?> setting, String found, String why, String fitting) {
    return isShown(setting)
        ? named(setting).refused(found, why, fitting)
        : refused(setting, Setting.HIDDEN, fitting);
  }

  /** The text as it was given and may be shown, or null. */
  private @Nullable String shown(Setting<?> setting) {
    Given text = given.get(nameOf(setting));
    return text == null ? null : text.shown();
  }

  /** Whether a message may quote what was given. */
  boolean isShown(Setting<?> setting) {
    Given text = given.get(nameOf(setting));
    return text == null || text.value().equals(text.shown());
  }

  /** A setting as it counts here, under this issuer's name; empty where it has no value. */
  Optional<EffectiveSetting> effective(Setting<?> setting) {
    String name = Settings.isOfAnIssuer(setting) ? prefix + setting.name() : setting.name();
    Given text = given.get(nameOf(setting));
    if (text != null) {
      return Optional.of(new EffectiveSetting(name, text.value().strip(), text.shown(), true));
    }
    return Optional.ofNullable(setting.standard())
        .map(standard -> new EffectiveSetting(name, standard, standard, false));
  }

  /** What was given, else the default; for a setting that has one. */
  <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow(() -> named(setting).refused(null, "it has no default"));
  }

  /** What was given, else the default, else nothing. */
  <T> Optional<T> find(Setting<T> setting) {
    Given text = given.get(nameOf(setting));
    if (text != null) return Optional.of(named(setting).read(text.value(), text.shown()));
    return Optional.ofNullable(setting.standard()).map(setting::read);
  }
}
