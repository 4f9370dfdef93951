package io.sallyport.examples.mcp;

import io.sallyport.SallyportFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;

/**
 * Ends every stream when the token that it was opened with expires. The SDK opens them without a
 * limit, and a client that listens with an old token would hear for ever.
 */
final class StreamExpiry implements Filter {
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(new Ending((HttpServletRequest) request), response);
  }

  private static final class Ending extends HttpServletRequestWrapper {
    Ending(HttpServletRequest request) {
      super(request);
    }

    @Override
    public AsyncContext startAsync() {
      return ending(super.startAsync());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
      return ending(super.startAsync(request, response));
    }

    private static AsyncContext ending(AsyncContext exchange) {
      SallyportFilter.endAtExpiry(exchange);
      return exchange;
    }
  }
}
