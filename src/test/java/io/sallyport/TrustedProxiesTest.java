package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose {@code Client-Cert} field is believed; what stops the start is in SettingsTest. */
final class TrustedProxiesTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.128.0.0/9, 10.127.255.255, false",
    "192.0.2.64/27, 192.0.2.95, true",
    "192.0.2.64/27, 192.0.2.96, false",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "::ffff:10.1.2.3, 10.1.2.3, true",
    "2001:db8::/32, 2001:db8:1::7, true",
    "2001:db8::/32, 2001:db9::7, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "::1, [::1], true",
    "fe80::/10, fe80::1%eth0, true",
    "fe80::/10, [fe80::1%eth0], true",
    "::1, 127.0.0.1, false",
    "127.0.0.1, localhost, false"
  })
  void an_address_is_compared_bit_by_bit(String range, String address, boolean trusted) {
    assertThat(TrustedProxies.of(List.of("192.0.2.1", range)).include(address)).isEqualTo(trusted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.",
        ".1.2.3",
        "1.2.3.999",
        "/",
        ":",
        "g::"
      })
  void what_is_no_address_is_trusted_by_nobody(String address) {
    TrustedProxies all = TrustedProxies.of(List.of("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"));
    assertThat(all.include(address)).isFalse();
    assertThat(all.include(null)).isFalse();
    assertThat(all.include("203.0.113.9")).isTrue();
  }

  @Test
  void without_proxies_nobody_is_trusted() {
    assertThat(TrustedProxies.of(List.of()).include("127.0.0.1")).isFalse();
  }
}
