package io.sallyport.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which addresses may be connected to. All of them are written in numbers: nothing is looked up.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AddressPolicyTest {
  private static final AddressPolicy NOTHING_LISTED = AddressPolicy.allowing("");

  private static boolean allows(AddressPolicy policy, String address) throws Exception {
    return policy.allows(InetAddress.getByName(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::8.8.8.8",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:53aa:64c:0:fbff:f5ff:fffe",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::1",
        "2002:c0a8:101::1",
        "3fff:fff::1",
        "4000::1",
        "fc00::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "fe80::a9fe:a9fe",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
      })
  void what_is_nobodys_on_the_internet_is_refused_unless_it_is_listed(String address)
      throws Exception {
    assertThat(allows(NOTHING_LISTED, address)).isFalse();
    assertThat(allows(AddressPolicy.allowing(address), address)).as("listed").isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2002:808:808::1",
        "2003::1",
        "2606:4700::1111",
        "3fff:1000::1",
        "64:ff9b::8.8.8.8",
      })
  void what_is_somebodys_is_allowed(String address) throws Exception {
    assertThat(allows(NOTHING_LISTED, address)).isTrue();
  }

  /** The JDK makes an Inet4Address of such a one, unless it is built by force. */
  @ParameterizedTest
  @CsvSource({"127, 0, 0, 1, false", "169, 254, 169, 254, false", "8, 8, 8, 8, true"})
  void an_address_of_ipv4_that_ipv6_maps_is_judged_as_what_it_is(
      int a, int b, int c, int d, boolean allowed) throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    mapped[12] = (byte) a;
    mapped[13] = (byte) b;
    mapped[14] = (byte) c;
    mapped[15] = (byte) d;
    assertThat(NOTHING_LISTED.allows(Inet6Address.getByAddress("upstream", mapped, -1)))
        .isEqualTo(allowed);
    assertThat(NOTHING_LISTED.allows(InetAddress.getByAddress(mapped))).isEqualTo(allowed);
  }

  @Test
  void a_zone_changes_nothing() throws Exception {
    byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
    assertThat(NOTHING_LISTED.allows(Inet6Address.getByAddress("upstream", linkLocal, 1)))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.20.0.0/16, 10.20.255.255, 10.21.0.0",
    "10.20.0.0/15, 10.21.0.0, 10.22.0.0",
    "10.0.0.1, 10.0.0.1, 10.0.0.2",
    "127.0.0.1/32, 127.0.0.1, 127.0.0.2",
    "fd00:1::/32, fd00:1:ffff::1, fd00:2::1",
    "::1, ::1, ::2",
    "10.0.0.0/8, 10.0.0.1, ::10.0.0.1",
    "10.0.0.0/8, 10.0.0.1, 64:ff9b::10.0.0.1",
    "10.0.0.0/8, 10.0.0.1, 2002:a00:1::",
  })
  void what_is_listed_is_allowed_and_its_neighbour_is_not(
      String listed, String inside, String outside) throws Exception {
    AddressPolicy policy = AddressPolicy.allowing("  192.168.7.7 \t" + listed + "\n");
    assertThat(allows(policy, inside)).isTrue();
    assertThat(allows(policy, outside)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "*",
        "10.0.0.0/0",
        "10.0.0.0/33",
        "::/129",
        "::/0",
        "10.0.0.0/",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0",
        "10.1",
        "167772161",
        "0x0a.0.0.1",
        "010.0.0.1",
        "256.0.0.1",
        "10.0.0.1/8/8",
        "fe80::1%eth0",
        "[::1]",
        "1:2",
        "10.0.0.1,10.0.0.2",
        "unix:/run/docker.sock",
      })
  void what_is_no_block_of_addresses_stops_the_start(String listed) {
    assertThatThrownBy(() -> AddressPolicy.allowing(listed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(listed.split("/")[0]);
  }
}
