package io.sallyport.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestIssuer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the Dockerfile would build, without a container engine: its COPY lines are carried out in a
 * folder, and its command is run there. After phase package, when there is something to copy.
 */
@Tag("image")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ImageTest {
  @TempDir Path root;

  @Test
  @Timeout(60)
  void the_command_of_the_image_starts_the_service() throws Exception {
    Dockerfile dockerfile = Dockerfile.parse(Files.readString(Path.of("Dockerfile")));
    for (String copy : dockerfile.all("COPY").toList()) copy(copy.split("\\s+"));
    try (TestIssuer issuer = TestIssuer.start()) {
      OrdersServiceTest.mount(OrdersServiceTest.settings(issuer), root.resolve("etc/sallyport"));
      Process service = start(dockerfile);
      try (BufferedReader said = service.inputReader()) {
        String line = said.readLine();
        assertThat(line).startsWith("listening on port ");
        assertThat(status(line.replaceAll("[^0-9]", ""))).isEqualTo(200);
        service.destroy(); // SIGTERM, as the kubelet sends it
        assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
      } finally {
        service.destroyForcibly();
      }
    }
  }

  @Test
  @Timeout(60)
  void a_setting_that_makes_no_sense_ends_the_container() throws Exception {
    Dockerfile dockerfile = Dockerfile.parse(Files.readString(Path.of("Dockerfile")));
    for (String copy : dockerfile.all("COPY").toList()) copy(copy.split("\\s+"));
    OrdersServiceTest.mount(Map.of("hostExposure", "never"), root.resolve("etc/sallyport"));
    Process service = start(dockerfile);
    try {
      assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(service.exitValue()).isEqualTo(1);
    } finally {
      service.destroyForcibly();
    }
  }

  private void copy(String[] arguments) throws IOException {
    Path from = Path.of(arguments[0]);
    Path to = Files.createDirectories(root.resolve(arguments[1].substring(1)));
    try (Stream<Path> files = Files.isDirectory(from) ? Files.list(from) : Stream.of(from)) {
      for (Path file : files.toList()) Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  /** The image's command, with its paths below the folder and a port that is free. */
  private Process start(Dockerfile dockerfile) throws IOException {
    List<String> command = new ArrayList<>();
    for (String word : dockerfile.words("ENTRYPOINT")) command.add(below(word));
    for (String word : dockerfile.words("CMD")) command.add(below(word));
    command.set(0, Path.of(System.getProperty("java.home"), "bin", command.get(0)).toString());
    command.add(1, "-Dport=0");
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private String below(String word) {
    return word.replaceAll("(^|:)/", "$1" + root + "/");
  }

  private static int status(String port) throws Exception {
    HttpRequest health =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build();
    return HttpClient.newHttpClient().send(health, BodyHandlers.discarding()).statusCode();
  }
}
