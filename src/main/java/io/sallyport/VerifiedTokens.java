package io.sallyport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.sallyport.keys.KeySource;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that have passed every check, remembered by the SHA-256 of their whole text, so that no
 * token rests in memory.
 *
 * <p>A hit is good only inside the token's period and while its key is still in its issuer's set: a
 * key that is withdrawn takes its tokens with it at once. Caffeine does the locking; its upkeep
 * runs on the thread that calls, so there is none of ours to stop.
 */
final class VerifiedTokens {
  private final @Nullable Cache<Digest, Remembered> cache;
  private final Sha256 sha256 = new Sha256();

  /** What a token rests on for as long as it lives: its own issuer's period, and its keys. */
  record Basis(ValidityPeriod period, KeySource keys) {
    private Duration left(VerifiedToken token) {
      return Duration.between(period.clock().instant(), token.expiresAt()).plus(period.skew());
    }

    private boolean bears(VerifiedToken token) {
      return period.covers(token) && holds(token);
    }

    private boolean holds(VerifiedToken token) {
      try {
        return keys.holds(token.key());
      } catch (RuntimeException | Error e) { // what an application's source throws tells nothing
        return false;
      }
    }
  }

  /**
   * Makes a cache.
   *
   * @param size how many tokens are kept at most; 0 keeps none
   */
  VerifiedTokens(int size) {
    this.cache =
        size == 0
            ? null
            : Caffeine.newBuilder()
                .maximumSize(size)
                .expireAfter(Expiry.<Digest, Remembered>creating((k, token) -> token.left()))
                .executor(Runnable::run)
                .build();
  }

  /** The token, if it was verified before and still holds. */
  @Nullable VerifiedToken find(CompactJws presented) {
    if (cache == null) return null;
    Digest digest = digest(presented);
    Remembered remembered = cache.getIfPresent(digest);
    if (remembered == null) return null;
    if (remembered.holds()) return remembered.token;
    cache.invalidate(digest);
    return null;
  }

  /** Remembers a token that has passed every check. */
  void keep(CompactJws presented, VerifiedToken token, Basis basis) {
    if (cache != null) cache.put(digest(presented), new Remembered(token, basis));
  }

  private Digest digest(CompactJws token) {
    return new Digest(ByteBuffer.wrap(sha256.of(token)));
  }

  void clear() {
    if (cache != null) cache.invalidateAll();
  }

  /** A token with what it rests on. */
  private static final class Remembered {
    private final VerifiedToken token;
    private final Basis basis;

    Remembered(VerifiedToken token, Basis basis) {
      this.token = token;
      this.basis = basis;
    }

    Duration left() {
      return basis.left(token);
    }

    boolean holds() {
      return basis.bears(token);
    }
  }

  /**
   * The 256 bits of a hash. No record: what compares records is made by the JDK, which then holds
   * the record's class, and with it the class loader of an application that has been redeployed.
   */
  private static final class Digest {
    private final long a;
    private final long b;
    private final long c;
    private final long d;

    private Digest(ByteBuffer hash) {
      this.a = hash.getLong();
      this.b = hash.getLong();
      this.c = hash.getLong();
      this.d = hash.getLong();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Digest o && a == o.a && b == o.b && c == o.c && d == o.d;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(a);
    }
  }
}
