package io.sallyport;

import org.jspecify.annotations.Nullable;

/**
 * The closed list of reasons for which a request does not pass.
 *
 * <p>A reason alone decides status, error code and text of the answer. Its code is stable; {@code
 * docs/refusals.md} has a place for each.
 *
 * @since 0.1.0
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

  /**
   * The token is bound to a key (cnf with jkt), and it came as a plain bearer token, or to a
   * TokenVerifier, which gets no proofs.
   */
  TOKEN_BOUND(
      "SP-310",
      Kind.INVALID_TOKEN,
      "The access token is bound to a key",
      "bound token",
      "The token is bound to a key (cnf with jkt), and it came as a plain bearer token, or to a TokenVerifier, which gets no proofs.",
      "Send Authorization: DPoP with the token, and a proof in the field DPoP; to be rid of both, have the issuer issue bearer tokens to this client."),

  /** The application's own TokenCheck does not admit the token. */
  TOKEN_DISALLOWED(
      "SP-311",
      Kind.INVALID_TOKEN,
      "The access token is not accepted any more",
      "disallowed",
      "The application's own TokenCheck does not admit the token.",
      "Have a new token issued; if that does not help, ask whoever keeps the deny list."),

  // Whose token it is: bindings, certificates and proofs.

  /** The token has a cnf that is null, empty, no object, or has a member that is not known here. */
  CONFIRMATION_UNKNOWN(
      "SP-601",
      Kind.INVALID_TOKEN,
      "The access token is bound in a way that is not known here",
      "unknown binding",
      "The token has a cnf that is null, empty, no object, or has a member that is not known here.",
      "Have the issuer bind the token by jkt or x5t#S256, or not at all."),

  /**
   * The scheme is DPoP and the token is not bound to a key; or senderConstraint takes bound tokens
   * alone.
   */
  TOKEN_UNBOUND(
      "SP-602",
      Kind.INVALID_TOKEN,
      "The access token is not bound to its sender",
      "unbound token",
      "The scheme is DPoP and the token is not bound to a key; or senderConstraint takes bound tokens alone.",
      "Have the client ask for the token with a DPoP proof, or over mutual TLS; a token that is not bound goes with the scheme Bearer, where senderConstraint is auto."),

  /** The token is bound to a certificate (cnf with x5t#S256), and none came with the request. */
  CERTIFICATE_MISSING(
      "SP-603",
      Kind.INVALID_TOKEN,
      "The access token is bound to a certificate",
      "no certificate",
      "The token is bound to a certificate (cnf with x5t#S256), and none came with the request.",
      "Have the container ask for client certificates. Behind a proxy, have it send Client-Cert, and name its address in trustedProxies."),

  /** The token is bound to another certificate than the one that came with the request. */
  CERTIFICATE_MISMATCH(
      "SP-604",
      Kind.INVALID_TOKEN,
      "The access token is bound to another certificate",
      "other certificate",
      "The token is bound to another certificate than the one that came with the request.",
      "Have the client use the certificate that it got the token with; after a renewal, get a new token."),

  /** The scheme is DPoP, and there is no field DPoP. */
  PROOF_MISSING(
      "SP-611",
      Kind.INVALID_PROOF,
      "The DPoP proof is missing",
      "no proof",
      "The scheme is DPoP, and there is no field DPoP.",
      "Have the client send a proof with each request. Behind a proxy, see that it passes the field on."),

  /** There are several fields DPoP; or the proof is no signed JWT of type dpop+jwt, or too long. */
  PROOF_MALFORMED(
      "SP-612",
      Kind.INVALID_PROOF,
      Reason.PROOF_UNVERIFIED,
      "malformed proof",
      "There are several fields DPoP; or the proof is no signed JWT of type dpop+jwt, or too long.",
      "Look at who made the proof: RFC 9449 section 4.2 says what is in it."),

  /** The proof's alg is not one of algorithms, or none that is asymmetric. */
  PROOF_ALGORITHM_NOT_ALLOWED(
      "SP-613",
      Kind.INVALID_PROOF,
      Reason.PROOF_UNVERIFIED,
      "proof algorithm not allowed",
      "The proof's alg is not one of algorithms, or none that is asymmetric.",
      "Have the client sign with one of algs in the challenge, or name its algorithm in algorithms."),

  /** The proof's jwk is no public key, or not one for its alg. */
  PROOF_KEY_UNFIT(
      "SP-614",
      Kind.INVALID_PROOF,
      Reason.PROOF_UNVERIFIED,
      "unfit proof key",
      "The proof's jwk is no public key, or not one for its alg.",
      "Look at jwk in the proof's header: kty, crv and size as for an issuer's keys, and no private member."),

  /** The proof's signature does not verify under its own jwk. */
  PROOF_SIGNATURE_INVALID(
      "SP-615",
      Kind.INVALID_PROOF,
      Reason.PROOF_UNVERIFIED,
      "invalid proof signature",
      "The proof's signature does not verify under its own jwk.",
      "Have the client sign with the key whose public half it sends."),

  /** The proof's claims are no JSON object, or jti, htm, htu, iat or ath is absent or ill-typed. */
  PROOF_CLAIMS_MALFORMED(
      "SP-616",
      Kind.INVALID_PROOF,
      "The DPoP proof lacks a claim, or has one of the wrong type",
      "malformed proof claims",
      "The proof's claims are no JSON object, or jti, htm, htu, iat or ath is absent or ill-typed.",
      "Have the client put all five in; ath is needed wherever a token goes with the proof."),

  /** The proof's htm is not the method of the request. */
  PROOF_METHOD_MISMATCH(
      "SP-617",
      Kind.INVALID_PROOF,
      "The DPoP proof is for another method",
      "other method",
      "The proof's htm is not the method of the request.",
      "Have the client make a proof for each request."),

  /** The proof's htu is not the address of the request, query and fragment aside. */
  PROOF_TARGET_MISMATCH(
      "SP-618",
      Kind.INVALID_PROOF,
      "The DPoP proof is for another address",
      "other address",
      "The proof's htu is not the address of the request, query and fragment aside.",
      "Behind a proxy, set publicOrigin to the origin that clients see. Else have the client make a proof for each request."),

  /** The proof's iat is longer ago than dpopMaxAgeSeconds, or to come by more than the skew. */
  PROOF_NOT_RECENT(
      "SP-619",
      Kind.INVALID_PROOF,
      "The DPoP proof is too old, or from the future",
      "proof not recent",
      "The proof's iat is longer ago than dpopMaxAgeSeconds, or to come by more than the skew.",
      "Set the clocks right; have the client make a proof for each request."),

  /** The proof's ath is not the hash of the token that came with it. */
  PROOF_TOKEN_MISMATCH(
      "SP-620",
      Kind.INVALID_PROOF,
      "The DPoP proof is for another access token",
      "proof of another token",
      "The proof's ath is not the hash of the token that came with it.",
      "Have the client make a proof for the token that it sends, after a refresh for the new one."),

  /** The proof is signed with another key than the one that the token is bound to. */
  PROOF_KEY_MISMATCH(
      "SP-621",
      Kind.INVALID_PROOF,
      "The DPoP proof is made with another key than the access token is bound to",
      "proof by another key",
      "The proof is signed with another key than the one that the token is bound to.",
      "Have the client keep the key that it got the token with. Without such a reason, somebody tries a stolen token."),

  /** The proof has been used before. */
  PROOF_REPLAYED(
      "SP-622",
      Kind.INVALID_PROOF,
      "The DPoP proof has been used before",
      "replayed proof",
      "The proof has been used before.",
      "Have the client make a proof for each request, a repeated one too. Without such a reason, somebody replays what was sent."),

  /** dpopNonce is required, and the proof's nonce is absent or not a current one. */
  PROOF_NONCE_NEEDED(
      "SP-631",
      Kind.NONCE_NEEDED,
      "The DPoP proof needs the nonce of this answer",
      "no current nonce",
      "dpopNonce is required, and the proof's nonce is absent or not a current one.",
      "None for a first request: the client repeats it with the nonce of the field DPoP-Nonce. Where it never ends, see that the client reaches the same node."),

  // The token is good, its user has to authenticate once more.

  /** The token's acr is none of those that this route takes. */
  AUTHENTICATION_TOO_WEAK(
      "SP-321",
      Kind.INSUFFICIENT_USER_AUTHENTICATION,
      "A different authentication level is required",
      "too weak authentication",
      "The token's acr is none of those that this route takes.",
      "Have the user authenticate with the acr_values that the challenge names; have the issuer put acr into its access tokens."),

  /** The token's auth_time is longer ago than this route takes, or in the future. */
  AUTHENTICATION_TOO_OLD(
      "SP-322",
      Kind.INSUFFICIENT_USER_AUTHENTICATION,
      "More recent authentication is required",
      "too old authentication",
      "The token's auth_time is longer ago than this route takes, or in the future.",
      "Have the user authenticate anew with the max_age that the challenge names; have the issuer put auth_time into its access tokens."),

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

  /** The replay guard is full or threw, so it cannot be known whether a proof was used before. */
  REPLAY_GUARD_FAILED(
      "SP-641",
      Kind.UNAVAILABLE,
      null,
      "replay guard failed",
      "The replay guard is full or threw, so it cannot be known whether a proof was used before.",
      "Retry with a new proof. The exception is in the log at DEBUG, without its message; where the guard in memory is full, shorten dpopMaxAgeSeconds or bring a replayGuard of your own."),

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

  /** And one for every fault of a proof before its own signature has been verified. */
  private static final String PROOF_UNVERIFIED = "The DPoP proof is malformed or not verifiable";

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
        || kind == Kind.INSUFFICIENT_USER_AUTHENTICATION
        || (kind == Kind.INVALID_TOKEN && !UNVERIFIED.equals(description))
        || (kind.isOfDpop() && !PROOF_UNVERIFIED.equals(description));
  }

  /**
   * What kind of answer a reason leads to (RFC 6750 section 3.1, RFC 9470 section 3, RFC 9110).
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** 401 without an error code: nothing was presented. */
    NO_CREDENTIALS(401, null, "Authentication required"),
    /** 400: what was presented is not a bearer token. */
    INVALID_REQUEST(400, "invalid_request", "Malformed request"),
    /** 401: the token is refused. */
    INVALID_TOKEN(401, "invalid_token", "Access token refused"),
    /** 401: the token is good, the DPoP proof is not (RFC 9449 section 7.1). */
    INVALID_PROOF(401, "invalid_dpop_proof", "DPoP proof refused"),
    /** 401: the DPoP proof has to hold the nonce of this answer (RFC 9449 section 9). */
    NONCE_NEEDED(401, "use_dpop_nonce", "DPoP nonce needed"),
    /** 401: the token is good, its user has not authenticated strongly or recently enough. */
    INSUFFICIENT_USER_AUTHENTICATION(
        401, "insufficient_user_authentication", "User authentication not sufficient"),
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
     * The error code of RFC 6750 section 3.1, RFC 9470 section 3, or RFC 9449 section 12.2.
     *
     * @return the code, or null where there is none
     */
    public @Nullable String error() {
      return error;
    }

    String title() {
      return title;
    }

    /** Whether the error is one of DPoP alone, which Bearer has no word for. */
    boolean isOfDpop() {
      return this == INVALID_PROOF || this == NONCE_NEEDED;
    }
  }
}
