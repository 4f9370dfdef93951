package io.sallyport.keys;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Makes the usual {@link KeySource}s.
 *
 * @since 0.1.0
 */
public final class KeySources {
  private KeySources() {}

  /**
   * Keys at a known address.
   *
   * @param jwksUri where the JWK set is
   * @param algorithms the algorithms that keys are made ready for
   * @param rotation how the keys are kept fresh
   * @return a source that fetches in a thread of its own once started
   */
  public static KeySource fetched(URI jwksUri, Set<JWSAlgorithm> algorithms, Rotation rotation) {
    RotatingKeys.Fetch fetch =
        new OverHttp(new KeySetReader(algorithms, rotation.clock()), rotation) {
          @Override
          URI address(JsonEndpoint endpoint, Duration patience) {
            return jwksUri;
          }
        };
    return new RotatingKeys(jwksUri.toString(), fetch, rotation);
  }

  /**
   * Keys where the issuer's metadata says they are (OpenID Connect Discovery, else RFC 8414).
   *
   * @param issuer the issuer, which the metadata has to name letter for letter
   * @param trusted tells whether an address that the metadata names may be fetched from
   * @param algorithms the algorithms that keys are made ready for
   * @param rotation how the keys are kept fresh
   * @return a source that fetches in a thread of its own once started
   */
  public static KeySource discovered(
      String issuer, Predicate<URI> trusted, Set<JWSAlgorithm> algorithms, Rotation rotation) {
    IssuerMetadata metadata = new IssuerMetadata(issuer, trusted, rotation.nanoTime());
    RotatingKeys.Fetch fetch =
        new OverHttp(new KeySetReader(algorithms, rotation.clock()), rotation) {
          @Override
          URI address(JsonEndpoint endpoint, Duration patience)
              throws IOException, InterruptedException {
            return metadata.jwksUri(endpoint, patience);
          }
        };
    return new RotatingKeys(issuer, fetch, rotation);
  }

  /**
   * Where {@link #discovered} looks for an issuer's metadata.
   *
   * @param issuer the issuer
   * @return that of OpenID Connect Discovery 1.0 section 4, then that of RFC 8414 section 3
   */
  public static List<URI> metadataAddresses(String issuer) {
    return IssuerMetadata.addresses(issuer);
  }

  /**
   * Keys that do not change.
   *
   * @param name what the log calls these keys
   * @param jwks a JWK set
   * @param algorithms the algorithms that keys are made ready for
   * @param clock tells which keys have ended
   * @return a source with no thread
   * @throws IOException if the document is no JWK set or has no usable key
   */
  public static KeySource fixed(String name, byte[] jwks, Set<JWSAlgorithm> algorithms, Clock clock)
      throws IOException {
    KeySet keys = new KeySetReader(algorithms, clock).read(jwks, null);
    keys.tell(LoggerFactory.getLogger("io.sallyport.keys"), name);
    return new FixedKeys(keys, clock);
  }

  /**
   * One secret shared with the issuer, for HMAC.
   *
   * @param secret at least as long as the longest hash among the algorithms
   * @param algorithms of HS256, HS384, HS512
   * @return a source with no thread
   * @throws IllegalArgumentException if the secret is too short
   */
  public static KeySource secret(byte[] secret, Set<JWSAlgorithm> algorithms) {
    return new SharedSecret(secret, algorithms);
  }

  /**
   * Ends several sources in the time that one may take.
   *
   * @param sources sources that were made here
   */
  public static void close(Collection<KeySource> sources) {
    for (KeySource source : sources) {
      if (source instanceof RotatingKeys rotating) rotating.stop();
    }
    sources.forEach(KeySource::close);
  }

  /**
   * Fetches from an address that is asked for once and then remembered, until a fetch fails or the
   * greatest age of keys has passed. Used by one thread at a time.
   */
  private abstract static class OverHttp implements RotatingKeys.Fetch {
    private final KeySetReader reader;
    private final LongSupplier nanoTime;
    private final Duration maxAge;
    private @Nullable JsonEndpoint endpoint;
    private @Nullable URI remembered;
    private long rememberedAt;

    OverHttp(KeySetReader reader, Rotation rotation) {
      this.reader = reader;
      this.nanoTime = rotation.nanoTime();
      this.maxAge = rotation.maxAge();
    }

    abstract URI address(JsonEndpoint endpoint, Duration patience)
        throws IOException, InterruptedException;

    @Override
    public KeySet fetch(Duration patience, @Nullable KeySet previous)
        throws IOException, InterruptedException {
      long started = nanoTime.getAsLong();
      JsonEndpoint http = endpoint == null ? new JsonEndpoint() : endpoint;
      endpoint = http;
      URI address = remembered;
      if (address == null || started - rememberedAt >= maxAge.toNanos()) {
        address = address(http, patience);
        rememberedAt = started;
      }
      remembered = null;
      Duration left = patience.minusNanos(nanoTime.getAsLong() - started);
      JsonEndpoint.Answer answer = http.get(address, left);
      if (answer.status() != 200) {
        throw new IOException(address + " answered " + answer.status());
      }
      KeySet keys = reader.read(answer.body(), previous);
      remembered = address;
      return keys;
    }

    @Override
    public void close() throws IOException {
      JsonEndpoint last = endpoint;
      endpoint = null; // Java 17 ends a client's threads when the client is collected
      if (last != null) last.close();
    }
  }
}
