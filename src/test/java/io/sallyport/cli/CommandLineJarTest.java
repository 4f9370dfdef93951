package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestIssuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar itself, by {@code java -jar}. */
@Tag("packaged")
final class CommandLineJarTest {
  private static final Path JAR = Path.of(System.getProperty("cli.jar", "there is none"));

  @TempDir Path folder;

  private record Result(int code, String out, String err) {}

  private Result run(String input, String... words) throws IOException, InterruptedException {
    Path in = Files.writeString(folder.resolve("in"), input);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8).replaceAll(Command.PROGRESS, ""));
  }

  private Path config(TestIssuer issuer) throws IOException {
    return Files.writeString(
        folder.resolve("orders.properties"),
        "issuer=%s\nallowHttp=true\naudience=%s\nallowedScopes=orders:read\n"
            .formatted(issuer.issuer(), TestIssuer.AUDIENCE));
  }

  @Test
  void every_command_runs_out_of_the_one_jar_and_prints_nothing_beside() throws Exception {
    try (TestIssuer issuer = TestIssuer.start()) {
      String config = config(issuer).toString();
      Result admitted = run(issuer.mint("orders:read"), "explain", "--config", config);
      assertThat(admitted.err()).isEmpty();
      assertThat(admitted.code()).as(admitted.out()).isZero();
      assertThat(admitted.out()).contains("admitted: subject 'ann'").doesNotContain("\u001b");
      Result refused = run(issuer.mint("stock:read"), "explain", "--config", config);
      assertThat(refused.code()).isOne();
      assertThat(refused.out()).contains("refused: SP-405", "WWW-Authenticate: Bearer realm=");
      Result shown = run(issuer.mint("a"), "explain");
      assertThat(shown.code()).isEqualTo(2);
      assertThat(shown.out()).startsWith("UNVERIFIED");
      Result doctor = run("", "doctor", "--config", config);
      assertThat(doctor.err()).isEmpty();
      assertThat(doctor.out()).contains("ok    library").contains("0 failures");
      Result checked = run("", "check-config", config);
      assertThat(checked.err()).isEmpty();
      assertThat(checked.code()).isZero();
      assertThat(checked.out()).contains("would start");
    }
    Path adapter =
        Files.writeString(
            folder.resolve("keycloak.json"),
            "{\"realm\": \"a\", \"auth-server-url\": \"https://id.example.com\","
                + " \"resource\": \"b\", \"bearer-only\": true}");
    Result converted = run("", "convert-keycloak", adapter.toString());
    assertThat(converted.code()).as(converted.err()).isZero();
    assertThat(converted.out()).contains("https://id.example.com/realms/a");
    Result probed = run("x", "probe", "http://api.example.com/");
    assertThat(probed.code()).isEqualTo(2);
    assertThat(probed.err()).contains("The host api.example.com is not this machine");
    assertThat(run("").code()).isEqualTo(2);
    assertThat(run("", "--version").out()).matches("sallyport \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void it_holds_what_it_needs_and_no_signature_of_a_jar_that_it_is_not() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Main-Class")).isEqualTo("io.sallyport.cli.Main");
      List<String> names = jar.stream().map(entry -> entry.getName()).toList();
      assertThat(names)
          .doesNotHaveDuplicates()
          .contains(
              "io/sallyport/TokenVerifier.class",
              "io/sallyport/testkit/GateProbe.class",
              "picocli/CommandLine.class",
              "META-INF/LICENSE",
              "META-INF/licenses/jackson-core/META-INF/LICENSE",
              "META-INF/licenses/slf4j-api/META-INF/LICENSE.txt")
          .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)"))
          .noneMatch(name -> name.endsWith("module-info.class"))
          .noneMatch(name -> name.startsWith("jakarta/") || name.startsWith("org/junit/"));
      assertThat(text(jar, "META-INF/licenses/jackson-core/META-INF/NOTICE")).contains("Jackson");
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void the_library_itself_has_nothing_of_it() throws IOException {
    Path library = Path.of(JAR.toString().replace("-cli.jar", ".jar"));
    try (JarFile jar = new JarFile(library.toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()))
          .contains("io/sallyport/TokenVerifier.class")
          .noneMatch(name -> name.startsWith("io/sallyport/cli") || name.startsWith("picocli"));
    }
  }
}
