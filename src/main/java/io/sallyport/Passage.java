package io.sallyport;

import io.sallyport.keys.KeyHealth;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's way from the filter to the handler: what its route takes, what the gate decides, and
 * then on with a guarded request, or back with a challenge. The second door never opens before the
 * first has been checked and shut.
 */
final class Passage implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");

  private final Policy policy;
  private final Object owner;
  private final Gate gate;
  private final Challenge challenge;
  private final RefusalLog refusals;
  private final Expiries expiries;
  private final AtomicBoolean toldOfAsync = new AtomicBoolean();

  /**
   * Makes a passage.
   *
   * @param owner the filter that it belongs to
   */
  Passage(Policy policy, Object owner) {
    this.policy = policy;
    this.owner = owner;
    this.gate = new Gate(policy);
    this.challenge = new Challenge(policy.realm, policy.verbose);
    this.refusals = new RefusalLog(policy.undecidedIssuer(), policy.nanoTime);
    this.expiries = new Expiries(policy.clock);
  }

  /**
   * Starts fetching keys, and tells the operator what is guarded.
   *
   * @throws IllegalStateException if there are no keys and the policy wants them at the start
   */
  void start() {
    Start.of(policy, gate);
  }

  /** Takes a request by what its method and path have to bring. */
  void enter(HttpServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (answersMetadata(request, response)) return;
    request.removeAttribute(VerifiedToken.ATTRIBUTE);
    Demand demand;
    try {
      demand = policy.routes.demandOf(request);
    } catch (RuntimeException | Error e) {
      refuse(request, response, defect(e), Demand.NOTHING, policy.listeners.begin());
      return;
    }
    if (demand != null) {
      enter(request, response, chain, demand);
    } else {
      enterPublic(request, response, chain);
    }
  }

  /** Whether the request asked for the metadata of the resource, and has its answer. */
  private boolean answersMetadata(HttpServletRequest request, ServletResponse response)
      throws IOException {
    ResourceMetadata metadata = policy.metadata;
    if (metadata == null || !metadata.isAskedFor(request)) return false;
    if (gate.isClosed()) {
      refuse(request, response, Gate.CLOSED, Demand.NOTHING, policy.listeners.begin());
    } else {
      metadata.answer(request, (HttpServletResponse) response);
    }
    return true;
  }

  private void enterPublic(HttpServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Listeners.Begun begun = policy.listeners.begin();
    Outcome<VerifiedToken> outcome =
        policy.ignoresTokensOnPublicPaths && !gate.isClosed()
            ? Outcome.stopped(Reason.TOKEN_MISSING, "not looked at")
            : decide(request, Demand.NOTHING);
    boolean anonymous =
        outcome instanceof Outcome.Stopped<VerifiedToken> stopped
            && stopped.refusal().reason() == Reason.TOKEN_MISSING;
    if (anonymous) chain.doFilter(guarded(request, response, null), response);
    else leave(request, response, chain, Demand.NOTHING, outcome, begun);
  }

  /** Takes a request to a route that a filter of its own guards, before or behind the parent. */
  void enterRoute(
      HttpServletRequest request, ServletResponse response, FilterChain chain, Demand demand)
      throws IOException, ServletException {
    if (answersMetadata(request, response)) return;
    request.removeAttribute(VerifiedToken.ATTRIBUTE);
    enter(request, response, chain, demand);
  }

  /**
   * What this filter or one of its routes has admitted further out with the same request. It is not
   * asked for twice: a proof of possession is used up by then.
   */
  private @Nullable VerifiedToken admitted(HttpServletRequest request) {
    GuardedRequest guarded = GuardedRequest.around(request, owner);
    return guarded == null || gate.isClosed() ? null : guarded.token();
  }

  private void enter(
      HttpServletRequest request, ServletResponse response, FilterChain chain, Demand demand)
      throws IOException, ServletException {
    Listeners.Begun begun = policy.listeners.begin();
    leave(request, response, chain, demand, decide(request, demand), begun);
  }

  private Outcome<VerifiedToken> decide(HttpServletRequest request, Demand demand) {
    try {
      VerifiedToken admitted = admitted(request);
      if (admitted != null) return demand.check(admitted).under(admitted.issuer());
      HttpServletRequest bare = GuardedRequest.withCredentials(request);
      List<String> fields = PresentedRequest.fields(bare, "Authorization");
      return gate.decide(
          BearerToken.fromFields(fields, policy.maxTokenLength),
          demand,
          new PresentedRequest(bare, policy.sender));
    } catch (RuntimeException | Error e) {
      return new Outcome.Stopped<>(defect(e));
    }
  }

  private Refusal defect(Throwable e) {
    refusals.tellDefect(e);
    return new Refusal(Reason.DEFECT, e.getClass().getName());
  }

  private void leave(
      HttpServletRequest request,
      ServletResponse response,
      FilterChain chain,
      Demand demand,
      Outcome<VerifiedToken> outcome,
      Listeners.@Nullable Begun begun)
      throws IOException, ServletException {
    if (outcome instanceof Outcome.Passed<VerifiedToken> passed) {
      tellListeners(request, passed.value(), begun);
      request.setAttribute(VerifiedToken.ATTRIBUTE, passed.value());
      tellNonce((HttpServletResponse) response, passed.value());
      chain.doFilter(guarded(request, response, passed.value()), response);
    } else {
      Refusal refusal = ((Outcome.Stopped<VerifiedToken>) outcome).refusal();
      refuse(request, response, refusal, demand, begun);
    }
  }

  /** Once for a request, however many of this filter's routes it goes through. */
  private void tellListeners(
      HttpServletRequest request, VerifiedToken token, Listeners.@Nullable Begun begun) {
    if (begun == null || admitted(request) == token) return;
    policy.listeners.verified(begun, token.issuer());
  }

  /** So that the client's next proof has a nonce that lasts (RFC 9449 section 8.2). */
  private void tellNonce(HttpServletResponse response, VerifiedToken token) {
    String nonce = token.confirmation().jkt() == null ? null : gate.nonce();
    if (nonce == null) return;
    response.setHeader("DPoP-Nonce", nonce);
    if (!response.containsHeader("Cache-Control")) response.setHeader("Cache-Control", "no-store");
  }

  private void refuse(
      HttpServletRequest request,
      ServletResponse response,
      Refusal refusal,
      Demand demand,
      Listeners.@Nullable Begun begun)
      throws IOException {
    String correlation = refusals.note(refusal);
    policy.listeners.refused(begun, refusal);
    challenge.answer(
        (HttpServletResponse) response,
        refusal,
        demand.on(refusal.issuer()),
        metadataAddress(request),
        dpop(request, refusal),
        correlation);
  }

  private @Nullable String metadataAddress(HttpServletRequest request) {
    ResourceMetadata metadata = policy.metadata;
    return metadata == null ? null : metadata.address(request.getServletContext().getContextPath());
  }

  private @Nullable DpopChallenge dpop(HttpServletRequest request, Refusal refusal) {
    if (refusal.reason() == Reason.DEFECT) return null; // the request itself may be what failed
    boolean came =
        new PresentedRequest(GuardedRequest.withCredentials(request), policy.sender).isDpop();
    return gate.challenge(refusal.reason(), came);
  }

  private GuardedRequest guarded(
      HttpServletRequest request, ServletResponse response, @Nullable VerifiedToken token) {
    return new GuardedRequest(request, response, token, owner, expiries, this::tellOfAsync);
  }

  private void tellOfAsync() {
    if (toldOfAsync.getAndSet(true)) return;
    log.warn(
        "a handler wants to go on asynchronously, but the filter was registered without async"
            + " support:"
            + " add <async-supported>true</async-supported> to the filter in web.xml, or call"
            + " setAsyncSupported(true) on its registration");
  }

  /**
   * Takes a forwarded, included, asynchronous or failed request by what was decided before. What
   * another filter has decided does not count: its token may be another issuer's.
   */
  void inherit(HttpServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (GuardedRequest.around(request, owner) != null) {
      chain.doFilter(request, response);
      return;
    }
    HttpServletRequest bare = GuardedRequest.withCredentials(request);
    VerifiedToken token =
        bare.getAttribute(VerifiedToken.ATTRIBUTE) instanceof VerifiedToken found
                && policy.hasNarrowed(found)
            ? found
            : null;
    chain.doFilter(guarded(request, response, token), response);
  }

  Map<String, KeyHealth> keyHealth() {
    return gate.keyHealth();
  }

  boolean isClosed() {
    return gate.isClosed();
  }

  @Override
  public void close() {
    gate.close();
    expiries.close();
    refusals.close();
  }
}
