package io.sallyport.examples.kubernetes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lays a patch over a manifest, as {@code kubectl patch} and kustomize do: maps key by key, lists
 * of things that have a name by name, any other list as a whole; null takes a key away.
 */
final class Overlay {
  private Overlay() {}

  static JsonNode of(JsonNode base, JsonNode patch) {
    if (base instanceof ObjectNode map && patch.isObject()) return ofMaps(map.deepCopy(), patch);
    if (base instanceof ArrayNode list && patch.isArray() && isNamed(list) && isNamed(patch)) {
      return ofNamed(list.deepCopy(), patch);
    }
    return patch;
  }

  private static ObjectNode ofMaps(ObjectNode result, JsonNode patch) {
    patch
        .properties()
        .forEach(
            entry -> {
              JsonNode before = result.path(entry.getKey());
              if (entry.getValue().isNull()) result.remove(entry.getKey());
              else result.set(entry.getKey(), of(before, entry.getValue()));
            });
    return result;
  }

  private static boolean isNamed(JsonNode list) {
    return Manifests.in(list).allMatch(element -> element.has("name"));
  }

  private static ArrayNode ofNamed(ArrayNode result, JsonNode patch) {
    for (JsonNode element : patch) {
      int same = indexOf(result, element.path("name").asString(""));
      if (same < 0) result.add(element);
      else result.set(same, of(result.get(same), element));
    }
    return result;
  }

  private static int indexOf(ArrayNode list, String name) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path("name").asString("").equals(name)) return i;
    }
    return -1;
  }
}
