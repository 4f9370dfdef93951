package io.sallyport.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.TestIssuer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A filter that is registered in code, as docs/containers.md has it. */
@Tag("war")
@DisplayNameGeneration(ReplaceUnderscores.class)
class EmbeddedTest {
  @Test
  void it_guards_an_application_without_web_xml() throws Exception {
    try (TestIssuer issuer = TestIssuer.start();
        ApplicationServer server = ApplicationServer.start()) {
      server.deploy(new Gated(issuer.issuer()));
      Client client = new Client(server);

      assertThat(client.get("/admin/").statusCode()).isEqualTo(401);
      assertThat(client.get("/admin/", issuer.mint("orders:read")).body())
          .contains("user=ann\n", "authorization=null\n");
    }
  }
}
