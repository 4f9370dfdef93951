package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the start finds open: with real sockets, in a tree of files that is made for it. */
final class HostExposureTest {
  private static final String ROOT_OF_HOST = "         0          0 4294967295\n";
  private static final String EVERY_CAPABILITY = "000001ffffffffff";
  private static final String NO_ADMIN = "00000000a80425fb";

  @TempDir Path root;

  private final List<ServerSocketChannel> sockets = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (ServerSocketChannel socket : sockets) socket.close();
  }

  private void socket(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    sockets.add(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(file)));
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void process(String uid, String capabilities, String uidMap) throws IOException {
    file(
        "proc/self/status",
        "Name:\tjava\nUid:\t" + uid + "\t" + uid + "\t0\t0\nCapEff:\t" + capabilities + "\n");
    file("proc/self/uid_map", uidMap);
  }

  private void processes(String namespace) throws IOException {
    Path link = root.resolve("proc/self/ns/pid");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(namespace));
  }

  private List<HostExposure.Finding> findings(Map<String, String> environment) {
    return new HostExposure(root, environment).findings();
  }

  private List<HostExposure.Finding> findings() {
    return findings(Map.of());
  }

  @Test
  void where_nothing_is_open_nothing_is_found() throws IOException {
    assertThat(findings()).isEmpty();
    file(".dockerenv", "");
    process("1000", NO_ADMIN, ROOT_OF_HOST);
    processes("pid:[4026532401]");
    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "var/run/docker.sock, docker",
    "run/docker.sock, docker",
    "run/user/1000/docker.sock, docker",
    "run/containerd/containerd.sock, containerd",
    "run/k3s/containerd/containerd.sock, containerd",
    "run/crio/crio.sock, CRI-O",
    "var/run/crio/crio.sock, CRI-O",
    "run/podman/podman.sock, podman",
    "run/user/1000/podman/podman.sock, podman",
    "run/cri-dockerd.sock, a container runtime",
    "run/buildkit/buildkitd.sock, a container runtime"
  })
  void a_runtimes_socket_is_found_where_it_usually_is(String path, String runtime)
      throws IOException {
    process("1000", NO_ADMIN, ROOT_OF_HOST);
    socket(path);
    assertThat(findings())
        .singleElement()
        .asString()
        .isEqualTo(
            "this process can use the socket of %s, %s: whoever takes the process over can start a"
                    .formatted(runtime, root.resolve(path))
                + " container that owns the host. Close it: take out the volume that brings it in"
                + " (hostPath: {path: %1$s}, or -v %1$s)".formatted(root.resolve(path)));
  }

  @Test
  void one_socket_is_told_of_once_whatever_ways_lead_to_it() throws IOException {
    socket("run/docker.sock");
    Files.createDirectories(root.resolve("var"));
    Files.createSymbolicLink(root.resolve("var/run"), root.resolve("run"));
    assertThat(findings(Map.of("DOCKER_HOST", "unix:///run/docker.sock"))).hasSize(1);
  }

  @Test
  void what_is_no_socket_is_not_told_of() throws IOException {
    file("var/run/docker.sock", "");
    Files.createDirectories(root.resolve("run/containerd/containerd.sock"));
    Files.createSymbolicLink(root.resolve("run/gone.sock"), root.resolve("nowhere"));
    assertThat(findings(Map.of("DOCKER_HOST", "unix:///run/gone.sock"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DOCKER_HOST, unix:///opt/a.sock, true",
    "CONTAINER_HOST, unix:///opt/a.sock, true",
    "CONTAINERD_ADDRESS, /opt/a.sock, true",
    "CONTAINER_RUNTIME_ENDPOINT, unix:///opt/a.sock, true",
    "DOCKER_HOST, tcp://docker:2375, false",
    "DOCKER_HOST, opt/a.sock, false",
    "OTHER, unix:///opt/a.sock, false"
  })
  void a_socket_is_found_where_the_environment_names_it(
      String variable, String value, boolean found) throws IOException {
    socket("opt/a.sock");
    assertThat(findings(Map.of(variable, value))).hasSize(found ? 1 : 0);
  }

  @Test
  void a_name_that_is_no_path_harms_nothing() {
    assertThat(findings(Map.of("DOCKER_HOST", "unix:///a\0b", "CONTAINER_HOST", ""))).isEmpty();
  }

  @Test
  void a_socket_is_found_wherever_it_is_mounted() throws IOException {
    socket("host/the run/docker.sock");
    socket("host/other.sock");
    file(
        "proc/self/mountinfo",
        """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        too short
        40 27 0:24 /docker.sock /host/the\\040run/docker.sock rw - tmpfs tmpfs rw
        41 27 0:24 /other.sock /host/other.sock rw - tmpfs tmpfs rw
        """);
    assertThat(findings())
        .singleElement()
        .asString()
        .contains(root.resolve("host/the run/docker.sock").toString());
  }

  @Test
  void a_service_account_is_found() throws IOException {
    file("var/run/secrets/kubernetes.io/serviceaccount/token", "token");
    assertThat(findings())
        .singleElement()
        .asString()
        .contains("service account", "cluster's API")
        .endsWith("Close it: automountServiceAccountToken: false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/system.slice/docker-0123.scope",
        "11:pids:/kubepods/besteffort/pod1/2",
        "0::/system.slice/containerd.service",
        "0::/machine.slice/libpod-1.scope",
        "0::/crio-1.scope"
      })
  void a_container_is_known_by_its_control_group(String line) throws IOException {
    process("0", NO_ADMIN, ROOT_OF_HOST);
    assertThat(findings()).isEmpty();
    file("proc/1/cgroup", line);
    assertThat(findings()).hasSize(1);
  }

  @Test
  void a_container_is_known_by_its_marks() throws IOException {
    process("0", NO_ADMIN, ROOT_OF_HOST);
    assertThat(findings(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"))).hasSize(1);
    assertThat(findings(Map.of("container", "podman"))).hasSize(1);
    assertThat(findings(Map.of("container", ""))).isEmpty();
    file("run/.containerenv", "");
    assertThat(findings()).hasSize(1);
  }

  @Test
  void in_a_container_root_its_power_and_the_hosts_processes_are_found() throws IOException {
    process("0", EVERY_CAPABILITY, ROOT_OF_HOST);
    processes("pid:[4026531836]");
    assertThat(findings()).as("on a host itself").isEmpty();
    file(".dockerenv", "");
    assertThat(findings())
        .extracting(HostExposure.Finding::toString)
        .satisfiesExactly(
            power -> assertThat(power).contains("CAP_SYS_ADMIN", "capabilities: {drop: [ALL]}"),
            root -> assertThat(root).contains("uid 0", "runAsNonRoot: true"),
            processes -> assertThat(processes).endsWith("Close it: hostPID: false"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0000000000200000, 2",
    "0, 0000000000100000, 1",
    "0, 0000000000400000, 1",
    "1000, 0000000000200000, 1",
    "1000, 0000000000000000, 0",
    "1000, nonsense, 0"
  })
  void power_and_root_are_told_apart(String uid, String capabilities, int findings)
      throws IOException {
    file(".dockerenv", "");
    process(uid, capabilities, ROOT_OF_HOST);
    assertThat(findings()).hasSize(findings);
  }

  @Test
  void root_of_a_user_namespace_is_nobody_on_the_host() throws IOException {
    file(".dockerenv", "");
    process("0", EVERY_CAPABILITY, "0 100000 65536\n1 0 1\n");
    assertThat(findings()).isEmpty();
  }

  @Test
  void this_machine_can_be_looked_at() {
    assertThatCode(() -> HostExposure.ofThisProcess().findings()).doesNotThrowAnyException();
  }

  private static Policy policy(String choice) {
    return Trial.gate(Trial.RSA.jwk()).hostExposure(choice).policy();
  }

  @Test
  void each_finding_is_one_warning() throws IOException {
    socket("run/docker.sock");
    file("var/run/secrets/kubernetes.io/serviceaccount/token", "token");
    Policy policy = policy("warn");
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN);
        Gate gate = new Gate(policy)) {
      Start.of(policy, gate, new HostExposure(root, Map.of()));
      assertThat(log.lines("WARN the host is within reach: ")).hasSize(2);
      assertThat(log.lines("hostExposure")).isEmpty();
      assertThat(gate.isClosed()).isFalse();
    }
  }

  @Test
  void refuse_stops_the_start_with_every_finding() throws IOException {
    Policy policy = policy("refuse");
    try (Gate gate = new Gate(policy)) {
      Start.of(policy, gate, new HostExposure(root, Map.of()));
      assertThat(gate.isClosed()).as("nothing was found").isFalse();
    }
    socket("run/docker.sock");
    file("var/run/secrets/kubernetes.io/serviceaccount/token", "token");
    try (Gate gate = new Gate(policy)) {
      assertThatThrownBy(() -> Start.of(policy, gate, new HostExposure(root, Map.of())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Sallyport cannot start: hostExposure is 'refuse' and ")
          .hasMessageContaining("docker.sock")
          .hasMessageContaining("automountServiceAccountToken: false")
          .hasMessageEndingWith(". Or set hostExposure to warn");
      assertThat(gate.isClosed()).isTrue();
    }
  }

  @Test
  void off_does_not_look_and_says_so() throws IOException {
    socket("run/docker.sock");
    Policy policy = policy("off");
    try (LogLines log = LogLines.of("io.sallyport", Level.WARN);
        Gate gate = new Gate(policy)) {
      Start.of(policy, gate, new HostExposure(root, Map.of()));
      assertThat(log.lines("within reach")).isEmpty();
      assertThat(log.lines("looser than the default: hostExposure: ")).hasSize(1);
    }
  }
}
