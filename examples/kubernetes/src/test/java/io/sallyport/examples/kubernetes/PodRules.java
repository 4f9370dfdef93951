package io.sallyport.examples.kubernetes;

import static io.sallyport.examples.kubernetes.Manifests.in;
import static io.sallyport.examples.kubernetes.Manifests.isAbsent;
import static io.sallyport.examples.kubernetes.Manifests.texts;
import static io.sallyport.examples.kubernetes.Rule.ofContainers;
import static io.sallyport.examples.kubernetes.Rule.ofContexts;
import static io.sallyport.examples.kubernetes.Rule.ofPods;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a pod has to be, so that whoever takes its process over has the container and nothing else.
 *
 * <p>Paths are those of the manifests, so that a rule can be held beside the table that it comes
 * from. A path that is misspelt here would be a rule that nothing breaks, which its fixture shows.
 */
final class PodRules {
  private static final Set<String> PROFILES = Set.of("RuntimeDefault", "Localhost");

  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

  private static final Pattern RUNTIME_SOCKET =
      Pattern.compile("/(docker|containerd|crio|podman|cri-dockerd|dockershim|buildkitd)\\.sock");

  private PodRules() {}

  /**
   * The Pod Security Standard "restricted", "baseline" included, as of Kubernetes 1.34:
   * https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  static final List<Rule> STANDARD =
      List.of(
          ofContexts(
              "host-process",
              "windowsOptions.hostProcess is not true",
              context -> !context.at("/windowsOptions/hostProcess").asBoolean(false)),
          ofPods(
              "host-namespaces",
              "hostNetwork, hostPID and hostIPC are not true",
              pod ->
                  Stream.of("hostNetwork", "hostPID", "hostIPC")
                      .noneMatch(name -> pod.path("spec").path(name).asBoolean(false))),
          ofContainers(
              "privileged",
              "securityContext.privileged is not true",
              container -> !container.at("/securityContext/privileged").asBoolean(false)),
          ofPods(
              "volume-kinds",
              "a volume is one of " + String.join(", ", sorted(VOLUMES)),
              pod -> in(pod.at("/spec/volumes")).allMatch(PodRules::isOfAnAllowedKind)),
          ofContainers(
              "host-ports",
              "no hostPort",
              container ->
                  in(container.path("ports"))
                      .allMatch(port -> port.path("hostPort").asInt(0) == 0)),
          ofContainers(
              "host-probes",
              "no host in a probe or a lifecycle hook",
              container -> container.findValuesAsString("host").stream().allMatch(String::isEmpty)),
          ofPods(
              "app-armor",
              "appArmorProfile.type, where there is one, is RuntimeDefault or Localhost",
              PodRules::hasAppArmor),
          ofContexts(
              "se-linux",
              "seLinuxOptions have no user, no role, and a type for containers",
              context -> isSeLinux(context.path("seLinuxOptions"))),
          ofContainers(
              "proc-mount",
              "securityContext.procMount is Default",
              container ->
                  Set.of("", "Default")
                      .contains(container.at("/securityContext/procMount").asString(""))),
          ofPods(
              "sysctls",
              "no sysctls (the standard allows some safe ones)",
              pod -> pod.at("/spec/securityContext/sysctls").isEmpty()),
          ofContainers(
              "privilege-escalation",
              "securityContext.allowPrivilegeEscalation is false",
              container -> isFalse(container.at("/securityContext/allowPrivilegeEscalation"))),
          ofContainers(
              "run-as-non-root",
              "securityContext.runAsNonRoot is true, of the pod or of each container",
              (pod, container) ->
                  effective(pod, container, "/runAsNonRoot").asBoolean(false)
                      && !isFalse(pod.at("/spec/securityContext/runAsNonRoot"))),
          ofContexts(
              "run-as-user",
              "securityContext.runAsUser is not 0",
              context -> context.path("runAsUser").asLong(1) != 0),
          ofContainers(
              "seccomp",
              "securityContext.seccompProfile.type is RuntimeDefault or Localhost",
              (pod, container) ->
                  PROFILES.contains(effective(pod, container, "/seccompProfile/type").asString(""))
                      && isProfileOrAbsent(pod.at("/spec/securityContext/seccompProfile/type"))),
          ofContainers(
              "capabilities",
              "securityContext.capabilities drop ALL, and add NET_BIND_SERVICE at most",
              container ->
                  texts(container.at("/securityContext/capabilities/drop")).contains("ALL")
                      && Set.of("NET_BIND_SERVICE")
                          .containsAll(texts(container.at("/securityContext/capabilities/add")))));

  /** What we ask of a pod beyond the standard. */
  static final List<Rule> OURS =
      List.of(
          ofContainers(
              "read-only-root",
              "securityContext.readOnlyRootFilesystem is true",
              container ->
                  container.at("/securityContext/readOnlyRootFilesystem").asBoolean(false)),
          ofPods(
              "temp-limit",
              "an emptyDir has a sizeLimit",
              pod ->
                  in(pod.at("/spec/volumes"))
                      .filter(volume -> volume.has("emptyDir"))
                      .allMatch(volume -> volume.at("/emptyDir").has("sizeLimit"))),
          ofPods(
              "service-account-token",
              "automountServiceAccountToken is false, and no volume projects a token",
              pod ->
                  isFalse(pod.at("/spec/automountServiceAccountToken"))
                      && pod.findValues("serviceAccountToken").isEmpty()),
          ofPods(
              "runtime-socket",
              "nothing names the socket of a container runtime",
              pod -> scalars(pod).noneMatch(text -> RUNTIME_SOCKET.matcher(text).find())),
          ofContainers(
              "limits",
              "requests of cpu and memory, limits of cpu, memory and ephemeral-storage",
              container ->
                  Stream.of("requests/cpu", "requests/memory", "limits/cpu", "limits/memory")
                          .noneMatch(path -> isAbsent(container.at("/resources/" + path)))
                      && container.at("/resources/limits").has("ephemeral-storage")),
          ofContainers(
              "image",
              "an image has a tag that is not latest, or a digest",
              container -> Image.isPinned(container.path("image").asString(""))),
          ofPods(
              "service-links",
              "enableServiceLinks is false",
              pod -> isFalse(pod.at("/spec/enableServiceLinks"))),
          ofPods(
              "debug-containers",
              "no ephemeralContainers, which these rules do not look at",
              pod -> pod.at("/spec/ephemeralContainers").isEmpty()));

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.asBoolean(false);
  }

  /** A container's own security context stands before the pod's. */
  private static JsonNode effective(JsonNode pod, JsonNode container, String path) {
    JsonNode own = container.at("/securityContext" + path);
    return isAbsent(own) ? pod.at("/spec/securityContext" + path) : own;
  }

  private static boolean isProfileOrAbsent(JsonNode type) {
    return isAbsent(type) || PROFILES.contains(type.asString(""));
  }

  private static boolean isOfAnAllowedKind(JsonNode volume) {
    List<String> kinds = new ArrayList<>(volume.propertyNames());
    kinds.remove("name");
    return kinds.size() == 1 && VOLUMES.containsAll(kinds);
  }

  private static boolean hasAppArmor(JsonNode pod) {
    boolean annotated =
        pod.at("/metadata/annotations").properties().stream()
            .filter(annotation -> annotation.getKey().startsWith(APP_ARMOR))
            .map(annotation -> annotation.getValue().asString(""))
            .allMatch(value -> value.equals("runtime/default") || value.startsWith("localhost/"));
    return annotated
        && Manifests.contexts(pod)
            .allMatch(context -> isProfileOrAbsent(context.at("/appArmorProfile/type")));
  }

  private static boolean isSeLinux(JsonNode options) {
    return SELINUX_TYPES.contains(options.path("type").asString(""))
        && options.path("user").asString("").isEmpty()
        && options.path("role").asString("").isEmpty();
  }

  /** Every value at any depth that is neither a map nor a list. */
  private static Stream<String> scalars(JsonNode node) {
    return node.isValueNode() ? Stream.of(node.asString("")) : in(node).flatMap(PodRules::scalars);
  }
}
