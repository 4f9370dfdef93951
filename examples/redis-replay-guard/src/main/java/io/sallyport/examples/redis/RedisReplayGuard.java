package io.sallyport.examples.redis;

import io.sallyport.ReplayGuard;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * One memory of used DPoP proofs for all nodes of a resource, in Redis: what one node has taken is
 * spent at the others too (RFC 9449 section 11.1).
 *
 * <p>One command tells and notes in one step: {@code SET key 1 NX PX time}. Whatever keeps Redis
 * from an answer is an exception, at which the filter answers 503. So there is no use without an
 * answer, and no waiting for long. Safe for use by many threads.
 */
public final class RedisReplayGuard implements ReplayGuard, AutoCloseable {
  private static final String PREFIX = "dpop:used:";

  /** By how much the clocks of the nodes may differ. */
  private static final Duration CLOCKS = Duration.ofMinutes(1);

  /** For connecting, for an answer and for a free connection, each. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final int CONNECTIONS = 16;

  private final RedisClient redis;
  private final Clock clock;

  private RedisReplayGuard(RedisClient redis, Clock clock) {
    this.redis = redis;
    this.clock = clock;
  }

  /**
   * Connects to a server that keeps what it is told to keep.
   *
   * @param server its address, {@code redis://user:password@host:6379/0}, or with {@code rediss://}
   *     by TLS
   * @return the guard; close it with the application
   * @throws IllegalStateException if the server is out of reach, or may forget keys before their
   *     time: a proof that is forgotten is good again
   */
  public static RedisReplayGuard at(URI server) {
    return at(server, Clock.systemUTC());
  }

  static RedisReplayGuard at(URI server, Clock clock) {
    RedisReplayGuard guard = new RedisReplayGuard(client(server), clock);
    try {
      guard.checkEviction();
      return guard;
    } catch (JedisException e) {
      guard.close();
      throw new IllegalStateException(
          "the replay guard's Redis at " + JedisURIHelper.getHostAndPort(server) + ": " + e, e);
    } catch (IllegalStateException e) {
      guard.close();
      throw e;
    }
  }

  private static RedisClient client(URI server) {
    if (!JedisURIHelper.isValid(server)) {
      throw new IllegalArgumentException("not the address of a Redis server: redis://host:6379/0");
    }
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS);
    pool.setMaxIdle(CONNECTIONS);
    pool.setMaxWait(PATIENCE);
    DefaultJedisClientConfig.Builder connection =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis((int) PATIENCE.toMillis())
            .socketTimeoutMillis((int) PATIENCE.toMillis())
            .user(JedisURIHelper.getUser(server))
            .password(JedisURIHelper.getPassword(server))
            .database(JedisURIHelper.getDBIndex(server));
    if (JedisURIHelper.isRedisSSLScheme(server)) connection.sslOptions(SslOptions.defaults());
    return RedisClient.builder()
        .hostAndPort(JedisURIHelper.getHostAndPort(server))
        .poolConfig(pool)
        .clientConfig(connection.build())
        .build();
  }

  /** Under any other policy a flood of proofs would make the earlier ones good again. */
  private void checkEviction() {
    String memory = redis.info("memory");
    if (memory.lines().noneMatch("maxmemory_policy:noeviction"::equals)) {
      throw new IllegalStateException(
          "the replay guard's Redis forgets keys when its memory is full: set its"
              + " maxmemory-policy to noeviction");
    }
  }

  /**
   * Notes the use of a proof.
   *
   * @throws JedisException if Redis gives no answer in time, or has no room left
   */
  @Override
  public boolean firstUse(String proof, Instant until) {
    Duration left = Duration.between(clock.instant(), until).plus(CLOCKS);
    SetParams once = SetParams.setParams().nx().px(Math.max(1, left.toMillis()));
    try {
      return redis.set(PREFIX + proof, "1", once) != null;
    } catch (JedisConnectionException e) {
      redis.getPool().clear(); // the others that wait there have most likely gone with this one
      throw e;
    }
  }

  /** Closes the connections: every later use throws. */
  @Override
  public void close() {
    redis.close();
  }
}
