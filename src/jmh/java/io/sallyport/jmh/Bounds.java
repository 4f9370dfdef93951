package io.sallyport.jmh;

import static io.sallyport.jmh.Algorithm.EDDSA;
import static io.sallyport.jmh.Algorithm.ES256;
import static io.sallyport.jmh.Algorithm.HS256;
import static io.sallyport.jmh.Algorithm.RS256;
import static io.sallyport.jmh.Contender.NIMBUS;
import static io.sallyport.jmh.Contender.RAW;
import static io.sallyport.jmh.Contender.SALLYPORT;
import static io.sallyport.jmh.Contender.SALLYPORT_CACHED;

import java.util.ArrayList;
import java.util.List;

/** What Sallyport holds itself to, as ratios within one run. */
final class Bounds {
  /**
   * One of them.
   *
   * @param limit how much it may be, or has to be where it is a floor
   * @param measured NaN if it was not measured
   */
  record Bound(String what, double limit, boolean isFloor, double measured) {
    boolean holds() {
      return isFloor ? measured >= limit : measured <= limit;
    }
  }

  private final Results results;
  private final List<Bound> bounds = new ArrayList<>();

  private Bounds(Results results) {
    this.results = results;
  }

  static List<Bound> of(Results results) {
    Bounds bounds = new Bounds(results);
    bounds.add();
    return bounds.bounds;
  }

  private void add() {
    ofRaw(RS256, 1.08);
    ofRaw(ES256, 1.04);
    ofRaw(EDDSA, 1.06);
    atMost(
        "HS256 uncached, of the fastest peer",
        0.60,
        results.micros(HS256, SALLYPORT) / results.fastestPeer(HS256));
    atMost(
        "RS256 uncached, of Nimbus's DefaultJWTProcessor",
        0.75,
        results.micros(RS256, SALLYPORT) / results.micros(RS256, NIMBUS));
    cached(RS256, 0.03);
    cached(ES256, 0.001);
    refused(Attempt.ALG_NONE, 0.010);
    refused(Attempt.UNKNOWN_KID, 0.015);
    refused(Attempt.GARBAGE, 0.005);
    refused(Attempt.MEGABYTE, 0.002);
    atMost(
        "bytes allocated, RS256 uncached, above the signature alone",
        7_000,
        results.octets(RS256, SALLYPORT) - results.octets(RS256, RAW));
    atMost("bytes allocated, RS256 cached", 1_300, results.octets(RS256, SALLYPORT_CACHED));
    twoThreads(SALLYPORT);
    twoThreads(SALLYPORT_CACHED);
  }

  private void ofRaw(Algorithm algorithm, double limit) {
    atMost(
        algorithm.alg + " uncached, of the signature alone",
        limit,
        results.micros(algorithm, SALLYPORT) / results.micros(algorithm, RAW));
  }

  private void cached(Algorithm algorithm, double limit) {
    atMost(
        algorithm.alg + " cached, of the fastest peer",
        limit,
        results.micros(algorithm, SALLYPORT_CACHED) / results.fastestPeer(algorithm));
  }

  /** With the cache or without it, whichever takes longer. */
  private void refused(Attempt attempt, double limit) {
    double slower =
        Math.max(results.micros(attempt, SALLYPORT), results.micros(attempt, SALLYPORT_CACHED));
    atMost(
        attempt.label + " refused, of RS256 accepted uncached",
        limit,
        slower / results.micros(RS256, SALLYPORT));
  }

  private void twoThreads(Contender contender) {
    bounds.add(
        new Bound(
            "two threads, of one: " + contender.label, 1.85, true, results.speedup(contender)));
  }

  private void atMost(String what, double limit, double measured) {
    bounds.add(new Bound(what, limit, false, measured));
  }
}
