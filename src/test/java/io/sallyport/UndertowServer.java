package io.sallyport;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.FilterInfo;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Embedded Undertow 2.3. It has no class loader for applications and reads no web.xml, so both are
 * made up for here; filters start with their first request, as is its custom.
 */
final class UndertowServer implements ApplicationServer {
  private @Nullable DeploymentManager deployment;
  private final PathHandler paths = Handlers.path();
  private final Undertow undertow =
      Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(paths).build();

  UndertowServer() {
    undertow.start();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public ClassLoader deploy(WebApplication application) throws Exception {
    ClassLoader loader = new OwnFirst(application.folder().resolve("WEB-INF"));
    FilterInfo filter =
        Servlets.filter(
            "sallyport",
            loader.loadClass(SallyportFilter.class.getName()).asSubclass(Filter.class));
    application.settings().forEach(filter::addInitParam);
    DeploymentInfo info =
        Servlets.deployment()
            .setClassLoader(loader)
            .setContextPath("/app")
            .setDeploymentName("app")
            .addFilter(filter)
            .addFilterUrlMapping("sallyport", "/*", DispatcherType.REQUEST)
            .addServlet(
                Servlets.servlet(
                        "sight", loader.loadClass(Sight.class.getName()).asSubclass(Servlet.class))
                    .addMapping("/orders"));
    deployment = Servlets.newContainer().addDeployment(info);
    deployment.deploy();
    paths.addPrefixPath("/app", deployment.start());
    return loader;
  }

  @Override
  public void undeploy() throws Exception {
    paths.removePrefixPath("/app");
    deployment.stop();
    deployment.undeploy();
    deployment = null;
  }

  @Override
  public void close() {
    undertow.stop();
  }

  /** Defines what the application has brought, and asks its parent for the rest alone. */
  private static final class OwnFirst extends URLClassLoader {
    OwnFirst(Path webInf) throws IOException {
      super(urls(webInf), OwnFirst.class.getClassLoader());
    }

    private static URL[] urls(Path webInf) throws IOException {
      List<URL> urls = new ArrayList<>();
      urls.add(webInf.resolve("classes").toUri().toURL());
      try (Stream<Path> jars = Files.list(webInf.resolve("lib"))) {
        for (Path jar : (Iterable<Path>) jars::iterator) urls.add(jar.toUri().toURL());
      }
      return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null) return known;
        try {
          return findClass(name);
        } catch (ClassNotFoundException e) {
          return super.loadClass(name, resolve);
        }
      }
    }
  }
}
