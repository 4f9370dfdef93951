package io.sallyport;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.LogManager;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.IntrospectionUtils;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** Embedded Tomcat. */
record TomcatContainer(Tomcat tomcat, int port) implements Container {
  private static final String TRAILERS = "authorization,dpop,x-other";

  static Container start(Application application, Threads threads) throws Exception {
    LogManager.getLogManager().reset(); // of the failures that tests provoke, not a line
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory(Path.of("target"), "tomcat").toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    connector.setProperty("maxHttpRequestHeaderSize", "65536");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("allowedTrailerHeaders", TRAILERS);
    connector.setProperty("useVirtualThreads", Boolean.toString(threads == Threads.VIRTUAL));
    Http2Protocol http2 = new Http2Protocol();
    IntrospectionUtils.setProperty(http2, "allowedTrailerHeaders", TRAILERS); // Tomcat 9 alone
    connector.addUpgradeProtocol(http2);
    tomcat.setConnector(connector);
    ErrorReportValve report = new ErrorReportValve();
    report.setShowReport(false); // as every Tomcat in earnest has it, see docs/containers.md
    report.setShowServerInfo(false);
    tomcat.getHost().getPipeline().addValve(report);
    Context context = tomcat.addContext("", null);
    ErrorPage errors = new ErrorPage();
    errors.setLocation("/error");
    context.addErrorPage(errors);
    context.addServletContainerInitializer(application, Set.of());
    tomcat.start();
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
