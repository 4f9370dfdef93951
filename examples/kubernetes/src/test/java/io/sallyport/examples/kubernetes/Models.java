package io.sallyport.examples.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The models of the Kubernetes API, which know its keys and their types. They are asked for nothing
 * else: a value that the API server would refuse is refused here too, instead of being made to fit.
 */
final class Models {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Namespace", Namespace.class,
          "NetworkPolicy", NetworkPolicy.class,
          "ServiceAccount", ServiceAccount.class,
          "ConfigMap", ConfigMap.class,
          "Deployment", Deployment.class,
          "Service", Service.class);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text -> {
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              })
          .build();

  private Models() {}

  /** Whether these rules know what to look at in it: a DaemonSet has pods too, for one. */
  static boolean isKnown(JsonNode object) {
    return KINDS.containsKey(object.path("kind").asString(""));
  }

  /** Whether the API's version of that kind is the one that the models are of. */
  static boolean isOfItsVersion(JsonNode object) {
    return !isKnown(object)
        || object.path("apiVersion").asString("").equals(HasMetadata.getApiVersion(type(object)));
  }

  private static Class<? extends HasMetadata> type(JsonNode object) {
    return KINDS.get(object.path("kind").asString(""));
  }

  /** Whether every value is of the type that its key takes. */
  static boolean isWellTyped(JsonNode object) {
    if (!isKnown(object)) return true;
    try {
      MAPPER.treeToValue(object, type(object));
      return true;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** The keys that the API does not have, each with the way to it. */
  static List<String> unknownKeys(JsonNode object) {
    List<String> unknown = new ArrayList<>();
    if (!isKnown(object)) return unknown;
    try {
      collect(MAPPER.treeToValue(object, type(object)), "", unknown);
    } catch (JacksonException e) {
      // another rule tells of that
    }
    return unknown;
  }

  /** The models do not refuse a key that they do not know: they put it aside, at every depth. */
  private static void collect(Object value, String path, List<String> unknown) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> collect(element, path + "." + key, unknown));
    } else if (value instanceof Collection<?> list) {
      list.forEach(element -> collect(element, path + "[]", unknown));
    } else if (value != null && value.getClass().getName().startsWith("io.fabric8.")) {
      for (Method getter : value.getClass().getMethods()) {
        if (!getter.getName().startsWith("get") || getter.getParameterCount() > 0) continue;
        if (getter.getName().equals("getAdditionalProperties")) {
          ((Map<?, ?>) read(getter, value)).keySet().forEach(key -> unknown.add(path + "." + key));
        } else if (isModel(getter.getReturnType())) {
          collect(read(getter, value), path + "." + getter.getName().substring(3), unknown);
        }
      }
    }
  }

  private static boolean isModel(Class<?> type) {
    return Collection.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || type.getName().startsWith("io.fabric8.");
  }

  private static Object read(Method getter, Object value) {
    try {
      return getter.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
