package io.sallyport.examples.webapp;

import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;

/**
 * All that is under {@code /api}. Jersey looks at {@code @RolesAllowed} only where the feature is
 * registered.
 */
public final class Api extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        RolesAllowedDynamicFeature.class,
        HealthResource.class,
        CallerResource.class,
        OrdersResource.class);
  }
}
