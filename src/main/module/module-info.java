/**
 * A servlet filter that lets no request past with an unverified bearer token or a broad scope.
 *
 * <p>{@code docs/api.md} says what of it is promised. The annotations, Micrometer and the flight
 * recorder may be absent.
 */
module io.sallyport {
  exports io.sallyport;
  exports io.sallyport.keys;

  requires transitive com.nimbusds.jose.jwt;
  requires transitive jakarta.servlet;
  requires com.github.benmanes.caffeine;
  requires java.net.http;
  requires org.slf4j;
  requires tools.jackson.core;
  requires static jdk.jfr;
  requires static micrometer.core;
  requires static org.jspecify;
}
