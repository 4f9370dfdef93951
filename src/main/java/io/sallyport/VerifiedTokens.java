package io.sallyport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.sallyport.keys.KeySource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that have passed every check, remembered by the SHA-256 of their whole text, so that no
 * token rests in memory.
 *
 * <p>A hit is good only inside the token's period and while its key is still in the issuer's set: a
 * key that is withdrawn takes its tokens with it at once. Caffeine does the locking; its upkeep
 * runs on the thread that calls, so there is none of ours to stop.
 */
final class VerifiedTokens {
  private final @Nullable Cache<Digest, VerifiedToken> cache;
  private final ValidityPeriod period;
  private final KeySource keys;

  /**
   * Makes a cache.
   *
   * @param size how many tokens are kept at most; 0 keeps none
   */
  VerifiedTokens(int size, ValidityPeriod period, KeySource keys) {
    this.cache =
        size == 0
            ? null
            : Caffeine.newBuilder()
                .maximumSize(size)
                .expireAfter(Expiry.<Digest, VerifiedToken>creating((k, token) -> left(token)))
                .executor(Runnable::run)
                .build();
    this.period = period;
    this.keys = keys;
  }

  private Duration left(VerifiedToken token) {
    Duration left =
        Duration.between(period.clock().instant(), token.expiresAt()).plus(period.skew());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The token, if it was verified before and still holds. */
  @Nullable VerifiedToken find(BearerToken presented) {
    if (cache == null) return null;
    Digest digest = Digest.of(presented);
    VerifiedToken token = cache.getIfPresent(digest);
    if (token == null) return null;
    if (period.covers(token) && keys.holds(token.key())) return token;
    cache.invalidate(digest);
    return null;
  }

  /** Remembers a token that has passed every check. */
  void keep(BearerToken presented, VerifiedToken token) {
    if (cache != null) cache.put(Digest.of(presented), token);
  }

  void clear() {
    if (cache != null) cache.invalidateAll();
  }

  /** The 256 bits of a hash. */
  private record Digest(long a, long b, long c, long d) {
    static Digest of(BearerToken token) {
      try {
        byte[] text = token.text().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
        return new Digest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
