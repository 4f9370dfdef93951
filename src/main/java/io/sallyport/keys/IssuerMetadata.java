package io.sallyport.keys;

import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where an issuer says its keys are: OpenID Connect Discovery 1.0 section 4, else RFC 8414 section
 * 3. The document's own {@code issuer} has to be the configured one, letter for letter.
 */
final class IssuerMetadata {
  private final String issuer;
  private final Predicate<URI> trusted;
  private final LongSupplier nanoTime;
  private final StrictJson json = new StrictJson(KeySetReader.MAX_BYTES);

  /**
   * Makes a look-up.
   *
   * @param issuer the issuer as configured
   * @param trusted tells whether keys may be fetched from an address
   * @param nanoTime the monotonic clock
   */
  IssuerMetadata(String issuer, Predicate<URI> trusted, LongSupplier nanoTime) {
    this.issuer = issuer;
    this.trusted = trusted;
    this.nanoTime = nanoTime;
  }

  /**
   * Asks the issuer for its {@code jwks_uri}.
   *
   * @throws IOException if neither document is there or the one that is says something else
   */
  URI jwksUri(JsonEndpoint endpoint, Duration patience) throws IOException, InterruptedException {
    long end = nanoTime.getAsLong() + patience.toNanos();
    List<String> answers = new ArrayList<>();
    for (URI address : addresses(issuer)) {
      Duration left = Duration.ofNanos(end - nanoTime.getAsLong());
      JsonEndpoint.Answer answer = endpoint.get(address, left);
      Map<String, @Nullable Object> document =
          answer.status() == 200 ? json.object(answer.body()) : null;
      if (document != null) return jwksUri(address, document);
      answers.add(address + " answered " + described(answer));
    }
    throw new IOException("no metadata of the issuer: " + String.join(", ", answers));
  }

  /** Where an issuer's metadata may be, in the order in which it is asked for. */
  static List<URI> addresses(String issuer) {
    URI base = URI.create(issuer);
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String origin = base.getScheme() + "://" + base.getRawAuthority();
    return List.of(
        URI.create(origin + trimmed + "/.well-known/openid-configuration"),
        URI.create(origin + "/.well-known/oauth-authorization-server" + trimmed));
  }

  private static String described(JsonEndpoint.Answer answer) {
    return answer.status() == 200 ? "200 with something else than JSON" : "" + answer.status();
  }

  private URI jwksUri(URI address, Map<String, @Nullable Object> document) throws IOException {
    if (!issuer.equals(document.get("issuer"))) {
      throw new IOException(
          address
              + " names the issuer "
              + Printable.quoted(document.get("issuer"))
              + ", which is not the configured "
              + Printable.quoted(issuer)
              + ": set issuer to what it names, letter for letter");
    }
    if (!(document.get("jwks_uri") instanceof String text)) {
      throw new IOException(address + " has no jwks_uri");
    }
    try {
      URI jwksUri = new URI(text);
      if (trusted.test(jwksUri)) return jwksUri;
    } catch (URISyntaxException e) {
      // told of below, as an address that is not trusted
    }
    throw new IOException(
        address + " names a jwks_uri that is not https: " + Printable.quoted(text));
  }
}
