package io.sallyport.examples.spring;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.sallyport.testkit.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;

/** The same without a server: MockMvc runs the registered filter too. */
@SpringBootTest
@AutoConfigureMockMvc
@DirtiesContext
@DisplayNameGeneration(ReplaceUnderscores.class)
class MockMvcTest {
  private static final TestIssuer issuer = TestIssuer.start();

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("sallyport.issuer", issuer::issuer);
    registry.add("sallyport.allowHttp", () -> "true");
  }

  @Autowired private MockMvc mvc;

  @AfterAll
  static void stop() {
    issuer.close();
  }

  @Test
  void a_reader_reads() throws Exception {
    String token = issuer.mint("orders:read");

    mvc.perform(get("/orders").header("Authorization", "Bearer " + token))
        .andExpect(status().isOk())
        .andExpect(content().json("{\"of\": \"ann\", \"mayAdd\": false}"));
  }

  @Test
  void nobody_reads_without_a_token() throws Exception {
    mvc.perform(get("/orders"))
        .andExpect(status().isUnauthorized())
        .andExpect(header().exists("WWW-Authenticate"));
  }
}
