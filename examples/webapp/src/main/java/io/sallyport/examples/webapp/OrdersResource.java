package io.sallyport.examples.webapp;

import io.sallyport.VerifiedToken;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.CompletionCallback;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The orders. Whoever gets here holds {@code orders:read}, by the rules in web.xml; what takes more
 * says so itself.
 */
@Path("orders")
@Produces(MediaType.TEXT_PLAIN)
@Singleton
public class OrdersResource {
  private final Queue<AsyncResponse> waiting = new ConcurrentLinkedQueue<>();

  @GET
  public String list(@Context SecurityContext caller) {
    return "orders of " + caller.getUserPrincipal().getName() + "\n";
  }

  @POST
  @RolesAllowed("orders:write")
  public Response place(@Context SecurityContext caller) {
    String placed = "placed by " + caller.getUserPrincipal().getName() + "\n";
    for (AsyncResponse next = waiting.poll(); next != null; next = waiting.poll()) {
      next.resume(placed);
    }
    return Response.status(Response.Status.CREATED).entity(placed).build();
  }

  /** Waits for the next order, and no longer than the token is good. */
  @GET
  @Path("next")
  public void next(@Suspended AsyncResponse response, @Context SecurityContext caller) {
    waiting.add(response);
    response.register((CompletionCallback) failure -> waiting.remove(response));
    response.setTimeoutHandler(late -> late.resume(Response.noContent().build())); // else a 503
    VerifiedToken token = (VerifiedToken) caller.getUserPrincipal();
    long left = Duration.between(Instant.now(), token.expiresAt()).toMillis();
    response.setTimeout(Math.max(left, 1), TimeUnit.MILLISECONDS); // 0 or less: without end
  }
}
