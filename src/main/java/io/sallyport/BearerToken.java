package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exactly one token behind the scheme Bearer or DPoP, of acceptable length (RFC 6750 section 2.1,
 * RFC 9449 section 7.1). Nothing in it has been looked at yet.
 *
 * @param field the field's value as it came
 * @param start where the token begins in it; it goes on to the end
 */
record BearerToken(String field, int start) {
  private static final String BEARER = "bearer";
  private static final String DPOP = "dpop";

  /** 0 for what a b64token may be built of before its padding, else 1. */
  private static final byte[] OUTSIDE = new byte[128];

  static {
    for (char c = 0; c < OUTSIDE.length; c++) {
      OUTSIDE[c] = (byte) (isLetterOrDigit(c) || "-._~+/".indexOf(c) >= 0 ? 0 : 1);
    }
  }

  /**
   * Takes the token out of the Authorization fields of a request.
   *
   * @param fields every value of the field, in order
   * @param maxLength the length in characters above which a token is not looked at
   */
  static Outcome<BearerToken> fromFields(List<String> fields, int maxLength) {
    if (fields.isEmpty()) return stopped(Reason.TOKEN_MISSING, "no Authorization field");
    if (fields.size() > 1) {
      return stopped(Reason.SEVERAL_CREDENTIALS, "more than one Authorization field");
    }
    return fromField(fields.get(0), maxLength);
  }

  private static Outcome<BearerToken> fromField(String field, int maxLength) {
    int end = schemeEnd(field, 0);
    if (end == 0) {
      return hidesToken(field)
          ? stopped(Reason.SEVERAL_CREDENTIALS, "a token behind other credentials")
          : stopped(Reason.TOKEN_MISSING, "the Authorization field is of another scheme");
    }
    int start = end;
    while (start < field.length() && field.charAt(start) == ' ') start++;
    if (start == field.length()) return stopped(Reason.TOKEN_EMPTY, "nothing after the scheme");
    if (start == end) {
      return stopped(Reason.TOKEN_NOT_B64TOKEN, "no space between scheme and token");
    }
    return from(field, start, maxLength);
  }

  /**
   * Takes a token that came without a scheme.
   *
   * @param text the token, or null where none came
   */
  static Outcome<BearerToken> fromText(@Nullable String text, int maxLength) {
    if (text == null) return stopped(Reason.TOKEN_MISSING, "no token");
    if (text.isEmpty()) return stopped(Reason.TOKEN_EMPTY, "an empty token");
    return from(text, 0, maxLength);
  }

  private static Outcome<BearerToken> from(String field, int start, int maxLength) {
    return field.length() - start > maxLength
        ? stopped(Reason.TOKEN_TOO_LONG, "longer than maxTokenLength")
        : passed(new BearerToken(field, start));
  }

  /**
   * Whether it is a b64token: {@code 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="}.
   * What is no JWS is answered by this.
   */
  boolean isB64token() {
    int end = field.length();
    while (end > start && field.charAt(end - 1) == '=') end--;
    int outside = 0;
    for (int i = start; i < end; i++) {
      char c = field.charAt(i);
      outside |= c < OUTSIDE.length ? OUTSIDE[c] : 1;
    }
    return outside == 0 && end > start;
  }

  /** Whether the field names the scheme DPoP, whatever comes after it. */
  static boolean isDpop(@Nullable String field) {
    return field != null && startsWith(DPOP, field, 0);
  }

  /** Where the name of a scheme of ours ends that begins here; 0 where none does. */
  private static int schemeEnd(String field, int at) {
    if (startsWith(BEARER, field, at)) return at + BEARER.length();
    return startsWith(DPOP, field, at) ? at + DPOP.length() : 0;
  }

  /** The scheme's name, ended by what cannot be part of a name (RFC 9110 section 11.1). */
  private static boolean startsWith(String scheme, String field, int at) {
    int end = at + scheme.length();
    if (field.length() < end) return false;
    for (int i = 0; i < scheme.length(); i++) {
      // ASCII alone: the letter case of a locale, such as the Turkish i, has no say here.
      if ((field.charAt(at + i) | 0x20) != scheme.charAt(i)) return false;
    }
    return field.length() == end || !isNameCharacter(field.charAt(end));
  }

  private static boolean isNameCharacter(char c) {
    return isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /** Two fields that somebody on the way joined with a comma. */
  private static boolean hidesToken(String field) {
    for (int comma = field.indexOf(','); comma >= 0; comma = field.indexOf(',', comma + 1)) {
      int at = comma + 1;
      while (at < field.length() && (field.charAt(at) == ' ' || field.charAt(at) == '\t')) at++;
      if (schemeEnd(field, at) > 0) return true;
    }
    return false;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Never the text. */
  @Override
  public String toString() {
    return "BearerToken";
  }
}
