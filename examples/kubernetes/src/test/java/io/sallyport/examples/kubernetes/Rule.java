package io.sallyport.examples.kubernetes;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Something that manifests have to be.
 *
 * @param name what the fixture that breaks it calls it
 * @param demand what it asks, in a line
 * @param breaches says where it does not hold
 */
record Rule(String name, String demand, Function<Manifests, Stream<String>> breaches) {
  /** A rule on every object of a kind. */
  static Rule ofKind(String kind, String name, String demand, Predicate<JsonNode> holds) {
    return new Rule(
        name,
        demand,
        manifests ->
            manifests.all(kind).filter(object -> !holds.test(object)).map(Manifests::title));
  }

  /** A rule on every pod, {@code metadata} and {@code spec}. */
  static Rule ofPods(String name, String demand, Predicate<JsonNode> holds) {
    return ofKind("Deployment", name, demand, object -> holds.test(Manifests.pod(object)));
  }

  /** A rule on every container, those that run first included, and the pod that it is in. */
  static Rule ofContainers(String name, String demand, BiPredicate<JsonNode, JsonNode> holds) {
    return ofPods(
        name,
        demand,
        pod -> Manifests.containers(pod).allMatch(container -> holds.test(pod, container)));
  }

  static Rule ofContainers(String name, String demand, Predicate<JsonNode> holds) {
    return ofContainers(name, demand, (pod, container) -> holds.test(container));
  }

  /** A rule on the security context of every pod and of every container. */
  static Rule ofContexts(String name, String demand, Predicate<JsonNode> holds) {
    return ofPods(name, demand, pod -> Manifests.contexts(pod).allMatch(holds));
  }

  /** A line for each place where it does not hold. */
  List<String> brokenBy(Manifests manifests) {
    return breaches.apply(manifests).map(where -> where + ": " + demand).toList();
  }
}
