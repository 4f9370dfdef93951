package io.sallyport;

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
import java.time.Clock;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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
 */
public final class SallyportFilter implements Filter {
  /** The request attribute that holds the {@link VerifiedToken}. */
  public static final String TOKEN_ATTRIBUTE = "io.sallyport.VerifiedToken";

  private static final Logger log = LoggerFactory.getLogger("io.sallyport");
  private static final String CONTEXT_PREFIX = "sallyport.";

  private final AtomicBoolean toldOfAsync = new AtomicBoolean();
  private final boolean configuredInCode;
  private @Nullable Policy policy;
  private int users;
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
    this.passage = new Passage(policy);
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
   * A light filter for one route of an embedded application. It shares keys and cache with this one
   * and works behind it or on its own: it takes a good token with all of these scopes, whatever
   * {@code publicPaths} and {@code rules} say.
   *
   * @param scopes the scopes, each one of {@code allowedScopes}
   * @return the filter for that route
   * @throws IllegalArgumentException if there are none, or one of them is not allowed
   * @throws IllegalStateException if this filter has no settings yet
   */
  public Filter requiring(String... scopes) {
    Policy current = policy;
    if (current == null) throw new IllegalStateException("the filter has not been initialised");
    Set<String> required = Settings.REQUIRED_SCOPES.read(String.join(" ", scopes));
    for (String scope : required) {
      if (!current.allowedScopes.contains(scope)) {
        throw Settings.REQUIRED_SCOPES.refused(scope, "requiring() takes what allowedScopes lists");
      }
    }
    return new RouteFilter(Demand.of(required, current.allowedScopes));
  }

  /**
   * Reads the settings and starts fetching keys.
   *
   * @param config the init-params, and the context-params {@code sallyport.NAME} behind them
   * @throws ServletException if a setting is unknown, missing or makes no sense; the message names
   *     it, what was found, what is allowed, and an example
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    try {
      open(configuredInCode ? withoutParameters(config) : settings(config));
    } catch (IllegalArgumentException | IllegalStateException e) {
      log.error(e.getMessage());
      throw new ServletException(e.getMessage(), e);
    }
  }

  private @Nullable Policy withoutParameters(FilterConfig config) {
    for (String name : names(config.getInitParameterNames())) {
      throw new IllegalArgumentException(
          "Sallyport cannot start: the init-param '%s' is set on a filter that was made by"
                  .formatted(name)
              + " SallyportFilter.builder(), which takes no init-params. Allowed: one of the two."
              + " Example: builder().issuer(\"https://id.example.com\")");
    }
    return policy;
  }

  private static Policy settings(FilterConfig config) {
    Settings settings = new Settings(Substitution.ofThisProcess());
    for (String name : names(config.getInitParameterNames())) {
      settings.put(name, String.valueOf(config.getInitParameter(name)));
    }
    for (String parameter : names(config.getServletContext().getInitParameterNames())) {
      if (!parameter.startsWith(CONTEXT_PREFIX)) continue;
      String name = parameter.substring(CONTEXT_PREFIX.length());
      if (!Settings.has(name)) throw Settings.unknown(CONTEXT_PREFIX, name);
      if (config.getInitParameter(name) == null) {
        settings.put(name, String.valueOf(config.getServletContext().getInitParameter(parameter)));
      }
    }
    return new Policy(settings, null, Clock.systemUTC(), System::nanoTime);
  }

  private static List<String> names(@Nullable Enumeration<String> names) {
    return names == null ? List.of() : Collections.list(names);
  }

  /** The filter and each of its routes open the gate; the last of them to end closes it. */
  private synchronized void open(@Nullable Policy settings) {
    Policy current = settings == null ? policy : settings;
    if (current == null) throw new IllegalStateException("the filter has not been initialised");
    policy = current;
    Passage open = passage == null ? new Passage(current) : passage;
    if (users == 0) Start.of(current, open.gate);
    passage = open;
    users++;
  }

  /** Ends every thread that this filter started; requests are answered 503 from now on. */
  @Override
  public synchronized void destroy() {
    users = Math.max(0, users - 1);
    Passage open = passage;
    if (users > 0 || open == null) return;
    passage = null;
    open.gate.close();
    open.refusals.close();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = http(request);
    if (http.getDispatcherType() != DispatcherType.REQUEST) {
      inherit(http, response, chain);
      return;
    }
    http.removeAttribute(TOKEN_ATTRIBUTE);
    Passage open = passage;
    Policy current = policy;
    if (open == null || current == null) {
      closed(response);
      return;
    }
    Demand demand = current.routes.demandOf(http);
    if (demand == null && current.ignoresTokensOnPublicPaths) {
      chain.doFilter(guarded(http, response, null), response);
      return;
    }
    guard(open, http, response, chain, demand);
  }

  private static HttpServletRequest http(ServletRequest request) throws ServletException {
    if (request instanceof HttpServletRequest http) return http;
    throw new ServletException("Sallyport guards HTTP requests alone, and this is none");
  }

  /** What comes after a REQUEST dispatch goes by what was decided there. */
  private void inherit(HttpServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean guarded = GuardedRequest.around(request, this) != null;
    chain.doFilter(guarded ? request : guarded(request, response, token(request)), response);
  }

  private GuardedRequest guarded(
      HttpServletRequest request, ServletResponse response, @Nullable VerifiedToken token) {
    return new GuardedRequest(request, response, token, this, this::tellOfAsync);
  }

  private void tellOfAsync() {
    if (toldOfAsync.getAndSet(true)) return;
    log.warn(
        "a handler went on asynchronously, but the filter was registered without async support:"
            + " add <async-supported>true</async-supported> to the filter in web.xml, or call"
            + " setAsyncSupported(true) on its registration");
  }

  private void guard(
      Passage open,
      HttpServletRequest request,
      ServletResponse response,
      FilterChain chain,
      @Nullable Demand demand)
      throws IOException, ServletException {
    Demand taken = demand == null ? Demand.NOTHING : demand;
    Outcome<VerifiedToken> outcome = open.decide(request, taken);
    if (outcome instanceof Outcome.Passed<VerifiedToken> passed) {
      request.setAttribute(TOKEN_ATTRIBUTE, passed.value());
      chain.doFilter(guarded(request, response, passed.value()), response);
      return;
    }
    Refusal refusal = ((Outcome.Stopped<VerifiedToken>) outcome).refusal();
    if (demand == null && refusal.reason() == Reason.TOKEN_MISSING) {
      chain.doFilter(guarded(request, response, null), response);
      return;
    }
    open.refuse(response, refusal, taken);
  }

  private static void closed(ServletResponse response) throws IOException {
    new Challenge("", false)
        .answer(
            (HttpServletResponse) response,
            new Refusal(Reason.GATE_CLOSED, "the filter is not in service"),
            Demand.NOTHING,
            "0000000000000000");
  }

  /** The gate with what its refusals become. */
  private static final class Passage {
    private final Gate gate;
    private final Challenge challenge;
    private final RefusalLog refusals;
    private final int maxTokenLength;

    Passage(Policy policy) {
      this.gate = new Gate(policy);
      this.challenge = new Challenge(policy.realm, policy.verbose);
      this.refusals = new RefusalLog(policy.issuer.identifier(), policy.nanoTime);
      this.maxTokenLength = policy.maxTokenLength;
    }

    Outcome<VerifiedToken> decide(HttpServletRequest request, Demand demand) {
      try {
        HttpServletRequest bare = GuardedRequest.withCredentials(request);
        List<String> fields = names(bare.getHeaders("Authorization"));
        return gate.decide(BearerToken.fromFields(fields, maxTokenLength), demand);
      } catch (RuntimeException | Error e) {
        log.error("a defect in the gate, which stays shut", e);
        return Outcome.stopped(Reason.DEFECT, e.getClass().getName());
      }
    }

    void refuse(ServletResponse response, Refusal refusal, Demand demand) throws IOException {
      String correlation = refusals.note(refusal);
      challenge.answer((HttpServletResponse) response, refusal, demand, correlation);
    }
  }

  /** See {@link #requiring}. */
  private final class RouteFilter implements Filter {
    private final Demand demand;

    RouteFilter(Demand demand) {
      this.demand = demand;
    }

    @Override
    public void init(FilterConfig config) throws ServletException {
      try {
        open(null);
      } catch (IllegalStateException e) {
        throw new ServletException(e.getMessage(), e);
      }
    }

    @Override
    public void destroy() {
      SallyportFilter.this.destroy();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      HttpServletRequest http = http(request);
      Passage open = passage;
      if (http.getDispatcherType() != DispatcherType.REQUEST) {
        inherit(http, response, chain);
      } else if (open == null) {
        closed(response);
      } else {
        afterParent(open, http, response, chain);
      }
    }

    private void afterParent(
        Passage open, HttpServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      GuardedRequest guarded = GuardedRequest.around(request, SallyportFilter.this);
      VerifiedToken admitted = guarded == null ? null : guarded.token();
      if (admitted == null) {
        request.removeAttribute(TOKEN_ATTRIBUTE);
        guard(open, request, response, chain, demand);
      } else if (demand.check(admitted) instanceof Outcome.Stopped<VerifiedToken> stopped) {
        open.refuse(response, stopped.refusal(), demand);
      } else {
        chain.doFilter(request, response);
      }
    }
  }

  /** Takes the settings of a filter. */
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
