package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.testkit.TestKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;

/**
 * Fuzzes the Authorization fields of a request, a line each. In a line {@code #} stands for a good
 * token, and {@code <}, {@code |} and {@code >} for its segments: characters that no token holds,
 * by which the fuzzer can build with a signature that it could never guess.
 */
final class AuthorizationFuzzTest {
  private static final Pattern ONE_TOKEN =
      Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +(([\\w-]+)\\.([\\w-]+))\\.([\\w-]+)");

  private static final TestKey KEY = Trial.RSA;
  private static final String GOOD = Trial.good().mintedBy(KEY);
  private static final List<String> SEGMENTS = List.of(GOOD.split("\\."));
  private static final Policy POLICY = Trial.gate(KEY.jwk()).policy();
  private static final Gate GATE = new Gate(POLICY);

  @FuzzTest
  @DictionaryEntries({"Bearer #", "bearer <.|.>", "Basic x, Bearer #"})
  @Tag("T3")
  @Tag("T4")
  @Tag("T12")
  @Tag("T13")
  @Tag("T40")
  void fields_are_admitted_if_they_are_one_good_token_and_its_signature_holds(byte[] lines) {
    List<String> fields = fields(lines);
    Outcome<VerifiedToken> outcome =
        GATE.decide(
            BearerToken.fromFields(fields, POLICY.maxTokenLength),
            POLICY.demand,
            new DpopProofTest.Request(isDpop(fields), List.of(), "GET", null));
    boolean good = fields.size() == 1 && isGood(fields.get(0));
    if (outcome instanceof Outcome.Stopped<VerifiedToken> stopped) {
      assertThat(stopped.refusal().reason()).isNotEqualTo(Reason.TOKEN_UNREADABLE);
      assertThat(good).as("is good, but refused: %s", stopped.refusal()).isFalse();
    } else {
      assertThat(good).as("is not good, but admitted: %s", fields).isTrue();
    }
  }

  private static boolean isDpop(List<String> fields) {
    return !fields.isEmpty() && BearerToken.isDpop(fields.get(0));
  }

  private static List<String> fields(byte[] lines) {
    if (lines.length == 0) return List.of();
    String text = new String(lines, StandardCharsets.ISO_8859_1);
    return Arrays.stream(text.split("\n", -1)).map(AuthorizationFuzzTest::filled).toList();
  }

  private static String filled(String line) {
    return line.replace("#", GOOD)
        .replace("<", SEGMENTS.get(0))
        .replace("|", SEGMENTS.get(1))
        .replace(">", SEGMENTS.get(2));
  }

  /** By a pattern and the JDK alone. */
  private static boolean isGood(String field) {
    Matcher token = ONE_TOKEN.matcher(field);
    return token.matches()
        && isSigned(token.group(1), token.group(4))
        && decoded(token.group(3)).equals(Trial.good().claimsJson());
  }

  private static boolean isSigned(String input, String signature) {
    try {
      byte[] octets = Base64.getUrlDecoder().decode(signature);
      boolean inItsOneSpelling =
          Base64.getUrlEncoder().withoutPadding().encodeToString(octets).equals(signature);
      return inItsOneSpelling && KEY.verifies(input.getBytes(StandardCharsets.US_ASCII), octets);
    } catch (IllegalArgumentException e) { // not base64url
      return false;
    }
  }

  private static String decoded(String segment) {
    return new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8);
  }
}
