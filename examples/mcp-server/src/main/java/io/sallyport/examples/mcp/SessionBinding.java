package io.sallyport.examples.mcp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.sallyport.SallyportFilter;
import io.sallyport.VerifiedToken;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Keeps a session to whoever began it. The SDK takes a session's id from anybody with a good token,
 * so an id that leaks, by a log or a proxy, would let one user go on as another.
 *
 * <p>To everybody else the session does not exist: 404, the same as for one that has ended, at
 * which a client begins a new one. A binding that was dropped, because it was not used for long or
 * there were too many, is answered so too.
 */
final class SessionBinding implements Filter {
  private static final String FIELD = "Mcp-Session-Id";

  private final Cache<String, Owner> owners;

  /**
   * Makes the filter, which belongs behind {@link SallyportFilter}.
   *
   * @param most how many sessions there are at most
   * @param idle how long one may be unused
   * @param ticker tells the time
   */
  SessionBinding(int most, Duration idle, Ticker ticker) {
    this.owners =
        Caffeine.newBuilder()
            .maximumSize(most)
            .expireAfterAccess(idle)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    VerifiedToken token = SallyportFilter.token(request);
    if (token == null) throw new ServletException("there is no Sallyport filter in front of this");
    HttpServletRequest call = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    Owner owner = Owner.of(token);
    List<String> sessions = Collections.list(call.getHeaders(FIELD));
    for (String session : sessions) {
      if (!owner.equals(owners.getIfPresent(session))) {
        answer.setStatus(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
    }
    chain.doFilter(request, new Binding(answer, owner));
    if (call.getMethod().equals("DELETE") && answer.getStatus() == HttpServletResponse.SC_OK) {
      owners.invalidateAll(sessions);
    }
  }

  /** Binds the id of a new session before the client can know it, and so before it can use it. */
  private final class Binding extends HttpServletResponseWrapper {
    private final Owner owner;

    Binding(HttpServletResponse response, Owner owner) {
      super(response);
      this.owner = owner;
    }

    @Override
    public void setHeader(String name, String value) {
      bind(name, value);
      super.setHeader(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
      bind(name, value);
      super.addHeader(name, value);
    }

    private void bind(String name, String value) {
      if (FIELD.equalsIgnoreCase(name)) owners.asMap().putIfAbsent(value, owner);
    }
  }
}
