package io.sallyport.examples.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Which addresses may be connected to: those that are somebody's on the public internet, and those
 * that the operator has listed.
 *
 * <p>Everything else is refused: this host, private and shared networks, link-local addresses with
 * the metadata services of the clouds among them, multicast, and what IANA keeps for documentation,
 * measurements and protocols. An IPv6 address that only wraps one of IPv4 is judged by that one.
 *
 * @param listed what the operator allows, whatever it is
 */
record AddressPolicy(List<Range> listed) {
  /** IANA's special-purpose addresses, and multicast and all that is reserved behind it. */
  private static final List<Range> NOT_PUBLIC_V4 =
      ranges(
          "0.0.0.0/8", // this network; Linux takes 0.0.0.0 for this host
          "10.0.0.0/8",
          "100.64.0.0/10", // shared with a carrier; a metadata service is at 100.100.100.200
          "127.0.0.0/8",
          "168.63.129.16", // Azure's host, as its virtual machines see it
          "169.254.0.0/16", // link-local; the metadata services are at 169.254.169.254
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/3");

  /** All of IPv6 that is given out; so not ::1, fc00::/7, fe80::/10, ff00::/8 and many more. */
  private static final Range PUBLIC_V6 = Range.of("2000::/3");

  private static final List<Range> NOT_PUBLIC_V6 =
      ranges("2001::/23", "2001:db8::/32", "3fff::/20"); // protocols with Teredo, documentation

  /** ::ffff:0:0/96, which the JDK reads as 0.0.0.0. */
  private static final Range MAPPED =
      new Range(HexFormat.of().parseHex("00000000000000000000ffff00000000"), 96);

  private static final Range NAT64 = Range.of("64:ff9b::/96");
  private static final Range SIX_TO_FOUR = Range.of("2002::/16");

  /**
   * A block of addresses.
   *
   * @param address 4 or 16 bytes
   * @param bits how many of them have to be equal
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record Range(byte[] address, int bits) {
    /**
     * Reads {@code 10.1.2.3}, {@code 10.0.0.0/8} or {@code fd00::/8}.
     *
     * @throws IllegalArgumentException if it is none; no name is ever looked up
     */
    static Range of(String text) {
      int slash = text.indexOf('/');
      byte[] address = octets(slash < 0 ? text : text.substring(0, slash));
      int bits = slash < 0 ? address.length * 8 : bits(text.substring(slash + 1));
      if (bits < 1 || bits > address.length * 8) {
        throw new IllegalArgumentException(text + " is no block of addresses: 10.0.0.0/8");
      }
      return new Range(address, bits);
    }

    private static byte[] octets(String text) {
      boolean numeric =
          text.indexOf(':') >= 0
              ? text.chars().allMatch(c -> c == ':' || c == '.' || HexFormat.isHexDigit(c))
              : text.matches("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
      try {
        if (numeric) return InetAddress.getByName(text).getAddress();
      } catch (UnknownHostException e) {
        // said below
      }
      throw new IllegalArgumentException(text + " is no numeric address");
    }

    private static int bits(String digits) {
      return digits.matches("[1-9]\\d{0,2}") ? Integer.parseInt(digits) : 0;
    }

    boolean holds(byte[] other) {
      if (other.length != address.length) return false;
      for (int i = 0; i < bits; i++) {
        int difference = address[i / 8] ^ other[i / 8];
        if ((difference >> (7 - i % 8) & 1) != 0) return false;
      }
      return true;
    }
  }

  /**
   * A policy.
   *
   * @param listed what may be connected to though it is not public: addresses or blocks of them,
   *     separated by white space
   * @throws IllegalArgumentException if one of them is none
   */
  static AddressPolicy allowing(String listed) {
    return new AddressPolicy(listed.isBlank() ? List.of() : ranges(listed.strip().split("\\s+")));
  }

  private static List<Range> ranges(String... texts) {
    return Arrays.stream(texts).map(Range::of).toList();
  }

  /** Whether a connection may be made to an address. */
  boolean allows(InetAddress address) {
    byte[] octets = address.getAddress();
    return isOneOf(listed, octets) || isPublic(octets);
  }

  private static boolean isPublic(byte[] octets) {
    if (octets.length == 4) return !isOneOf(NOT_PUBLIC_V4, octets);
    if (MAPPED.holds(octets) || NAT64.holds(octets)) {
      return isPublic(Arrays.copyOfRange(octets, 12, 16));
    }
    if (SIX_TO_FOUR.holds(octets)) return isPublic(Arrays.copyOfRange(octets, 2, 6));
    return PUBLIC_V6.holds(octets) && !isOneOf(NOT_PUBLIC_V6, octets);
  }

  private static boolean isOneOf(List<Range> ranges, byte[] octets) {
    return ranges.stream().anyMatch(range -> range.holds(octets));
  }
}
