package io.sallyport;

import io.sallyport.testkit.TestToken;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens for gates whose clock stands still, or whose issuer is no more than a name. */
final class Tokens {
  private Tokens() {}

  /** What a well-behaved issuer puts into a token, good for 5 minutes. */
  static TestToken good(String issuer, String audience, String scope, Instant now) {
    Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", "ann");
    claims.put("aud", audience);
    claims.put("scope", scope);
    claims.put("client_id", "web");
    claims.put("jti", "f3b1");
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.getEpochSecond() + 300);
    return TestToken.of(Map.of(), claims);
  }
}
