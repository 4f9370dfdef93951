package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    "10.1.2.3/32, 10.1.2.3, true",
    "10.1.2.2/31, 10.1.2.3, true",
    "0.0.0.0, 0.0.0.0, true",
    "255.255.255.255, 255.255.255.255, true",
    "::1/128, ::1, true",
    "::1/128, ::2, false",
    "2001:db8::ffff:ffff:255.255.255.255, 2001:db8::ffff:ffff:ffff:ffff, true",
    "::ffff:255.255.255.255, 0000:0000:0000:0000:0000:ffff:255.255.255.255, true",
    "fe80::/10, fe80::1%eth0, true",
    "fe80::/10, [fe80::1]%eth0, false",
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
        "1.2.3.256",
        "1.2.3.04",
        "1.2.3.4a",
        "1.2.3./",
        "1.2.3.:",
        "::1x",
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/0",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/x",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0.1/31",
        "10.0.0.2/30",
        "10.128.0.0/8",
        "::/0",
        "::/129",
        "::1/127",
        "8000::/0",
        "proxy.example",
        "/8"
      })
  void what_is_no_range_is_refused(String text) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void without_proxies_nobody_is_trusted() {
    assertThat(TrustedProxies.of(List.of()).include("127.0.0.1")).isFalse();
  }
}
