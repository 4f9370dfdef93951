package io.sallyport;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** Embedded Tomcat 11, Servlet 6.1. */
record TomcatContainer(Tomcat tomcat, int port) implements Container {
  /** Held, since java.util.logging keeps its loggers weakly. */
  private static final Logger CATALINA = Logger.getLogger("org.apache");

  static Container start(Application application) throws Exception {
    CATALINA.setLevel(Level.SEVERE);
    Tomcat tomcat = new Tomcat();
    Path base = Files.createTempDirectory("tomcat");
    base.toFile().deleteOnExit();
    tomcat.setBaseDir(base.toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    connector.setProperty("maxHttpRequestHeaderSize", "65536");
    connector.setProperty("maxKeepAliveRequests", "-1");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    ErrorPage errors = new ErrorPage();
    errors.setLocation("/error");
    context.addErrorPage(errors);
    Exception[] failure = new Exception[1];
    context.addServletContainerInitializer(
        (classes, servletContext) -> {
          try {
            application.register(servletContext);
          } catch (Exception e) {
            failure[0] = e;
            throw new IllegalStateException(e);
          }
        },
        Set.of());
    tomcat.start();
    if (context.getState() != LifecycleState.STARTED) {
      // Tomcat goes on without an application that failed; so do the tests that look at that.
      if (failure[0] != null) throw failure[0];
    }
    return new TomcatContainer(tomcat, connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
