package io.sallyport.examples.kubernetes;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses that begin with the same bits: {@code 203.0.113.0/24}. */
record AddressRange(InetAddress first, int bits) {
  static AddressRange of(String cidr) {
    if (!cidr.matches("[0-9a-fA-F.:]+/[0-9]{1,3}")) throw new IllegalArgumentException(cidr);
    int slash = cidr.indexOf('/');
    return new AddressRange(
        address(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
  }

  static AddressRange ofOne(String address) {
    InetAddress one = address(address);
    return new AddressRange(one, one.getAddress().length * 8);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text); // in numbers: nothing is looked up
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** How many bits are left to choose. */
  int width() {
    return first.getAddress().length * 8 - bits;
  }

  boolean holds(AddressRange other) {
    return first.getAddress().length == other.first.getAddress().length
        && bits <= other.bits
        && beginning(first).equals(beginning(other.first));
  }

  private BigInteger beginning(InetAddress address) {
    return new BigInteger(1, address.getAddress()).shiftRight(width());
  }
}
