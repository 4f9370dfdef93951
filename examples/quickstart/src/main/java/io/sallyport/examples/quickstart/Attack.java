package io.sallyport.examples.quickstart;

import io.sallyport.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the page can try, each with the reason for which it is refused. */
enum Attack {
  TWO_HEADERS(
      "Two Authorization headers",
      "A good token beside another one: a proxy may judge the one, the application the other.",
      Reason.SEVERAL_CREDENTIALS,
      Draft::signed,
      (method, token) ->
          Exchange.request(
              method, "/orders", List.of("Bearer " + token, "Bearer another.token.here"))),
  TOKEN_IN_QUERY(
      "Token in the query",
      "A good token, but in the address, where logs and browser histories keep it.",
      Reason.TOKEN_MISSING,
      Draft::signed,
      (method, token) -> Exchange.request(method, "/orders?access_token=" + token, List.of())),
  PATH_PARAMETER(
      "Path that reads in two ways",
      "A good token for /orders;/admin: which rule judges a path that containers read differently?",
      Reason.PATH_AMBIGUOUS,
      Draft::signed,
      (method, token) -> Exchange.request(method, "/orders;/admin", List.of("Bearer " + token))),

  OVERSIZED(
      "Oversized token",
      "A token of 20 000 characters, signed and all: work for the parser before the first check.",
      Reason.TOKEN_TOO_LONG,
      draft -> draft.claim("padding", "x".repeat(15_000)).signed()),
  ALG_NONE(
      "alg none",
      "The header says that no signature is needed, and there is none.",
      Reason.TOKEN_NOT_JWS,
      draft -> draft.header("alg", "none").signed(draft.payload(), input -> new byte[0])),
  CRITICAL_HEADER(
      "Critical extension",
      "Signed by the issuer, but crit demands an extension that changes how to read the token.",
      Reason.HEADER_UNSUPPORTED,
      draft ->
          draft
              .header("crit", List.of("urn:example:ext"))
              .header("urn:example:ext", true)
              .signed()),
  HS256_BY_PUBLIC_KEY(
      "HS256 by the public key",
      "The public key, which everybody has, taken for a shared secret.",
      Reason.ALGORITHM_NOT_ALLOWED,
      draft -> draft.header("alg", "HS256").signed(draft.payload(), hmac(draft.key()))),
  UNKNOWN_KEY(
      "Unknown key id",
      "A key that the issuer never published, under a name of its own.",
      Reason.KEY_UNKNOWN,
      draft -> draft.header("kid", "mallory").signedBy(stranger(draft))),
  OTHER_KEY(
      "Signed by another key",
      "The attacker's own key, under the name of the issuer's.",
      Reason.SIGNATURE_INVALID,
      draft -> draft.signedBy(stranger(draft))),
  EMBEDDED_KEY(
      "Key in the header",
      "The attacker's own key travels along as jwk and asks to be believed.",
      Reason.SIGNATURE_INVALID,
      draft -> {
        SigningKey stranger = stranger(draft);
        return draft.header("jwk", stranger.jwk().toJSONObject()).signedBy(stranger);
      }),
  TAMPERED(
      "Payload changed",
      "A good token whose subject was made admin after it had been signed.",
      Reason.SIGNATURE_INVALID,
      draft -> {
        String good = draft.signed();
        String claims = draft.claim("sub", "admin").payload();
        String[] parts = good.split("\\.");
        return parts[0] + "." + encoded(claims) + "." + parts[2];
      }),

  DUPLICATE_CLAIM(
      "Claim given twice",
      "Two subjects in one token: some parsers take the first, some the last.",
      Reason.CLAIMS_MALFORMED,
      draft -> draft.signed("{\"sub\":\"admin\"," + draft.payload().substring(1))),
  OTHER_TYPE(
      "Another kind of token",
      "The issuer signs more than access tokens; this is a logout token.",
      Reason.TYPE_NOT_ACCEPTED,
      draft -> draft.header("typ", "logout+jwt").signed()),
  WRONG_ISSUER(
      "Wrong issuer",
      "Signed by the right key, but in the name of another issuer.",
      Reason.ISSUER_NOT_ACCEPTED,
      draft -> draft.claim("iss", "https://id.example.net").signed()),
  WRONG_AUDIENCE(
      "Wrong audience",
      "A good token, given out for another service and replayed here.",
      Reason.AUDIENCE_NOT_ACCEPTED,
      draft -> draft.claim("aud", "https://billing.example").signed()),
  EXPIRED(
      "Expired",
      "A token that was good until an hour ago.",
      Reason.EXPIRED,
      draft ->
          draft.claim("iat", Duration.ofHours(-2)).claim("exp", Duration.ofHours(-1)).signed()),
  NOT_YET_VALID(
      "Not yet valid",
      "A token that is good from tomorrow on.",
      Reason.NOT_YET_VALID,
      draft -> draft.claim("nbf", Duration.ofDays(1)).claim("exp", Duration.ofDays(2)).signed()),
  NO_EXPIRY(
      "No expiry",
      "A token without exp, which would be good for ever.",
      Reason.CLAIM_MISSING,
      draft -> draft.without("exp").signed()),
  BOUND(
      "Stolen bound token",
      "A token bound to somebody's key by cnf, sent without a proof of that key.",
      Reason.TOKEN_BOUND,
      draft ->
          draft
              .claim("cnf", Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"))
              .signed()),

  EMPTY_SCOPE(
      "Empty scope",
      "A token with no scope at all.",
      Reason.SCOPE_EMPTY,
      draft -> draft.claim("scope", "").signed()),
  WILDCARD_SCOPE(
      "Wildcard scope",
      "orders:* beside the right scope: too broad, whatever else the token has.",
      Reason.SCOPE_TOO_BROAD,
      draft -> draft.claim("scope", "orders:read orders:write orders:*").signed()),
  HOST_SCOPE(
      "Host-level scope",
      "docker:run beside the right scope: one handler that trusts it opens the host.",
      Reason.SCOPE_FORBIDDEN,
      draft -> draft.claim("scope", "orders:read orders:write docker:run").signed());

  private final String title;
  private final String story;
  private final Reason reason;
  private final Forgery forgery;
  private final Delivery delivery;

  Attack(String title, String story, Reason reason, Forgery forgery) {
    this(title, story, reason, forgery, Exchange::request);
  }

  Attack(String title, String story, Reason reason, Forgery forgery, Delivery delivery) {
    this.title = title;
    this.story = story;
    this.reason = reason;
    this.forgery = forgery;
    this.delivery = delivery;
  }

  /** Makes a hostile token out of an honest draft. */
  interface Forgery {
    String forge(Draft draft);
  }

  /** Puts a token into a raw request. */
  interface Delivery {
    String request(String method, String token);
  }

  /** The attack with this name on the wire. */
  static Optional<Attack> named(String id) {
    return Stream.of(values()).filter(attack -> attack.id().equals(id)).findFirst();
  }

  /** The name on the wire. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String title() {
    return title;
  }

  String story() {
    return story;
  }

  /** Why it is refused. */
  Reason reason() {
    return reason;
  }

  String forge(Draft draft) {
    return forgery.forge(draft);
  }

  String request(String method, String token) {
    return delivery.request(method, token);
  }

  private static SigningKey stranger(Draft draft) {
    return SigningKey.generate(draft.key().algorithm(), "mallory");
  }

  private static Draft.Signer hmac(SigningKey key) {
    return input -> {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.publicKey().getEncoded(), "HmacSHA256"));
        return mac.doFinal(input);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has HmacSHA256", e);
      }
    };
  }

  private static String encoded(String text) {
    return Draft.encoded(text.getBytes(StandardCharsets.UTF_8));
  }
}
