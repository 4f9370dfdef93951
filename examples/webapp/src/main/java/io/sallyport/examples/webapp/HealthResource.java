package io.sallyport.examples.webapp;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Whether the application is up: one of {@code publicPaths}, so there may be no caller here. */
@Path("health")
@Produces(MediaType.TEXT_PLAIN)
public class HealthResource {
  @GET
  public String health() {
    return "up\n";
  }
}
