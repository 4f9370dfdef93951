package io.sallyport.testkit;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.Answer.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An identity provider in the test's own JVM, on a free port of loopback: OpenID discovery, a key
 * set, and any token at all. It gives everybody what they ask for.
 *
 * <pre>{@code
 * try (TestIssuer issuer = TestIssuer.start()) {
 *   SallyportFilter gate = SallyportFilter.builder()
 *       .issuer(issuer.issuer())
 *       .allowHttp(true)
 *       .audience(TestIssuer.AUDIENCE)
 *       .allowedScopes("orders:read")
 *       .build();
 *   String good = issuer.mint("orders:read");
 *   String expired = issuer.token().expiresIn(Duration.ofMinutes(-1)).mint();
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 *
 * @since 0.1.0
 */
public final class TestIssuer implements AutoCloseable {
  /** The {@code aud} of its tokens, unless they are given another. */
  public static final String AUDIENCE = "https://api.example.com";

  private static final List<String> ALGORITHMS = List.of("ES256", "RS256", "PS256", "EdDSA");
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC).withLocale(Locale.ROOT);

  private final KeyServer server;
  private final List<String> algorithms;

  /** Guarded by this: what signs, by algorithm. */
  private final Map<String, TestKey> current = new LinkedHashMap<>();

  /** Guarded by this: what is in the key set, the oldest first. */
  private final List<TestKey> published = new ArrayList<>();

  /** Guarded by this. */
  private int generation;

  private volatile Clock clock = Clock.systemUTC();
  private volatile @Nullable Outage outage;

  private TestIssuer(List<String> algorithms) {
    this.algorithms = algorithms;
    this.server = new KeyServer();
    rotate();
    server.answer(KeyServer.OPENID, line -> answer(KeyServer.OPENID, metadata()).to(line));
    server.answer(KeyServer.KEYS, line -> answer(KeyServer.KEYS, jwks()).to(line));
  }

  /**
   * Starts an issuer with a key for each of ES256, RS256, PS256 and EdDSA, of which the first signs
   * unless a token says otherwise.
   *
   * @return the issuer, to be closed
   */
  public static TestIssuer start() {
    return new TestIssuer(ALGORITHMS);
  }

  /**
   * Starts an issuer.
   *
   * @param algorithms what it has a key for; the first signs unless a token says otherwise
   * @return the issuer, to be closed
   * @throws IllegalArgumentException if there are none, or one that no key can be made for
   */
  public static TestIssuer start(String... algorithms) {
    if (algorithms.length == 0) throw new IllegalArgumentException("name at least one algorithm");
    return new TestIssuer(List.of(algorithms));
  }

  /**
   * Its name, which is the address of its server too.
   *
   * @return the {@code iss} of its tokens
   */
  public String issuer() {
    return server.issuer();
  }

  /**
   * Where its keys are.
   *
   * @return the {@code jwks_uri}
   */
  public String jwksUri() {
    return server.keysUri();
  }

  /**
   * The key set as it is published now.
   *
   * @return its JSON (RFC 7517 section 5)
   */
  public synchronized String jwks() {
    return KeyServer.jwks(published.stream().map(TestKey::jwk).toArray(JWK[]::new));
  }

  private String metadata() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("issuer", issuer());
    members.put("jwks_uri", jwksUri());
    members.put("response_types_supported", List.of("code"));
    members.put("subject_types_supported", List.of("public"));
    members.put("id_token_signing_alg_values_supported", algorithms);
    return JSONObjectUtils.toJSONString(members);
  }

  private Answer answer(String path, String body) {
    Message good = Answer.json(body, "Date: " + HTTP_DATE.format(clock.instant()));
    Outage now = outage;
    return now == null ? good : now.instead(path, good);
  }

  /**
   * Begins a good access token (RFC 9068): of {@code ann} for {@link #AUDIENCE}, good for 5
   * minutes, without a scope.
   *
   * @return the token, to be changed and minted
   */
  public synchronized TestToken token() {
    return TestToken.good(issuer(), AUDIENCE, clock.instant(), current, key());
  }

  /**
   * Makes a good token.
   *
   * @param scopes its scopes
   * @return its text
   */
  public String mint(String... scopes) {
    return token().scope(scopes).mint();
  }

  /**
   * The key that signs unless a token says otherwise.
   *
   * @return the key
   */
  public TestKey key() {
    return key(algorithms.get(0));
  }

  /**
   * The key that signs by an algorithm.
   *
   * @param algorithm the {@code alg}
   * @return the key
   * @throws IllegalArgumentException if the issuer has none
   */
  public synchronized TestKey key(String algorithm) {
    TestKey key = current.get(algorithm);
    if (key != null) return key;
    throw new IllegalArgumentException(
        "the issuer has no key for " + algorithm + ", but for " + algorithms);
  }

  /**
   * Makes new keys, publishes them, and signs with them from now on. The old ones stay in the key
   * set.
   */
  public synchronized void rotate() {
    generation++;
    for (String algorithm : algorithms) {
      String kid = algorithm.toLowerCase(Locale.ROOT) + "-" + generation;
      TestKey key = TestKey.generate(kid, algorithm);
      current.put(algorithm, key);
      published.add(key);
    }
  }

  /** Takes every key out of the key set that signs no more. */
  public synchronized void withdraw() {
    published.retainAll(current.values());
  }

  /**
   * Takes a key out of the key set, whether it signs or not.
   *
   * @param key the key
   */
  public synchronized void withdraw(TestKey key) {
    published.remove(key);
  }

  /**
   * Fails everybody who asks for metadata or keys, until {@link #recover}.
   *
   * @param kind how
   */
  public void outage(Outage kind) {
    recover();
    outage = Objects.requireNonNull(kind);
    if (kind == Outage.REFUSED) server.die();
  }

  /** Ends an outage, where there is one. */
  public void recover() {
    if (outage == Outage.REFUSED) server.comeBack();
    outage = null;
  }

  /**
   * Sets its clock, which is in {@code iat} and {@code exp} of tokens that are begun from now on,
   * and in the {@code Date} field of its answers.
   *
   * @param offset how far it is before the system's; negative behind it
   */
  public void clockOffset(Duration offset) {
    clock = Clock.offset(Clock.systemUTC(), offset);
  }

  /**
   * How often somebody has asked for the key set.
   *
   * @return the number of requests that have come
   */
  public long fetches() {
    return server.fetches();
  }

  /**
   * The server, for a failure that {@link Outage} does not have.
   *
   * @return the server of metadata and keys
   */
  public KeyServer server() {
    return server;
  }

  /** Stops the server. */
  @Override
  public void close() {
    server.close();
  }
}
