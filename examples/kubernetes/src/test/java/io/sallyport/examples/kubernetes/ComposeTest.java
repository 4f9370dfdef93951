package io.sallyport.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Plain Docker has the same walls. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ComposeTest {
  private static JsonNode service() throws IOException {
    return Manifests.read(Path.of("compose.yaml")).get(0).at("/services/orders");
  }

  @Test
  void the_service_has_no_more_than_the_pod_has() throws IOException {
    JsonNode service = service();
    JsonNode deployment =
        Manifests.in(Path.of("manifests")).all("Deployment").findFirst().orElseThrow();
    JsonNode pod = Manifests.pod(deployment).path("spec");
    assertThat(service.path("image")).isEqualTo(pod.at("/containers/0/image"));
    assertThat(service.path("command")).isEqualTo(pod.at("/containers/0/args"));
    assertThat(service.path("user").asString(""))
        .isEqualTo(
            pod.at("/securityContext/runAsUser").asString("")
                + ":"
                + pod.at("/securityContext/runAsGroup").asString(""));
    assertThat(Manifests.texts(service.path("cap_drop"))).containsExactly("ALL");
    assertThat(Manifests.texts(service.path("security_opt")))
        .containsExactly("no-new-privileges:true");
    assertThat(service.path("read_only").asBoolean(false)).isTrue();
    assertThat(service.path("pids_limit").asInt(0)).isPositive();
    assertThat(service.path("mem_limit").asString("")).isEqualTo("256m");
    assertThat(service.path("cpus").asInt(0)).isEqualTo(1);
  }

  @Test
  void the_service_reaches_nothing_of_the_host_but_its_settings() throws IOException {
    JsonNode service = service();
    assertThat(service.propertyNames())
        .doesNotContain(
            "privileged", "cap_add", "pid", "ipc", "network_mode", "userns_mode", "devices");
    assertThat(Manifests.texts(service.path("volumes")))
        .isEqualTo(List.of("./settings:/etc/sallyport:ro"));
    assertThat(Manifests.texts(service.path("ports")))
        .allMatch(port -> port.startsWith("127.0.0.1:"));
  }
}
