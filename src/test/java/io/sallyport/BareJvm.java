package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEObject;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import tools.jackson.core.json.JsonFactory;

/** A JVM of its own with nothing on its class path but the library and what it brings. */
final class BareJvm {
  /** One class of each library that ours brings. */
  static final List<Class<?>> BROUGHT =
      List.of(JOSEObject.class, JsonFactory.class, Caffeine.class, LoggerFactory.class);

  private BareJvm() {}

  /** The jar that a class is out of, or the folder. */
  static Path source(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** Runs a program of the tests to its end, and gives what it has printed. */
  static String run(Class<?> program, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("-cp", classPath(program), program.getName()));
    return java(words);
  }

  /** Runs the JDK's {@code java} to its end, and gives what it has printed. */
  static String java(List<String> words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(words);
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(said).isZero();
    return said;
  }

  private static String classPath(Class<?> program) {
    return Stream.concat(Stream.of(SallyportFilter.class, program), BROUGHT.stream())
        .map(type -> source(type).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
