package io.sallyport;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.PushBuilder;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What handlers get: the request without its credentials, with the verified token as principal.
 *
 * <p>The credential fields are absent from every accessor, in every letter case, and stay so when
 * the request goes on asynchronously, is forwarded, or ends in an error page.
 */
final class GuardedRequest extends HttpServletRequestWrapper {
  private static final List<String> CREDENTIALS =
      List.of("Authorization", "Proxy-Authorization", "DPoP", "Client-Cert", "Client-Cert-Chain");

  private final HttpServletRequest bare;
  private final ServletResponse response;
  private final @Nullable VerifiedToken token;
  private final Object owner;
  private final Expiries expiries;
  private final Runnable asyncUnsupported;

  /**
   * Wraps a request.
   *
   * @param response what goes down the chain beside it, for {@link #startAsync()}
   * @param token what the gate has admitted, or null for an anonymous request
   * @param owner the filter that decided
   * @param expiries ends exchanges of this request when its token expires
   * @param asyncUnsupported told when a handler wants to go on asynchronously and may not
   */
  GuardedRequest(
      HttpServletRequest request,
      ServletResponse response,
      @Nullable VerifiedToken token,
      Object owner,
      Expiries expiries,
      Runnable asyncUnsupported) {
    super(request);
    this.bare = withCredentials(request);
    this.response = response;
    this.token = token;
    this.owner = owner;
    this.expiries = expiries;
    this.asyncUnsupported = asyncUnsupported;
  }

  /**
   * Ends an exchange when the token of its request expires.
   *
   * @throws IllegalStateException if its request has none
   */
  static void endAtExpiry(AsyncContext exchange) {
    GuardedRequest guarded = around(exchange.getRequest(), null);
    VerifiedToken token = guarded == null ? null : guarded.token;
    if (guarded == null || token == null) {
      throw new IllegalStateException(
          "this exchange has no token that could expire: it is on a public path, or was not started"
              + " on the request that a Sallyport filter gave to the handler");
    }
    guarded.expiries.add(exchange, token.expiresAt());
  }

  /** The wrapper that a filter (any one, if null) has put around this request, or null. */
  static @Nullable GuardedRequest around(ServletRequest request, @Nullable Object owner) {
    for (ServletRequest r = request; ; r = ((ServletRequestWrapper) r).getRequest()) {
      if (r instanceof GuardedRequest guarded && (owner == null || guarded.owner == owner)) {
        return guarded;
      }
      if (!(r instanceof ServletRequestWrapper)) return null;
    }
  }

  /** The request below every wrapper of this kind: where the credentials can still be read. */
  static HttpServletRequest withCredentials(HttpServletRequest request) {
    HttpServletRequest bare = request;
    for (ServletRequest r = request;
        r instanceof ServletRequestWrapper wrapper;
        r = wrapper.getRequest()) {
      if (wrapper instanceof GuardedRequest guarded) {
        bare = (HttpServletRequest) guarded.getRequest();
      }
    }
    return bare;
  }

  @Nullable VerifiedToken token() {
    return token;
  }

  private static boolean isCredential(@Nullable String name) {
    for (String credential : CREDENTIALS) {
      if (credential.equalsIgnoreCase(name)) return true;
    }
    return false;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isCredential(name) ? null : super.getHeader(name);
  }

  @Override
  public @Nullable Enumeration<String> getHeaders(String name) {
    return isCredential(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public @Nullable Enumeration<String> getHeaderNames() {
    Enumeration<String> names = super.getHeaderNames();
    if (names == null) return null;
    List<String> visible = new ArrayList<>();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      if (!isCredential(name)) visible.add(name);
    }
    return Collections.enumeration(visible);
  }

  @Override
  public int getIntHeader(String name) {
    return isCredential(name) ? -1 : super.getIntHeader(name);
  }

  @Override
  public long getDateHeader(String name) {
    return isCredential(name) ? -1 : super.getDateHeader(name);
  }

  @Override
  public Map<String, String> getTrailerFields() {
    Map<String, String> visible = new LinkedHashMap<>(super.getTrailerFields());
    visible.keySet().removeIf(GuardedRequest::isCredential);
    return visible;
  }

  /** What this filter has admitted, whatever another filter or a handler has put there. */
  @Override
  public @Nullable Object getAttribute(String name) {
    return VerifiedToken.ATTRIBUTE.equals(name) ? token : super.getAttribute(name);
  }

  /** A push builder would carry the fields of the request that lies below. */
  @Override
  @SuppressWarnings({"deprecation", "removal"})
  public @Nullable PushBuilder newPushBuilder() {
    return null;
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    return token != null ? token : bare.getUserPrincipal();
  }

  @Override
  public @Nullable String getRemoteUser() {
    return token != null ? token.subject() : bare.getRemoteUser();
  }

  @Override
  public @Nullable String getAuthType() {
    if (token == null) return bare.getAuthType();
    return token.confirmation().jkt() != null ? "DPoP" : "Bearer";
  }

  @Override
  public boolean isUserInRole(String role) {
    return token != null ? token.scopes().contains(role) : bare.isUserInRole(role);
  }

  /** The container's own would go on with the request that lies below. */
  @Override
  public AsyncContext startAsync() {
    return startAsync(this, response);
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    if (!isAsyncSupported()) asyncUnsupported.run();
    return super.startAsync(guarded(request, response), response);
  }

  private ServletRequest guarded(ServletRequest request, ServletResponse response) {
    if (around(request, owner) != null || !(request instanceof HttpServletRequest http)) {
      return request;
    }
    return new GuardedRequest(http, response, token, owner, expiries, asyncUnsupported);
  }
}
