package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.keys.KeyHealth;
import io.sallyport.text.Printable;
import io.sallyport.text.Spares;
import io.sallyport.text.StrictJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of the checks, and nothing else: issuer before signature, signature before claims,
 * claims before possession, that before scopes, scopes before what the route takes. Each stage
 * takes the type that the one before it gives, so none can be left out or moved ahead.
 */
final class Gate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");

  static final Refusal CLOSED = new Refusal(Reason.GATE_CLOSED, "the gate has been closed");

  private final Policy policy;

  /** For what was signed alone, so that nobody but an issuer gives it names to remember. */
  private final StrictJson json;

  private final TrustedIssuers issuers;
  private final VerifiedTokens known;
  private final Possession possession;
  private final Spares<TokenRoom> rooms = new Spares<>();
  private final @Nullable Trace trace;
  private volatile boolean closed;

  Gate(Policy policy) {
    this.policy = policy;
    this.json = StrictJson.rememberingNames(policy.maxTokenLength);
    this.issuers =
        new TrustedIssuers(policy.issuers, new StrictJson(policy.maxTokenLength), policy.nanoTime);
    this.known = new VerifiedTokens(policy.tokenCacheSize);
    this.possession = new Possession(policy.sender);
    this.trace = null;
  }

  private Gate(Gate other, Trace trace) {
    this.policy = other.policy;
    this.json = other.json;
    this.issuers = other.issuers;
    this.known = new VerifiedTokens(0);
    this.possession = other.possession;
    this.trace = trace;
    this.closed = other.closed;
  }

  /** The same gate for one decision, of which every check is made and leaves its mark. */
  Gate traced(Trace kept) {
    return new Gate(this, kept);
  }

  private <T, N> Function<T, Outcome<N>> at(Stage stage, Function<T, Outcome<N>> check) {
    return trace == null ? check : trace.of(stage, check);
  }

  /**
   * Decides on one request.
   *
   * @param bearer the token
   * @param demand what its route takes
   * @param presented what came beside the token
   */
  Outcome<VerifiedToken> decide(Outcome<BearerToken> bearer, Demand demand, Presented presented) {
    if (closed) return new Outcome.Stopped<>(CLOSED);
    return bearer
        .then(token -> decide(token, demand, presented))
        .then(at(Stage.APPLICATION, this::askApplication));
  }

  private Outcome<VerifiedToken> decide(BearerToken bearer, Demand demand, Presented presented) {
    try {
      return CompactJws.from(bearer, rooms)
          .then(token -> decideAndForget(token, demand, presented));
    } catch (Throwable e) { // whatever a token makes a parser throw, even a StackOverflowError
      log.debug("a defect in reading a token", Defect.withoutMessage(e));
      return stopped(Reason.TOKEN_UNREADABLE, e.getClass().getName());
    }
  }

  private Outcome<VerifiedToken> decideAndForget(
      CompactJws token, Demand demand, Presented presented) {
    try (token) {
      return decide(token, demand, presented);
    }
  }

  private Outcome<VerifiedToken> decide(CompactJws token, Demand demand, Presented presented) {
    VerifiedToken before = issuers.mayRemember(token) ? known.find(token) : null;
    if (before != null) {
      return possession
          .confirm(before, token, presented)
          .then(demand::check)
          .under(before.issuer());
    }
    return token
        .inAlphabet()
        .then(at(Stage.TRUSTED_ISSUER, issuers::of))
        .then(issuer -> decide(token, issuer, demand, presented));
  }

  private Outcome<VerifiedToken> decide(
      CompactJws token, TrustedIssuer issuer, Demand demand, Presented presented) {
    return passed(token)
        .then(at(Stage.SIGNATURE, issuer.signature()::verify))
        .then(signed -> judge(signed, issuer.policy(), presented))
        .then(at(Stage.ROUTE, demand::check))
        .then(verified -> keep(token, issuer, verified))
        .under(issuer.identifier());
  }

  /** From here on, all that is read was signed by the issuer. */
  private Outcome<VerifiedToken> judge(
      TokenSignature.Signed signed, IssuerPolicy rules, Presented presented) {
    return passed(signed)
        .then(at(Stage.CLAIMS, read -> SignedClaims.read(read, json)))
        .then(at(Stage.BINDING, claims -> possession.foresee(claims, presented)))
        .then(at(Stage.TYPE, rules.type::check))
        .then(at(Stage.ISSUER, rules.issuer::check))
        .then(at(Stage.AUDIENCE, rules.audience::check))
        .then(at(Stage.PERIOD, rules.period::check))
        .then(at(Stage.REQUIRED_CLAIMS, rules.requiredClaims::check))
        .then(at(Stage.POSSESSION, claims -> possession.confirm(claims, signed.token(), presented)))
        .then(at(Stage.SCOPES, rules.scopes::narrow))
        .noting(() -> "signed under kid " + Printable.quoted(signed.key().kid()));
  }

  /** On every request, remembered or not: this is what may change while a token lives. */
  private Outcome<VerifiedToken> askApplication(VerifiedToken token) {
    return asked(token).under(token.issuer());
  }

  private Outcome<VerifiedToken> asked(VerifiedToken token) {
    try {
      return policy.tokenCheck.admits(token)
          ? passed(token)
          : stopped(Reason.TOKEN_DISALLOWED, "the application's own check does not admit it");
    } catch (Throwable e) { // fails closed, whatever it is
      if (e instanceof InterruptedException) Thread.currentThread().interrupt();
      log.debug("the application's own check of a token failed", Defect.withoutMessage(e));
      return stopped(
          Reason.CHECK_FAILED, "the application's own check threw " + e.getClass().getName());
    }
  }

  private Outcome<VerifiedToken> keep(
      CompactJws token, TrustedIssuer issuer, VerifiedToken verified) {
    issuer.remember(token, verified, known);
    return passed(verified);
  }

  /**
   * What stands beside the challenge of Bearer, or null where DPoP is not spoken of.
   *
   * @param dpop whether the request came with the scheme DPoP
   */
  @Nullable DpopChallenge challenge(Reason reason, boolean dpop) {
    return policy.sender.challenges(reason, dpop)
        ? new DpopChallenge(policy.sender.algorithms().keySet(), nonce())
        : null;
  }

  /** The nonce that clients have to put into their proofs from now on, or null. */
  @Nullable String nonce() {
    return possession.nonce();
  }

  /** Starts fetching keys. */
  void start() {
    issuers.start();
  }

  /** Waits for the first keys; empty once they are there, else whose are not and why. */
  List<String> awaitKeys(Duration patience) {
    return issuers.awaitKeys(patience);
  }

  /** How the keys of each issuer stand; never waits. */
  Map<String, KeyHealth> keyHealth() {
    return issuers.keyHealth();
  }

  boolean isClosed() {
    return closed;
  }

  /** From now on every request is answered 503, and no thread of ours is left. */
  @Override
  public void close() {
    closed = true;
    try {
      issuers.close();
    } catch (RuntimeException e) {
      log.warn("the keys were not closed in good order", e);
    }
    known.clear();
  }
}
