package io.sallyport.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;

/** A certificate that a key signs for itself (RFC 5280), written by hand: the JDK makes none. */
final class SelfSigned {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;

  /** ecdsa-with-SHA256 (RFC 5758 section 3.2). */
  private static final byte[] ECDSA_WITH_SHA256 = {6, 8, 0x2a, -122, 0x48, -50, 0x3d, 4, 3, 2};

  /** The type of a common name (RFC 5280 appendix A.1). */
  private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};

  private SelfSigned() {}

  /**
   * Makes one.
   *
   * @param key a key for ES256
   * @return its DER in base64, as {@code x5c} has it (RFC 7515 section 4.1.6)
   */
  static String certificate(TestKey key) {
    byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
    byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text(UTF8_STRING, "probe"))));
    byte[] validity =
        der(SEQUENCE, text(UTC_TIME, "200101000000Z"), text(UTC_TIME, "491231235959Z"));
    byte[] body =
        der(
            SEQUENCE,
            der(INTEGER, new byte[] {1}),
            algorithm,
            name,
            validity,
            name,
            key.pair().getPublic().getEncoded());
    byte[] certificate =
        der(SEQUENCE, body, algorithm, der(BIT_STRING, new byte[1], signature(key, body)));
    return Base64.getEncoder().encodeToString(certificate);
  }

  private static byte[] signature(TestKey key, byte[] body) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key.pair().getPrivate());
      signature.update(body);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has ECDSA", e);
    }
  }

  private static byte[] text(int tag, String text) {
    return der(tag, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) content.writeBytes(part);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length > 0xff) {
      whole.write(0x82);
      whole.write(length >> 8);
    } else if (length > 0x7f) {
      whole.write(0x81);
    }
    whole.write(length & 0xff);
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
