package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a token that lacks a required claim, and one in which a claim with a registered type has
 * another (RFC 7519 section 4.1, RFC 9068 section 2.2). A {@code sub} is 1 to 255 characters, none
 * of them a control character or one that stands for something unreadable: an identity must not
 * depend on who prints it.
 *
 * @param names the claims that have to be there, beside those that always have to
 */
record RequiredClaims(Set<String> names) {
  private static final int LONGEST_SUBJECT = 255;
  private static final List<String> TEXTS = List.of("sub", "jti", "client_id", "azp");

  Outcome<SignedClaims> check(SignedClaims claims) {
    for (String name : names) {
      if (isOfItsType(name, claims.get(name))) continue;
      return claims.has(name) ? illTyped(name) : stopped(Reason.CLAIM_MISSING, name + " is absent");
    }
    for (String name : TEXTS) {
      if (!isOfItsType(name, claims.get(name)) && claims.has(name)) return illTyped(name);
    }
    return passed(claims);
  }

  private static Outcome<SignedClaims> illTyped(String name) {
    return stopped(Reason.CLAIM_ILL_TYPED, name + " is not of its registered type");
  }

  private static boolean isOfItsType(String name, @Nullable Object value) {
    return switch (name) {
      case "sub" -> value instanceof String subject && isSubject(subject);
      case "jti", "client_id", "azp", "iss", "acr", "sid" -> value instanceof String;
      case "aud", "amr" -> SignedClaims.texts(value) != null;
      case "exp", "nbf", "iat", "auth_time" -> SignedClaims.date(value) != null;
      default -> value != null;
    };
  }

  private static boolean isSubject(String subject) {
    int length = subject.codePointCount(0, subject.length());
    if (length < 1 || length > LONGEST_SUBJECT) return false;
    for (int i = 0; i < subject.length(); i++) {
      char c = subject.charAt(i);
      if (Character.isISOControl(c) || c == 0xFFFD) return false;
    }
    return true;
  }
}
