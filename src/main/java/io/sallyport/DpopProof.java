package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import io.sallyport.keys.PublicJwk;
import io.sallyport.text.Printable;
import io.sallyport.text.Spares;
import io.sallyport.text.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a DPoP proof in the order of RFC 9449 section 4.3, and at last that it has not been used
 * before. Until its own signature holds every fault is answered in the same words.
 */
final class DpopProof {
  private static final Logger log = LoggerFactory.getLogger("io.sallyport");
  private static final int MAX_LENGTH = 8192;

  private final Sender sender;
  private final Sha256 sha256;
  private final StrictJson json = new StrictJson(MAX_LENGTH);
  private final Spares<TokenRoom> rooms = new Spares<>();
  private final ReplayGuard replayGuard;
  private final @Nullable ServerNonces nonces;

  DpopProof(Sender sender, Sha256 sha256) {
    this.sender = sender;
    this.sha256 = sha256;
    ReplayGuard given = sender.replayGuard();
    this.replayGuard = given != null ? given : new RecentProofs(sender.clock(), RecentProofs.MOST);
    this.nonces = sender.nonces() ? new ServerNonces(sender.nanoTime()) : null;
  }

  /** Claims that the key has signed; whose key it is has not been looked at. */
  private record Proof(Map<String, @Nullable Object> claims, String thumbprint) {
    String text(String name) {
      return claims.get(name) instanceof String text ? text : "";
    }
  }

  /** A header whose key is fit; nothing has been verified. */
  private record Header(JWSAlgorithm algorithm, PublicJwk jwk) {}

  /**
   * Checks the proof of a request.
   *
   * @param jkt the thumbprint of the key that the token is bound to
   * @return the thumbprint, once the proof has been used up
   */
  Outcome<String> check(String jkt, CompactJws token, Presented presented) {
    return signed(presented.proofs())
        .then(proof -> claims(proof))
        .then(proof -> ofThisRequest(proof, presented))
        .then(proof -> recent(proof))
        .then(proof -> ofThisToken(proof, jkt, token))
        .then(proof -> nonce(proof))
        .then(proof -> firstUse(proof));
  }

  private Outcome<Proof> signed(List<String> fields) {
    if (fields.isEmpty()) return stopped(Reason.PROOF_MISSING, "no field DPoP");
    if (fields.size() > 1) return stopped(Reason.PROOF_MALFORMED, "more than one field DPoP");
    String field = fields.get(0);
    if (field.length() > MAX_LENGTH) {
      return stopped(Reason.PROOF_MALFORMED, "longer than " + MAX_LENGTH + " characters");
    }
    Outcome<CompactJws> form =
        BearerToken.fromText(field, MAX_LENGTH).then(text -> CompactJws.from(text, rooms));
    if (!(form instanceof Outcome.Passed<CompactJws> passed)) {
      return noJws();
    }
    try (CompactJws jws = passed.value()) {
      if (jws.inAlphabet() instanceof Outcome.Stopped<CompactJws>) return noJws();
      return header(jws).then(header -> verified(jws, header));
    } catch (RuntimeException | StackOverflowError e) { // whatever a proof makes a parser throw
      log.debug("a defect in reading a proof", Defect.withoutMessage(e));
      return stopped(Reason.PROOF_MALFORMED, e.getClass().getName());
    }
  }

  private static <T> Outcome<T> noJws() {
    return stopped(Reason.PROOF_MALFORMED, "not one JWS in its one spelling");
  }

  private Outcome<Header> header(CompactJws jws) {
    Map<String, @Nullable Object> members = json.object(jws.header());
    if (members == null) return stopped(Reason.PROOF_MALFORMED, "the header is not strict JSON");
    if (!"dpop+jwt".equals(members.get("typ"))) {
      return stopped(Reason.PROOF_MALFORMED, "typ is not dpop+jwt");
    }
    for (String name : TokenSignature.UNSUPPORTED) {
      if (members.containsKey(name)) return stopped(Reason.PROOF_MALFORMED, name);
    }
    if (!(members.get("alg") instanceof String alg) || !sender.algorithms().containsKey(alg)) {
      return stopped(
          Reason.PROOF_ALGORITHM_NOT_ALLOWED, "alg is none of " + sender.algorithms().keySet());
    }
    JWSAlgorithm algorithm = sender.algorithms().get(alg);
    PublicJwk key = members.get("jwk") instanceof Map<?, ?> jwk ? key(jwk, algorithm) : null;
    return key == null
        ? stopped(Reason.PROOF_KEY_UNFIT, "jwk is not a public key that is good for " + alg)
        : passed(new Header(algorithm, key));
  }

  private static @Nullable PublicJwk key(Map<?, ?> jwk, JWSAlgorithm algorithm) {
    Map<String, @Nullable Object> members = new HashMap<>();
    jwk.forEach((name, value) -> members.put((String) name, value));
    return PublicJwk.of(members, algorithm);
  }

  private Outcome<Proof> verified(CompactJws jws, Header header) {
    try {
      JWSHeader algorithm = new JWSHeader(header.algorithm());
      if (!header.jwk().key().verifies(algorithm, jws.signingInput(), jws.signature())) {
        return stopped(Reason.PROOF_SIGNATURE_INVALID, "it does not verify under its own jwk");
      }
    } catch (JOSEException e) {
      return stopped(Reason.PROOF_SIGNATURE_INVALID, "the signature cannot be verified");
    }
    Map<String, @Nullable Object> claims = json.object(jws.payload());
    return claims == null
        ? stopped(Reason.PROOF_CLAIMS_MALFORMED, "the claims are not one well-formed JSON object")
        : passed(new Proof(claims, header.jwk().thumbprint()));
  }

  private static Outcome<Proof> claims(Proof proof) {
    for (String name : List.of("jti", "htm", "htu", "ath")) {
      if (proof.text(name).isEmpty()) {
        return stopped(Reason.PROOF_CLAIMS_MALFORMED, name + " is absent, empty or not text");
      }
    }
    return SignedClaims.date(proof.claims().get("iat")) == null
        ? stopped(Reason.PROOF_CLAIMS_MALFORMED, "iat is absent or not a NumericDate")
        : passed(proof);
  }

  /** What it says of either is not told: a client may have put a token into its address. */
  private static Outcome<Proof> ofThisRequest(Proof proof, Presented presented) {
    if (!proof.text("htm").equals(presented.method())) {
      return stopped(Reason.PROOF_METHOD_MISMATCH, "htm is not the method of the request");
    }
    TargetUri target = presented.target();
    TargetUri htu = TargetUri.of(proof.text("htu"));
    if (target == null || htu == null) {
      return stopped(
          Reason.PROOF_TARGET_MISMATCH,
          (htu == null ? "htu" : "the address of the request") + " is no http address");
    }
    if (!target.origin().equals(htu.origin())) {
      return stopped(
          Reason.PROOF_TARGET_MISMATCH,
          "htu has another origin than the request, which went to "
              + Printable.quoted(target.origin()));
    }
    return target.path().equals(htu.path())
        ? passed(proof)
        : stopped(Reason.PROOF_TARGET_MISMATCH, "htu has another path than the request");
  }

  private Outcome<Proof> recent(Proof proof) {
    Instant iat = issuedAt(proof);
    Instant now = sender.clock().instant();
    if (now.isAfter(lastInstant(iat))) {
      return stopped(Reason.PROOF_NOT_RECENT, "iat is " + iat + ", now is " + now);
    }
    if (now.plus(sender.skew()).isBefore(iat)) {
      return stopped(Reason.PROOF_NOT_RECENT, "iat is to come: " + iat + ", now is " + now);
    }
    return passed(proof);
  }

  private static Instant issuedAt(Proof proof) {
    Instant iat = SignedClaims.date(proof.claims().get("iat"));
    return iat == null ? Instant.EPOCH : iat;
  }

  private Instant lastInstant(Instant iat) {
    return iat.plus(sender.maxAge());
  }

  private Outcome<Proof> ofThisToken(Proof proof, String jkt, CompactJws token) {
    if (!proof.text("ath").equals(sha256.base64Url(token))) {
      return stopped(Reason.PROOF_TOKEN_MISMATCH, "ath is not the hash of the token");
    }
    return proof.thumbprint().equals(jkt)
        ? passed(proof)
        : stopped(Reason.PROOF_KEY_MISMATCH, "the thumbprint of jwk is not jkt of cnf");
  }

  private Outcome<Proof> nonce(Proof proof) {
    if (nonces == null || nonces.accepts(proof.text("nonce"))) return passed(proof);
    return stopped(
        Reason.PROOF_NONCE_NEEDED,
        proof.claims().containsKey("nonce") ? "nonce is not a current one" : "nonce is absent");
  }

  private Outcome<String> firstUse(Proof proof) {
    String use = proof.thumbprint() + '.' + proof.text("jti");
    String key = sha256.base64Url(use.getBytes(StandardCharsets.UTF_8));
    try {
      return replayGuard.firstUse(key, lastInstant(issuedAt(proof)))
          ? passed(proof.thumbprint())
          : stopped(Reason.PROOF_REPLAYED, "its jti has been used before");
    } catch (Throwable e) { // fails closed, whatever it is
      if (e instanceof InterruptedException) Thread.currentThread().interrupt();
      log.debug("the replay guard failed", Defect.withoutMessage(e));
      return stopped(
          Reason.REPLAY_GUARD_FAILED, "the replay guard threw " + e.getClass().getName());
    }
  }

  /** The nonce to use from now on, or null where none is needed. */
  @Nullable String nonce() {
    return nonces == null ? null : nonces.current();
  }
}
