package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.keys.KeySource;
import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of the checks, and nothing else: signature before claims, claims before scopes, scopes
 * before what the route takes. Each stage takes the type that the one before it gives, so none can
 * be left out or moved ahead.
 */
final class Gate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");

  static final Refusal CLOSED = new Refusal(Reason.GATE_CLOSED, "the gate has been closed");

  private final Policy policy;
  private final KeySource keys;
  private final StrictJson json;
  private final TokenSignature signature;
  private final VerifiedTokens known;
  private volatile boolean closed;

  Gate(Policy policy) {
    this.policy = policy;
    this.keys = policy.keys.get();
    this.json = new StrictJson(policy.maxTokenLength);
    this.signature = new TokenSignature(policy.algorithms, keys, json);
    this.known = new VerifiedTokens(policy.tokenCacheSize, policy.period, keys);
  }

  /** Decides on one request: what it presented, against what its route takes. */
  Outcome<VerifiedToken> decide(Outcome<BearerToken> presented, Demand demand) {
    if (closed) return new Outcome.Stopped<>(CLOSED);
    return presented.then(token -> decide(token, demand)).then(this::askApplication);
  }

  private Outcome<VerifiedToken> decide(BearerToken presented, Demand demand) {
    try {
      return CompactJws.from(presented).then(token -> decide(token, demand));
    } catch (Throwable e) { // whatever a token makes a parser throw, even a StackOverflowError
      log.debug("a defect in reading a token", Defect.withoutMessage(e));
      return stopped(Reason.TOKEN_UNREADABLE, e.getClass().getName());
    }
  }

  private Outcome<VerifiedToken> decide(CompactJws token, Demand demand) {
    VerifiedToken before = signature.knowsHeaderOf(token) ? known.find(token) : null;
    if (before != null) return demand.check(before);
    return signature
        .verify(token)
        .then(this::judge)
        .then(demand::check)
        .then(verified -> keep(token, verified));
  }

  /** From here on, all that is read was signed by the issuer. */
  private Outcome<VerifiedToken> judge(TokenSignature.Signed signed) {
    return SignedClaims.read(signed, json)
        .then(policy.type::check)
        .then(policy.issuer::check)
        .then(policy.audience::check)
        .then(policy.period::check)
        .then(policy.requiredClaims::check)
        .then(policy.confirmation::check)
        .then(policy.scopes::narrow)
        .noting(() -> "signed under kid " + Printable.quoted(signed.key().kid()));
  }

  /** On every request, remembered or not: this is what may change while a token lives. */
  private Outcome<VerifiedToken> askApplication(VerifiedToken token) {
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

  private Outcome<VerifiedToken> keep(CompactJws token, VerifiedToken verified) {
    known.keep(token, verified);
    return passed(verified);
  }

  /** Starts fetching keys. */
  void start() {
    keys.start();
  }

  /** Waits for the first keys; empty once they are there, else why they are not. */
  Optional<String> awaitKeys(Duration patience) {
    return keys.awaitKeys(patience);
  }

  boolean isClosed() {
    return closed;
  }

  /** From now on every request is answered 503, and no thread of ours is left. */
  @Override
  public void close() {
    closed = true;
    if (policy.ownsKeys) closeKeys();
    known.clear();
  }

  private void closeKeys() {
    try {
      keys.close();
    } catch (Exception e) {
      log.warn("the keys were not closed in good order", e);
    }
  }
}
