package io.sallyport.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the WAR. */
@Tag("war")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchiveTest {
  @TempDir private Path folder;

  @Test
  void it_holds_the_library_with_what_it_needs_JAX_RS_and_a_binding_for_SLF4J() throws IOException {
    List<String> artifacts =
        Archive.in(folder).jars().stream()
            .map(jar -> jar.getFileName().toString().replaceFirst("-\\d.*\\.jar$", ""))
            .toList();
    assertThat(artifacts)
        .contains("sallyport", "nimbus-jose-jwt", "jackson-core", "caffeine")
        .contains("slf4j-api", "slf4j-jdk14")
        .contains("jersey-container-servlet", "jersey-hk2", "jersey-server", "jakarta.ws.rs-api")
        .doesNotHaveDuplicates();
  }

  @Test
  void it_holds_no_servlet_API_no_container_and_nothing_of_the_tests() throws IOException {
    Archive archive = Archive.in(folder);
    for (Path jar : archive.jars()) {
      try (JarFile entries = new JarFile(jar.toFile())) {
        assertThat(entries.stream().map(Object::toString))
            .as(jar.getFileName().toString())
            .isNotEmpty()
            .noneMatch(entry -> entry.startsWith("jakarta/servlet/"))
            .noneMatch(entry -> entry.startsWith("org/eclipse/jetty/"))
            .noneMatch(entry -> entry.startsWith("org/apache/catalina/"))
            .noneMatch(entry -> entry.startsWith("io/sallyport/testkit/"))
            .noneMatch(entry -> entry.startsWith("org/junit/"));
      }
    }
    try (Stream<Path> classes = Files.walk(folder.resolve("WEB-INF/classes"))) {
      assertThat(classes.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .contains("Api.class", "ErrorServlet.class")
          .noneMatch(name -> name.contains("Test"));
    }
  }
}
