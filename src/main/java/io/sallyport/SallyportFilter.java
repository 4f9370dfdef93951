package io.sallyport;

import io.sallyport.keys.KeyHealth;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets no request past without a verified bearer token (RFC 6750), and shows handlers no more of it
 * than they may see.
 *
 * <p>In web.xml the settings are init-params of this class; in code {@link #builder()} takes them.
 * Map it to {@code /*} and to all five dispatcher types: tokens are judged on REQUEST dispatches,
 * and the others inherit what was decided. It never registers itself: a filter whose order nobody
 * chose protects nothing.
 *
 * <p>Handlers call {@link #token(ServletRequest)}, or use the servlet API's own {@code
 * getUserPrincipal()}, {@code getRemoteUser()} and {@code isUserInRole(scope)}. Safe for use by
 * many threads, as every filter is.
 *
 * @since 0.1.0
 */
public final class SallyportFilter implements Filter {
  /** The request attribute that holds the {@link VerifiedToken}. */
  public static final String TOKEN_ATTRIBUTE = VerifiedToken.ATTRIBUTE;

  private static final Logger log = LoggerFactory.getLogger("io.sallyport");

  private final boolean configuredInCode;

  /** Guarded by this; null until the settings are read. */
  private @Nullable Policy policy;

  /** Guarded by this: how many of the filter and its routes are in service. */
  private int inService;

  private volatile @Nullable Passage passage;

  /**
   * For web.xml and annotations: {@link #init} reads the settings, and nothing passes before it.
   */
  public SallyportFilter() {
    this.configuredInCode = false;
  }

  private SallyportFilter(Policy policy) {
    this.configuredInCode = true;
    this.policy = policy;
    this.passage = new Passage(policy, this);
  }

  /**
   * Begins a filter in code.
   *
   * @return a builder with nothing set
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A filter by settings that were checked before, such as those out of a configuration file.
   *
   * @param policy the checked settings
   * @return the filter, to be registered as an instance
   */
  public static SallyportFilter of(Policy policy) {
    return new SallyportFilter(policy);
  }

  /**
   * The token that the gate has admitted with this request.
   *
   * @param request the request as the handler got it
   * @return the token, or null on a public path without one
   */
  public static @Nullable VerifiedToken token(ServletRequest request) {
    return request.getAttribute(TOKEN_ATTRIBUTE) instanceof VerifiedToken token ? token : null;
  }

  /**
   * Completes an exchange when its token expires, so that a stream does not outlive its token: at
   * {@link VerifiedToken#expiresAt()}, without the skew that the gate allows, or at once if that is
   * past. Call it in the handler that has called {@code startAsync()}, before that handler returns.
   *
   * <p>It may be called for any number of exchanges of one token. One that is over by then is left
   * alone, and forgotten when it is over. One that is being dispatched is ended after the dispatch,
   * if that starts it anew. {@link #destroy} ends them all.
   *
   * @param exchange what {@code startAsync()} has given
   * @throws IllegalStateException if its request has no token, or the container takes no listener
   *     for it any more
   */
  public static void endAtExpiry(AsyncContext exchange) {
    GuardedRequest.endAtExpiry(exchange);
  }

  /**
   * A light filter for one route of an embedded application. It shares keys and cache with this one
   * and works behind it or on its own: it takes a good token with all of these scopes, of a user
   * who has authenticated as {@code acrValues} and {@code maxAuthAgeSeconds} say, whatever {@code
   * publicPaths} and {@code rules} say.
   *
   * @param scopes the scopes, each one of {@code allowedScopes}
   * @return the filter for that route
   * @throws IllegalArgumentException if there are none, or one of them is not allowed
   * @throws IllegalStateException if this filter has no settings yet
   */
  public Filter requiring(String... scopes) {
    Policy current = policy();
    if (current == null) throw new IllegalStateException("the filter has not been initialised");
    Set<String> required = Settings.REQUIRING.read(String.join(" ", scopes));
    current.checkAllowed(Settings.REQUIRING, required);
    return new RouteFilter(Demand.of(required, current.allowedScopes).with(current.stepUp));
  }

  /**
   * How the keys stand, for a health endpoint. Never waits for a fetch.
   *
   * @return the keys of each issuer, by its identifier, in the order of the settings
   * @throws IllegalStateException if this filter has no settings yet
   */
  public Map<String, KeyHealth> keyHealth() {
    Passage open = passage;
    if (open == null) throw new IllegalStateException("the filter has not been initialised");
    return open.keyHealth();
  }

  private synchronized @Nullable Policy policy() {
    return policy;
  }

  /**
   * Reads the settings and starts fetching keys.
   *
   * @param config the init-params, and the context-params {@code sallyport.NAME} behind them
   * @throws ServletException if a setting is unknown, missing or makes no sense; the message names
   *     it, what was found, what is allowed, and an example. Also if {@code failOnUnreachableKeys}
   *     is set and there are no keys, or {@code hostExposure} is {@code refuse} and the host is
   *     within reach
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    start(() -> configuredInCode ? codedPolicy(config) : FilterParameters.policy(config));
  }

  private @Nullable Policy codedPolicy(FilterConfig config) {
    FilterParameters.checkNone(config);
    return policy();
  }

  private void start(Supplier<@Nullable Policy> settings) throws ServletException {
    try {
      open(settings.get());
    } catch (IllegalArgumentException | IllegalStateException e) {
      log.error(e.getMessage());
      throw new ServletException(e.getMessage(), e);
    }
  }

  /** The filter and each of its routes open the passage; the last of them to end closes it. */
  private void open(@Nullable Policy settings) {
    if (settings == null) throw new IllegalStateException("the filter has not been initialised");
    Passage first = takeIntoService(settings);
    if (first == null) return;
    try {
      first.start(); // without the lock: it may wait for keys, and destroy() must not wait for it
    } catch (IllegalStateException e) {
      destroy();
      throw e;
    }
  }

  /** The passage that has to be started, or null where it is open already. */
  private synchronized @Nullable Passage takeIntoService(Policy settings) {
    Passage before = passage;
    Passage open = before == null || before.isClosed() ? new Passage(settings, this) : before;
    policy = settings;
    passage = open;
    return inService++ == 0 ? open : null;
  }

  /** Ends every thread that this filter started; requests are answered 503 from now on. */
  @Override
  public synchronized void destroy() {
    inService = Math.max(0, inService - 1);
    if (inService == 0 && passage != null) passage.close();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    pass(request, response, chain, null);
  }

  private void pass(
      ServletRequest request, ServletResponse response, FilterChain chain, @Nullable Demand route)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)) {
      throw new ServletException("Sallyport guards HTTP requests alone, and this is none");
    }
    Passage open = passage;
    if (open == null) {
      refuseUninitialised(response);
    } else if (http.getDispatcherType() != DispatcherType.REQUEST) {
      open.inherit(http, response, chain);
    } else if (route == null) {
      open.enter(http, response, chain);
    } else {
      open.enterRoute(http, response, chain, route);
    }
  }

  private static void refuseUninitialised(ServletResponse response) throws IOException {
    Refusal refusal = new Refusal(Reason.GATE_CLOSED, "the filter was never initialised");
    String correlation = RefusalLog.noteUntold("(no issuer)", refusal);
    new Challenge("", false)
        .answer((HttpServletResponse) response, refusal, Demand.NOTHING, null, null, correlation);
  }

  /** See {@link #requiring}. */
  private final class RouteFilter implements Filter {
    private final Demand demand;

    RouteFilter(Demand demand) {
      this.demand = demand;
    }

    @Override
    public void init(FilterConfig config) throws ServletException {
      start(() -> codedPolicy(config));
    }

    @Override
    public void destroy() {
      SallyportFilter.this.destroy();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      pass(request, response, chain, demand);
    }
  }

  /**
   * Takes the settings of a filter.
   *
   * @since 0.1.0
   */
  public static final class Builder extends PolicyBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Checks the settings. Keys are fetched from {@link SallyportFilter#init} on, or from the first
     * request.
     *
     * @return the filter, to be registered as an instance
     * @throws IllegalArgumentException if a required setting is missing or two contradict each
     *     other
     */
    public SallyportFilter build() {
      return new SallyportFilter(policy());
    }
  }
}
