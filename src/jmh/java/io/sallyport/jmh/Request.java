package io.sallyport.jmh;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /orders} with one field, {@code Authorization}. Answers what a filter may ask. */
final class Request extends HttpServletRequestWrapper {
  private static final HttpServletRequest REST = Unanswered.of(HttpServletRequest.class);

  private final String authorization;
  private final Map<String, Object> attributes = new HashMap<>();

  Request(String authorization) {
    super(REST);
    this.authorization = authorization;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return name.equalsIgnoreCase("Authorization") ? authorization : null;
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return name.equalsIgnoreCase("Authorization")
        ? Collections.enumeration(List.of(authorization))
        : Collections.emptyEnumeration();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    attributes.put(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    attributes.remove(name);
  }

  @Override
  public DispatcherType getDispatcherType() {
    return DispatcherType.REQUEST;
  }

  @Override
  public String getMethod() {
    return "GET";
  }

  @Override
  public String getScheme() {
    return "https";
  }

  @Override
  public int getServerPort() {
    return 443;
  }

  @Override
  public @Nullable String getQueryString() {
    return null;
  }

  @Override
  public String getServerName() {
    return "orders.example.com";
  }

  @Override
  public String getRemoteAddr() {
    return "192.0.2.7";
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    return null;
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    return null;
  }

  @Override
  public String getRequestURI() {
    return "/orders";
  }

  @Override
  public String getContextPath() {
    return "";
  }

  @Override
  public String getServletPath() {
    return "/orders";
  }

  @Override
  public @Nullable String getPathInfo() {
    return null;
  }
}
