package io.sallyport.cli;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import io.sallyport.keys.KeySource;
import io.sallyport.keys.KeySources;
import io.sallyport.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at a JWK set key by key: which are of use, for what, and why the others are not. */
final class KeyCheckup {
  private final String about;
  private final Set<JWSAlgorithm> allowed;
  private final Clock clock;
  private final Report report;

  /** Under which id and algorithm there is a key by now. */
  private final Map<String, Integer> seen = new LinkedHashMap<>();

  private int usable;

  KeyCheckup(String about, Set<JWSAlgorithm> allowed, Clock clock, Report report) {
    this.about = about;
    this.allowed = allowed;
    this.clock = clock;
    this.report = report;
  }

  /** Looks at every key of a set. */
  void of(Map<String, @Nullable Object> jwks) {
    if (!(jwks.get("keys") instanceof List<?> keys)) {
      report.fail(
          about,
          "keys",
          "the document has no array \"keys\"",
          "look at what stands at that address");
      return;
    }
    for (Object key : keys) ofKey(key);
    seen.forEach(this::tellOfTwins);
    if (usable > 0) return;
    report.fail(
        about,
        "keys",
        "none of " + keys.size() + " keys is of use, so every request is answered 503",
        "have the issuer publish a key for one of algorithms ("
            + names(allowed)
            + "), or name its"
            + " algorithm there");
  }

  private void ofKey(@Nullable Object element) {
    String what = "key " + described(element);
    KeySource source;
    try {
      byte[] alone =
          Json.text(Map.of("keys", List.of(element == null ? "null" : element)))
              .getBytes(StandardCharsets.UTF_8);
      source = KeySources.fixed("doctor", alone, allowed, clock);
    } catch (IOException e) {
      tellOfUnfit(what, element, why(e));
      return;
    }
    usable++;
    String kid = element instanceof Map<?, ?> members ? text(members, "kid") : null;
    List<JWSAlgorithm> good = algorithms(source, kid);
    for (JWSAlgorithm algorithm : good) seen.merge(kid + " " + algorithm, 1, Integer::sum);
    report.ok(about, what, "verifies " + names(good));
  }

  /** Providers publish keys for encryption beside the others, which is none of our business. */
  private void tellOfUnfit(String what, @Nullable Object element, String why) {
    boolean isForEncryption =
        element instanceof Map<?, ?> members && "enc".equals(members.get("use"));
    if (isForEncryption) {
      report.ok(about, what, "left out, as it should be: " + why);
      return;
    }
    report.warn(
        about,
        what,
        "not of use: " + why,
        "tokens under it are refused; have the issuer mend or withdraw it");
  }

  private void tellOfTwins(String kidAndAlgorithm, int count) {
    if (count < 2) return;
    report.warn(
        about,
        "keys",
        count + " keys have kid and algorithm " + Printable.quoted(kidAndAlgorithm),
        "tokens that name it are refused (SP-208); have the issuer give each key a kid of its own");
  }

  private static List<JWSAlgorithm> algorithms(KeySource source, @Nullable String kid) {
    List<JWSAlgorithm> found = new ArrayList<>();
    for (JWSAlgorithm algorithm : allAlgorithms()) {
      JWSHeader header = new JWSHeader.Builder(algorithm).keyID(kid).build();
      if (source.find(header) instanceof KeySource.Found) found.add(algorithm);
    }
    return found;
  }

  private static List<JWSAlgorithm> allAlgorithms() {
    List<JWSAlgorithm> all = new ArrayList<>(JWSAlgorithm.Family.SIGNATURE);
    if (!all.contains(JWSAlgorithm.Ed25519)) all.add(JWSAlgorithm.Ed25519);
    return all;
  }

  /** What is in brackets: the rest of the message speaks of a whole set. */
  private static String why(IOException e) {
    String message = String.valueOf(e.getMessage());
    int start = message.indexOf('[');
    int end = message.lastIndexOf(']');
    if (start < 0 || end < start) return message;
    String remark = message.substring(start + 1, end);
    int label = remark.lastIndexOf(": ");
    return label < 0 ? remark : remark.substring(label + 2);
  }

  private static String described(@Nullable Object element) {
    if (!(element instanceof Map<?, ?> members)) return "that is no JSON object";
    List<String> parts = new ArrayList<>();
    String kid = text(members, "kid");
    parts.add(kid == null ? "without kid" : Printable.quoted(kid));
    for (String name : List.of("kty", "crv", "alg")) {
      String value = text(members, name);
      if (value != null) parts.add(Printable.plain(value));
    }
    int bits = bits(members);
    if (bits > 0 && !members.containsKey("crv")) parts.add(bits + " bits");
    return String.join(" ", parts);
  }

  private static int bits(Map<?, ?> members) {
    Map<String, Object> copy = new HashMap<>();
    members.forEach((name, value) -> copy.put(String.valueOf(name), value));
    try {
      return JWK.parse(copy).size();
    } catch (ParseException | RuntimeException e) { // a key that cannot be parsed has no size
      return 0;
    }
  }

  private static @Nullable String text(Map<?, ?> members, String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  private static String names(Iterable<JWSAlgorithm> algorithms) {
    List<String> names = new ArrayList<>();
    algorithms.forEach(algorithm -> names.add(algorithm.getName()));
    return names.stream().collect(Collectors.joining(" "));
  }
}
