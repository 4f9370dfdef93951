package io.sallyport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands open between this process and its host. Verifying tokens does not help where whoever
 * takes over a handler owns the host at once, so an operator is told of it at the start.
 *
 * <p>Files are looked at and nothing is connected to. What cannot be read is taken for closed.
 *
 * @since 0.1.0
 */
public final class HostExposure {
  /** Where container runtimes listen. */
  private static final List<Place> PLACES =
      List.of(
          new Place("docker", "var/run/docker.sock"),
          new Place("docker", "run/docker.sock"),
          new Place("containerd", "run/containerd/containerd.sock"),
          new Place("containerd", "var/run/containerd/containerd.sock"),
          new Place("containerd", "run/k3s/containerd/containerd.sock"),
          new Place("containerd", "run/dockershim.sock"),
          new Place("CRI-O", "run/crio/crio.sock"),
          new Place("CRI-O", "var/run/crio/crio.sock"),
          new Place("podman", "run/podman/podman.sock"),
          new Place("podman", "var/run/podman/podman.sock"),
          new Place("a container runtime", "run/cri-dockerd.sock"),
          new Place("a container runtime", "var/run/cri-dockerd.sock"),
          new Place("a container runtime", "run/buildkit/buildkitd.sock"));

  private record Place(String runtime, String path) {}

  /** Names of such files wherever they are mounted. */
  private static final List<String> SOCKET_NAMES =
      List.of(
          "docker.sock",
          "containerd.sock",
          "crio.sock",
          "podman.sock",
          "cri-dockerd.sock",
          "buildkitd.sock");

  private static final List<String> SOCKET_VARIABLES =
      List.of("DOCKER_HOST", "CONTAINER_HOST", "CONTAINERD_ADDRESS", "CONTAINER_RUNTIME_ENDPOINT");

  private static final String SERVICE_ACCOUNT =
      "var/run/secrets/kubernetes.io/serviceaccount/token";

  private static final int CAP_SYS_ADMIN = 21;

  /** The number that Linux gives to its first namespace of processes. */
  private static final String PIDS_OF_HOST = "pid:[4026531836]";

  /**
   * One way to the host.
   *
   * @param what what was found
   * @param gain what whoever takes the process over gains by it
   * @param manifest the line that closes it
   * @since 0.1.0
   */
  public record Finding(String what, String gain, String manifest) {
    /** One line, as the start says it. */
    @Override
    public String toString() {
      return what + ": " + gain + ". Close it: " + manifest;
    }
  }

  private final Path root;
  private final Map<String, String> environment;

  /**
   * That of some process.
   *
   * @param root where the files of the machine are
   * @param environment the variables of the process
   */
  HostExposure(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = Map.copyOf(environment);
  }

  /**
   * That of the process that asks.
   *
   * @return what is looked at when {@link #findings()} is called
   */
  public static HostExposure ofThisProcess() {
    return new HostExposure(Path.of("/"), System.getenv());
  }

  /**
   * Everything that stands open now.
   *
   * @return an unmodifiable list, empty where nothing was found
   */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(ofSockets());
    if (isReadable(SERVICE_ACCOUNT)) findings.add(ofServiceAccount());
    if (isContainer()) findings.addAll(ofContainer());
    return List.copyOf(findings);
  }

  private List<Finding> ofSockets() {
    Map<Path, String> candidates = new LinkedHashMap<>();
    PLACES.forEach(place -> candidates.put(in(place.path()), place.runtime()));
    String user = status("Uid").stream().findFirst().orElse("");
    candidates.put(in("run/user/" + user + "/docker.sock"), "docker");
    candidates.put(in("run/user/" + user + "/podman/podman.sock"), "podman");
    named().forEach(path -> candidates.putIfAbsent(path, "a container runtime"));
    mounted().forEach(path -> candidates.putIfAbsent(path, "a container runtime"));
    List<Finding> findings = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    candidates.forEach(
        (path, runtime) -> {
          Path socket = usableSocket(path);
          if (socket != null && seen.add(socket)) findings.add(ofSocket(runtime, path));
        });
    return findings;
  }

  private static Finding ofSocket(String runtime, Path path) {
    return new Finding(
        "this process can use the socket of " + runtime + ", " + path,
        "whoever takes the process over can start a container that owns the host",
        "take out the volume that brings it in (hostPath: {path: "
            + path
            + "}, or -v "
            + path
            + ")");
  }

  private static Finding ofServiceAccount() {
    return new Finding(
        "a token of a Kubernetes service account is mounted",
        "whoever takes the process over talks to the cluster's API in its name",
        "automountServiceAccountToken: false");
  }

  private List<Finding> ofContainer() {
    List<Finding> findings = new ArrayList<>();
    boolean isRootOfHost = lines("proc/self/uid_map").anyMatch(HostExposure::mapsRootToRoot);
    if (isRootOfHost && holdsSysAdmin()) {
      findings.add(
          new Finding(
              "this container's process holds CAP_SYS_ADMIN",
              "whoever takes it over can mount the host's disks, and so own the host",
              "securityContext: {privileged: false, capabilities: {drop: [ALL]}}"));
    }
    if (isRootOfHost && status("Uid").stream().skip(1).findFirst().equals(Optional.of("0"))) {
      findings.add(
          new Finding(
              "this container's process runs as root (uid 0)",
              "whoever takes it over is root on the host as soon as one wall of the container falls",
              "securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false}"));
    }
    if (PIDS_OF_HOST.equals(link("proc/self/ns/pid"))) {
      findings.add(
          new Finding(
              "this container shares the host's process namespace",
              "whoever takes the process over sees the host's processes, with their arguments, and"
                  + " can reach into those of the same user",
              "hostPID: false"));
    }
    return findings;
  }

  private boolean isContainer() {
    return Files.exists(in(".dockerenv"))
        || Files.exists(in("run/.containerenv"))
        || environment.containsKey("KUBERNETES_SERVICE_HOST")
        || !environment.getOrDefault("container", "").isEmpty()
        || lines("proc/1/cgroup")
            .anyMatch(
                line ->
                    Stream.of("docker", "kubepods", "containerd", "libpod", "crio-")
                        .anyMatch(line::contains));
  }

  /** A line of {@code uid_map}: first id inside, first id outside, how many. */
  private static boolean mapsRootToRoot(String line) {
    List<String> ids = words(line);
    return ids.size() == 3 && ids.get(0).equals("0") && ids.get(1).equals("0");
  }

  private boolean holdsSysAdmin() {
    return status("CapEff").stream().anyMatch(bits -> holds(bits, CAP_SYS_ADMIN));
  }

  private static boolean holds(String hex, int bit) {
    try {
      return (Long.parseUnsignedLong(hex, 16) >> bit & 1) == 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The values behind a name in {@code /proc/self/status}. */
  private List<String> status(String name) {
    return lines("proc/self/status")
        .filter(line -> line.startsWith(name + ":"))
        .flatMap(line -> words(line.substring(name.length() + 1)).stream())
        .toList();
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    new StringTokenizer(line).asIterator().forEachRemaining(word -> words.add((String) word));
    return words;
  }

  /** Sockets that the environment names. */
  private Stream<Path> named() {
    return SOCKET_VARIABLES.stream()
        .map(name -> environment.getOrDefault(name, ""))
        .map(value -> value.startsWith("unix://") ? value.substring("unix://".length()) : value)
        .filter(value -> value.startsWith("/"))
        .map(this::in);
  }

  /** Sockets that are mounted by themselves, wherever that is. */
  private Stream<Path> mounted() {
    return lines("proc/self/mountinfo")
        .map(HostExposure::words)
        .filter(fields -> fields.size() > 4)
        .map(fields -> fields.get(4).replace("\\040", " "))
        .filter(point -> SOCKET_NAMES.stream().anyMatch(name -> point.endsWith("/" + name)))
        .map(this::in);
  }

  /** The file itself, whatever leads to it, if it is a socket that this process may write to. */
  private static @Nullable Path usableSocket(Path path) {
    try {
      Path file = path.toRealPath();
      boolean isSocket =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .isOther();
      return isSocket && Files.isWritable(file) ? file : null;
    } catch (IOException | SecurityException e) {
      return null;
    }
  }

  private Path in(String path) {
    try {
      return root.resolve(path.startsWith("/") ? path.substring(1) : path);
    } catch (InvalidPathException e) {
      return root;
    }
  }

  private boolean isReadable(String path) {
    return Files.isRegularFile(in(path)) && Files.isReadable(in(path));
  }

  private Stream<String> lines(String path) {
    try {
      return Files.readAllLines(in(path), StandardCharsets.ISO_8859_1).stream();
    } catch (IOException | SecurityException e) {
      return Stream.empty();
    }
  }

  private @Nullable String link(String path) {
    try {
      return Files.readSymbolicLink(in(path)).toString();
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return null;
    }
  }
}
