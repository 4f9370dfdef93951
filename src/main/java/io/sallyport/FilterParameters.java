package io.sallyport;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.time.Clock;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings out of web.xml: the filter's init-params, and behind each of them the application's
 * context-param of the same name with {@code sallyport.} before it.
 */
final class FilterParameters {
  private static final String CONTEXT_PREFIX = "sallyport.";

  private FilterParameters() {}

  /**
   * Makes a policy of them.
   *
   * @throws IllegalArgumentException if a setting is unknown, missing or makes no sense
   */
  static Policy policy(FilterConfig config) {
    GivenSettings settings = new GivenSettings(Substitution.ofThisProcess());
    for (String name : names(config.getInitParameterNames())) {
      settings.put(name, config.getInitParameter(name));
    }
    ServletContext context = config.getServletContext();
    for (String parameter : names(context.getInitParameterNames())) {
      if (!parameter.startsWith(CONTEXT_PREFIX)) continue;
      String name = parameter.substring(CONTEXT_PREFIX.length());
      if (!Settings.has(name)) throw Settings.unknown(CONTEXT_PREFIX, name);
      if (config.getInitParameter(name) == null) {
        settings.put(name, context.getInitParameter(parameter));
      }
    }
    return new Policy(settings, null, null, List.of(), Clock.systemUTC(), System::nanoTime);
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

  private static List<String> names(@Nullable Enumeration<String> names) {
    return names == null ? List.of() : Collections.list(names);
  }
}
