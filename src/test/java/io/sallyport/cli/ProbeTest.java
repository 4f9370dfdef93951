package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sallyport.SallyportFilter;
import io.sallyport.cli.Command.Result;
import io.sallyport.testkit.TestIssuer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile tokens against an endpoint, by one command. */
final class ProbeTest {
  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static final class Orders extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("orders of " + request.getRemoteUser());
    }
  }

  @Test
  void an_endpoint_behind_the_filter_holds() throws Exception {
    try (TestIssuer issuer = TestIssuer.start()) {
      SallyportFilter gate =
          SallyportFilter.builder()
              .issuer(issuer.issuer())
              .allowHttp(true)
              .audience(TestIssuer.AUDIENCE)
              .allowedScopes("orders:read")
              .hostExposure("off")
              .build();
      ServletContextHandler app = new ServletContextHandler();
      app.addFilter(new FilterHolder(gate), "/*", EnumSet.allOf(DispatcherType.class));
      app.addServlet(new ServletHolder(new Orders()), "/*");
      Server jetty = new Server(anyPort());
      jetty.setHandler(app);
      jetty.start();
      try {
        String url = "http://127.0.0.1:" + jetty.getURI().getPort() + "/orders";
        Command probe = Command.reading(issuer.mint("orders:read"));
        Result result = probe.run("probe", url);
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains(url, " 0 got through");
        Map<String, ?> json = probe.run("probe", "--json", "--marker", "orders of", url).json();
        assertThat(json.get("holds")).isEqualTo(true);
      } finally {
        jetty.stop();
      }
    }
  }

  /** Takes whatever stands behind the scheme, or nothing at all. */
  private static HttpServer naive(int status) throws IOException {
    HttpServer server = HttpServer.create(anyPort(), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean hasToken = exchange.getRequestHeaders().containsKey("Authorization");
          exchange.sendResponseHeaders(hasToken ? status : 401, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void an_endpoint_that_takes_anything_is_told_of() throws Exception {
    HttpServer server = naive(200);
    try (TestIssuer issuer = TestIssuer.start()) {
      String url = "http://localhost:" + server.getAddress().getPort() + "/";
      Result result = Command.reading("Bearer " + issuer.mint("a")).run("probe", url);
      assertThat(result.code()).isOne();
      assertThat(result.out()).doesNotContain(" 0 got through");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void what_cannot_be_probed_is_no_answer() throws Exception {
    HttpServer server = naive(403);
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    String nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }
    try (TestIssuer issuer = TestIssuer.start()) {
      Command probe = Command.reading(issuer.mint("a"));
      for (Result result :
          new Result[] {
            probe.run("probe", url),
            probe.run("probe", nobody),
            Command.reading("no-jwt").run("probe", url),
            probe.run("probe", "--without", "no-such-attack", url)
          }) {
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("The endpoint cannot be probed: ", "Example: ");
      }
      assertThat(Command.plain().run("probe", url).err()).contains("No token came");
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com/",
        "https://api.example.com/",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "http://10.0.0.1/",
        "http://[2001:db8::1]/"
      })
  void another_host_is_left_alone_unless_it_is_named_twice(String url) {
    Result result = Command.reading("x").run("probe", url);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("is not this machine", "--i-may-probe");
    Result other = Command.reading("x").run("probe", "--i-may-probe", "example.com", url);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("--i-may-probe names another one, example.com");
  }

  @Test
  void a_host_that_is_named_twice_is_asked() {
    Result result =
        Command.reading("no-jwt")
            .run("probe", "--i-may-probe", "api.invalid", "http://api.invalid/");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("The endpoint cannot be probed: ");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080",
    "ftp://localhost/",
    "http://",
    "http:///x",
    "http://ann@localhost/"
  })
  void what_is_no_address_is_told_of(String url) {
    Result result = Command.reading("x").run("probe", url);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("which is no address of HTTP", "Example: ");
  }
}
