package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Each of Surefire's executions in pom.xml is about one container, alone on its class path. */
@EnabledIfSystemProperty(named = "container", matches = ".*")
final class ClassPathInContainerTest extends InEveryContainer {
  @Test
  void the_container_is_of_the_version_that_this_run_names() throws Exception {
    String[] server = new String[1];
    start(context -> server[0] = context.getServerInfo());
    assertThat(server[0]).endsWith(System.getProperty("container").split(" ")[1]);
  }

  @Test
  void there_is_one_servlet_API_and_one_container() {
    assertThat(copies(Servlet.class.getName().replace('.', '/') + ".class")).hasSize(1);
    assertThat(
            Stream.of(
                    "org/eclipse/jetty/server/Server.class",
                    "org/apache/catalina/startup/Tomcat.class",
                    "io/undertow/Undertow.class")
                .flatMap(name -> copies(name).stream()))
        .hasSize(1);
  }

  /** The run with all other tests has it, for those of what is kept there. */
  @Test
  void Micrometer_is_not_there_and_not_missed_in_any_container_but_one() {
    boolean isWhole = System.getProperty("container").matches("jetty 12\\.1\\..* ee10");
    assertThat(copies("io/micrometer/core/instrument/MeterRegistry.class"))
        .hasSize(isWhole ? 1 : 0);
  }

  private static List<URL> copies(String name) {
    try {
      return Collections.list(ClassPathInContainerTest.class.getClassLoader().getResources(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
