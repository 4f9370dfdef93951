package io.sallyport;

import org.jspecify.annotations.Nullable;

/**
 * The closed list of reasons for which a request does not pass.
 *
 * <p>A reason alone decides status, error code and text of the answer. Its code is stable; {@code
 * docs/refusals.md} has a place for each.
 */
public enum Reason {
  // No credentials at all.

  /** The request has no Authorization field, or one of another scheme. */
  TOKEN_MISSING(
      "SP-101",
      Kind.NO_CREDENTIALS,
      null,
      "no token",
      "The request has no Authorization field, or one of another scheme.",
      "Send Authorization: Bearer and the access token. Behind a proxy, see that it passes the field on."),

  // The request is malformed.

  /** There is more than one Authorization field, or one that a proxy joined out of two. */
  SEVERAL_CREDENTIALS(
      "SP-111",
      Kind.INVALID_REQUEST,
      "The request carries more than one set of credentials",
      "several credentials",
      "There is more than one Authorization field, or one that a proxy joined out of two.",
      "Send exactly one; look for a proxy or a client library that adds its own."),

  /** The scheme stands alone, with no token after it. */
  TOKEN_EMPTY(
      "SP-112",
      Kind.INVALID_REQUEST,
      "The Authorization field carries no token",
      "empty token",
      "The scheme stands alone, with no token after it.",
      "Look for an unset variable where the client puts its token in."),

  /**
   * What follows the scheme is not one b64token (RFC 6750 section 2.1): quotes, blanks, line ends
   * or several tokens.
   */
  TOKEN_NOT_B64TOKEN(
      "SP-113",
      Kind.INVALID_REQUEST,
      "The Authorization field carries no well-formed token",
      "not a b64token",
      "What follows the scheme is not one b64token (RFC 6750 section 2.1): quotes, blanks, line ends or several tokens.",
      "Send the token as it was issued, after exactly one scheme."),

  /**
   * The raw path has something in it that containers read in different ways, and a rule has to
   * judge it.
   */
  PATH_AMBIGUOUS(
      "SP-114",
      Kind.INVALID_REQUEST,
      "The request path can be read in more than one way",
      "ambiguous path",
      "The raw path has something in it that containers read in different ways, and a rule has to judge it.",
      "Send the path normalised, without path parameters, dot segments, double slashes or encoded separators."),

  // Refused before the signature has been verified: one and the same answer.

  /** The token is longer than maxTokenLength. */
  TOKEN_TOO_LONG(
      "SP-201",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "token too long",
      "The token is longer than maxTokenLength.",
      "Have the issuer put less into the token, or raise maxTokenLength."),

  /**
   * The token is not three base64url segments in their one spelling: an opaque, encrypted,
   * unsecured or damaged token.
   */
  TOKEN_NOT_JWS(
      "SP-202",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "not a signed JWT",
      "The token is not three base64url segments in their one spelling: an opaque, encrypted, unsecured or damaged token.",
      "Have the issuer issue signed JWT access tokens for this API (at some providers: request the API's audience)."),

  /** The token's header is not one well-formed JSON object, or a member has the wrong type. */
  HEADER_MALFORMED(
      "SP-203",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "malformed header",
      "The token's header is not one well-formed JSON object, or a member has the wrong type.",
      "Nothing that a well-behaved issuer does: look at who made the token."),

  /** The token's header has crit, b64, zip or enc, which change how a token is to be read. */
  HEADER_UNSUPPORTED(
      "SP-204",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "unsupported header",
      "The token's header has crit, b64, zip or enc, which change how a token is to be read.",
      "Have the issuer issue plain signed JWTs."),

  /** The token's alg is not one of algorithms. */
  ALGORITHM_NOT_ALLOWED(
      "SP-205",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "algorithm not allowed",
      "The token's alg is not one of algorithms.",
      "If the issuer means to sign so, name the algorithm in algorithms."),

  /** No key of the issuer has the token's kid; or it has none and no key fits. */
  KEY_UNKNOWN(
      "SP-206",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "unknown key",
      "No key of the issuer has the token's kid; or it has none and no key fits.",
      "Compare issuer and jwksUri with where the token came from; after a rotation, ask again in 30 s."),

  /** The key of that kid is not made for the token's alg. */
  KEY_UNFIT(
      "SP-207",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "unfit key",
      "The key of that kid is not made for the token's alg.",
      "Look at the key's kty, crv and alg in the issuer's key set."),

  /** Several keys fit, and nothing tells which of them is meant. */
  KEY_AMBIGUOUS(
      "SP-208",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "ambiguous key",
      "Several keys fit, and nothing tells which of them is meant.",
      "Have the issuer give each key a kid of its own, and put it into the tokens."),

  /**
   * The signature does not verify under the issuer's key: the token was changed, or signed by
   * somebody else.
   */
  SIGNATURE_INVALID(
      "SP-209",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "invalid signature",
      "The signature does not verify under the issuer's key: the token was changed, or signed by somebody else.",
      "Compare the issuer with where the token came from; look for what cuts or changes the token on its way."),

  /** Reading the token failed in a way that nobody foresaw. */
  TOKEN_UNREADABLE(
      "SP-210",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "unreadable token",
      "Reading the token failed in a way that nobody foresaw.",
      "Report it with the log line, which has no part of the token in it."),

  /** There are several issuers, and the token's iss is none of them, or there is not one iss. */
  ISSUER_UNKNOWN(
      "SP-211",
      Kind.INVALID_TOKEN,
      Reason.UNVERIFIED,
      "unknown issuer",
      "There are several issuers, and the token's iss is none of them, or there is not one iss.",
      "Set the issuer of each letter for letter to what its tokens' iss says, with or without the slash at its end."),

  // The issuer has signed it, and it is refused all the same.

  /** The claims are not one well-formed JSON object without repeated names. */
  CLAIMS_MALFORMED(
      "SP-301",
      Kind.INVALID_TOKEN,
      "The access token's claims are malformed",
      "malformed claims",
      "The claims are not one well-formed JSON object without repeated names.",
      "Have the issuer's claim mappers looked at: two of them may write one name."),

  /** The typ is not that of an access token: an ID token, a logout token, a proof. */
  TYPE_NOT_ACCEPTED(
      "SP-302",
      Kind.INVALID_TOKEN,
      "The token is not an access token",
      "not an access token",
      "The typ is not that of an access token: an ID token, a logout token, a proof.",
      "Send the access token; or set tokenType to any if at+jwt is more than the issuer does."),

  /** The iss is not, letter for letter, the configured issuer. */
  ISSUER_NOT_ACCEPTED(
      "SP-303",
      Kind.INVALID_TOKEN,
      "The access token is from another issuer",
      "other issuer",
      "The iss is not, letter for letter, the configured issuer.",
      "Set issuer to what the tokens' iss says, with or without the slash at its end."),

  /** The audience of the token is none of audience. */
  AUDIENCE_NOT_ACCEPTED(
      "SP-304",
      Kind.INVALID_TOKEN,
      "The access token is for another audience",
      "other audience",
      "The audience of the token is none of audience.",
      "Request a token for this API (in Keycloak: add an audience mapper); or set audience to what the tokens' aud says."),

  /** Now is at or after exp plus clockSkewSeconds. */
  EXPIRED(
      "SP-305",
      Kind.INVALID_TOKEN,
      "The access token expired",
      "expired",
      "Now is at or after exp plus clockSkewSeconds.",
      "Have the client refresh its token; if it is fresh, set the clocks right."),

  /** Now is before nbf less clockSkewSeconds. */
  NOT_YET_VALID(
      "SP-306",
      Kind.INVALID_TOKEN,
      "The access token is not yet valid",
      "not yet valid",
      "Now is before nbf less clockSkewSeconds.",
      "Set the clocks right."),

  /** iat is later than now plus clockSkewSeconds. */
  ISSUED_IN_FUTURE(
      "SP-307",
      Kind.INVALID_TOKEN,
      "The access token is issued in the future",
      "issued in the future",
      "iat is later than now plus clockSkewSeconds.",
      "Set the clocks right."),

  /** iss, exp, the audience or one of requiredClaims is absent. */
  CLAIM_MISSING(
      "SP-308",
      Kind.INVALID_TOKEN,
      "The access token lacks a required claim",
      "missing claim",
      "iss, exp, the audience or one of requiredClaims is absent.",
      "Have the issuer put the claim in; or take it out of requiredClaims. For an issuer without aud, set audienceClaim."),

  /** A registered claim has another type than its RFC says, or is out of its range. */
  CLAIM_ILL_TYPED(
      "SP-309",
      Kind.INVALID_TOKEN,
      "The access token has a claim of the wrong type",
      "ill-typed claim",
      "A registered claim has another type than its RFC says, or is out of its range.",
      "Have the issuer's claim mapper looked at."),

  /** The token has cnf: it is good only with a proof of possession, which is not verified yet. */
  TOKEN_BOUND(
      "SP-310",
      Kind.INVALID_TOKEN,
      "The access token is bound to a key",
      "bound token",
      "The token has cnf: it is good only with a proof of possession, which is not verified yet.",
      "Have the issuer issue bearer tokens for this API."),

  /** The application's own TokenCheck does not admit the token. */
  TOKEN_DISALLOWED(
      "SP-311",
      Kind.INVALID_TOKEN,
      "The access token is not accepted any more",
      "disallowed",
      "The application's own TokenCheck does not admit the token.",
      "Have a new token issued; if that does not help, ask whoever keeps the deny list."),

  // The token is good, its scopes are not.

  /** The token has no scope in any of scopeClaim. */
  SCOPE_EMPTY(
      "SP-401",
      Kind.INSUFFICIENT_SCOPE,
      "The access token has no scope",
      "no scope",
      "The token has no scope in any of scopeClaim.",
      "Request a scope; or set scopeClaim to where the issuer puts them."),

  /** A scope has a * in it. */
  SCOPE_TOO_BROAD(
      "SP-402",
      Kind.INSUFFICIENT_SCOPE,
      "The access token has too broad a scope",
      "too broad a scope",
      "A scope has a * in it.",
      "Request the scopes that are needed, by name."),

  /** A scope is one of forbiddenScopes, or reaches for the host. */
  SCOPE_FORBIDDEN(
      "SP-403",
      Kind.INSUFFICIENT_SCOPE,
      "The access token has a forbidden scope",
      "forbidden scope",
      "A scope is one of forbiddenScopes, or reaches for the host.",
      "Request a token without it; a token that can do that has no business here."),

  /** A scope is not one of allowedScopes, and unlistedScopes is reject. */
  SCOPE_UNLISTED(
      "SP-404",
      Kind.INSUFFICIENT_SCOPE,
      "The access token has an unlisted scope",
      "unlisted scope",
      "A scope is not one of allowedScopes, and unlistedScopes is reject.",
      "Request fewer scopes; or set unlistedScopes to drop."),

  /** The token lacks a scope that this route takes. */
  SCOPE_MISSING(
      "SP-405",
      Kind.INSUFFICIENT_SCOPE,
      "The access token lacks a required scope",
      "missing scope",
      "The token lacks a scope that this route takes.",
      "Request the scopes that the challenge names."),

  /** The first rule that matches says deny. */
  PATH_DENIED(
      "SP-406",
      Kind.INSUFFICIENT_SCOPE,
      "No scope opens this path",
      "denied path",
      "The first rule that matches says deny.",
      "None: nothing opens this path from here."),

  // It cannot be known, or it is our fault.

  /** The issuer's keys cannot be had now, or the last good ones are too old. */
  KEYS_UNAVAILABLE(
      "SP-501",
      Kind.UNAVAILABLE,
      null,
      "no keys",
      "The issuer's keys cannot be had now, or the last good ones are too old.",
      "Keep the token and retry; look for the WARN line that says why the keys could not be fetched."),

  /** The filter has been destroyed, or was never initialised. */
  GATE_CLOSED(
      "SP-502",
      Kind.UNAVAILABLE,
      null,
      "not in service",
      "The filter has been destroyed, or was never initialised.",
      "Retry when the application is up again."),

  /** The application's own TokenCheck threw, so it cannot be known whether the token is good. */
  CHECK_FAILED(
      "SP-503",
      Kind.UNAVAILABLE,
      null,
      "check failed",
      "The application's own TokenCheck threw, so it cannot be known whether the token is good.",
      "Keep the token and retry; the exception is in the log at DEBUG, without its message."),

  /** A defect in the gate itself; the request was not let through. */
  DEFECT(
      "SP-901",
      Kind.DEFECT,
      null,
      "defect",
      "A defect in the gate itself; the request was not let through.",
      "Report it with the stack trace in the log.");

  /** One text for every fault before the signature has been verified: a forger learns nothing. */
  private static final String UNVERIFIED = "The access token is malformed or not verifiable";

  private final String code;
  private final Kind kind;
  private final @Nullable String description;
  private final String title;
  private final String cause;
  private final String remedy;

  Reason(
      String code,
      Kind kind,
      @Nullable String description,
      String title,
      String cause,
      String remedy) {
    this.code = code;
    this.kind = kind;
    this.description = description;
    this.title = title;
    this.cause = cause;
    this.remedy = remedy;
  }

  /**
   * The stable code, such as {@code SP-305}.
   *
   * @return the code, which is also a heading in {@code docs/refusals.md}
   */
  public String code() {
    return code;
  }

  /**
   * The kind of answer.
   *
   * @return status and error code
   */
  public Kind kind() {
    return kind;
  }

  /**
   * What the client is told beside the error code (RFC 6750 section 3).
   *
   * @return one of a fixed list of texts, or null where nothing is told
   */
  public @Nullable String description() {
    return description;
  }

  /**
   * The reason in two or three words, for the operator.
   *
   * @return such as {@code expired}
   */
  public String title() {
    return title;
  }

  /**
   * What has happened, for the operator.
   *
   * @return a sentence
   */
  public String cause() {
    return cause;
  }

  /**
   * What mends it, for the operator.
   *
   * @return a sentence
   */
  public String remedy() {
    return remedy;
  }

  /** Whether the signature had been verified, so that claims may be spoken of. */
  boolean signatureHolds() {
    return kind == Kind.INSUFFICIENT_SCOPE
        || (kind == Kind.INVALID_TOKEN && !UNVERIFIED.equals(description));
  }

  /** What kind of answer a reason leads to (RFC 6750 section 3.1, RFC 9110). */
  public enum Kind {
    /** 401 without an error code: nothing was presented. */
    NO_CREDENTIALS(401, null, "Authentication required"),
    /** 400: what was presented is not a bearer token. */
    INVALID_REQUEST(400, "invalid_request", "Malformed request"),
    /** 401: the token is refused. */
    INVALID_TOKEN(401, "invalid_token", "Access token refused"),
    /** 403: the token is good, its scopes are not. */
    INSUFFICIENT_SCOPE(403, "insufficient_scope", "Scope not sufficient"),
    /** 503: it cannot be known whether the token is good, so the client should keep it. */
    UNAVAILABLE(503, null, "Verification unavailable"),
    /** 500: a defect; the gate stays shut. */
    DEFECT(500, null, "Internal error");

    private final int status;
    private final @Nullable String error;
    private final String title;

    Kind(int status, @Nullable String error, String title) {
      this.status = status;
      this.error = error;
      this.title = title;
    }

    /**
     * The HTTP status.
     *
     * @return 400, 401, 403, 500 or 503
     */
    public int status() {
      return status;
    }

    /**
     * The error code of RFC 6750 section 3.1.
     *
     * @return the code, or null where the RFC has none
     */
    public @Nullable String error() {
      return error;
    }

    String title() {
      return title;
    }
  }
}
