package io.sallyport.cli;

import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Header and claims of a token as anybody can read them. Nothing in them has been verified, so they
 * are shown and decide nothing.
 *
 * @param header the header, or null where it is no JSON object in base64url
 * @param claims the claims, or null where they are none
 */
record UnverifiedToken(
    @Nullable Map<String, @Nullable Object> header,
    @Nullable Map<String, @Nullable Object> claims) {
  private static final int MAX_LENGTH = 1024 * 1024;

  static UnverifiedToken of(String token) {
    String[] segments = token.split("\\.", -1);
    return new UnverifiedToken(object(segments, 0), object(segments, 1));
  }

  private static @Nullable Map<String, @Nullable Object> object(String[] segments, int index) {
    if (segments.length != 3) return null;
    try {
      byte[] json = Base64.getUrlDecoder().decode(segments[index].getBytes(StandardCharsets.UTF_8));
      return new StrictJson(MAX_LENGTH).object(json);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Who it says that it is from, and how it says that it was signed. */
  String summary() {
    List<String> parts = new ArrayList<>();
    for (String name : List.of("alg", "kid", "typ")) addTo(parts, name, header);
    addTo(parts, "iss", claims);
    return parts.isEmpty() ? "nothing that can be read" : String.join(", ", parts);
  }

  private static void addTo(
      List<String> parts, String name, @Nullable Map<String, @Nullable Object> members) {
    Object value = members == null ? null : members.get(name);
    if (value != null) parts.add(name + " " + Printable.quoted(value));
  }

  /** The audiences that it names: text, or an array of texts. */
  List<String> audiences() {
    Object aud = claims == null ? null : claims.get("aud");
    if (aud instanceof String text) return List.of(text);
    if (!(aud instanceof Collection<?> values)) return List.of();
    return values.stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }
}
