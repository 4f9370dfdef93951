package io.sallyport;

import static io.sallyport.Outcome.passed;
import static io.sallyport.Outcome.stopped;

import io.sallyport.keys.KeySource;
import io.sallyport.text.StrictJson;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims that the issuer's key has signed, read strictly, and not yet judged (RFC 7519 section 4).
 *
 * @param members the claims, immutable at every depth
 * @param type the {@code typ} of the header, or null
 * @param key the key under which the signature holds
 */
record SignedClaims(
    Map<String, @Nullable Object> members, @Nullable String type, KeySource.Key key) {

  /** 9999-12-31T23:59:59Z. */
  private static final long LAST_SECOND = 253_402_300_799L;

  static Outcome<SignedClaims> read(TokenSignature.Signed signed, StrictJson json) {
    Map<String, @Nullable Object> members = json.object(signed.token().payload());
    return members == null
        ? stopped(Reason.CLAIMS_MALFORMED, "the claims are not one well-formed JSON object")
        : passed(new SignedClaims(members, signed.type(), signed.key()));
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  @Nullable Object get(String name) {
    return members.get(name);
  }

  /** The claim where it is text, else null. */
  @Nullable String text(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  /** The claim where it is a NumericDate, else null. */
  @Nullable Instant date(String name) {
    return date(members.get(name));
  }

  /**
   * A NumericDate from 1970 to the end of 9999, with its fraction of a second (RFC 7519 section 2).
   *
   * @return null where the value is anything else or out of range
   */
  static @Nullable Instant date(@Nullable Object value) {
    if (value instanceof Long seconds && seconds >= 0 && seconds <= LAST_SECOND) {
      return Instant.ofEpochSecond(seconds);
    }
    if (value instanceof Double seconds && seconds >= 0 && seconds <= LAST_SECOND) {
      long whole = seconds.longValue();
      return Instant.ofEpochSecond(whole, (long) ((seconds - whole) * 1_000_000_000L));
    }
    return null;
  }

  /**
   * Text, or an array of texts (RFC 7519 section 4.1.3): its values in order.
   *
   * @return null where it is anything else, a null or a nested array among the values included
   */
  static @Nullable Set<String> texts(@Nullable Object value) {
    if (value instanceof String text) return Set.of(text);
    if (!(value instanceof Collection<?> values)) return null;
    Set<String> texts = new LinkedHashSet<>();
    for (Object element : values) {
      if (!(element instanceof String text)) return null;
      texts.add(text);
    }
    return texts;
  }
}
