package io.sallyport.examples.probe;

import io.sallyport.testkit.*;
import org.junit.jupiter.api.Test;

final class TmpTest {
  @Test
  void spring() throws Exception {
    try (TestIssuer issuer = TestIssuer.start();
        SpringSecurityGate gate = new SpringSecurityGate(issuer.issuer(), TestIssuer.AUDIENCE, "orders:read");
        OrdersServer server = OrdersServer.behind(gate.filter())) {
      long t = System.nanoTime();
      System.out.println(GateProbe.of(server.orders()).issuer(issuer)
          .token(token -> token.scope("orders:read").header("typ", "JWT").algorithm("RS256")).run());
      System.out.println("ms " + (System.nanoTime() - t) / 1000000);
    }
    try (TestIssuer issuer = TestIssuer.start();
        OrdersServer server = OrdersServer.behind(new NaiveFilter(issuer.issuer(), TestIssuer.AUDIENCE, "orders:read"))) {
      System.out.println(GateProbe.of(server.orders()).issuer(issuer)
          .token(token -> token.scope("orders:read")).run());
    }
  }
}
