package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import io.sallyport.text.Spares;
import org.junit.jupiter.api.Test;

/** Headers that need not be read again. */
final class KnownHeadersTest {
  private static final JWSHeader HEADER = new JWSHeader(JWSAlgorithm.ES256);

  private final KnownHeaders known = new KnownHeaders();

  private static CompactJws under(String header) {
    Outcome<CompactJws> token =
        BearerToken.fromText(header + ".AAAA.AAAA", 100)
            .then(text -> CompactJws.from(text, new Spares<>()));
    return ((Outcome.Passed<CompactJws>) token).value();
  }

  private static CompactJws under(int n) {
    return under("AA" + (char) ('A' + n / 16) + (char) ('A' + n % 16));
  }

  @Test
  void a_header_is_found_by_its_whole_segment_and_by_no_other() {
    assertThat(known.find(under("AAAA"))).isNull();
    known.add(under("AAAA"), HEADER);
    assertThat(known.find(under("AAAA"))).isSameAs(HEADER);
    assertThat(known.find(under("AAAB"))).isNull();
    assertThat(known.find(under("AAAAAAAA"))).isNull();
    assertThat(known.find(under("AA"))).isNull();
  }

  @Test
  void sixteen_are_known_and_the_seventeenth_takes_the_place_of_the_first() {
    for (int n = 0; n < 16; n++) known.add(under(n), HEADER);
    for (int n = 0; n < 16; n++) assertThat(known.find(under(n))).isSameAs(HEADER);
    known.add(under(16), HEADER);
    assertThat(known.find(under(0))).isNull();
    for (int n = 1; n <= 16; n++) assertThat(known.find(under(n))).isSameAs(HEADER);
  }
}
