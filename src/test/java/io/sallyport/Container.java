package io.sallyport;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.Map;

/** A servlet container on a loopback port with one application in it. */
interface Container extends AutoCloseable {
  /** What the application registers at its start, by the servlet API alone. */
  interface Application {
    void register(ServletContext context) throws Exception;
  }

  /** Starts containers of one kind. */
  interface Kind {
    /**
     * Starts one; every error of a handler is dispatched to {@code /error}.
     *
     * @throws Exception if the application cannot be started
     */
    Container start(Application application) throws Exception;
  }

  int port();

  @Override
  void close();

  static void filter(ServletContext context, Filter filter, String... patterns) {
    map(context.addFilter("filter" + System.identityHashCode(filter), filter), patterns);
  }

  static void filter(ServletContext context, Map<String, String> parameters, String... patterns) {
    FilterRegistration.Dynamic registration =
        context.addFilter("sallyport" + parameters.hashCode(), SallyportFilter.class);
    registration.setInitParameters(parameters);
    map(registration, patterns);
  }

  private static void map(FilterRegistration.Dynamic registration, String... patterns) {
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, patterns);
  }

  static void servlet(ServletContext context, Servlet servlet, String... patterns) {
    ServletRegistration.Dynamic registration =
        context.addServlet("servlet" + System.identityHashCode(servlet), servlet);
    registration.setAsyncSupported(true);
    registration.addMapping(patterns);
  }
}
