package io.sallyport;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestIssuer;
import io.sallyport.testkit.TestKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What the tests that run in every container have in common: an issuer and who trusts it. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class InEveryContainer {
  static final String AUDIENCE = TestIssuer.AUDIENCE;

  final TestIssuer issuer = TestIssuer.start("ES256");
  final KeyServer server = issuer.server();
  final TestKey key = issuer.key();
  final Sight sight = new Sight();
  Container own;

  /** On what the container calls filters and handlers. */
  Container.Threads threads() {
    return Container.Threads.PLATFORM;
  }

  @AfterEach
  void stopOwn() {
    if (own != null) own.close();
    own = null;
  }

  @AfterAll
  void stopIssuer() {
    issuer.close();
  }

  Map<String, String> settings(String... more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("issuer", server.issuer());
    settings.put("allowHttp", "true");
    settings.put("audience", AUDIENCE);
    settings.put("allowedScopes", "orders:read orders:write");
    for (int i = 0; i < more.length; i += 2) settings.put(more[i], more[i + 1]);
    return settings;
  }

  void start(Container.Application application) throws Exception {
    own = Container.start(application, threads());
  }

  String token(String scope) {
    return issuer.mint(scope);
  }

  static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }
}
