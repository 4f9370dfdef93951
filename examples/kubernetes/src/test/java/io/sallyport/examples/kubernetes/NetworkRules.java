package io.sallyport.examples.kubernetes;

import static io.sallyport.examples.kubernetes.Manifests.in;
import static io.sallyport.examples.kubernetes.Rule.ofKind;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a pod may talk to: nobody, but for what is named. */
final class NetworkRules {
  /** Where clouds hand out credentials to whoever asks from inside. */
  private static final List<AddressRange> METADATA_SERVICES =
      List.of(AddressRange.ofOne("169.254.169.254"), AddressRange.ofOne("fd00:ec2::254"));

  /** 256 addresses of version 4. */
  private static final int WIDEST = 8;

  private NetworkRules() {}

  static final List<Rule> ALL =
      List.of(
          some(
              "deny-ingress",
              "a policy for every pod closes Ingress",
              policy -> closes(policy, "Ingress", "ingress")),
          some(
              "deny-egress",
              "a policy for every pod closes Egress",
              policy -> closes(policy, "Egress", "egress")),
          ofKind(
              "NetworkPolicy",
              "narrow-ingress",
              "what comes in comes from named namespaces, to named ports",
              policy ->
                  in(policy.at("/spec/ingress"))
                      .allMatch(
                          rule ->
                              isNarrow(rule, "from")
                                  && in(rule.path("from"))
                                      .allMatch(peer -> selects(peer, "namespaceSelector")))),
          ofKind(
              "NetworkPolicy",
              "narrow-egress",
              "what goes out goes to named peers or at most 256 addresses, at named ports",
              policy ->
                  in(policy.at("/spec/egress"))
                      .allMatch(
                          rule ->
                              isNarrow(rule, "to")
                                  && in(rule.path("to")).allMatch(NetworkRules::isNarrowPeer))),
          ofKind(
              "NetworkPolicy",
              "metadata-service",
              "no ipBlock holds the address of a cloud's metadata service",
              policy ->
                  policy.findValues("ipBlock").stream().noneMatch(NetworkRules::holdsMetadata)),
          some(
              "dns",
              "port 53 of the cluster's DNS is open, by UDP and by TCP",
              NetworkRules::isDns),
          some(
              "issuer",
              "port 443 of the issuer is open, or the filter never has keys",
              policy -> in(policy.at("/spec/egress")).anyMatch(rule -> isOpen(rule, "TCP", 443))));

  /** A rule that one policy at least has to keep. */
  private static Rule some(String name, String demand, Predicate<JsonNode> holds) {
    return new Rule(
        name,
        demand,
        manifests ->
            manifests.all("NetworkPolicy").anyMatch(holds)
                ? Stream.empty()
                : Stream.of("NetworkPolicies"));
  }

  private static boolean closes(JsonNode policy, String type, String rules) {
    JsonNode pods = policy.at("/spec/podSelector");
    return pods.isObject()
        && pods.isEmpty()
        && Manifests.texts(policy.at("/spec/policyTypes")).contains(type)
        && policy.path("spec").path(rules).isEmpty();
  }

  /** Without peers, or without ports, a rule means all of them. */
  private static boolean isNarrow(JsonNode rule, String peers) {
    return !rule.path(peers).isEmpty() && !rule.path("ports").isEmpty();
  }

  /** An empty selector means all of them. */
  private static boolean selects(JsonNode peer, String selector) {
    return !peer.path(selector).path("matchLabels").isEmpty();
  }

  private static boolean isNarrowPeer(JsonNode peer) {
    if (peer.has("ipBlock")) {
      return AddressRange.of(peer.at("/ipBlock/cidr").asString("")).width() <= WIDEST;
    }
    return !peer.isEmpty()
        && in(peer).noneMatch(selector -> selector.path("matchLabels").isEmpty());
  }

  private static boolean holdsMetadata(JsonNode ipBlock) {
    AddressRange range = AddressRange.of(ipBlock.path("cidr").asString(""));
    return METADATA_SERVICES.stream()
        .filter(range::holds)
        .anyMatch(
            service ->
                in(ipBlock.path("except"))
                    .map(except -> AddressRange.of(except.asString("")))
                    .noneMatch(except -> except.holds(service)));
  }

  private static boolean isDns(JsonNode policy) {
    return in(policy.at("/spec/egress"))
        .filter(rule -> in(rule.path("to")).allMatch(peer -> selects(peer, "podSelector")))
        .anyMatch(rule -> isOpen(rule, "UDP", 53) && isOpen(rule, "TCP", 53));
  }

  private static boolean isOpen(JsonNode rule, String protocol, int number) {
    return in(rule.path("ports"))
        .anyMatch(
            port ->
                port.path("protocol").asString("TCP").equals(protocol)
                    && port.path("port").asInt(0) == number);
  }
}
