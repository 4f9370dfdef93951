package io.sallyport;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.apache.catalina.Container;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.loader.WebappClassLoaderBase;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Embedded Tomcat, which looks for leaks itself whenever an application stops. */
final class TomcatServer implements ApplicationServer {
  /** Held, since java.util.logging keeps its loggers weakly. */
  private static final Logger ALL = Logger.getLogger("org.apache");

  private static final Logger LEAKS = Logger.getLogger(WebappClassLoaderBase.class.getName());

  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector();
  private final StandardHost host;
  private final Warnings warnings = new Warnings();

  TomcatServer() throws Exception {
    ALL.setLevel(Level.OFF);
    LEAKS.setLevel(Level.WARNING);
    LEAKS.addHandler(warnings);
    Path base = Files.createTempDirectory("tomcat");
    base.toFile().deleteOnExit();
    tomcat.setBaseDir(base.toString());
    connector.setPort(0);
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    tomcat.setConnector(connector);
    host = (StandardHost) tomcat.getHost();
    tomcat.start();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public ClassLoader deploy(WebApplication application) {
    StandardContext context = new StandardContext();
    context.setPath("/app");
    context.setDocBase(application.folder().toString());
    context.addLifecycleListener(new ContextConfig());
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false); // the tests' is long
    host.addChild(context);
    return context.getLoader().getClassLoader();
  }

  @Override
  public void undeploy() {
    for (Container context : host.findChildren()) host.removeChild(context);
  }

  @Override
  public List<String> leaks() {
    List<String> leaks = new ArrayList<>(warnings.lines);
    leaks.addAll(List.of(host.findReloadedContextMemoryLeaks()));
    return leaks;
  }

  @Override
  public void close() {
    LEAKS.removeHandler(warnings);
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Warnings extends Handler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Warnings() {
      setFormatter(new SimpleFormatter());
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(getFormatter().formatMessage(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
