package io.sallyport.text;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One member out of an object of which nothing else is wanted. */
@Tag("T25")
final class StrictJsonTest {
  private final StrictJson json = new StrictJson(10_000);

  private String text(String document) {
    return json.text(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)), "iss");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"iss\":\"x\"}; x",
        "\t{ \"iss\" : \"x\" }  ; x",
        "{\"iss\":\"\"}; ''",
        "{\"i\\u0073s\":\"x\"}; x",
        "{\"iss\":\"a\\/b\"}; a/b",
        "{\"a\":{\"iss\":\"y\"},\"iss\":\"x\",\"b\":[{\"iss\":5}]}; x",
        "{\"a\":1e999999999,\"iss\":\"x\"}; x",
        "{\"a\":1,\"a\":2,\"iss\":\"x\"}; x",
        "{\"Iss\":\"y\",\"iss \":\"y\",\"iss\":\"x\"}; x"
      })
  void the_text_of_one_member_is_read_past_whatever_else_there_is(String document, String text) {
    assertThat(text(document)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"Iss\":\"x\"}",
        "{\"a\":{\"iss\":\"x\"}}",
        "{\"iss\":null}",
        "{\"iss\":5}",
        "{\"iss\":[\"x\"]}",
        "{\"iss\":{\"x\":1}}",
        "{\"iss\":\"x\",\"iss\":\"x\"}",
        "{\"iss\":\"x\",\"iss\":5}",
        "{\"iss\":5,\"iss\":\"x\"}",
        "{\"iss\":\"x\",\"i\\u0073s\":\"y\"}",
        "{\"iss\":\"\\ud800\"}",
        "{\"iss\":\"x\"",
        "{\"iss\":\"x\"}}",
        "{\"iss\":\"x\"}{}",
        "{\"iss\":\"x\",}",
        "{\"iss\":\"x\",\"a\":[}",
        "{\"iss\":\"x\",\"a\":NaN}",
        "{'iss':'x'}",
        "[\"iss\",\"x\"]",
        "\"iss\"",
        "\ufeff{\"iss\":\"x\"}"
      })
  void anything_else_is_nothing(String document) {
    assertThat(text(document)).isNull();
  }

  @Test
  void what_is_not_utf_8_is_nothing() {
    byte[] latin = "{\"iss\":\"x\",\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(json.text(ByteBuffer.wrap(latin), "iss")).isNull();
  }

  @Test
  @Tag("T9")
  void what_is_passed_over_is_no_deeper_than_what_is_read() {
    assertThat(text("{\"a\":" + "[".repeat(31) + "]".repeat(31) + ",\"iss\":\"x\"}"))
        .isEqualTo("x");
    assertThat(text("{\"a\":" + "[".repeat(32) + "]".repeat(32) + ",\"iss\":\"x\"}")).isNull();
    assertThat(text("{\"a\":" + "[".repeat(4_000) + ",\"iss\":\"x\"}")).isNull();
  }

  @Test
  void a_document_beyond_the_bound_is_nothing() {
    String blanks = " ".repeat(20_000);
    assertThat(text(blanks + "{\"iss\":\"x\"}")).isNull();
    assertThat(text("{\"iss\":\"" + "x".repeat(20_000) + "\"}")).isNull();
  }

  /** Names that are remembered change nothing of what a document means. */
  @Test
  @Tag("T8")
  void a_reader_that_remembers_names_reads_what_the_other_reads() {
    StrictJson other = new StrictJson(10_000);
    StrictJson remembering = StrictJson.rememberingNames(10_000);
    String many =
        IntStream.range(0, 500)
            .mapToObj(i -> "\"n" + i + "\":" + i)
            .collect(joining(",", "{", "}"));
    for (String document :
        List.of(
            "{\"a\":1,\"b\":{\"a\":2}}",
            "{\"b\":1,\"a\":{\"b\":2}}",
            "{\"a\":1,\"\\u0061\":2}",
            "{\"a\":1,\"a\":2}",
            "{\"b\":{\"a\":1,\"a\":2}}",
            "{\"\\ud800\":1}",
            "{\"Aa\":1,\"BB\":2}",
            many)) {
      byte[] utf8 = document.getBytes(StandardCharsets.UTF_8);
      for (int time = 0; time < 3; time++) {
        assertThat(remembering.object(utf8)).as(document).isEqualTo(other.object(utf8));
      }
    }
  }
}
