package io.sallyport;

import io.sallyport.text.Spares;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256, by digests that are kept ready and keep nothing of what they were given. */
final class Sha256 {
  private final Spares<MessageDigest> idle = new Spares<>();

  /** The hash of the whole token as it came. */
  byte[] of(CompactJws token) {
    MessageDigest digest = take();
    token.into(digest);
    return finish(digest);
  }

  /** The hash in base64url, as JWTs carry hashes. */
  String base64Url(CompactJws token) {
    return encoded(of(token));
  }

  /** The hash in base64url, as JWTs carry hashes. */
  String base64Url(byte[] octets) {
    MessageDigest digest = take();
    digest.update(octets);
    return encoded(finish(digest));
  }

  private static String encoded(byte[] hash) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private MessageDigest take() {
    MessageDigest spare = idle.take();
    return spare != null ? spare : sha256();
  }

  private byte[] finish(MessageDigest digest) {
    byte[] hash = digest.digest();
    digest.reset(); // or it keeps the last block
    idle.giveBack(digest);
    return hash;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
