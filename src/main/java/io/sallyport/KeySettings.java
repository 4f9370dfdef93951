package io.sallyport;

import com.nimbusds.jose.JWSAlgorithm;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.keys.Rotation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which keys the settings mean, and for which algorithms. Public keys and a shared secret never
 * meet: a public key taken for a secret is the oldest forgery there is (RFC 8725 section 2.1).
 */
final class KeySettings {
  private static final int MAX_FILE_BYTES = 256 * 1024;

  private final GivenSettings settings;
  private final Listeners listeners;
  private final Clock clock;
  private final LongSupplier nanoTime;

  /**
   * Takes the settings of one issuer.
   *
   * @param listeners hear of each fetch of its keys
   */
  KeySettings(GivenSettings settings, Listeners listeners, Clock clock, LongSupplier nanoTime) {
    this.settings = settings;
    this.listeners = listeners;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * The allowlist of algorithms.
   *
   * @throws IllegalArgumentException if it mixes public keys with a shared secret
   */
  Set<JWSAlgorithm> algorithms() {
    Set<String> names = settings.get(Settings.ALGORITHMS);
    for (String name : names) {
      if (name.startsWith("HS") == isShared()) continue;
      String secret = settings.nameOf(Settings.HMAC_SECRET_FILE);
      String why =
          isShared()
              ? name + " takes public keys; with " + secret + " name only HS256, HS384 or HS512"
              : name + " takes a shared secret, so it needs " + secret;
      String fitting = isShared() ? "HS256" : Settings.ALGORITHMS.example();
      throw settings.refusedItem(Settings.ALGORITHMS, String.join(" ", names), why, fitting);
    }
    return names.stream()
        .map(JWSAlgorithm::parse)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  boolean isShared() {
    return settings.isGiven(Settings.HMAC_SECRET_FILE);
  }

  /**
   * Makes the source of keys, each time anew where it has a thread.
   *
   * @throws IllegalArgumentException if two sources are given, or a file has no good keys
   */
  Supplier<KeySource> source(Set<JWSAlgorithm> algorithms) {
    Rotation rotation = rotation();
    if (settings.isGiven(Settings.JWKS_URI)) {
      URI jwksUri = settings.get(Settings.JWKS_URI);
      checkScheme(Settings.JWKS_URI, jwksUri);
      return () -> KeySources.fetched(jwksUri, algorithms, rotation);
    }
    if (settings.isGiven(Settings.JWKS)) return always(fixed(algorithms));
    if (isShared()) return always(secret(algorithms));
    String issuer = settings.get(Settings.ISSUER);
    return () -> KeySources.discovered(issuer, this::isTrusted, algorithms, rotation);
  }

  private static Supplier<KeySource> always(KeySource source) {
    return () -> source;
  }

  /**
   * Refuses two sources of keys.
   *
   * @param inCode whether the application brings a source of its own
   */
  void checkOneSource(boolean inCode) {
    List<Setting<?>> given =
        Stream.<Setting<?>>of(Settings.JWKS_URI, Settings.JWKS, Settings.HMAC_SECRET_FILE)
            .filter(settings::isGiven)
            .toList();
    if (given.size() + (inCode ? 1 : 0) < 2) return;
    Setting<?> last = given.get(given.size() - 1);
    String other = inCode ? "keySource" : settings.nameOf(given.get(0));
    throw settings.refused(
        last,
        other + " is set too, and the two exclude each other",
        last.example() + ", without " + other);
  }

  /** Refuses an address that keys must not come from. */
  void checkScheme(Setting<?> setting, URI address) {
    if (isTrusted(address)) return;
    boolean allowHttp = settings.get(Settings.ALLOW_HTTP);
    throw settings.refused(
        setting,
        allowHttp ? "http is for loopback hosts alone" : "http is refused without allowHttp");
  }

  private boolean isTrusted(URI address) {
    if (address.getHost() == null) return false;
    if ("https".equals(address.getScheme())) return true;
    return settings.get(Settings.ALLOW_HTTP)
        && "http".equals(address.getScheme())
        && isLoopback(address.getHost());
  }

  /** By its name alone: nothing is looked up. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  private Rotation rotation() {
    int refresh = settings.get(Settings.KEY_REFRESH_SECONDS);
    int maxAge = settings.get(Settings.MAX_KEY_AGE_SECONDS);
    if (maxAge < refresh && settings.isGiven(Settings.MAX_KEY_AGE_SECONDS)) {
      throw settings.refused(
          Settings.MAX_KEY_AGE_SECONDS,
          "it is less than "
              + settings.nameOf(Settings.KEY_REFRESH_SECONDS)
              + ", which is "
              + refresh,
          Integer.toString(Math.max(refresh, 3_600)));
    }
    if (maxAge < refresh) {
      throw settings.refused(
          Settings.KEY_REFRESH_SECONDS,
          "it is more than "
              + settings.nameOf(Settings.MAX_KEY_AGE_SECONDS)
              + ", which is "
              + maxAge);
    }
    String issuer = settings.get(Settings.ISSUER);
    return new Rotation(
        Duration.ofSeconds(refresh),
        Duration.ofSeconds(maxAge),
        clock,
        nanoTime,
        (keys, took) -> listeners.keysFetched(issuer, keys, took));
  }

  private KeySource fixed(Set<JWSAlgorithm> algorithms) {
    String place = settings.get(Settings.JWKS);
    try {
      return KeySources.fixed(place, contents(place), algorithms, clock);
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      throw settings.refused(Settings.JWKS, cause(e));
    }
  }

  private KeySource secret(Set<JWSAlgorithm> algorithms) {
    String place = settings.get(Settings.HMAC_SECRET_FILE);
    try {
      return KeySources.secret(withoutLineEnd(contents(place)), algorithms);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw settings.refused(Settings.HMAC_SECRET_FILE, cause(e));
    }
  }

  private static String cause(Exception e) {
    return e.getClass() == IOException.class || e.getClass() == IllegalArgumentException.class
        ? String.valueOf(e.getMessage())
        : "it cannot be read: " + e.getClass().getSimpleName();
  }

  private static byte[] contents(String place) throws IOException {
    try (InputStream in = open(place)) {
      byte[] contents = in.readNBytes(MAX_FILE_BYTES + 1);
      if (contents.length > MAX_FILE_BYTES) {
        throw new IOException("it has more than " + MAX_FILE_BYTES + " bytes");
      }
      return contents;
    }
  }

  private static InputStream open(String place) throws IOException {
    if (!place.startsWith("classpath:")) return Files.newInputStream(Path.of(place));
    String name = place.substring("classpath:".length()).replaceFirst("^/+", "");
    ClassLoader application = Thread.currentThread().getContextClassLoader();
    InputStream resource = application == null ? null : application.getResourceAsStream(name);
    if (resource == null) resource = KeySettings.class.getResourceAsStream("/" + name);
    if (resource == null) throw new IOException("there is no such resource on the class path");
    return resource;
  }

  private static byte[] withoutLineEnd(byte[] contents) {
    int end = contents.length;
    if (end > 0 && contents[end - 1] == '\n') {
      end--;
      if (end > 0 && contents[end - 1] == '\r') end--;
    }
    return Arrays.copyOf(contents, end);
  }
}
