package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.GateProbe;
import io.sallyport.testkit.TestIssuer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** The probe of the test kit, against our own filter in every container. */
final class ProbeInContainerTest {
  @Test
  void nothing_is_found_at_our_own_filter() throws Exception {
    try (TestIssuer issuer = TestIssuer.start();
        Container container = Container.start(context -> register(context, issuer))) {
      GateProbe.Report report =
          GateProbe.of(URI.create("http://127.0.0.1:" + container.port() + "/orders"))
              .issuer(issuer)
              .token(token -> token.scope("orders:read"))
              .marker("body=end")
              .run();
      assertThat(report.findings()).as(report.toString()).isEmpty();
    }
  }

  private static void register(jakarta.servlet.ServletContext context, TestIssuer issuer) {
    SallyportFilter filter =
        SallyportFilter.builder()
            .issuer(issuer.issuer())
            .allowHttp(true)
            .audience(TestIssuer.AUDIENCE)
            .allowedScopes("orders:read orders:write")
            .requiredScopes("orders:read")
            .build();
    Container.filter(context, filter, "/*");
    Container.servlet(context, new Sight(), "/*");
    Container.servlet(context, new ErrorPage(), "/error");
  }

  /** Where Tomcat sends what it has refused by itself, such as TRACE. */
  private static final class ErrorPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {}
  }
}
