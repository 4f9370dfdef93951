package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the build and the project's own files refuse or promise. */
final class BuildTest {
  @ParameterizedTest
  @CsvSource({
    "nimbus.version, 10.0.1, com.nimbusds:nimbus-jose-jwt",
    "jackson.version, 3.1.0, tools.jackson.core:jackson-core"
  })
  @Tag("T92")
  void the_build_stops_at_a_version_with_a_known_hole(String property, String version, String name)
      throws Exception {
    Ended ended = maven("validate", "-D" + property + "=" + version);
    assertThat(ended.code()).as(ended.said()).isNotZero();
    assertThat(ended.said())
        .contains("BannedDependencies", name + ":jar:" + version + " <--- banned");
  }

  private record Ended(int code, String said) {}

  private static Ended maven(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
    command.add("-B");
    command.addAll(List.of(words));
    Process maven = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(maven.waitFor(), said);
  }

  @Test
  void a_release_stops_without_its_publisher() throws Exception {
    Ended ended = maven("validate", "-Prelease", "-Dpublisher.url=http://sallyport.example");
    assertThat(ended.code()).as(ended.said()).isNotZero();
    assertThat(ended.said())
        .contains(
            "publisher.url has to begin with https://",
            "publisher.scm is not given",
            "publisher.name is not given");
  }

  /** What Maven Central demands of a POM, and no property that nobody has filled in. */
  @Test
  void the_published_pom_says_all_that_is_asked_of_it() throws Exception {
    Ended ended =
        maven(
            "flatten:flatten@flatten",
            "-Prelease",
            "-Dpublisher.url=https://sallyport.example",
            "-Dpublisher.scm=https://sallyport.example/sallyport.git",
            "-Dpublisher.name=Somebody");
    assertThat(ended.code()).as(ended.said()).isZero();
    String pom = Files.readString(Path.of("target", ".flattened-pom.xml"));
    assertThat(pom)
        .contains(
            "<name>Sallyport</name>",
            "<description>A servlet filter",
            "<url>https://sallyport.example</url>",
            "<name>Apache-2.0</name>",
            "<name>Somebody</name>",
            "<connection>scm:git:https://sallyport.example/sallyport.git</connection>",
            "<developerConnection>scm:git:https://sallyport.example/sallyport.git</")
        .doesNotContain("${", "<scope>test</scope>", "<build>", "<profiles>", "<parent>");
  }

  @Test
  @Tag("T94")
  void the_security_policy_names_channel_times_and_versions() throws IOException {
    assertThat(Files.readString(Path.of("SECURITY.md")))
        .contains(
            List.of(
                "private vulnerability reporting",
                "within 3 working days",
                "within 30 days",
                "## Supported versions"));
  }
}
