package io.sallyport;

import static io.sallyport.Trial.GATE;
import static io.sallyport.Trial.RSA;
import static io.sallyport.Trial.admitted;
import static io.sallyport.Trial.claims;
import static io.sallyport.Trial.good;
import static io.sallyport.Trial.refused;
import static io.sallyport.Trial.underHeader;
import static io.sallyport.Trial.withClaim;
import static io.sallyport.Trial.withHeader;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import com.sun.management.ThreadMXBean;
import io.sallyport.keys.KeySource;
import io.sallyport.testkit.TestToken;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Shape and parsing of a token (THREATS A). Every token here has a good signature over what it is,
 * unless its row says otherwise: nothing but the form can be what it is refused for.
 */
final class HostileTokenTest {
  private static final String BASE64URL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  // ---- length and number of segments

  static Stream<Trial> lengths() {
    TokenVerifier wide = Trial.gate(RSA.jwk()).maxTokenLength(20_000).tokenCacheSize(0).build();
    TokenVerifier narrow = Trial.gate(RSA.jwk()).maxTokenLength(600).build();
    return Stream.of(
        admitted("16,384 characters", ofLength(16_384)),
        refused(Reason.TOKEN_TOO_LONG, "16,385 characters", ofLength(16_385)),
        refused(Reason.TOKEN_TOO_LONG, "1 MiB of letters", "a".repeat(1 << 20)),
        refused(Reason.TOKEN_TOO_LONG, "1 MiB of dots", ".".repeat(1 << 20)),
        refused(Reason.TOKEN_TOO_LONG, "1 MiB of blanks", " ".repeat(1 << 20)),
        refused(
            Reason.TOKEN_TOO_LONG,
            "1 MiB after a good token",
            good().mintedBy(RSA) + "A".repeat(1 << 20)),
        admitted("20,000 characters where they are allowed", ofLength(20_000)).at(wide),
        refused(Reason.TOKEN_TOO_LONG, "20,001 where 20,000 are allowed", ofLength(20_001))
            .at(wide),
        refused(Reason.TOKEN_TOO_LONG, "a good one where 600 are allowed", ofLength(700))
            .at(narrow));
  }

  @Tag("T1")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("lengths")
  void a_token_is_refused_above_its_greatest_length_and_not_at_it(Trial row) {
    row.check();
  }

  @Test
  @Tag("T1")
  void a_token_that_is_too_long_is_refused_in_64_KiB() {
    String letters = "a".repeat(1 << 20);
    String token = ofLength(16_385);
    assertThat(allocatedBy(() -> GATE.verify(letters))).isLessThan(64 * 1024);
    assertThat(allocatedBy(() -> GATE.verify(token))).isLessThan(64 * 1024);
  }

  @Test
  @Tag("T2")
  void dots_cost_no_allocation_that_grows_with_their_number() {
    TokenVerifier gate = Trial.gate(RSA.jwk()).maxTokenLength(1 << 20).tokenCacheSize(0).build();
    String few = ".".repeat(1 << 10);
    String many = ".".repeat(1 << 20);
    long forFew = allocatedBy(() -> gate.verify(few));
    long forMany = allocatedBy(() -> gate.verify(many));
    assertThat(forMany).isLessThan(forFew + 16 * 1024);
  }

  static Stream<Trial> dots() {
    String token = good().mintedBy(RSA);
    String[] segments = token.split("\\.");
    return refusedFor(
        Reason.TOKEN_NOT_JWS,
        Map.ofEntries(
            Map.entry("no dot", segments[0]),
            Map.entry("one dot: no signature", segments[0] + "." + segments[1]),
            Map.entry("one dot: no header", segments[1] + "." + segments[2]),
            Map.entry("a dot before", "." + token),
            Map.entry("a dot after", token + "."),
            Map.entry("two dots together first", token.replaceFirst("\\.", "..")),
            Map.entry(
                "two dots together last", segments[0] + "." + segments[1] + ".." + segments[2]),
            Map.entry("a fourth segment", token + ".e30"),
            Map.entry("a fourth segment before", "e30." + token),
            Map.entry("the same signature twice", token + "." + segments[2]),
            Map.entry("no dots between segments", String.join("", segments)),
            Map.entry("a dot alone", "."),
            Map.entry("two dots alone", ".."),
            Map.entry("three dots alone", "..."),
            Map.entry("four dots alone", "...."),
            Map.entry("16,384 dots", ".".repeat(16_384)),
            Map.entry("dots instead of characters", token.replace('e', '.')),
            Map.entry("segments joined with minus", String.join("-", segments)),
            Map.entry("segments joined with slashes", String.join("/", segments))));
  }

  @Tag("T2")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("dots")
  void a_token_has_exactly_two_dots(Trial row) {
    row.check();
  }

  // ---- the alphabet, and one spelling for each token

  static Stream<Trial> characters() {
    String token = good().mintedBy(RSA);
    String[] segments = token.split("\\.");
    List<Trial> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String which = List.of("header", "payload", "signature").get(i);
      for (String bad : List.of("+", "/", "~")) {
        rows.add(
            refused(
                Reason.TOKEN_NOT_JWS,
                bad + " at the end of the " + which,
                changed(segments, i, s -> s + bad)));
        rows.add(
            refused(
                Reason.TOKEN_NOT_JWS,
                bad + " inside of the " + which,
                changed(segments, i, s -> s.substring(0, 4) + bad + s.substring(5))));
        rows.add(
            refused(
                Reason.TOKEN_NOT_JWS,
                bad + " at the start of the " + which,
                changed(segments, i, s -> bad + s)));
      }
      for (String bad :
          List.of(
              " ",
              "\t",
              "\n",
              "\r\n",
              "!",
              "\"",
              "\u0000",
              "\u00a0",
              "€",
              ",",
              ":",
              "%",
              "\\",
              "\ud83d\ude00",
              "\u200b",
              "Ａ")) {
        rows.add(
            refused(
                Reason.TOKEN_NOT_B64TOKEN,
                Printables.of(bad) + " inside of the " + which,
                changed(segments, i, s -> s.substring(0, 4) + bad + s.substring(4))));
      }
      rows.add(refused(Reason.TOKEN_NOT_JWS, "an empty " + which, changed(segments, i, s -> "")));
      rows.add(
          refused(
              Reason.TOKEN_NOT_JWS, "one character as " + which, changed(segments, i, s -> "e")));
      rows.add(
          refused(
              i < 2 ? Reason.TOKEN_NOT_B64TOKEN : Reason.TOKEN_NOT_JWS,
              "padding after the " + which,
              changed(segments, i, s -> s + "==")));
    }
    rows.add(refused(Reason.TOKEN_NOT_JWS, "one = at the end", token + "="));
    rows.add(refused(Reason.TOKEN_NOT_JWS, "1,000 = at the end", token + "=".repeat(1_000)));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "= alone", "="));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "= at the start", "=" + token));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "a blank before", " " + token));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "a blank after", token + " "));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "a line end after", token + "\n"));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "a byte-order mark before", "\ufeff" + token));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "its scheme before", "Bearer " + token));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "in quotes", '"' + token + '"'));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "two, with a comma", token + "," + token));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "two, with a blank", token + " " + token));
    rows.add(refused(Reason.TOKEN_NOT_B64TOKEN, "percent-encoded", token.replace(".", "%2e")));
    rows.add(refused(Reason.TOKEN_EMPTY, "nothing", ""));
    rows.add(refused(Reason.TOKEN_MISSING, "null", null));
    return rows.stream();
  }

  @Tag("T3")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("characters")
  void segments_are_not_empty_and_of_the_base64url_alphabet(Trial row) {
    row.check();
  }

  @Test
  void the_operator_is_told_whether_segments_are_missing_or_ill_spelt() {
    String spelling = "a segment that is not base64url in its one spelling";
    assertThat(detail("AA.AA")).isEqualTo("not of three segments");
    assertThat(detail("AA.AA.AA.AA")).isEqualTo("not of three segments");
    assertThat(detail(".AA.AA")).isEqualTo(spelling);
    assertThat(detail("AA..AA")).isEqualTo(spelling);
    assertThat(detail("AA.AA.")).isEqualTo(spelling);
    assertThat(detail("AAAAA.AA.AA")).isEqualTo(spelling);
    assertThat(detail("AA.AA.AA=")).isEqualTo(spelling);
    assertThat(detail("AA.A+AA.AA")).isEqualTo("characters that are no base64url");
  }

  private static String detail(String token) {
    return ((Decision.Refused) GATE.verify(token)).refusal().detail();
  }

  @Test
  @Tag("T3")
  void a_token_spelt_in_the_other_base64_alphabet_is_refused() {
    String token =
        Stream.generate(() -> good().claim("n", System.nanoTime()).mintedBy(RSA))
            .filter(t -> t.indexOf('-') >= 0 && t.indexOf('_') >= 0)
            .findFirst()
            .orElseThrow();
    admitted("as it is", token).check();
    refused(Reason.TOKEN_NOT_JWS, "+", token.replace('-', '+')).check();
    refused(Reason.TOKEN_NOT_JWS, "/", token.replace('_', '/')).check();
  }

  static Stream<Trial> secondSpellings() {
    // Two and four unused bits in header and payload, four in signatures of 256 and of 64 bytes.
    String twoAndFour = withFreeBits(good().mintedBy(RSA), 2, 4);
    String fourAndTwo = withFreeBits(good().mintedBy(RSA), 4, 2);
    String ec = good().mintedBy(Trial.EC);
    List<Trial> rows = new ArrayList<>();
    rows.add(admitted("two free bits in the header, as it is", twoAndFour));
    rows.add(admitted("four free bits in the header, as it is", fourAndTwo));
    rows.add(admitted("ES256, as it is", ec));
    rows.addAll(spellings("2 bits", twoAndFour, 0));
    rows.addAll(spellings("4 bits", twoAndFour, 1));
    rows.addAll(spellings("4 bits", fourAndTwo, 0));
    rows.addAll(spellings("2 bits", fourAndTwo, 1));
    rows.addAll(spellings("RS256", twoAndFour, 2));
    rows.addAll(spellings("ES256", ec, 2));
    return rows.stream();
  }

  private static List<Trial> spellings(String name, String token, int segment) {
    String[] segments = token.split("\\.");
    String text = segments[segment];
    int last = BASE64URL.indexOf(text.charAt(text.length() - 1));
    int free = text.length() % 4 == 2 ? 16 : 4;
    return IntStream.range(1, free)
        .mapToObj(
            bits ->
                refused(
                    Reason.TOKEN_NOT_JWS,
                    name + ", segment " + segment + ", unused bits " + bits,
                    changed(
                        segments,
                        segment,
                        s -> s.substring(0, s.length() - 1) + BASE64URL.charAt(last | bits))))
        .toList();
  }

  /** A good token whose header and payload leave so many bits of their last character unused. */
  private static String withFreeBits(String token, int inHeader, int inPayload) {
    int header = 0;
    int payload = 0;
    while (true) {
      String[] segments = token.split("\\.");
      boolean headerFits = freeBits(segments[0]) == inHeader;
      if (headerFits && freeBits(segments[1]) == inPayload) return token;
      if (headerFits) payload++;
      else header++;
      token =
          good().header("pad", "x".repeat(header)).claim("pad", "x".repeat(payload)).mintedBy(RSA);
    }
  }

  private static int freeBits(String segment) {
    return segment.length() % 4 == 0 ? 0 : segment.length() % 4 == 2 ? 4 : 2;
  }

  @Tag("T4")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("secondSpellings")
  void a_token_has_one_accepted_spelling(Trial row) {
    row.check();
  }

  // ---- other kinds of token

  static Stream<Trial> otherKinds() {
    String token = good().mintedBy(RSA);
    String[] part = token.split("\\.");
    String none = TestToken.base64Url("{\"alg\":\"none\"}");
    String jwe =
        TestToken.base64Url("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\",\"kid\":\"rsa-1\"}");
    String dir = TestToken.base64Url("{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\"}");
    String flattened =
        "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}".formatted((Object[]) part);
    String general =
        "{\"payload\":\"%2$s\",\"signatures\":[{\"protected\":\"%1$s\",\"signature\":\"%3$s\"}]}"
            .formatted((Object[]) part);
    return Stream.of(
        refused(
            Reason.TOKEN_NOT_JWS, "unsecured, as RFC 7519 writes it", none + "." + part[1] + "."),
        refused(Reason.TOKEN_NOT_JWS, "unsecured, without the last dot", none + "." + part[1]),
        refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "unsecured, with a signature",
            none + "." + part[1] + "." + part[2]),
        refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "unsecured, with a signature of one byte",
            none + "." + part[1] + ".AA"),
        refused(
            Reason.TOKEN_NOT_JWS,
            "signed header, signature taken off",
            part[0] + "." + part[1] + "."),
        refused(Reason.TOKEN_NOT_JWS, "encrypted, five parts", jwe + ".AAAA.AAAA.AAAA.AAAA"),
        refused(
            Reason.TOKEN_NOT_JWS,
            "encrypted directly, its second part empty",
            dir + "..AAAA.AAAA.AAAA"),
        refused(
            Reason.HEADER_UNSUPPORTED,
            "encrypted, three parts",
            jwe + "." + part[1] + "." + part[2]),
        refused(Reason.TOKEN_NOT_JWS, "a signed token and two parts more", token + ".AAAA.AAAA"),
        refused(Reason.TOKEN_NOT_B64TOKEN, "JSON serialisation, flattened", flattened),
        refused(Reason.TOKEN_NOT_B64TOKEN, "JSON serialisation, general", general),
        refused(
            Reason.TOKEN_NOT_JWS,
            "JSON serialisation in base64url",
            TestToken.base64Url(flattened)),
        refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "JSON serialisation as header",
            TestToken.base64Url(flattened) + "." + part[1] + "." + part[2]),
        refused(
            Reason.CLAIMS_MALFORMED,
            "a token inside of a token",
            TestToken.signed("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"cty\":\"JWT\"}", token, RSA)),
        refused(Reason.TOKEN_NOT_JWS, "an opaque token", "2YotnFZFEjr1zCsicMWpAA"),
        refused(Reason.TOKEN_NOT_JWS, "a UUID", "0e4f3c1a-52a1-4b1d-9d0c-2f6d2a7c9a11"),
        refused(Reason.TOKEN_NOT_JWS, "PASETO", "v4.public." + part[1]),
        refused(Reason.TOKEN_NOT_JWS, "SD-JWT", token + "~WyJzYWx0IiwibmFtZSIsInZhbHVlIl0~"),
        refused(Reason.TOKEN_NOT_B64TOKEN, "SAML", "<saml:Assertion/>"));
  }

  @Tag("T5")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("otherKinds")
  void only_a_signed_token_in_compact_form_is_read(Trial row) {
    row.check();
  }

  // ---- UTF-8

  static Stream<Trial> encodings() {
    Map<String, String> octets =
        Map.ofEntries(
            Map.entry("overlong /, 2 bytes", "c0af"),
            Map.entry("overlong /, 3 bytes", "e080af"),
            Map.entry("overlong /, 4 bytes", "f08080af"),
            Map.entry("overlong a", "c1a1"),
            Map.entry("overlong NUL", "c080"),
            Map.entry("high surrogate", "eda080"),
            Map.entry("low surrogate", "edb080"),
            Map.entry("surrogate pair in CESU-8", "eda0bdedb880"),
            Map.entry("beyond U+10FFFF", "f4908080"),
            Map.entry("five bytes", "f888808080"),
            Map.entry("FE", "fe"),
            Map.entry("FF", "ff"),
            Map.entry("a continuation alone", "80"),
            Map.entry("two bytes cut to one", "c3"),
            Map.entry("three bytes cut to two", "e282"),
            Map.entry("four bytes cut to three", "f09f98"),
            Map.entry("Latin-1", "e9"));
    List<Trial> rows = new ArrayList<>();
    octets.forEach(
        (name, hex) -> {
          byte[] bad = HexFormat.of().parseHex(hex);
          rows.add(
              refused(
                  Reason.HEADER_MALFORMED,
                  name + " in a header's value",
                  bytes(header("\"x\":\"@\"", bad), claimsJson(""))));
          rows.add(
              refused(
                  Reason.HEADER_MALFORMED,
                  name + " in a header's name",
                  bytes(header("\"@\":1", bad), claimsJson(""))));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " in a claim",
                  bytes(header(""), with(claimsJson("\"x\":\"@\""), bad))));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " in a claim's name",
                  bytes(header(""), with(claimsJson("\"@\":1"), bad))));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " deep in a claim",
                  bytes(header(""), with(claimsJson("\"x\":[{\"y\":[\"@\"]}]"), bad))));
        });
    byte[] mark = HexFormat.of().parseHex("efbbbf");
    rows.add(
        refused(
            Reason.HEADER_MALFORMED,
            "byte-order mark before the header",
            bytes(joined(mark, header("")), claimsJson(""))));
    rows.add(
        refused(
            Reason.CLAIMS_MALFORMED,
            "byte-order mark before the claims",
            bytes(header(""), joined(mark, claimsJson("")))));
    rows.add(
        refused(
            Reason.CLAIMS_MALFORMED,
            "byte-order mark after the claims",
            bytes(header(""), joined(claimsJson(""), mark))));
    rows.add(
        refused(
            Reason.CLAIMS_MALFORMED,
            "invalid bytes after the claims",
            bytes(header(""), joined(claimsJson(""), new byte[] {(byte) 0xff}))));
    for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
      byte[] header =
          new String(header(""), StandardCharsets.UTF_8).getBytes(Charset.forName(charset));
      byte[] claims =
          new String(claimsJson(""), StandardCharsets.UTF_8).getBytes(Charset.forName(charset));
      rows.add(
          refused(
              Reason.HEADER_MALFORMED, "a header in " + charset, bytes(header, claimsJson(""))));
      rows.add(refused(Reason.CLAIMS_MALFORMED, "claims in " + charset, bytes(header(""), claims)));
    }
    return rows.stream();
  }

  static Stream<Trial> surrogates() {
    Map<String, String> escapes =
        Map.of(
            "a high one", "\\ud800",
            "the last high one", "\\uDBFF",
            "a low one", "\\udc00",
            "the last low one", "\\uDFFF",
            "a pair in the wrong order", "\\ude00\\ud83d",
            "a high one before a letter", "\\ud83dx",
            "two high ones", "\\ud83d\\ud83d\\ude00",
            "a low one after a pair", "\\ud83d\\ude00\\ude00");
    List<Trial> rows = new ArrayList<>();
    escapes.forEach(
        (name, escape) -> {
          rows.add(
              refused(
                  Reason.HEADER_MALFORMED,
                  name + " in a header",
                  withHeader("x", '"' + escape + '"')));
          rows.add(
              refused(
                  Reason.HEADER_MALFORMED, name + " in a header's name", withHeader(escape, "1")));
          rows.add(
              refused(
                  Reason.HEADER_MALFORMED,
                  name + " in kid",
                  underHeader("{\"alg\":\"RS256\",\"kid\":\"" + escape + "\"}")));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " in a claim",
                  withClaim("x", '"' + escape + '"')));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " in sub",
                  withClaim("sub", "\"ann" + escape + '"')));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED, name + " in a claim's name", withClaim(escape, "1")));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " in a nested name",
                  withClaim("x", "[{\"" + escape + "\":1}]")));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " in a scope",
                  withClaim("scope", "\"orders:read " + escape + '"')));
        });
    rows.add(admitted("a pair by escapes", withClaim("x", "\"\\ud83d\\ude00\"")));
    rows.add(admitted("a pair by bytes", withClaim("x", "\"\ud83d\ude00\"")));
    rows.add(admitted("a pair in a name", withClaim("\ud83d\ude00", "1")));
    rows.add(admitted("a pair in the header", withHeader("x", "\"\\ud83d\\ude00\"")));
    return rows.stream();
  }

  @Tag("T6")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource({"encodings", "surrogates"})
  void header_and_payload_are_well_formed_UTF_8_without_lone_surrogates(Trial row) {
    row.check();
  }

  // ---- JSON

  /** What is to be refused as a whole document; each is tried as header and as payload. */
  private static final Map<String, UnaryText> NOT_ONE_OBJECT =
      Map.ofEntries(
          Map.entry("an empty array", good -> "[]"),
          Map.entry("an array around it", good -> "[" + good + "]"),
          Map.entry("null", good -> "null"),
          Map.entry("a text", good -> "\"x\""),
          Map.entry("the object in a text", good -> '"' + good.replace("\"", "\\\"") + '"'),
          Map.entry("a number", good -> "42"),
          Map.entry("true", good -> "true"),
          Map.entry("a blank", good -> " "),
          Map.entry("two objects", good -> good + good),
          Map.entry("two objects with a blank", good -> good + " " + good),
          Map.entry("two objects with a line end", good -> good + "\n" + good),
          Map.entry("two objects with a comma", good -> good + "," + good),
          Map.entry("an empty object first", good -> "{}" + good),
          Map.entry("an empty object last", good -> good + "{}"),
          Map.entry("a letter after it", good -> good + "x"),
          Map.entry("a letter before it", good -> "x" + good),
          Map.entry("a bracket after it", good -> good + "]"),
          Map.entry("a brace after it", good -> good + "}"),
          Map.entry("null after it", good -> good + " null"),
          Map.entry("NUL after it", good -> good + "\u0000"),
          Map.entry("NUL before it", good -> "\u0000" + good),
          Map.entry("a comment after it", good -> good + "/* */"),
          Map.entry("a comment before it", good -> "/**/" + good),
          Map.entry("a line comment after it", good -> good + " // x"),
          Map.entry("a # comment after it", good -> good + " # x"),
          Map.entry("a comment in it", good -> "{/**/" + good.substring(1)),
          Map.entry("a form feed before it", good -> "\f" + good),
          Map.entry("a vertical tab after it", good -> good + "\u000b"),
          Map.entry("a no-break space after it", good -> good + "\u00a0"),
          Map.entry("a record separator before it", good -> "\u001e" + good),
          Map.entry("its last brace missing", good -> good.substring(0, good.length() - 1)),
          Map.entry("its first brace missing", good -> good.substring(1)),
          Map.entry("a comma at its end", good -> good.replaceFirst("}$", ",}")),
          Map.entry("a comma at its start", good -> good.replaceFirst("\\{", "{,")),
          Map.entry("two commas", good -> good.replaceFirst(",", ",,")),
          Map.entry("= for :", good -> good.replaceFirst(":", "=")),
          Map.entry("no colon", good -> good.replaceFirst(":", " ")),
          Map.entry("single quotes", good -> good.replace('"', '\'')),
          Map.entry("names without quotes", good -> good.replaceAll("\"(\\w+)\":", "$1:")),
          Map.entry("a member without value", good -> good.replaceFirst("}$", ",\"x\":}")),
          Map.entry("a member without name", good -> good.replaceFirst("}$", ",:1}")),
          Map.entry("a value alone", good -> good.replaceFirst("}$", ",1}")));

  /** Texts with one value or name that is no JSON; each is tried as header and as payload. */
  private static final List<String> NO_VALUES =
      List.of(
          "01",
          "-01",
          "+1",
          ".5",
          "1.",
          "1.e3",
          "1e",
          "1e+",
          "0x10",
          "1_000",
          "- 1",
          "--1",
          "1 2",
          "1e1.5",
          "１",
          "NaN",
          "-NaN",
          "Infinity",
          "-Infinity",
          "+Infinity",
          "undefined",
          "True",
          "FALSE",
          "Null",
          "nul",
          "tru",
          "'x'",
          "`x`",
          "x",
          "\"x",
          "x\"",
          "\"\\x41\"",
          "\"\\u12\"",
          "\"\\u12g4\"",
          "\"\\U0041\"",
          "\"\\'\"",
          "\"\\\n\"",
          "\"\n\"",
          "\"\t\"",
          "\"\r\"",
          "\"\u0000\"",
          "\"\u001f\"",
          "[1,]",
          "[,1]",
          "[1,,2]",
          "[1",
          "1]",
          "[1}",
          "{\"a\":1]",
          "{1:2}",
          "{a:1}",
          "{null:1}",
          "{[1]:2}",
          "{\"a\"}",
          "{\"a\":1,}",
          "{,}",
          "(1)",
          "/**/1",
          "1/**/",
          "\"a\" \"b\"",
          "\"a\"+\"b\"",
          "new Date()",
          "<!-- -->");

  static Stream<Trial> notOneObject() {
    String header = good().headerJson(RSA);
    String claims = good().claimsJson();
    List<Trial> rows = new ArrayList<>();
    NOT_ONE_OBJECT.forEach(
        (name, document) -> {
          rows.add(
              refused(
                  Reason.HEADER_MALFORMED, "header: " + name, underHeader(document.of(header))));
          rows.add(
              refused(Reason.CLAIMS_MALFORMED, "claims: " + name, claims(document.of(claims))));
        });
    for (String value : NO_VALUES) {
      rows.add(
          refused(
              Reason.HEADER_MALFORMED, "header: " + Printables.of(value), withHeader("x", value)));
      rows.add(
          refused(
              Reason.CLAIMS_MALFORMED, "claim: " + Printables.of(value), withClaim("x", value)));
    }
    rows.add(
        refused(
            Reason.HEADER_MALFORMED,
            "header: pairs instead of members",
            underHeader("[[\"alg\",\"RS256\"],[\"kid\",\"rsa-1\"]]")));
    rows.add(
        refused(
            Reason.HEADER_MALFORMED,
            "header: names and values in turn",
            underHeader("[\"alg\",\"RS256\",\"kid\",\"rsa-1\"]")));
    rows.add(
        refused(
            Reason.CLAIMS_MALFORMED,
            "claims: pairs instead of members",
            claims("[[\"iss\",\"" + Trial.ISSUER + "\"],[\"sub\",\"ann\"]]")));
    rows.add(
        refused(
            Reason.ALGORITHM_NOT_ALLOWED, "header: an object without members", underHeader("{}")));
    rows.add(refused(Reason.CLAIM_MISSING, "claims: an object without members", claims("{}")));
    rows.add(
        admitted(
            "claims: JSON's own white space around and inside",
            claims("\r\n\t " + claims.replace(",", " ,\n\t").replace(":\"", " : \"") + " \r\n")));
    rows.add(
        admitted("header: JSON's own white space around", underHeader(" \n" + header + "\t\r\n")));
    rows.add(
        admitted(
            "claims: every escape of JSON",
            withClaim("x", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\"")));
    return rows.stream();
  }

  @Tag("T7")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("notOneObject")
  void header_and_payload_are_one_JSON_object_each(Trial row) {
    row.check();
  }

  static Stream<Trial> repeated() {
    String rs = "\"alg\":\"RS256\",\"kid\":\"rsa-1\"";
    List<Trial> rows = new ArrayList<>();
    for (String second :
        List.of(
            "\"alg\":\"RS256\"",
            "\"alg\":\"none\"",
            "\"\\u0061lg\":\"RS256\"",
            "\"al\\u0067\":\"HS256\"",
            "\"kid\":\"rsa-1\"",
            "\"k\\u0069d\":\"ec-1\"",
            "\"x\":1,\"x\":1",
            "\"x\":{\"y\":1,\"y\":1}",
            "\"x\":[{\"y\":1,\"\\u0079\":2}]",
            "\"\":1,\"\":2",
            "\"jwk\":{\"kty\":\"RSA\",\"kty\":\"EC\"}")) {
      rows.add(
          refused(
              Reason.HEADER_MALFORMED,
              "header: " + second,
              underHeader("{" + rs + "," + second + "}")));
      rows.add(
          refused(
              Reason.HEADER_MALFORMED,
              "header, first: " + second,
              underHeader("{" + second + "," + rs + "}")));
    }
    String claims = good().claimsJson();
    for (String second :
        List.of(
            "\"iss\":\"" + Trial.ISSUER + "\"",
            "\"iss\":\"https://evil.example\"",
            "\"\\u0069ss\":\"x\"",
            "\"exp\":9999999999",
            "\"ex\\u0070\":9999999999",
            "\"sub\":\"root\"",
            "\"su\\u0062\":\"root\"",
            "\"aud\":[]",
            "\"scope\":\"orders:write\"",
            "\"s\\u0063ope\":\"orders:write\"",
            "\"jti\":null",
            "\"x\":1,\"x\":1",
            "\"x\":null,\"x\":null",
            "\"x\":{},\"x\":{}",
            "\"\":1,\"\":1",
            "\"realm_access\":{\"roles\":[],\"roles\":[\"admin\"]}",
            "\"cnf\":{\"jkt\":\"a\",\"jkt\":\"b\"}",
            "\"x\":{\"a\":{\"b\":{\"c\":1,\"c\":2}}}",
            "\"x\":[[[{\"c\":1,\"c\":2}]]]",
            "\"x\":[{\"c\":1},{\"c\":1,\"d\":1,\"c\":1}]",
            "\"x\":{\"/\":1,\"\\/\":2}",
            "\"x\":{\"\u00e9\":1,\"\\u00e9\":2}",
            "\"x\":{\"\ud83d\ude00\":1,\"\\ud83d\\ude00\":2}")) {
      rows.add(
          refused(
              Reason.CLAIMS_MALFORMED,
              "claims: " + second,
              claims(claims.replaceFirst("}$", "," + second.replace("\\", "\\\\") + "}"))));
      rows.add(
          refused(
              Reason.CLAIMS_MALFORMED,
              "claims, first: " + second,
              claims("{" + second + "," + claims.substring(1))));
    }
    rows.add(
        admitted(
            "the same name in two objects", withClaim("x", "[{\"c\":1},{\"c\":1},{\"x\":1}]")));
    rows.add(admitted("names in other letter case", withClaim("SUB", "\"root\"")));
    rows.add(admitted("names in two normal forms", withClaim("x", "{\"\u00e9\":1,\"e\u0301\":2}")));
    rows.add(admitted("a name with a blank after it", withClaim("sub ", "\"root\"")));
    return rows.stream();
  }

  @Tag("T8")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("repeated")
  void a_member_name_stands_once_at_every_depth(Trial row) {
    row.check();
  }

  static Stream<Trial> nestings() {
    return Stream.of(
        admitted("claims: 32 levels of arrays", withClaim("x", nested("[", "", "]", 31))),
        admitted("claims: 32 levels of objects", withClaim("x", nested("{\"a\":", "1", "}", 31))),
        admitted("header: 32 levels", withHeader("x", nested("[", "", "]", 31))),
        refused(
            Reason.CLAIMS_MALFORMED,
            "claims: 33 levels of arrays",
            withClaim("x", nested("[", "", "]", 32))),
        refused(
            Reason.CLAIMS_MALFORMED,
            "claims: 33 levels of objects",
            withClaim("x", nested("{\"a\":", "1", "}", 32))),
        refused(
            Reason.CLAIMS_MALFORMED,
            "claims: 33 levels of both",
            withClaim("x", nested("[{\"a\":", "1", "}]", 16))),
        refused(
            Reason.HEADER_MALFORMED,
            "header: 33 levels of arrays",
            withHeader("x", nested("[", "", "]", 32))),
        refused(
            Reason.HEADER_MALFORMED,
            "header: 33 levels of objects",
            withHeader("x", nested("{\"a\":", "1", "}", 32))),
        refused(
            Reason.CLAIMS_MALFORMED,
            "scope: 33 levels",
            withClaim("scope", nested("[", "\"orders:read\"", "]", 32))),
        refused(
            Reason.CLAIMS_MALFORMED,
            "claims: 5,000 levels, closed",
            withClaim("x", nested("[", "", "]", 5_000))));
  }

  @Tag("T9")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("nestings")
  void thirty_two_levels_are_read_and_thirty_three_are_not(Trial row) {
    row.check();
  }

  static Stream<Trial> brackets() {
    return Stream.of(
        refused(Reason.HEADER_MALFORMED, "header: 8,000 [", underHeader("[".repeat(8_000))),
        refused(Reason.HEADER_MALFORMED, "header: 8,000 {", underHeader("{".repeat(8_000))),
        refused(
            Reason.HEADER_MALFORMED,
            "header: 8,000 [ in a member",
            withHeader("x", "[".repeat(8_000))),
        refused(
            Reason.HEADER_MALFORMED,
            "header: 1,500 objects in a member",
            withHeader("x", "{\"a\":".repeat(1_500))),
        refused(Reason.CLAIMS_MALFORMED, "claims: 8,000 [", claims("[".repeat(8_000))),
        refused(Reason.CLAIMS_MALFORMED, "claims: 8,000 {", claims("{".repeat(8_000))),
        refused(
            Reason.CLAIMS_MALFORMED,
            "claims: 8,000 [ in a member",
            withClaim("x", "[".repeat(8_000))),
        refused(
            Reason.CLAIMS_MALFORMED,
            "claims: 1,500 objects in a member",
            withClaim("x", "{\"a\":".repeat(1_500))),
        refused(Reason.CLAIMS_MALFORMED, "claims: 8,000 ] ", claims("]".repeat(8_000))));
  }

  @Tag("T9")
  @Tag("T12")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("brackets")
  void thousands_of_brackets_do_not_exhaust_a_small_stack(Trial row) throws Exception {
    List<Throwable> thrown = new ArrayList<>();
    Thread thread = new Thread(null, row::check, "small stack", 256 * 1024);
    thread.setUncaughtExceptionHandler((t, e) -> thrown.add(e));
    thread.start();
    thread.join();
    assertThat(thrown).isEmpty();
  }

  private static final Map<String, String> ENDLESS =
      Map.ofEntries(
          Map.entry("1e999999999", "1e999999999"),
          Map.entry("-1e999999999", "-1e999999999"),
          Map.entry("1E+999999999", "1E+999999999"),
          Map.entry("1e99999999999999999999", "1e99999999999999999999"),
          Map.entry("1e400", "1e400"),
          Map.entry("-1e400", "-1e400"),
          Map.entry("1.5e309", "1.5e309"),
          Map.entry("NaN", "NaN"),
          Map.entry("10,000 digits", "9".repeat(10_000)),
          Map.entry("minus 10,000 digits", "-" + "9".repeat(10_000)),
          Map.entry("10,000 digits after the point", "0." + "3".repeat(10_000)),
          Map.entry("1 and 9,999 zeros", "1" + "0".repeat(9_999)),
          Map.entry("10,000 digits and an exponent", "9".repeat(10_000) + "e-9999"),
          Map.entry("an exponent of 10,000 digits", "1e" + "9".repeat(10_000)));

  static Stream<Trial> numbers() {
    List<Trial> rows = new ArrayList<>();
    ENDLESS.forEach(
        (name, number) -> {
          rows.add(
              refused(Reason.HEADER_MALFORMED, name + " in the header", withHeader("x", number)));
          rows.add(refused(Reason.CLAIMS_MALFORMED, name + " in exp", withClaim("exp", number)));
          rows.add(
              refused(Reason.CLAIMS_MALFORMED, name + " in any claim", withClaim("x", number)));
          rows.add(
              refused(
                  Reason.CLAIMS_MALFORMED,
                  name + " in a nested claim",
                  withClaim("x", "{\"y\":[1," + number + "]}")));
        });
    return rows.stream();
  }

  @Tag("T10")
  @Tag("T84")
  @Tag("T87")
  @Tag("table")
  @ParameterizedTest
  @MethodSource("numbers")
  void a_number_without_bounds_is_refused_in_under_10_ms(Trial row) {
    row.check();
    assertThat(fastest(5, () -> GATE.verify(row.token()))).isLessThan(10_000_000);
  }

  @Test
  @Tag("T11")
  @Tag("slow")
  void a_thousand_names_of_one_hash_take_at_most_five_times_as_long_as_ordinary_ones() {
    TokenVerifier gate = Trial.gate(RSA.jwk()).maxTokenLength(65_536).tokenCacheSize(0).build();
    List<String> equal = names(List.of("Aa", "BB", "C#"), 7);
    List<String> ordinary = names(List.of("Aa", "Bc", "Dx"), 7);
    assertThat(equal.stream().map(String::hashCode).distinct()).hasSize(1);
    assertThat(ordinary.stream().map(String::hashCode).distinct()).hasSizeGreaterThan(900);
    String hostile = withClaim("x", object(equal));
    String usual = withClaim("x", object(ordinary));
    admitted("equal hashes", hostile).at(gate).check();
    admitted("ordinary names", usual).at(gate).check();
    for (int i = 0; i < 200; i++) {
      gate.verify(hostile);
      gate.verify(usual);
    }
    assertThat(fastest(50, () -> gate.verify(hostile)))
        .isLessThan(5 * fastest(50, () -> gate.verify(usual)));
  }

  // ---- whatever is thrown

  @Test
  @Tag("T12")
  @Tag("T84")
  void whatever_a_verifier_throws_is_a_refused_token() {
    String token = good().mintedBy(RSA);
    List<Supplier<Throwable>> faults =
        List.of(
            () -> new IllegalStateException(token),
            () -> new NullPointerException(token),
            () -> new ArrayIndexOutOfBoundsException(token),
            StackOverflowError::new,
            () -> new LinkageError(token),
            () -> new AssertionError(token));
    for (Supplier<Throwable> fault : faults) {
      TokenVerifier gate =
          Trial.settings().allowedScopes("orders:read").keySource(new Faulty(fault)).build();
      refused(Reason.TOKEN_UNREADABLE, "thrown", token).at(gate).check();
    }
  }

  /** A source whose one key throws. */
  private record Faulty(Supplier<Throwable> fault) implements KeySource, JWSVerifier {
    @Override
    public Answer find(JWSHeader header) {
      return new Found(new Key("rsa-1", Map.of(JWSAlgorithm.RS256, this), null));
    }

    @Override
    public boolean holds(Key key) {
      return true;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature) {
      throw Faulty.<RuntimeException>sneaky(fault.get());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
      throw (E) thrown;
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return Set.of(JWSAlgorithm.RS256);
    }

    @Override
    public JCAContext getJCAContext() {
      return new JCAContext();
    }
  }

  // ---- helpers

  /** A text made of another. */
  private interface UnaryText {
    String of(String text);
  }

  private static Stream<Trial> refusedFor(Reason reason, Map<String, String> tokens) {
    return tokens.entrySet().stream().map(e -> refused(reason, e.getKey(), e.getValue()));
  }

  private static String changed(String[] segments, int which, Function<String, String> change) {
    String[] copy = segments.clone();
    copy[which] = change.apply(copy[which]);
    return String.join(".", copy);
  }

  /** A good token of exactly so many characters. */
  private static String ofLength(int length) {
    for (int header = 0; header < 4; header++) {
      int over = good().header("pad", "x".repeat(header)).claim("pad", "").mintedBy(RSA).length();
      for (int claim = (length - over) * 3 / 4 - 3; claim <= (length - over) * 3 / 4 + 3; claim++) {
        String token =
            good()
                .header("pad", "x".repeat(header))
                .claim("pad", "x".repeat(Math.max(claim, 0)))
                .mintedBy(RSA);
        if (token.length() == length) return token;
      }
    }
    throw new AssertionError("no good token of " + length + " characters");
  }

  private static byte[] header(String more) {
    String json = "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"" + (more.isEmpty() ? "" : "," + more) + "}";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] header(String more, byte[] forAt) {
    return with(header(more), forAt);
  }

  private static byte[] claimsJson(String more) {
    String json = good().claimsJson();
    return (more.isEmpty() ? json : "{" + more + "," + json.substring(1))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The document with these bytes instead of each {@code @}. */
  private static byte[] with(byte[] document, byte[] forAt) {
    String latin = new String(document, StandardCharsets.ISO_8859_1);
    return latin
        .replace("@", new String(forAt, StandardCharsets.ISO_8859_1))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static String bytes(byte[] header, byte[] claims) {
    return TestToken.signed(header, claims, RSA::sign);
  }

  private static String nested(String open, String core, String close, int levels) {
    return open.repeat(levels) + core + close.repeat(levels);
  }

  private static List<String> names(List<String> pairs, int length) {
    List<String> names = List.of("");
    for (int i = 0; i < length; i++) {
      names = names.stream().flatMap(name -> pairs.stream().map(name::concat)).toList();
    }
    return names.subList(0, 1_000);
  }

  private static String object(List<String> names) {
    return names.stream()
        .map(name -> '"' + name + "\":0")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static long fastest(int times, Runnable work) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  /** Bytes that the work allocates when nothing has to be loaded for it any more. */
  private static long allocatedBy(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      work.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  /** Names of rows that a report can show. */
  private static final class Printables {
    static String of(String text) {
      return text.chars()
          .mapToObj(c -> c > ' ' && c < 127 ? "" + (char) c : "U+%04X".formatted(c))
          .collect(Collectors.joining());
    }
  }
}
