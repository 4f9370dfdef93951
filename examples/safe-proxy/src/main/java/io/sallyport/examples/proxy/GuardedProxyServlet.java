package io.sallyport.examples.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.SallyportFilter;
import io.sallyport.VerifiedToken;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProcessingProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.ee10.proxy.AsyncProxyServlet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands verified requests on to the one upstream, with what the verified token says of the caller
 * and nothing of what the caller says of itself.
 *
 * <p>The target is made of the upstream's address and the request's path and query. Nothing else of
 * a request has any influence on where it goes, and nothing of an answer has.
 */
final class GuardedProxyServlet extends AsyncProxyServlet {
  private static final Logger log = LoggerFactory.getLogger(GuardedProxyServlet.class);
  private static final long serialVersionUID = 1;

  private static final String SUBJECT = "X-Verified-Subject";
  private static final String SCOPES = "X-Verified-Scopes";
  private static final String VIA = "1.1 sallyport-safe-proxy";
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Set<Integer> ASKING_FOR_CREDENTIALS =
      Set.of(HttpStatus.UNAUTHORIZED_401, HttpStatus.PROXY_AUTHENTICATION_REQUIRED_407);

  private final transient ProxySettings settings;
  private final transient @Nullable SocketAddressResolver resolver;

  /**
   * Makes the servlet.
   *
   * @param resolver looks names up, or null for Jetty's own
   */
  GuardedProxyServlet(ProxySettings settings, @Nullable SocketAddressResolver resolver) {
    this.settings = settings;
    this.resolver = resolver;
  }

  @Override
  protected ClientConnector newClientConnector() {
    ClientConnector connector = new CheckedConnector(settings.addresses());
    connector.setSslContextFactory(new SslContextFactory.Client());
    return connector;
  }

  @Override
  protected HttpClient newHttpClient(ClientConnector connector) {
    HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setConnectTimeout(settings.limits().connect());
    client.setAddressResolutionTimeout(settings.limits().connect());
    if (resolver != null) client.setSocketAddressResolver(resolver);
    return client;
  }

  /** Jetty's follows no redirects and keeps no cookies. */
  @Override
  protected HttpClient createHttpClient() throws ServletException {
    HttpClient client = super.createHttpClient();
    client.setIdleTimeout(settings.limits().idle());
    setTimeout(settings.limits().total());
    // Without these a notice that goes before the answer, 102 or 103, would be taken for it.
    client.getProtocolHandlers().put(new ProcessingProtocolHandler());
    client.getProtocolHandlers().put(new EarlyHintsProtocolHandler());
    return client;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!METHODS.contains(request.getMethod())) {
      response.setHeader("Allow", String.join(", ", METHODS));
      sendProxyResponseError(request, response, HttpStatus.METHOD_NOT_ALLOWED_405);
    } else if (request.getHeader("Upgrade") != null) {
      sendProxyResponseError(request, response, HttpStatus.NOT_IMPLEMENTED_501);
    } else if (!isMeantForHere(request)) {
      sendProxyResponseError(request, response, HttpStatus.MISDIRECTED_REQUEST_421);
    } else {
      handOn(request, response);
    }
  }

  /** As {@code Host} says, or a target such as {@code http://host/path} in its place. */
  private boolean isMeantForHere(HttpServletRequest request) {
    return SCHEMES.contains(request.getScheme())
        && settings.publicHost().equalsIgnoreCase(request.getServerName());
  }

  private void handOn(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      super.service(request, response);
    } catch (UncheckedIOException e) {
      log.warn("the credential for the upstream cannot be read", e);
      sendProxyResponseError(request, response, HttpStatus.BAD_GATEWAY_502);
    }
  }

  @Override
  protected @Nullable String rewriteTarget(HttpServletRequest request) {
    return settings.upstream().target(request.getRequestURI(), request.getQueryString());
  }

  @Override
  protected void onProxyRewriteFailed(HttpServletRequest request, HttpServletResponse response) {
    sendProxyResponseError(request, response, HttpStatus.BAD_REQUEST_400);
  }

  @Override
  protected void copyRequestHeaders(HttpServletRequest request, Request onward) {
    HttpFields.Mutable fields = HttpFields.build();
    List<String> connection = Collections.list(request.getHeaders("Connection"));
    for (String name : Collections.list(request.getHeaderNames())) {
      if (!PassedFields.passUp(name, connection)) continue;
      for (String value : Collections.list(request.getHeaders(name))) fields.add(name, value);
    }
    long length = request.getContentLengthLong();
    if (length >= 0) fields.put(HttpHeader.CONTENT_LENGTH, length);
    fields.put(HttpHeader.VIA, VIA);
    addVerified(SallyportFilter.token(request), fields);
    addCredential(fields);
    onward.headers(headers -> headers.clear().add(fields));
  }

  private static void addVerified(@Nullable VerifiedToken token, HttpFields.Mutable fields) {
    if (token == null) return; // on a public path
    fields.put(SUBJECT, ascii(token.subject()));
    fields.put(SCOPES, String.join(" ", new TreeSet<>(token.scopes())));
  }

  /** Percent-encodes what is no visible ASCII character, and the percent sign. */
  private static String ascii(String text) {
    StringBuilder ascii = new StringBuilder(text.length());
    for (byte octet : text.getBytes(UTF_8)) {
      if (octet > ' ' && octet < 0x7f && octet != '%') ascii.append((char) octet);
      else ascii.append(String.format("%%%02X", octet));
    }
    return ascii.toString();
  }

  private void addCredential(HttpFields.Mutable fields) {
    ServiceCredential credential = settings.credential();
    if (credential == null) return;
    try {
      fields.put(HttpHeader.AUTHORIZATION, credential.authorization());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Jetty's would add the names of this host and the client's own {@code Host}. */
  @Override
  protected void addProxyHeaders(HttpServletRequest request, Request onward) {}

  /** As RFC 9112 section 6.3 tells. Jetty's reads a length beyond 2 GiB as none. */
  @Override
  protected boolean hasContent(HttpServletRequest request) {
    return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
  }

  /** {@code Expect} is answered here and not handed on, so nobody waits for the upstream's 100. */
  @Override
  protected boolean expects100Continue(HttpServletRequest request) {
    return false;
  }

  @Override
  protected void onServerResponseHeaders(
      HttpServletRequest request, HttpServletResponse response, Response answer) {
    int status = answer.getStatus();
    String location = answer.getHeaders().get(HttpHeader.LOCATION);
    String here =
        location == null
            ? null
            : settings.upstream().translated(location, answer.getRequest().getURI());
    if (HttpStatus.isInformational(status)) {
      answer.abort(new ProtocolException("the upstream answers " + status));
    } else if (ASKING_FOR_CREDENTIALS.contains(status)) {
      answer.abort(new ProtocolException("the upstream does not take the proxy's credential"));
    } else if (HttpStatus.isRedirection(status) && location != null && here == null) {
      answer.abort(new ProtocolException("the upstream redirects to " + location));
    } else {
      passDown(answer.getHeaders(), here, response);
    }
  }

  private static void passDown(
      HttpFields fields, @Nullable String location, HttpServletResponse response) {
    List<String> connection = fields.getValuesList(HttpHeader.CONNECTION);
    for (HttpField field : fields) {
      if (PassedFields.passDown(field.getName(), connection)) {
        response.addHeader(field.getName(), field.getValue());
      }
    }
    if (location != null) response.setHeader("Location", location);
  }

  /** Jetty's would keep the status and the fields of an answer that came in part. */
  @Override
  protected void onProxyResponseFailure(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Response answer,
      Throwable failure) {
    log.warn("no answer from the upstream: {}", failure.toString());
    if (!response.isCommitted()) response.reset();
    sendProxyResponseError(request, response, proxyResponseStatus(failure));
  }

  @Override
  protected int proxyResponseStatus(Throwable failure) {
    return failure instanceof SocketTimeoutException
        ? HttpStatus.GATEWAY_TIMEOUT_504
        : super.proxyResponseStatus(failure);
  }
}
