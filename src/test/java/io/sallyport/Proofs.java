package io.sallyport;

import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.time.Instant;
import java.util.Map;

/** DPoP proofs in the making (RFC 9449 section 4.2), and the tokens that go with them. */
final class Proofs {
  private Proofs() {}

  /** What a well-behaved client sends at a time, to be signed by the same key. */
  static TestToken good(TestKey key, String method, String uri, String token, Instant now) {
    return TestToken.proof(key, method, uri, token).claim("iat", now.getEpochSecond());
  }

  /** The public half alone. */
  static Map<String, Object> jwk(TestKey key) {
    return key.jwk(null, null).toJSONObject();
  }

  /** What binds a token to the key. */
  static Map<String, Object> bindingTo(TestKey key) {
    return Map.of("jkt", key.thumbprint());
  }
}
