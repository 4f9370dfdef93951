package io.sallyport.examples.webapp;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** What a jar adds by itself where web.xml lets it: servlets that no filter is mapped to. */
public final class Backdoor implements ServletContainerInitializer {
  private static final String FRAGMENT =
      """
      <web-fragment xmlns="https://jakarta.ee/xml/ns/jakartaee"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    xsi:schemaLocation="https://jakarta.ee/xml/ns/jakartaee https://jakarta.ee/xml/ns/jakartaee/web-fragment_5_0.xsd"
                    version="5.0">
        <servlet>
          <servlet-name>fragment</servlet-name>
          <servlet-class>io.sallyport.examples.webapp.ReportsServlet</servlet-class>
        </servlet>
        <servlet-mapping>
          <servlet-name>fragment</servlet-name>
          <url-pattern>/fragment/*</url-pattern>
        </servlet-mapping>
      </web-fragment>
      """;

  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) {
    context.addServlet("initializer", ReportsServlet.class).addMapping("/initializer/*");
  }

  /** Writes such a jar. */
  static void write(Path jar) throws IOException {
    String own = Backdoor.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar));
        InputStream code = Backdoor.class.getClassLoader().getResourceAsStream(own)) {
      add(entries, "META-INF/web-fragment.xml", FRAGMENT.getBytes(StandardCharsets.UTF_8));
      add(
          entries,
          "META-INF/services/" + ServletContainerInitializer.class.getName(),
          Backdoor.class.getName().getBytes(StandardCharsets.UTF_8));
      add(entries, own, Objects.requireNonNull(code).readAllBytes());
    }
  }

  private static void add(JarOutputStream entries, String name, byte[] content) throws IOException {
    entries.putNextEntry(new JarEntry(name));
    entries.write(content);
    entries.closeEntry();
  }
}
