package io.sallyport.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sends good tokens and every kind of bad one through each filter that is to be measured: who does
 * less work than the others must not win by it.
 */
final class Check {
  private static final Set<Integer> REFUSALS = Set.of(401, 403);

  private final List<String> faults = new ArrayList<>();

  private Check() {}

  /**
   * Checks them all.
   *
   * @throws IllegalStateException if one of them refuses a good token or admits a bad one
   */
  static void all() throws Exception {
    Check check = new Check();
    for (Algorithm algorithm : Algorithm.values()) {
      Issuer issuer = new Issuer(algorithm);
      for (Contender contender : Contender.values()) {
        if (contender != Contender.RAW) check.check(contender, issuer);
      }
    }
    if (!check.faults.isEmpty()) {
      throw new IllegalStateException(String.join(System.lineSeparator(), check.faults));
    }
  }

  private void check(Contender contender, Issuer issuer) throws Exception {
    String who = contender.label + " with " + issuer.algorithm().alg + ": ";
    Competitor competitor;
    try {
      competitor = contender.make(issuer);
    } catch (UnsupportedOperationException e) {
      System.out.println(who + "not measured, " + e.getMessage());
      return;
    }
    Exchange good = Exchange.of("Bearer " + issuer.tokens.get(0), competitor);
    if (!Issuer.SUBJECT.equals(good.subject())) {
      faults.add(who + "a good token is answered " + good.status());
    }
    for (Attempt attempt : Attempt.values()) {
      if (!attempt.fits(issuer.algorithm())) continue;
      Exchange bad = Exchange.of("Bearer " + attempt.token(issuer), competitor);
      if (bad.isAdmitted() || !REFUSALS.contains(bad.status())) {
        faults.add(who + attempt.label + " is answered " + bad.status());
      }
    }
  }
}
