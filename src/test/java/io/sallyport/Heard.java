package io.sallyport;

import io.sallyport.keys.KeyHealth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that writes down what it hears, a line each. */
final class Heard implements SallyportListener {
  private final List<String> decisions = new CopyOnWriteArrayList<>();
  private final List<String> fetches = new CopyOnWriteArrayList<>();
  private final List<Duration> took = new CopyOnWriteArrayList<>();

  static String verifiedBy(String issuer) {
    return "verified " + issuer;
  }

  static String line(Refusal refusal) {
    return "refused " + refusal;
  }

  @Override
  public void verified(String issuer, Duration took) {
    decisions.add(verifiedBy(issuer));
    this.took.add(took);
  }

  @Override
  public void refused(Refusal refusal, Duration took) {
    decisions.add(line(refusal));
    this.took.add(took);
  }

  @Override
  public void keysRefreshed(String issuer, KeyHealth keys, Duration took) {
    fetches.add("refreshed " + issuer + " " + keys.state());
  }

  @Override
  public void keysFailed(String issuer, KeyHealth keys, Duration took) {
    fetches.add("failed " + issuer + " " + keys.state() + ": " + keys.trouble());
  }

  /** What was decided, in order. */
  List<String> decisions() {
    return decisions;
  }

  /** What came of each fetch of keys, in order. */
  List<String> fetches() {
    return fetches;
  }

  /** How long each decision took, in order. */
  List<Duration> took() {
    return took;
  }

  void forgetDecisions() {
    decisions.clear();
    took.clear();
  }
}
