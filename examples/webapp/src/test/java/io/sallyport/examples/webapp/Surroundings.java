package io.sallyport.examples.webapp;

import io.sallyport.testkit.TestIssuer;
import java.util.HashMap;
import java.util.Map;

/**
 * The system properties that the application takes its settings from. The environment is in
 * pom.xml, for a JVM cannot change its own.
 */
final class Surroundings implements AutoCloseable {
  static final String API = TestIssuer.AUDIENCE;
  static final String REPORTS = "https://reports.property.example";
  static final String ADMIN = System.getenv("SALLYPORT_ADMIN_AUDIENCE");

  private final Map<String, String> before = new HashMap<>();

  /** Those that the application starts with. */
  static Surroundings with(String issuer) {
    return new Surroundings()
        .set("SALLYPORT_ISSUER", issuer)
        .set("SALLYPORT_ALLOW_HTTP", "true")
        .set("SALLYPORT_REPORTS_AUDIENCE", REPORTS);
  }

  Surroundings set(String name, String value) {
    before.putIfAbsent(name, System.getProperty(name, ""));
    System.setProperty(name, value);
    return this;
  }

  Surroundings clear(String name) {
    before.putIfAbsent(name, System.getProperty(name, ""));
    System.clearProperty(name);
    return this;
  }

  @Override
  public void close() {
    before.forEach(
        (name, value) -> {
          if (value.isEmpty()) System.clearProperty(name);
          else System.setProperty(name, value);
        });
  }
}
