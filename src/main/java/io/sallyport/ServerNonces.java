package io.sallyport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that clients put into their proofs (RFC 9449 sections 8 and 9): a new one every {@value
 * #SLOT_SECONDS} seconds, the one before it still good. None is stored: each is an authentication
 * code of its slot of time, under a key that was made for this filter and is never written down.
 */
final class ServerNonces {
  private static final int SLOT_SECONDS = 60;
  private static final int OCTETS = 16;
  private static final String HMAC = "HmacSHA256";

  private final LongSupplier nanoTime;
  private final SecretKeySpec key;
  private volatile Slot slot;

  private record Slot(long number, String nonce, String before) {}

  ServerNonces(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, HMAC);
    this.slot = slot(now());
  }

  /** The one to use from now on. */
  String current() {
    return slotNow().nonce();
  }

  boolean accepts(String nonce) {
    Slot now = slotNow();
    return equal(nonce, now.nonce()) || equal(nonce, now.before());
  }

  private static boolean equal(String given, String ours) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), ours.getBytes(StandardCharsets.UTF_8));
  }

  private Slot slotNow() {
    Slot known = slot;
    long number = now();
    if (known.number() == number) return known;
    Slot next = slot(number);
    slot = next; // of two threads at once, either: they have made the same
    return next;
  }

  private long now() {
    return Math.floorDiv(nanoTime.getAsLong(), TimeUnit.SECONDS.toNanos(SLOT_SECONDS));
  }

  private Slot slot(long number) {
    return new Slot(number, nonce(number), nonce(number - 1));
  }

  private String nonce(long number) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      byte[] code = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(code, OCTETS));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}
