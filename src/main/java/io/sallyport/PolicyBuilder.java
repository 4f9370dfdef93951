package io.sallyport;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes settings in code, by the same names, with the same defaults and the same messages as in
 * web.xml: those of the filter itself here, those of its issuer or issuers in {@link
 * TokenSettings}.
 *
 * @param <B> the kind of builder
 * @since 0.1.0
 */
public abstract class PolicyBuilder<B extends PolicyBuilder<B>> extends TokenSettings<B> {
  private @Nullable TokenCheck tokenCheck;
  private @Nullable ReplayGuard replayGuard;
  private final List<SallyportListener> listeners = new ArrayList<>();
  private Clock clock = Clock.systemUTC();
  private LongSupplier nanoTime = System::nanoTime;

  PolicyBuilder() {
    super(new GivenSettings(Substitution.ofThisProcess()));
  }

  /**
   * Checks the settings against each other.
   *
   * @throws IllegalArgumentException if a required one is missing or two contradict each other
   */
  Policy policy() {
    return new Policy(settings, tokenCheck, replayGuard, listeners, clock, nanoTime);
  }

  /**
   * Adds one of several issuers: in web.xml its name is one of {@code issuers}, and stands with a
   * dot before each of its settings. What is set for it counts for it instead of what this builder
   * is given; {@code issuer} and its keys are its own in any case.
   *
   * <pre>{@code
   * .audience("https://api.example.com")
   * .issuer("corp", corp -> corp.issuer("https://id.example.com").allowedScopes("orders:read"))
   * .issuer("partner", partner -> partner.issuer("https://id.example.org").allowedScopes("stock"))
   * }</pre>
   *
   * @param name what messages call it: a letter, then letters, digits, hyphens, underscores
   * @param own takes its settings, and is called at once
   * @return this builder
   */
  public final B issuer(String name, Consumer<IssuerBuilder> own) {
    own.accept(new IssuerBuilder(settings.addIssuer(name)));
    return self();
  }

  /**
   * Sets {@code maxTokenLength}.
   *
   * @param value the length in characters above which a token is refused unread
   * @return this builder
   */
  public final B maxTokenLength(int value) {
    return put("maxTokenLength", Integer.toString(value));
  }

  /**
   * Sets {@code tokenCacheSize}.
   *
   * @param value how many verified tokens are kept; 0 keeps none
   * @return this builder
   */
  public final B tokenCacheSize(int value) {
    return put("tokenCacheSize", Integer.toString(value));
  }

  /**
   * Sets {@code realm}.
   *
   * @param value the realm of the challenge (RFC 9110 section 11.5)
   * @return this builder
   */
  public final B realm(String value) {
    return put("realm", value);
  }

  /**
   * Sets {@code publicOrigin}.
   *
   * @param value the origin that clients see, such as {@code https://api.example.com}
   * @return this builder
   */
  public final B publicOrigin(String value) {
    return put("publicOrigin", value);
  }

  /**
   * Sets {@code resource}.
   *
   * @param value the identifier of this resource, such as {@code https://api.example.com/mcp},
   *     which turns its metadata on (RFC 9728 section 2) and is an accepted audience too
   * @return this builder
   */
  public final B resource(String value) {
    return put("resource", value);
  }

  /**
   * Sets {@code publicPaths}.
   *
   * @param values paths that need no token: {@code /health}, {@code /assets/*}
   * @return this builder
   */
  public final B publicPaths(String... values) {
    return put("publicPaths", " ", values);
  }

  /**
   * Sets {@code publicPathTokens}.
   *
   * @param value {@code check} refuses a bad token on a public path, {@code ignore} does not look
   *     at it
   * @return this builder
   */
  public final B publicPathTokens(String value) {
    return put("publicPathTokens", value);
  }

  /**
   * Sets {@code rules}.
   *
   * @param lines lines of {@code METHODS PATH SCOPES}, perhaps with {@code acr=VALUE} and {@code
   *     maxAge=SECONDS} at the end; the first that matches says what a path takes
   * @return this builder
   */
  public final B rules(String... lines) {
    return put("rules", "\n", lines);
  }

  /**
   * Sets {@code acrValues}.
   *
   * @param values the values of which a token's {@code acr} has to equal one, the preferred first
   *     (RFC 9470 section 3)
   * @return this builder
   */
  public final B acrValues(String... values) {
    return put("acrValues", " ", values);
  }

  /**
   * Sets {@code maxAuthAgeSeconds}.
   *
   * @param value how many seconds ago a token's {@code auth_time} may be, 1 to 31,536,000 (RFC 9470
   *     section 3)
   * @return this builder
   */
  public final B maxAuthAgeSeconds(int value) {
    return put("maxAuthAgeSeconds", Integer.toString(value));
  }

  /**
   * Sets {@code senderConstraint}.
   *
   * @param value {@code auto} takes bound and unbound tokens, the bound ones with their proof
   *     alone; {@code dpop}, {@code mtls} and {@code any} take bound tokens alone (RFC 9449, RFC
   *     8705)
   * @return this builder
   */
  public final B senderConstraint(String value) {
    return put("senderConstraint", value);
  }

  /**
   * Sets {@code dpopMaxAgeSeconds}.
   *
   * @param value how long after its {@code iat} a DPoP proof is good, in seconds (RFC 9449 section
   *     11.1)
   * @return this builder
   */
  public final B dpopMaxAgeSeconds(int value) {
    return put("dpopMaxAgeSeconds", Integer.toString(value));
  }

  /**
   * Sets {@code dpopNonce}.
   *
   * @param value {@code required}: a DPoP proof has to hold a nonce of ours (RFC 9449 section 9)
   * @return this builder
   */
  public final B dpopNonce(String value) {
    return put("dpopNonce", value);
  }

  /**
   * Sets {@code trustedProxies}.
   *
   * @param values addresses or CIDR ranges of proxies whose {@code Client-Cert} field is believed
   *     (RFC 9440)
   * @return this builder
   */
  public final B trustedProxies(String... values) {
    return put("trustedProxies", " ", values);
  }

  /**
   * Sets {@code corsPreflight}.
   *
   * @param value {@code pass} lets a CORS preflight through without a token, {@code guard} does not
   * @return this builder
   */
  public final B corsPreflight(String value) {
    return put("corsPreflight", value);
  }

  /**
   * Sets {@code hostExposure}.
   *
   * @param value {@code warn} tells at the start what stands open between the process and its host,
   *     {@code refuse} stops the start, {@code off} does not look
   * @return this builder
   */
  public final B hostExposure(String value) {
    return put("hostExposure", value);
  }

  /**
   * Sets {@code diagnostics}.
   *
   * @param value {@code quiet}, or {@code verbose} for development: answers say why
   * @return this builder
   */
  public final B diagnostics(String value) {
    return put("diagnostics", value);
  }

  /**
   * Sets {@code failOnUnreachableKeys}.
   *
   * @param value whether an issuer that cannot be reached at the start stops it
   * @return this builder
   */
  public final B failOnUnreachableKeys(boolean value) {
    return put("failOnUnreachableKeys", Boolean.toString(value));
  }

  /**
   * Sets {@code allowHttp}.
   *
   * @param value whether http to loopback hosts will do, for development
   * @return this builder
   */
  public final B allowHttp(boolean value) {
    return put("allowHttp", Boolean.toString(value));
  }

  /**
   * Asks the application too, on every request, after all other checks.
   *
   * @param check a deny list, or whatever may change while a token lives
   * @return this builder
   * @throws IllegalArgumentException if a check was given before
   */
  public final B tokenCheck(TokenCheck check) {
    if (tokenCheck != null)
      throw GivenSettings.twice("tokenCheck", "one check", "tokenCheck(check)");
    this.tokenCheck = Objects.requireNonNull(check, "tokenCheck");
    return self();
  }

  /**
   * Remembers used DPoP proofs in a store of the application's own, which several nodes can share.
   *
   * @param guard tells whether a proof is used for the first time
   * @return this builder
   * @throws IllegalArgumentException if a guard was given before
   */
  public final B replayGuard(ReplayGuard guard) {
    if (replayGuard != null)
      throw GivenSettings.twice("replayGuard", "one guard", "replayGuard(guard)");
    this.replayGuard = Objects.requireNonNull(guard, "replayGuard");
    return self();
  }

  /**
   * Tells somebody of decisions and of keys, such as {@link SallyportMetrics}. It may be called
   * again for another one; all of them hear everything, in the order in which they were given.
   *
   * @param listener hears, and changes nothing
   * @return this builder
   */
  public final B listener(SallyportListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /** For tests: what time it is. */
  final B clock(Clock clock) {
    this.clock = clock;
    return self();
  }

  /** For tests: the monotonic clock. */
  final B nanoTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    return self();
  }
}
