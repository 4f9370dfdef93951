package io.sallyport.examples.quickstart;

import io.sallyport.Reason;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What the page can try, each with the reason for which it is refused. */
enum Attack {
  TWO_HEADERS(
      "Two Authorization headers",
      "A good token beside another one: a proxy may judge the one, the application the other.",
      Reason.SEVERAL_CREDENTIALS,
      Attack::asItIs,
      (method, token) ->
          Exchange.request(
              method, "/orders", List.of("Bearer " + token, "Bearer another.token.here"))),
  TOKEN_IN_QUERY(
      "Token in the query",
      "A good token, but in the address, where logs and browser histories keep it.",
      Reason.TOKEN_MISSING,
      Attack::asItIs,
      (method, token) -> Exchange.request(method, "/orders?access_token=" + token, List.of())),
  PATH_PARAMETER(
      "Path that reads in two ways",
      "A good token for /orders;/admin: which rule judges a path that containers read differently?",
      Reason.PATH_AMBIGUOUS,
      Attack::asItIs,
      (method, token) -> Exchange.request(method, "/orders;/admin", List.of("Bearer " + token))),

  OVERSIZED(
      "Oversized token",
      "A token of 20 000 characters, signed and all: work for the parser before the first check.",
      Reason.TOKEN_TOO_LONG,
      (token, key) -> token.claim("padding", "x".repeat(15_000)).mint()),
  ALG_NONE(
      "alg none",
      "The header says that no signature is needed, and there is none.",
      Reason.TOKEN_NOT_JWS,
      (token, key) -> signed(token.header("alg", "none"), key, input -> new byte[0])),
  CRITICAL_HEADER(
      "Critical extension",
      "Signed by the issuer, but crit demands an extension that changes how to read the token.",
      Reason.HEADER_UNSUPPORTED,
      (token, key) ->
          token.header("crit", List.of("urn:example:ext")).header("urn:example:ext", true).mint()),
  HS256_BY_PUBLIC_KEY(
      "HS256 by the public key",
      "The public key, which everybody has, taken for a shared secret.",
      Reason.ALGORITHM_NOT_ALLOWED,
      (token, key) -> signed(token.header("alg", "HS256"), key, hmac(key))),
  UNKNOWN_KEY(
      "Unknown key id",
      "A key that the issuer never published, under a name of its own.",
      Reason.KEY_UNKNOWN,
      (token, key) -> token.mintedBy(stranger(key).as("mallory", key.alg()))),
  OTHER_KEY(
      "Signed by another key",
      "The attacker's own key, under the name of the issuer's.",
      Reason.SIGNATURE_INVALID,
      (token, key) -> token.mintedBy(stranger(key))),
  EMBEDDED_KEY(
      "Key in the header",
      "The attacker's own key travels along as jwk and asks to be believed.",
      Reason.SIGNATURE_INVALID,
      (token, key) -> {
        TestKey stranger = stranger(key);
        return token.header("jwk", stranger.jwk().toJSONObject()).mintedBy(stranger);
      }),
  TAMPERED(
      "Payload changed",
      "A good token whose subject was made admin after it had been signed.",
      Reason.SIGNATURE_INVALID,
      (token, key) -> {
        String[] good = token.mint().split("\\.");
        String claims = token.subject("admin").claimsJson();
        return good[0] + "." + TestToken.base64Url(claims) + "." + good[2];
      }),

  DUPLICATE_CLAIM(
      "Claim given twice",
      "Two subjects in one token: some parsers take the first, some the last.",
      Reason.CLAIMS_MALFORMED,
      (token, key) ->
          TestToken.signed(
              token.headerJson(key), "{\"sub\":\"admin\"," + token.claimsJson().substring(1), key)),
  OTHER_TYPE(
      "Another kind of token",
      "The issuer signs more than access tokens; this is a logout token.",
      Reason.TYPE_NOT_ACCEPTED,
      (token, key) -> token.header("typ", "logout+jwt").mint()),
  WRONG_ISSUER(
      "Wrong issuer",
      "Signed by the right key, but in the name of another issuer.",
      Reason.ISSUER_NOT_ACCEPTED,
      (token, key) -> token.issuer("https://id.example.net").mint()),
  WRONG_AUDIENCE(
      "Wrong audience",
      "A good token, given out for another service and replayed here.",
      Reason.AUDIENCE_NOT_ACCEPTED,
      (token, key) -> token.audience("https://billing.example").mint()),
  EXPIRED(
      "Expired",
      "A token that was good until an hour ago.",
      Reason.EXPIRED,
      (token, key) -> token.claim("iat", in(-2)).claim("exp", in(-1)).mint()),
  NOT_YET_VALID(
      "Not yet valid",
      "A token that is good from tomorrow on.",
      Reason.NOT_YET_VALID,
      (token, key) -> token.claim("nbf", in(24)).claim("exp", in(48)).mint()),
  NO_EXPIRY(
      "No expiry",
      "A token without exp, which would be good for ever.",
      Reason.CLAIM_MISSING,
      (token, key) -> token.without("exp").mint()),
  BOUND(
      "Stolen bound token",
      "A token bound to somebody's key by cnf, sent without a proof of that key.",
      Reason.TOKEN_BOUND,
      (token, key) -> token.boundTo(stranger(key)).mint()),

  EMPTY_SCOPE(
      "Empty scope",
      "A token with no scope at all.",
      Reason.SCOPE_EMPTY,
      (token, key) -> token.scope().mint()),
  WILDCARD_SCOPE(
      "Wildcard scope",
      "orders:* beside the right scope: too broad, whatever else the token has.",
      Reason.SCOPE_TOO_BROAD,
      (token, key) -> token.scope("orders:read", "orders:write", "orders:*").mint()),
  HOST_SCOPE(
      "Host-level scope",
      "docker:run beside the right scope: one handler that trusts it opens the host.",
      Reason.SCOPE_FORBIDDEN,
      (token, key) -> token.scope("orders:read", "orders:write", "docker:run").mint());

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

  /** Makes a hostile token out of an honest one, and of the key that would sign it. */
  interface Forgery {
    String forge(TestToken token, TestKey key);
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

  String forge(TestToken token, TestKey key) {
    return forgery.forge(token, key);
  }

  String request(String method, String token) {
    return delivery.request(method, token);
  }

  private static String asItIs(TestToken token, TestKey key) {
    return token.mintedBy(key);
  }

  /** A key that the issuer never published, under the name of its own. */
  private static TestKey stranger(TestKey key) {
    return TestKey.generate(key.kid(), key.alg());
  }

  private static String signed(TestToken token, TestKey key, UnaryOperator<byte[]> signer) {
    return TestToken.signed(utf8(token.headerJson(key)), utf8(token.claimsJson()), signer);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static UnaryOperator<byte[]> hmac(TestKey key) {
    return input -> TestToken.hmac("HS256", key.pair().getPublic().getEncoded(), input);
  }

  private static long in(int hours) {
    return Instant.now().plus(Duration.ofHours(hours)).getEpochSecond();
  }
}
