package io.sallyport.examples.kubernetes;

import static io.sallyport.examples.kubernetes.Manifests.in;
import static io.sallyport.examples.kubernetes.Rule.ofKind;

import io.sallyport.Policy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What the manifests have to be as a whole, and what has to fit together in them. */
final class ManifestRules {
  private static final String LEVEL = "pod-security.kubernetes.io/";

  private ManifestRules() {}

  static final List<Rule> ALL =
      List.of(
          ofAll("known-kinds", "a kind that these rules know how to look at", Models::isKnown),
          ofAll("api-version", "the API version of its kind", Models::isOfItsVersion),
          ofAll("types", "values of the types that the API takes", Models::isWellTyped),
          new Rule(
              "known-keys",
              "no key that the API does not have",
              manifests ->
                  manifests.objects().stream()
                      .flatMap(
                          object ->
                              Models.unknownKeys(object).stream()
                                  .map(key -> Manifests.title(object) + key))),
          new Rule(
              "one-namespace",
              "everything is in the one Namespace of the manifests",
              ManifestRules::elsewhere),
          ofKind(
              "Namespace",
              "pod-security",
              "labels enforce, audit and warn say restricted, each of a pinned version",
              ManifestRules::isRestricted),
          ofKind(
              "ServiceAccount",
              "service-account-mount",
              "automountServiceAccountToken is false",
              account -> isFalse(account.path("automountServiceAccountToken"))),
          new Rule(
              "own-service-account",
              "a pod runs as a ServiceAccount of the manifests that is not default",
              ManifestRules::borrowed),
          ofKind(
              "ConfigMap",
              "settings",
              "settings that the filter takes, with hostExposure refuse",
              ManifestRules::isPolicy),
          new Rule(
              "probes",
              "a startup, a liveness and a readiness probe of each container, on publicPaths",
              ManifestRules::unprobed),
          ofKind(
              "Service",
              "cluster-ip",
              "type ClusterIP and no externalIPs",
              service ->
                  service.at("/spec/type").asString("ClusterIP").equals("ClusterIP")
                      && service.at("/spec/externalIPs").isEmpty()),
          new Rule(
              "selectors",
              "a selector that is not empty selects pods of the manifests",
              ManifestRules::selectsNothing));

  private static Rule ofAll(String name, String demand, Predicate<JsonNode> holds) {
    return new Rule(
        name,
        demand,
        manifests ->
            manifests.objects().stream()
                .filter(object -> !holds.test(object))
                .map(Manifests::title));
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.asBoolean(false);
  }

  private static Stream<String> elsewhere(Manifests manifests) {
    List<String> namespaces =
        manifests.all("Namespace").map(object -> object.at("/metadata/name").asString("")).toList();
    return manifests.objects().stream()
        .filter(object -> !object.path("kind").asString("").equals("Namespace"))
        .filter(
            object -> !namespaces.equals(List.of(object.at("/metadata/namespace").asString(""))))
        .map(Manifests::title);
  }

  private static boolean isRestricted(JsonNode namespace) {
    JsonNode labels = namespace.at("/metadata/labels");
    return Stream.of("enforce", "audit", "warn")
        .allMatch(
            mode ->
                labels.path(LEVEL + mode).asString("").equals("restricted")
                    && labels.path(LEVEL + mode + "-version").asString("").matches("v1\\.[0-9]+"));
  }

  private static Stream<String> borrowed(Manifests manifests) {
    Set<String> accounts =
        manifests
            .all("ServiceAccount")
            .map(account -> account.at("/metadata/name").asString(""))
            .filter(name -> !name.equals("default"))
            .collect(Collectors.toSet());
    return manifests
        .all("Deployment")
        .filter(
            object ->
                !accounts.contains(
                    Manifests.pod(object).at("/spec/serviceAccountName").asString("")))
        .map(Manifests::title);
  }

  private static boolean isPolicy(JsonNode configMap) {
    try {
      Policy.of(settings(configMap));
      return configMap.at("/data/hostExposure").asString("").equals("refuse");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The filter's settings as a ConfigMap has them. */
  static Map<String, String> settings(JsonNode configMap) {
    Map<String, String> settings = new HashMap<>();
    configMap
        .path("data")
        .properties()
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asString("").strip()));
    return settings;
  }

  private static Stream<String> unprobed(Manifests manifests) {
    Set<String> publicPaths =
        manifests
            .all("ConfigMap")
            .flatMap(map -> Arrays.stream(map.at("/data/publicPaths").asString("").split("\\s+")))
            .collect(Collectors.toSet());
    return manifests
        .all("Deployment")
        .filter(
            object ->
                in(Manifests.pod(object).at("/spec/containers"))
                    .flatMap(ManifestRules::probePaths)
                    .anyMatch(path -> !publicPaths.contains(path)))
        .map(Manifests::title);
  }

  private static Stream<String> probePaths(JsonNode container) {
    return Stream.of("startupProbe", "livenessProbe", "readinessProbe")
        .map(probe -> container.path(probe).at("/httpGet/path").asString("none"));
  }

  private static Stream<String> selectsNothing(Manifests manifests) {
    List<JsonNode> labels =
        manifests
            .all("Deployment")
            .map(object -> Manifests.pod(object).at("/metadata/labels"))
            .toList();
    return manifests.objects().stream()
        .filter(
            object ->
                selectors(object)
                    .anyMatch(wanted -> labels.stream().noneMatch(own -> holds(own, wanted))))
        .map(Manifests::title);
  }

  private static Stream<JsonNode> selectors(JsonNode object) {
    return Stream.of(
            object.at("/spec/selector/matchLabels"), // of a Deployment
            object.at("/spec/podSelector/matchLabels"), // of a NetworkPolicy
            object.path("kind").asString("").equals("Service")
                ? object.at("/spec/selector")
                : object.path("none"))
        .filter(JsonNode::isObject);
  }

  private static boolean holds(JsonNode labels, JsonNode wanted) {
    return wanted.properties().stream()
        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
  }
}
