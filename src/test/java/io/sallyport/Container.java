package io.sallyport;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A servlet container on a loopback port with one application in it. */
interface Container extends AutoCloseable {
  /** What the application registers at its start, by the servlet API alone. */
  interface Application extends ServletContainerInitializer {
    void register(ServletContext context) throws Exception;

    @Override
    default void onStartup(Set<Class<?>> classes, ServletContext context) {
      try {
        register(context);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** On what the container calls filters and handlers. */
  enum Threads {
    PLATFORM,
    VIRTUAL
  }

  /** Starts one that calls them on platform threads. */
  static Container start(Application application) throws Exception {
    return start(application, Threads.PLATFORM);
  }

  /**
   * Starts the container that this run of the tests is about, as pom.xml names it. Every error of a
   * handler is dispatched to {@code /error}.
   *
   * @throws Exception if the application cannot be started
   */
  static Container start(Application application, Threads threads) throws Exception {
    String[] name = name();
    return switch (name[0]) {
      case "jetty" -> JettyContainer.start(name[2], application, threads);
      case "tomcat" -> TomcatContainer.start(application, threads);
      case "undertow" -> UndertowContainer.start(application, threads);
      default -> throw new IllegalArgumentException(name[0]);
    };
  }

  /** The kind of container, its version and, for Jetty, the copy of its servlet classes. */
  static String[] name() {
    return System.getProperty("container", "jetty any ee10").split(" ");
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
