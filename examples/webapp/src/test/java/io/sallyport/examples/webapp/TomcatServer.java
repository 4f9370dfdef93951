package io.sallyport.examples.webapp;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.http.fileupload.FileUtils;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Embedded Tomcat 11, which holds each web.xml against its schema. */
final class TomcatServer implements ApplicationServer {
  private final Path base = Files.createTempDirectory("tomcat");
  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector();

  TomcatServer() throws Exception {
    Files.createDirectory(base.resolve("webapps"));
    tomcat.setBaseDir(base.toString());
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    tomcat.start();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public ClassLoader deploy(Path application) {
    StandardContext context = new StandardContext();
    context.setPath(CONTEXT_PATH);
    context.setName(CONTEXT_PATH);
    context.setDocBase(application.toString());
    context.setParentClassLoader(new ServerClasses());
    context.setXmlNamespaceAware(true);
    context.setXmlValidation(true);
    context.addLifecycleListener(new ContextConfig());
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    // Outside of tests conf/web.xml adds it.
    Tomcat.addServlet(context, "default", new DefaultServlet());
    context.addServletMapping("/", "default");
    tomcat.getHost().addChild(context);
    return context.getLoader().getClassLoader();
  }

  @Override
  public void deploy(ServletContainerInitializer application) {
    Context context = new StandardContext();
    context.setPath(CONTEXT_PATH);
    context.setName(CONTEXT_PATH);
    context.addLifecycleListener(new Tomcat.FixContextListener());
    context.addServletContainerInitializer(application, Set.of());
    tomcat.getHost().addChild(context);
  }

  @Override
  public void undeploy() {
    for (Container context : tomcat.getHost().findChildren()) tomcat.getHost().removeChild(context);
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
      FileUtils.deleteDirectory(base.toFile());
    } catch (IOException | LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }
}
