package io.sallyport;

import org.jspecify.annotations.Nullable;

/**
 * Why a request does not pass: a value, never an exception.
 *
 * @param reason which of the closed list of reasons; it alone decides what the client is told
 * @param detail for the operator: which claim or setting, what was expected and, once the signature
 *     was verified, what was found. Never sent unless {@code diagnostics} is {@code verbose}; never
 *     holds any part of the token's text
 */
public record Refusal(Reason reason, String detail) {

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

  /**
   * The closed list of reasons. The code of each is stable; {@code docs/refusals.md} has a place
   * for each, with cause and remedy.
   */
  public enum Reason {
    /** No Authorization field, or one of another scheme. */
    TOKEN_MISSING("SP-101", Kind.NO_CREDENTIALS, null),

    /** More than one set of credentials. */
    SEVERAL_CREDENTIALS(
        "SP-111", Kind.INVALID_REQUEST, "The request carries more than one set of credentials"),
    /** The scheme alone, with no token after it. */
    TOKEN_EMPTY("SP-112", Kind.INVALID_REQUEST, "The Authorization field carries no token"),
    /** What follows the scheme is not a b64token. */
    TOKEN_NOT_B64TOKEN(
        "SP-113", Kind.INVALID_REQUEST, "The Authorization field carries no well-formed token"),
    /** The path can be read in more than one way, and a rule has to judge it. */
    PATH_AMBIGUOUS(
        "SP-114", Kind.INVALID_REQUEST, "The request path can be read in more than one way"),

    /** Longer than {@code maxTokenLength}. */
    TOKEN_TOO_LONG("SP-201", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /**
     * Not three base64url segments: an encrypted or unsecured token, an opaque one, a broken one.
     */
    TOKEN_NOT_JWS("SP-202", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** The header is not one well-formed JSON object, or a member has the wrong type. */
    HEADER_MALFORMED("SP-203", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** The header asks for what is never done: {@code crit}, {@code b64}, {@code zip}. */
    HEADER_UNSUPPORTED("SP-204", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** The {@code alg} is not one of {@code algorithms}. */
    ALGORITHM_NOT_ALLOWED("SP-205", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** No key of the issuer has the token's {@code kid}. */
    KEY_UNKNOWN("SP-206", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** The key of that {@code kid} is not made for the token's {@code alg}. */
    KEY_UNFIT("SP-207", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** Several keys fit, and nothing tells which is meant. */
    KEY_AMBIGUOUS("SP-208", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** The signature does not verify under the key. */
    SIGNATURE_INVALID("SP-209", Kind.INVALID_TOKEN, Reason.UNVERIFIED),
    /** Reading the token failed in a way that nobody foresaw. */
    TOKEN_UNREADABLE("SP-210", Kind.INVALID_TOKEN, Reason.UNVERIFIED),

    /** The claims are not one well-formed JSON object. */
    CLAIMS_MALFORMED("SP-301", Kind.INVALID_TOKEN, "The access token's claims are malformed"),
    /** The {@code typ} is not that of an access token. */
    TYPE_NOT_ACCEPTED("SP-302", Kind.INVALID_TOKEN, "The token is not an access token"),
    /** The {@code iss} is not the configured issuer. */
    ISSUER_NOT_ACCEPTED("SP-303", Kind.INVALID_TOKEN, "The access token is from another issuer"),
    /** The audience is somebody else. */
    AUDIENCE_NOT_ACCEPTED("SP-304", Kind.INVALID_TOKEN, "The access token is for another audience"),
    /** At or after {@code exp} plus the skew. */
    EXPIRED("SP-305", Kind.INVALID_TOKEN, "The access token expired"),
    /** Before {@code nbf} less the skew. */
    NOT_YET_VALID("SP-306", Kind.INVALID_TOKEN, "The access token is not yet valid"),
    /** {@code iat} is later than now plus the skew. */
    ISSUED_IN_FUTURE("SP-307", Kind.INVALID_TOKEN, "The access token is issued in the future"),
    /** A required claim is absent. */
    CLAIM_MISSING("SP-308", Kind.INVALID_TOKEN, "The access token lacks a required claim"),
    /** A claim is not of its registered type, or out of its range. */
    CLAIM_ILL_TYPED("SP-309", Kind.INVALID_TOKEN, "The access token has a claim of the wrong type"),
    /** The token is bound to a key ({@code cnf}), so it is no good as a plain bearer token. */
    TOKEN_BOUND("SP-310", Kind.INVALID_TOKEN, "The access token is bound to a key"),

    /** The token has no scope at all. */
    SCOPE_EMPTY("SP-401", Kind.INSUFFICIENT_SCOPE, "The access token has no scope"),
    /** A scope has a {@code *} in it. */
    SCOPE_TOO_BROAD("SP-402", Kind.INSUFFICIENT_SCOPE, "The access token has too broad a scope"),
    /** A scope is one of {@code forbiddenScopes}. */
    SCOPE_FORBIDDEN("SP-403", Kind.INSUFFICIENT_SCOPE, "The access token has a forbidden scope"),
    /**
     * A scope is outside of {@code allowedScopes}, and {@code unlistedScopes} is {@code reject}.
     */
    SCOPE_UNLISTED("SP-404", Kind.INSUFFICIENT_SCOPE, "The access token has an unlisted scope"),
    /** A scope that this route takes is missing. */
    SCOPE_MISSING("SP-405", Kind.INSUFFICIENT_SCOPE, "The access token lacks a required scope"),
    /** A rule says {@code deny}. */
    PATH_DENIED("SP-406", Kind.INSUFFICIENT_SCOPE, "No scope opens this path"),

    /** The issuer's keys cannot be had now. */
    KEYS_UNAVAILABLE("SP-501", Kind.UNAVAILABLE, null),
    /** The filter has been destroyed. */
    GATE_CLOSED("SP-502", Kind.UNAVAILABLE, null),

    /** A defect in the gate itself. */
    DEFECT("SP-901", Kind.DEFECT, null);

    /** One text for every fault before the signature has been verified: a forger learns nothing. */
    private static final String UNVERIFIED = "The access token is malformed or not verifiable";

    private final String code;
    private final Kind kind;
    private final @Nullable String description;

    Reason(String code, Kind kind, @Nullable String description) {
      this.code = code;
      this.kind = kind;
      this.description = description;
    }

    /**
     * The stable code, such as {@code SP-305}.
     *
     * @return the code, which is also the anchor in {@code docs/refusals.md}
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

    /** Whether the signature had been verified, so that claims may be spoken of. */
    boolean signatureHolds() {
      return kind == Kind.INSUFFICIENT_SCOPE
          || (kind == Kind.INVALID_TOKEN && !UNVERIFIED.equals(description));
    }
  }
}
