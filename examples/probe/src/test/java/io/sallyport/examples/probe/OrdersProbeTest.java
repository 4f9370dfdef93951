package io.sallyport.examples.probe;

import io.sallyport.SallyportFilter;
import io.sallyport.testkit.GateProbe;
import io.sallyport.testkit.TestIssuer;
import org.junit.jupiter.api.Test;

/** How an application asks whether its gate holds. */
final class OrdersProbeTest {
  @Test
  void the_gate_of_the_orders_holds() throws Exception {
    try (TestIssuer issuer = TestIssuer.start();
        OrdersServer server = OrdersServer.behind(gate(issuer))) {
      GateProbe.of(server.orders())
          .issuer(issuer)
          .token(token -> token.scope("orders:read"))
          .run()
          .assertHolds();
    }
  }

  private static SallyportFilter gate(TestIssuer issuer) {
    return SallyportFilter.builder()
        .issuer(issuer.issuer())
        .allowHttp(true)
        .audience(TestIssuer.AUDIENCE)
        .allowedScopes("orders:read", "orders:write")
        .requiredScopes("orders:read")
        .build();
  }
}
