package io.sallyport.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The Dockerfile as it can be read without a container engine; {@link ImageTest} runs its command.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DockerfileTest {
  private static String text() throws IOException {
    return Files.readString(Path.of("Dockerfile"));
  }

  @Test
  void nothing_is_wrong_with_it() throws IOException {
    assertThat(Dockerfile.parse(text()).faults()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "eclipse-temurin:17.0.19_10-jre-noble | eclipse-temurin | FROM without a tag, or with latest",
        "eclipse-temurin:17.0.19_10-jre-noble | eclipse-temurin:latest | FROM without a tag, or with latest",
        "USER 65532:65532 | `` | USER is not last a number that is not 0, and a group",
        "USER 65532:65532 | USER 0:0 | USER is not last a number that is not 0, and a group",
        "USER 65532:65532 | USER nobody | USER is not last a number that is not 0, and a group",
        "EXPOSE 8080 | USER root | USER is not last a number that is not 0, and a group",
        "CMD [\"/etc/sallyport\"] | CMD /etc/sallyport | ENTRYPOINT or CMD by a shell",
        "COPY target/lib/ | ADD target/lib/ | `ADD, which fetches and unpacks`",
        "COPY target/lib/ | COPY --chown=65532 target/lib/ | COPY of everything, or to the user that runs it",
        "COPY target/lib/ | COPY . | COPY of everything, or to the user that runs it",
        "EXPOSE 8080 | ENV TOKEN=x | `ENV or ARG, where secrets come to lie`"
      })
  void a_change_for_the_worse_is_told_of(String line, String worse, String fault)
      throws IOException {
    assertThat(text()).contains(line);
    assertThat(Dockerfile.parse(text().replace(line, worse)).faults()).containsExactly(fault);
  }

  @Test
  void it_fits_the_deployment() throws IOException {
    Dockerfile dockerfile = Dockerfile.parse(text());
    JsonNode deployment =
        Manifests.in(Path.of("manifests")).all("Deployment").findFirst().orElseThrow();
    JsonNode context = Manifests.pod(deployment).at("/spec/securityContext");
    JsonNode container = Manifests.pod(deployment).at("/spec/containers/0");
    assertThat(dockerfile.last("USER"))
        .isEqualTo(
            context.path("runAsUser").asString("") + ":" + context.path("runAsGroup").asString(""));
    assertThat(dockerfile.last("EXPOSE"))
        .isEqualTo(container.at("/ports/0/containerPort").asString(""));
    assertThat(dockerfile.words("CMD")).isEqualTo(Manifests.texts(container.path("args")));
  }
}
