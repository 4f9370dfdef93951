package io.sallyport.jmh;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One request on its way through a filter; at the end of the chain a handler reads who it is. */
final class Exchange implements FilterChain {
  private final Competitor competitor;
  private final Response response = new Response();
  private @Nullable String subject;

  private Exchange(Competitor competitor) {
    this.competitor = competitor;
  }

  static Exchange of(String authorization, Competitor competitor)
      throws IOException, ServletException {
    Exchange exchange = new Exchange(competitor);
    competitor.doFilter(new Request(authorization), exchange.response, exchange);
    return exchange;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response) {
    subject = competitor.subject(request);
  }

  boolean isAdmitted() {
    return subject != null;
  }

  /** Who the handler took the caller for, or null if it was not reached. */
  @Nullable String subject() {
    return subject;
  }

  int status() {
    return response.getStatus();
  }
}
