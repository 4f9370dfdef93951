package io.sallyport.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** Two nodes and one Redis server, to which things happen. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class RedisReplayGuardTest {
  @TempDir Path folder;

  private final List<Node> nodes = new ArrayList<>();
  private RedisServer redis;
  private Client client;
  private Path keys;
  private Node one;
  private Node other;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.start(folder);
    client = new Client();
    keys = Files.writeString(folder.resolve("jwks.json"), client.jwks());
    one = node();
    other = node();
  }

  private Node node() throws Exception {
    Node node = Node.start(redis.address(), keys);
    nodes.add(node);
    return node;
  }

  @AfterEach
  void stop() throws Exception {
    for (Node node : nodes) node.stop();
    if (redis != null) redis.kill();
  }

  private String proof() throws Exception {
    return Node.proof(client);
  }

  private int status(Node node, String proof) throws Exception {
    return node.get(client, proof).statusCode();
  }

  @Test
  void what_one_node_has_taken_is_spent_at_the_other() throws Exception {
    String proof = proof();

    assertThat(status(one, proof)).isEqualTo(200);
    HttpResponse<String> again = other.get(client, proof);

    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(again.headers().allValues("WWW-Authenticate"))
        .anyMatch(challenge -> challenge.contains("error=\"invalid_dpop_proof\""));
    assertThat(status(one, proof)).isEqualTo(401);
    assertThat(status(other, proof())).as("another proof").isEqualTo(200);
  }

  @Test
  void of_many_at_once_one_passes() throws Exception {
    String proof = proof();
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Node node = i % 2 == 0 ? one : other;
      calls.add(() -> status(node, proof));
    }
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> call : threads.invokeAll(calls)) statuses.add(call.get());
      assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 401);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void without_redis_nothing_passes_and_after_it_everything_new_does() throws Exception {
    String spent = proof();
    assertThat(status(one, spent)).isEqualTo(200);

    redis.kill();
    String unseen = proof();
    assertThat(status(one, unseen)).isEqualTo(503);
    assertThat(status(other, spent)).isEqualTo(503);

    redis.restart();
    assertThat(status(one, proof())).as("no connection of before is tried").isEqualTo(200);
    assertThat(status(other, unseen)).as("never used").isEqualTo(200);
    assertThat(status(other, spent)).as("kept on the disk").isEqualTo(401);
  }

  @Test
  void a_redis_that_stalls_does_not_stall_the_nodes() throws Exception {
    assertThat(status(one, proof())).isEqualTo(200);
    redis.halt();
    try {
      assertThat(status(one, proof())).isEqualTo(503);
      assertThat(status(other, proof())).isEqualTo(503);
    } finally {
      redis.goOn();
    }
    assertThat(status(one, proof())).isEqualTo(200);
  }

  @Test
  void a_full_redis_forgets_nothing() throws Exception {
    String spent = proof();
    assertThat(status(one, spent)).isEqualTo(200);
    try (RedisClient operator = redis.client()) {
      operator.configSet("maxmemory", "1");

      assertThat(status(one, proof())).isEqualTo(503);
      assertThat(status(other, spent)).as("no room for it, known or not").isEqualTo(503);

      operator.configSet("maxmemory", "0");
    }
    assertThat(status(one, proof())).isEqualTo(200);
    assertThat(status(other, spent)).isEqualTo(401);
  }

  @Test
  void a_key_lives_as_long_as_the_proof_may_pass_and_the_clocks_differ() throws Exception {
    try (RedisReplayGuard guard = RedisReplayGuard.at(redis.address());
        RedisClient operator = redis.client()) {
      assertThat(guard.firstUse("soon", Instant.now().plusSeconds(30))).isTrue();
      assertThat(guard.firstUse("past", Instant.now().minusSeconds(3600))).isTrue();

      Set<String> keys = operator.keys("*");
      assertThat(keys).contains("dpop:used:soon");
      assertThat(Duration.ofMillis(operator.pttl("dpop:used:soon")))
          .isBetween(Duration.ofSeconds(80), Duration.ofSeconds(90));
    }
  }

  @Test
  void a_redis_that_may_forget_stops_the_start() {
    try (RedisClient operator = redis.client()) {
      operator.configSet("maxmemory-policy", "volatile-lru");
    }
    assertThatThrownBy(() -> RedisReplayGuard.at(redis.address()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the replay guard's Redis forgets keys when its memory is full: set its"
                + " maxmemory-policy to noeviction");
  }

  @Test
  void a_redis_out_of_reach_stops_the_start_without_a_word_of_the_password() throws Exception {
    redis.kill();
    URI address = redis.address();
    URI secret =
        new URI("redis", "guard:s3cret", address.getHost(), address.getPort(), "/0", null, null);
    assertThatThrownBy(() -> RedisReplayGuard.at(secret))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the replay guard's Redis at 127.0.0.1:" + address.getPort())
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void a_redis_that_does_not_speak_tls_stops_the_start_where_tls_is_asked_for() throws Exception {
    URI plain = redis.address();
    URI tls = new URI("rediss", null, plain.getHost(), plain.getPort(), "/0", null, null);
    assertThatThrownBy(() -> RedisReplayGuard.at(tls)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void an_address_that_is_none_of_a_redis_stops_the_start() {
    assertThatThrownBy(() -> RedisReplayGuard.at(URI.create("http:nonsense")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not the address of a Redis server: redis://host:6379/0");
  }

  @Test
  void a_guard_that_is_closed_says_so() {
    RedisReplayGuard guard = RedisReplayGuard.at(redis.address());
    guard.close();
    assertThatThrownBy(() -> guard.firstUse("any", Instant.now())).isInstanceOf(Exception.class);
  }
}
