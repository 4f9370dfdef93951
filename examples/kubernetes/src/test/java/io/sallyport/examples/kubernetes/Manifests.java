package io.sallyport.examples.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Manifests as trees, in the order in which they are applied. They are read as YAML 1.1, which is
 * what Kubernetes reads: {@code off} is a truth value there, and no text.
 */
record Manifests(List<JsonNode> objects) {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** Every manifest in a folder, by the names of the files. */
  static Manifests in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<JsonNode> objects = new ArrayList<>();
      for (Path file : files.sorted().toList()) objects.addAll(read(file));
      return new Manifests(objects);
    }
  }

  /** The documents of a file; a key that stands twice is an exception. */
  static List<JsonNode> read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static List<JsonNode> parse(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonNode> documents = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
      documents.add(MAPPER.valueToTree(document));
    }
    return documents;
  }

  /** These with others laid over the ones of the same kind and name. */
  Manifests with(List<JsonNode> patches) {
    List<JsonNode> all = new ArrayList<>(objects);
    for (JsonNode patch : patches) {
      int same = titles(all).indexOf(title(patch));
      if (same < 0) all.add(patch);
      else all.set(same, Overlay.of(all.get(same), patch));
    }
    return new Manifests(all);
  }

  private static List<String> titles(List<JsonNode> objects) {
    return objects.stream().map(Manifests::title).toList();
  }

  static String title(JsonNode object) {
    return object.path("kind").asString("") + " " + object.at("/metadata/name").asString("");
  }

  Stream<JsonNode> all(String kind) {
    return objects.stream().filter(object -> object.path("kind").asString("").equals(kind));
  }

  /** What a workload makes pods of. */
  static JsonNode pod(JsonNode workload) {
    return workload.at("/spec/template");
  }

  static Stream<JsonNode> containers(JsonNode pod) {
    return Stream.of("initContainers", "containers").flatMap(name -> in(pod.at("/spec/" + name)));
  }

  /** The security context of the pod, and those of its containers; a missing one has no keys. */
  static Stream<JsonNode> contexts(JsonNode pod) {
    return Stream.concat(Stream.of(pod.path("spec")), containers(pod))
        .map(owner -> owner.path("securityContext"));
  }

  /** The elements of a list, the values of a map. */
  static Stream<JsonNode> in(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  static List<String> texts(JsonNode list) {
    return in(list).map(node -> node.asString("")).toList();
  }

  /** To Kubernetes a key with a null is none. */
  static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
