package io.sallyport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A web application as users make it: the library, all that it needs, a handler and a web.xml in
 * one folder, so that the class loader of the application defines them, and not that of the tests.
 *
 * @param folder the exploded application
 * @param settings the filter's init-params, for a container that reads no web.xml
 */
record WebApplication(Path folder, Map<String, String> settings) {
  /** One class of each library beside ours. */
  private static final List<Class<?>> IN_LIB =
      Stream.concat(
              BareJvm.BROUGHT.stream(),
              Stream.of(ch.qos.logback.classic.Logger.class, ch.qos.logback.core.Context.class))
          .toList();

  /** Writes one into an empty folder. */
  static WebApplication in(Path folder, Map<String, String> settings) throws IOException {
    Path webInf = folder.resolve("WEB-INF");
    Path library = BareJvm.source(SallyportFilter.class);
    if (Files.isDirectory(library)) copy(library, webInf.resolve("classes"));
    String handler = "io/sallyport/Sight.class";
    Files.createDirectories(webInf.resolve("classes/" + handler).getParent());
    Files.copy(BareJvm.source(Sight.class).resolve(handler), webInf.resolve("classes/" + handler));
    Files.createDirectory(webInf.resolve("lib"));
    if (!Files.isDirectory(library)) Files.copy(library, webInf.resolve("lib/sallyport.jar"));
    for (Class<?> type : IN_LIB) {
      Path jar = BareJvm.source(type);
      Files.copy(jar, webInf.resolve("lib").resolve(jar.getFileName()));
    }
    Files.writeString(webInf.resolve("classes/logback.xml"), "<configuration/>");
    Files.writeString(webInf.resolve("web.xml"), webXml(settings));
    Files.writeString(folder.resolve("page.html"), "dispatch=none");
    return new WebApplication(folder, settings);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) Files.createDirectories(copy);
        else Files.copy(file, copy);
      }
    }
  }

  private static String webXml(Map<String, String> settings) {
    return """
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
          <filter>
            <filter-name>sallyport</filter-name>
            <filter-class>io.sallyport.SallyportFilter</filter-class>
            %s
          </filter>
          <filter-mapping>
            <filter-name>sallyport</filter-name>
            <url-pattern>/*</url-pattern>
          </filter-mapping>
          <servlet>
            <servlet-name>sight</servlet-name>
            <servlet-class>io.sallyport.Sight</servlet-class>
          </servlet>
          <servlet-mapping>
            <servlet-name>sight</servlet-name>
            <url-pattern>/orders</url-pattern>
          </servlet-mapping>
        </web-app>
        """
        .formatted(
            settings.entrySet().stream()
                .map(
                    setting ->
                        "<init-param><param-name>%s</param-name><param-value>%s</param-value></init-param>"
                            .formatted(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining()));
  }
}
