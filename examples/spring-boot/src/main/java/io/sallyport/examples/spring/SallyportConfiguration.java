package io.sallyport.examples.spring;

import io.sallyport.Policy;
import io.sallyport.SallyportFilter;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * Puts the filter in front of everything else.
 *
 * <p>The filter is no bean of its own: Boot maps every bean that is a filter to {@code /*}, in an
 * order and for dispatcher types that nobody chose, unless a registration holds it.
 */
@Configuration(proxyBeanMethods = false)
class SallyportConfiguration {
  /** Boot sorts these before all others, whatever order the others name. */
  private static final class First extends FilterRegistrationBean<SallyportFilter>
      implements PriorityOrdered {}

  @Bean
  FilterRegistrationBean<SallyportFilter> sallyport(Environment environment) {
    First registration = new First();
    registration.setFilter(SallyportFilter.of(Policy.of(settings(environment))));
    registration.setName("sallyport");
    registration.setUrlPatterns(List.of("/*"));
    registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
    registration.setAsyncSupported(true);
    registration.setOrder(PriorityOrdered.HIGHEST_PRECEDENCE);
    return registration;
  }

  /** Everything under {@code sallyport}, by the very names that the library knows. */
  private static Map<String, String> settings(Environment environment) {
    return Binder.get(environment)
        .bind("sallyport", Bindable.mapOf(String.class, String.class))
        .orElse(Map.of());
  }
}
