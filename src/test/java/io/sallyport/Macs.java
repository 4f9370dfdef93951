package io.sallyport;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What shared secrets sign. */
final class Macs {
  private Macs() {}

  static byte[] hmac(String alg, byte[] secret, byte[] input) {
    try {
      String name = "HmacSHA" + alg.substring(2);
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
