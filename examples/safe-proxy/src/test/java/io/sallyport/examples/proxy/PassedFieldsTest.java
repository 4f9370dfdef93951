package io.sallyport.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PassedFieldsTest {
  @ParameterizedTest
  @CsvSource({
    "Accept, true, false",
    "ACCEPT, true, false",
    "content-type, true, true",
    "If-None-Match, true, false",
    "ETag, false, true",
    "Authorization, false, false",
    "Cookie, false, false",
    "Set-Cookie, false, false",
    "Host, false, false",
    "Location, false, false",
    "Connection, false, false",
    "Transfer-Encoding, false, false",
    "Upgrade, false, false",
    "X-Verified-Subject, false, false",
    "X-Forwarded-For, false, false",
    "X-Whatever, false, false",
    "'', false, false",
  })
  void what_is_not_named_stays(String name, boolean up, boolean down) {
    assertThat(PassedFields.passUp(name, List.of())).isEqualTo(up);
    assertThat(PassedFields.passDown(name, List.of("close"))).isEqualTo(down);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Type, false",
    "'a,content-type ,b', false",
    "'content-type;q=1', true",
    "content, true",
    "'', true",
    "',', true",
  })
  void what_connection_lists_stays(String connection, boolean passes) {
    List<String> values = List.of("close", connection);
    assertThat(PassedFields.passUp("Content-Type", values)).isEqualTo(passes);
    assertThat(PassedFields.passDown("Content-Type", values)).isEqualTo(passes);
  }

  @Test
  void the_letters_of_the_host_have_no_say() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr-TR"));
    try {
      assertThat(PassedFields.passUp("IF-NONE-MATCH", List.of())).isTrue();
      assertThat(PassedFields.passUp("If-None-Match", List.of("IF-NONE-MATCH"))).isFalse();
    } finally {
      Locale.setDefault(before);
    }
  }
}
