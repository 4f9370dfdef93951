package io.sallyport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of proxies whose {@code Client-Cert} field is believed. Addresses alone: no name is
 * ever looked up.
 *
 * @param ranges the addresses of each, as far as they have to be equal
 */
record TrustedProxies(List<Range> ranges) {
  /**
   * An address, or all that begin with the same bits.
   *
   * @param address 4 or 16 bytes
   * @param bits how many of them have to be equal
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record Range(byte[] address, int bits) {
    /**
     * Reads {@code 10.1.2.3}, {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Range of(String text) {
      int slash = text.indexOf('/');
      byte[] address = octets(slash < 0 ? text : text.substring(0, slash));
      if (address == null) throw new IllegalArgumentException("it is not a numeric address");
      int bits = slash < 0 ? address.length * 8 : number(text.substring(slash + 1), 3);
      if (bits < 1 || bits > address.length * 8) {
        throw new IllegalArgumentException("after the / stands a number of bits, 1 at least");
      }
      for (int i = bits; i < address.length * 8; i++) {
        if (bit(address, i)) {
          throw new IllegalArgumentException("it has bits set behind the first " + bits);
        }
      }
      return new Range(address, bits);
    }

    boolean holds(byte[] other) {
      if (other.length != address.length) return false;
      for (int i = 0; i < bits; i++) {
        if (bit(address, i) != bit(other, i)) return false;
      }
      return true;
    }

    private static boolean bit(byte[] octets, int at) {
      return (octets[at / 8] >> (7 - at % 8) & 1) == 1;
    }
  }

  static TrustedProxies of(Collection<String> texts) {
    return new TrustedProxies(texts.stream().map(Range::of).toList());
  }

  /**
   * Whether a request's sender is one of them.
   *
   * @param remoteAddress as the container gives it: IPv6 with brackets or without, with a zone
   */
  boolean include(@Nullable String remoteAddress) {
    if (ranges.isEmpty() || remoteAddress == null) return false;
    byte[] octets = octets(bare(remoteAddress));
    if (octets == null) return false;
    for (Range range : ranges) {
      if (range.holds(octets)) return true;
    }
    return false;
  }

  private static String bare(String address) {
    int start = address.startsWith("[") ? 1 : 0;
    int end = address.endsWith("]") ? address.length() - 1 : address.length();
    int zone = address.indexOf('%');
    return address.substring(start, zone < 0 ? end : Math.min(end, zone));
  }

  /** The bytes of an address in numbers, an IPv4 one in IPv6 as IPv4; null for anything else. */
  private static byte @Nullable [] octets(String address) {
    return address.indexOf(':') < 0 ? octetsOfV4(address) : octetsOfV6(address);
  }

  private static byte @Nullable [] octetsOfV4(String address) {
    List<Byte> octets = new ArrayList<>(4);
    int start = 0;
    while (start <= address.length() && octets.size() < 5) {
      int dot = address.indexOf('.', start);
      int end = dot < 0 ? address.length() : dot;
      int octet = number(address.substring(start, end), 3);
      if (octet < 0 || octet > 255) return null;
      octets.add((byte) octet);
      start = end + 1;
    }
    if (octets.size() != 4) return null;
    return new byte[] {octets.get(0), octets.get(1), octets.get(2), octets.get(3)};
  }

  private static byte @Nullable [] octetsOfV6(String address) {
    if (address.length() > 45) return null;
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c != ':' && c != '.' && !HexFormat.isHexDigit(c)) return null;
    }
    try {
      // With a colon in it the JDK takes it for a number or for nothing: no name is looked up.
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** A decimal number without leading zeros, or -1. */
  private static int number(String digits, int most) {
    if (digits.isEmpty() || digits.length() > most) return -1;
    if (digits.length() > 1 && digits.charAt(0) == '0') return -1;
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') return -1;
      number = number * 10 + (c - '0');
    }
    return number;
  }
}
