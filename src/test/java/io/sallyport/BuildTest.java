package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Process maven =
        new ProcessBuilder(maven(), "-B", "validate", "-D" + property + "=" + version)
            .redirectErrorStream(true)
            .start();
    String said = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(maven.waitFor()).as(said).isNotZero();
    assertThat(said).contains("BannedDependencies", name + ":jar:" + version + " <--- banned");
  }

  private static String maven() {
    return Path.of(System.getProperty("maven.home"), "bin", "mvn").toString();
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
