package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import io.sallyport.testkit.TestToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fuzzes claims that were signed as they are, with Nimbus as the second opinion: what is admitted
 * here, Nimbus admits too, and reads the same out of it. Signed with a shared secret, because the
 * claims are judged alike under every algorithm, and a signature takes a thousand times as long.
 */
final class ClaimsFuzzTest {
  private static final Set<String> ALLOWED = Set.of("orders:read", "orders:write");
  private static final byte[] HEADER = "{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SECRET =
      UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

  private static TokenVerifier gate;
  private static TokenVerifier several;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    Path secret = Files.write(folder.resolve("secret"), SECRET);
    gate =
        Trial.settings()
            .allowedScopes(ALLOWED.toArray(String[]::new))
            .algorithms("HS256")
            .hmacSecretFile(secret.toString())
            .build();
    several =
        TokenVerifier.builder()
            .audience(Trial.AUDIENCE)
            .clock(Trial.CLOCK)
            .allowedScopes(ALLOWED.toArray(String[]::new))
            .algorithms("HS256")
            .issuer("one", one -> one.issuer(Trial.ISSUER).hmacSecretFile(secret.toString()))
            .issuer(
                "other",
                other -> other.issuer(Trial.ISSUER + "/other").hmacSecretFile(secret.toString()))
            .build();
  }

  @AfterAll
  static void close() {
    gate.close();
    several.close();
  }

  @FuzzTest
  @DictionaryEntries({"\"exp\":", "\"nbf\":", "\"iat\":", "\"aud\":[", "\"scp\":", "\"cnf\":"})
  @DictionaryEntries({"null", "1795521599", "253402300799", "\\u0000", "\\ud800", "1e400"})
  @Tag("T6")
  @Tag("T8")
  @Tag("T10")
  @Tag("T12")
  @Tag("T13")
  @Tag("T25")
  @Tag("T26")
  @Tag("T28")
  @Tag("T30")
  @Tag("T31")
  @Tag("T33")
  @Tag("T35")
  @Tag("T36")
  void nothing_is_admitted_that_Nimbus_refuses_or_reads_differently(byte[] claims)
      throws Exception {
    String token =
        TestToken.signed(HEADER, claims, input -> TestToken.hmac("HS256", SECRET, input));
    Decision decision = gate.verify(token);
    sameAmongSeveralIssuers(decision, several.verify(token));
    if (decision instanceof Decision.Refused refused) {
      assertThat(refused.refusal().reason())
          .isNotIn(Reason.TOKEN_UNREADABLE, Reason.SIGNATURE_INVALID);
      return;
    }
    VerifiedToken admitted = ((Decision.Admitted) decision).token();
    JWTClaimsSet second = readByNimbus(token, admitted.expiresAt());
    assertThat(admitted.issuer()).isEqualTo(second.getIssuer());
    assertThat(admitted.subject()).isEqualTo(second.getSubject());
    assertThat(admitted.audience()).hasSameElementsAs(second.getAudience());
    assertThat(admitted.id()).isEqualTo(Optional.ofNullable(second.getJWTID()));
    assertThat(admitted.expiresAt().getEpochSecond())
        .isEqualTo(second.getExpirationTime().toInstant().getEpochSecond());
    assertThat(admitted.scopes()).isEqualTo(allowedScopes(second));
  }

  /** The iss alone is read before, and only what has none of ours is refused for it. */
  private static void sameAmongSeveralIssuers(Decision one, Decision several) {
    if (one instanceof Decision.Admitted admitted) {
      VerifiedToken token = ((Decision.Admitted) several).token();
      assertThat(token.claims()).isEqualTo(admitted.token().claims());
      assertThat(token.scopes()).isEqualTo(admitted.token().scopes());
      return;
    }
    Reason reason = ((Decision.Refused) one).refusal().reason();
    assertThat(((Decision.Refused) several).refusal().reason()).isIn(reason, Reason.ISSUER_UNKNOWN);
  }

  private static JWTClaimsSet readByNimbus(String token, Instant expiresAt) throws Exception {
    SignedJWT jwt = SignedJWT.parse(token);
    assertThat(jwt.verify(new MACVerifier(SECRET))).isTrue();
    JWTClaimsSet claims = jwt.getJWTClaimsSet();
    new SecondOpinion(expiresAt).verify(claims, null);
    return claims;
  }

  /**
   * Nimbus's own judge with our demands, at our time. It cuts fractions of a second off, which a
   * second of skew makes up for; and it refuses in the very instant of {@code nbf}, against RFC
   * 7519 section 4.1.5, so it looks a millisecond later.
   */
  private static final class SecondOpinion extends DefaultJWTClaimsVerifier<SecurityContext> {
    SecondOpinion(Instant expiresAt) {
      super(
          Trial.AUDIENCE,
          new JWTClaimsSet.Builder().issuer(Trial.ISSUER).build(),
          Set.of("exp", "sub"));
      setMaxClockSkew(expiresAt.getNano() == 0 ? 30 : 31);
    }

    @Override
    protected Date currentTime() {
      return Date.from(Trial.NOW.plusMillis(1));
    }
  }

  private static Set<?> allowedScopes(JWTClaimsSet claims) {
    Object scope = claims.getClaim(claims.getClaims().containsKey("scope") ? "scope" : "scp");
    Collection<?> held = scope instanceof String text ? List.of(text.split(" ")) : (List<?>) scope;
    Set<Object> visible = new HashSet<>(held);
    visible.retainAll(ALLOWED);
    return visible;
  }
}
