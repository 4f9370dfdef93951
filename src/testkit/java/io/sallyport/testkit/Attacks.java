package io.sallyport.testkit;

import java.util.List;
import java.util.stream.Stream;

/** All the attacks, in the order in which a gate meets what they are about. */
final class Attacks {
  private Attacks() {}

  static List<Attack> all() {
    return Stream.of(
            RequestAttacks.all(),
            FormAttacks.all(),
            AlgorithmAttacks.all(),
            HeaderAttacks.all(),
            SignatureAttacks.all(),
            JsonAttacks.all(),
            ClaimAttacks.all(),
            ScopeAttacks.all(),
            PathAttacks.all())
        .flatMap(List::stream)
        .toList();
  }
}
