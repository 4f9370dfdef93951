package io.sallyport.examples.webapp;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * What a container shows to its applications: itself, the servlet API and the JDK, and nothing of
 * what else is on the class path of the tests. What an application lacks in its WEB-INF, it lacks.
 */
final class ServerClasses extends ClassLoader {
  private static final List<String> SHOWN =
      List.of("jakarta.servlet.", "org.eclipse.jetty.", "org.apache.", "jndi.properties");

  private final ClassLoader all = ServerClasses.class.getClassLoader();

  ServerClasses() {
    super(getPlatformClassLoader());
  }

  private static boolean isShown(String name) {
    return SHOWN.stream().anyMatch(name::startsWith);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!isShown(name)) throw new ClassNotFoundException(name);
    return all.loadClass(name);
  }

  @Override
  protected URL findResource(String name) {
    return isShown(name.replace('/', '.')) ? all.getResource(name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return isShown(name.replace('/', '.'))
        ? all.getResources(name)
        : Collections.emptyEnumeration();
  }
}
