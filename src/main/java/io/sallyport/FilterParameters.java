package io.sallyport;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.time.Clock;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Settings out of web.xml: the filter's init-params, and behind each of them the application's
 * context-param of the same name with {@code sallyport.} before it.
 */
final class FilterParameters {
  private FilterParameters() {}

  /**
   * Makes a policy of them.
   *
   * @throws IllegalArgumentException if a setting is unknown, missing or makes no sense
   */
  static Policy policy(FilterConfig config) {
    ServletContext context = config.getServletContext();
    return Policy.of(
        values(config.getInitParameterNames(), config::getInitParameter),
        values(context.getInitParameterNames(), context::getInitParameter),
        Clock.systemUTC());
  }

  /**
   * Refuses init-params of a filter that has its settings from code.
   *
   * @throws IllegalArgumentException if there is one
   */
  static void checkNone(FilterConfig config) {
    for (String name : names(config.getInitParameterNames())) {
      throw new IllegalArgumentException(
          "Sallyport cannot start: the init-param '%s' is set on a filter that was made in"
                  .formatted(name)
              + " code, which takes no init-params. Allowed: the one or the other."
              + " Example: builder().issuer(\"https://id.example.com\")");
    }
  }

  private static Map<String, String> values(
      @Nullable Enumeration<String> names, Function<String, String> value) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names(names)) values.put(name, value.apply(name));
    return values;
  }

  private static List<String> names(@Nullable Enumeration<String> names) {
    return names == null ? List.of() : Collections.list(names);
  }
}
