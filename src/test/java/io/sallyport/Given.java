package io.sallyport;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;

/** What a snippet of the documentation may take as given, by name. Never run. */
public abstract class Given {
  protected HttpServletRequest request;
  protected HttpServletResponse response;
  protected FilterChain chain;
  protected ServletContext context;
  protected ServletContextHandler app;
  protected SallyportFilter gate;
  protected VerifiedToken token;
  protected String text;
}
