package io.sallyport.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** JMH's results: medians of all iterations of all rounds, NaN for what was not measured. */
final class Results {
  private record Key(String group, Contender contender, @Nullable Attempt attempt) {}

  private final Map<Key, List<Double>> micros = new HashMap<>();
  private final Map<Key, List<Double>> octets = new HashMap<>();
  private String jmhVersion = "";

  /** Reads what JMH's format {@code json} has written. */
  static Results read(Path json) throws IOException {
    Results results = new Results();
    new JsonMapper().readTree(json.toFile()).forEach(results::add);
    return results;
  }

  private void add(JsonNode run) {
    String[] name = run.path("benchmark").asText().split("\\.");
    JsonNode params = run.path("params");
    Key key =
        new Key(
            name[name.length - 2].toUpperCase(Locale.ROOT),
            Contender.valueOf(params.path("contender").asText()),
            params.has("attempt") ? Attempt.valueOf(params.path("attempt").asText()) : null);
    add(run.path("primaryMetric"), micros.computeIfAbsent(key, k -> new ArrayList<>()));
    add(
        run.path("secondaryMetrics").path("gc.alloc.rate.norm"),
        octets.computeIfAbsent(key, k -> new ArrayList<>()));
    jmhVersion = run.path("jmhVersion").asText();
  }

  private static void add(JsonNode metric, List<Double> values) {
    metric.path("rawData").forEach(fork -> fork.forEach(value -> values.add(value.asDouble())));
  }

  String jmhVersion() {
    return jmhVersion;
  }

  /** The kinds of bad tokens that were sent. */
  List<Attempt> attempts() {
    return Stream.of(Attempt.values())
        .filter(attempt -> micros.keySet().stream().anyMatch(key -> key.attempt == attempt))
        .toList();
  }

  /** Microseconds for a good token. */
  double micros(Algorithm algorithm, Contender contender) {
    return median(micros, new Key(algorithm.name(), contender, null));
  }

  /** Microseconds for a bad token. */
  double micros(Attempt attempt, Contender contender) {
    return median(micros, new Key("REFUSED", contender, attempt));
  }

  /** Bytes allocated for a good token. */
  double octets(Algorithm algorithm, Contender contender) {
    return median(octets, new Key(algorithm.name(), contender, null));
  }

  /** Bytes allocated for a bad token. */
  double octets(Attempt attempt, Contender contender) {
    return median(octets, new Key("REFUSED", contender, attempt));
  }

  /** How many times as much two threads get done as one, with RS256. */
  double speedup(Contender contender) {
    double alone = micros(Algorithm.RS256, contender);
    return 2 * alone / median(micros, new Key("TWOTHREADS", contender, null));
  }

  /** The fastest of the peers with good tokens. */
  double fastestPeer(Algorithm algorithm) {
    return least(peers().mapToDouble(peer -> micros(algorithm, peer)));
  }

  /** The fastest of the peers with bad tokens. */
  double fastestPeer(Attempt attempt) {
    return least(peers().mapToDouble(peer -> micros(attempt, peer)));
  }

  private static Stream<Contender> peers() {
    return Stream.of(Contender.values()).filter(contender -> contender.library != null);
  }

  private static double least(DoubleStream values) {
    return values.filter(value -> !Double.isNaN(value)).min().orElse(Double.NaN);
  }

  private static double median(Map<Key, List<Double>> measured, Key key) {
    double[] sorted =
        measured.getOrDefault(key, List.of()).stream().mapToDouble(v -> v).sorted().toArray();
    int half = sorted.length / 2;
    if (sorted.length == 0) return Double.NaN;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
