package io.sallyport.testkit;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.Finding.Severity;
import java.net.URI;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends hostile requests to an endpoint that takes bearer tokens, and reports what got through,
 * what leaked, and which challenge is wrong. It speaks HTTP/1.1 and knows nothing of the server
 * behind it.
 *
 * <pre>{@code
 * GateProbe.of(URI.create("http://localhost:8080/orders"))
 *     .issuer(issuer)
 *     .token(token -> token.scope("orders:read"))
 *     .run()
 *     .assertHolds();
 * }</pre>
 *
 * <p>It does what an attacker would, so aim it at a test system: where something gets through, a
 * {@code DELETE} does too.
 *
 * @since 0.1.0
 */
public final class GateProbe {
  /** A letter of base64url that base64 does not have, in a signature. */
  private static final Pattern SPELT_IN_BASE64URL = Pattern.compile("[-_][^.]*$");

  private final URI endpoint;
  private final Set<String> leftOut = new LinkedHashSet<>();
  private RawRequest request;
  private @Nullable TestIssuer issuer;
  private UnaryOperator<TestToken> draft = token -> token;
  private @Nullable Supplier<String> goodToken;
  private @Nullable String marker;
  private IntConsumer progress = done -> {};
  private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();

  private GateProbe(URI endpoint) {
    this.endpoint = endpoint;
    this.request = RawRequest.of("GET", endpoint);
  }

  /**
   * Begins a probe.
   *
   * @param endpoint an address that a good token may get by {@code GET}, and nobody else
   * @return the probe, which needs an issuer or a good token
   * @throws IllegalArgumentException if it is no http or https address
   */
  public static GateProbe of(URI endpoint) {
    String scheme = endpoint.getScheme();
    boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    if (http && endpoint.getHost() != null) return new GateProbe(endpoint);
    throw new IllegalArgumentException("an http or https address is needed, not " + endpoint);
  }

  /**
   * Names the issuer whose tokens the endpoint takes. Every attack can be made with it.
   *
   * @param trusted an issuer under the test's control
   * @return this probe
   */
  public GateProbe issuer(TestIssuer trusted) {
    issuer = trusted;
    return this;
  }

  /**
   * Says what a good token for this endpoint looks like.
   *
   * @param good makes it of a good token without a scope
   * @return this probe
   */
  public GateProbe token(UnaryOperator<TestToken> good) {
    draft = good;
    return this;
  }

  /**
   * Gives a good token where the issuer is not under the test's control. Attacks that take the
   * issuer's signature, or another method than the safe ones (RFC 9110 section 9.2.1), are left
   * out.
   *
   * @param text gives the token's text
   * @return this probe
   */
  public GateProbe goodToken(Supplier<String> text) {
    goodToken = text;
    return this;
  }

  /**
   * Sets the method of the requests.
   *
   * @param name the method, {@code GET} unless set
   * @return this probe
   */
  public GateProbe method(String name) {
    request = request.method(name);
    return this;
  }

  /**
   * Adds a field to the header of each request.
   *
   * @param name its name
   * @param value its value
   * @return this probe
   */
  public GateProbe field(String name, String value) {
    request = request.line(name + ": " + value);
    return this;
  }

  /**
   * Sets the body of the requests.
   *
   * @param type its {@code Content-Type}
   * @param text the body, in ASCII
   * @return this probe
   */
  public GateProbe body(String type, String text) {
    request = request.body(type, text);
    return this;
  }

  /**
   * Says how to know that the handler was reached. Without a marker every 2xx counts; give one
   * where the server answers 2xx to whatever it does not have, such as with its start page.
   *
   * @param text what stands in the body that the handler writes, and in no other
   * @return this probe
   */
  public GateProbe marker(String text) {
    marker = text;
    return this;
  }

  /**
   * Leaves attacks out, such as a finding that is known and accepted.
   *
   * @param ids the names of the attacks
   * @return this probe
   * @throws IllegalArgumentException if there is no attack of that name
   */
  public GateProbe without(String... ids) {
    Set<String> known = Attacks.all().stream().map(Attack::id).collect(Collectors.toSet());
    for (String id : ids) {
      if (!known.contains(id)) throw new IllegalArgumentException("there is no attack " + id);
      leftOut.add(id);
    }
    return this;
  }

  /**
   * Trusts a server's certificate that the JDK does not.
   *
   * @param sockets makes the connections to an https address
   * @return this probe
   */
  public GateProbe tls(SSLSocketFactory sockets) {
    tls = sockets;
    return this;
  }

  /**
   * Tells how far the probe is.
   *
   * @param listener is given the number of requests so far, after each
   * @return this probe
   */
  public GateProbe onProgress(IntConsumer listener) {
    progress = listener;
    return this;
  }

  /**
   * Sends the requests, one after the other, each over a connection of its own.
   *
   * @return what came of them
   * @throws IllegalStateException if there is not exactly one of issuer and good token, or the
   *     endpoint does not serve a good token: a gate that refuses everybody proves nothing
   * @throws IllegalArgumentException if the good token is no signed JWT
   */
  public Report run() {
    List<Attack> attacks =
        Attacks.all().stream().filter(attack -> !leftOut.contains(attack.id())).toList();
    try (Forge forge = new Forge(request, good(), issuer);
        Wire wire = new Wire(endpoint, tls)) {
      Judge judge = new Judge(marker, forge.canary());
      ProbeRun run = new ProbeRun(wire, forge, judge, progress);
      run.against(attacks, issuer != null);
      Stream<String> all = Stream.of(leftOut, run.leftOut()).flatMap(ids -> ids.stream());
      return new Report(
          request.method() + " " + endpoint, run.attempts(), run.findings(), all.toList());
    }
  }

  private String good() {
    Supplier<String> given = goodToken;
    if (issuer == null && given != null) return given.get();
    if (issuer != null && given == null) return mint(issuer);
    throw new IllegalStateException("the probe needs either an issuer or a good token");
  }

  /**
   * A token whose signature has a letter that only base64url has, where the algorithm has any
   * chance in it: without one it would say nothing of servers that take base64 too.
   */
  private String mint(TestIssuer issuer) {
    String token = "";
    for (int tries = 0; tries < 20 && !SPELT_IN_BASE64URL.matcher(token).find(); tries++) {
      token = draft.apply(issuer.token()).mint();
    }
    return token;
  }

  /**
   * What came of a probe.
   *
   * @since 0.1.0
   */
  public static final class Report {
    private final String endpoint;
    private final List<Attempt> attempts;
    private final List<Finding> findings;
    private final List<String> leftOut;

    private Report(
        String endpoint, List<Attempt> attempts, List<Finding> findings, List<String> leftOut) {
      this.endpoint = endpoint;
      this.attempts = List.copyOf(attempts);
      this.findings = findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
      this.leftOut = List.copyOf(leftOut);
    }

    /**
     * The hostile requests.
     *
     * @return each with its answer, in order
     */
    public List<Attempt> attempts() {
      return attempts;
    }

    /**
     * What is held against the endpoint.
     *
     * @return the findings, the worst first
     */
    public List<Finding> findings() {
      return findings;
    }

    /**
     * The attacks that were not made.
     *
     * @return the names of those that were to be left out, or that cannot be made of what there is
     */
    public List<String> leftOut() {
      return leftOut;
    }

    /**
     * Whether the gate holds: nothing got through, broke, leaked or was answered with a wrong
     * challenge. To tell forged tokens apart is a finding and no fault, since no RFC forbids it.
     *
     * @return whether there is no finding but {@link Severity#TELLS_APART}
     */
    public boolean holds() {
      return findings.stream().allMatch(finding -> finding.severity() == Severity.TELLS_APART);
    }

    /**
     * Fails a test with the whole report, unless the gate holds.
     *
     * @throws AssertionError if it does not
     */
    public void assertHolds() {
      if (!holds()) throw new AssertionError(toString());
    }

    private long count(Severity severity) {
      return findings.stream().filter(finding -> finding.severity() == severity).count();
    }

    /** What the RFCs leave to the server, and it let in. */
    private List<String> letIn() {
      return attempts.stream()
          .filter(attempt -> attempt.open() && attempt.served())
          .map(Attempt::id)
          .toList();
    }

    /**
     * The report for a person.
     *
     * @return a line for the endpoint, one for the numbers, and one for each finding
     */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(endpoint + "\n");
      text.append(attempts.size()).append(" hostile requests: ");
      text.append(count(Severity.GOT_THROUGH)).append(" got through, ");
      text.append(count(Severity.BROKE)).append(" broke the server, ");
      text.append(count(Severity.LEAKED)).append(" made it leak, ");
      text.append(count(Severity.WRONG_CHALLENGE)).append(" were refused in a wrong way, ");
      text.append(count(Severity.TELLS_APART)).append(" can be told from another forged token\n");
      for (Finding finding : findings) text.append(finding).append('\n');
      if (!letIn().isEmpty()) {
        text.append("let in, as the RFCs leave open: ")
            .append(String.join(" ", letIn()))
            .append('\n');
      }
      if (!leftOut.isEmpty()) {
        text.append("left out: ").append(String.join(" ", leftOut)).append('\n');
      }
      return text.toString();
    }

    /**
     * The report for a program.
     *
     * @return JSON: {@code endpoint}, {@code holds}, {@code requests}, {@code findings}, {@code
     *     letIn} and {@code leftOut}
     */
    public String toJson() {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("endpoint", endpoint);
      members.put("holds", holds());
      members.put("requests", attempts.size());
      members.put("findings", findings.stream().map(Report::members).toList());
      members.put("letIn", letIn());
      members.put("leftOut", leftOut);
      return JSONObjectUtils.toJSONString(members);
    }

    private static Map<String, Object> members(Finding finding) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("severity", finding.severity().name());
      members.put("id", finding.id());
      members.put("title", finding.title());
      members.put("about", finding.about());
      members.put("detail", finding.detail());
      return members;
    }
  }
}
