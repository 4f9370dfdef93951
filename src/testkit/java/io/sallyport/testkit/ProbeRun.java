package io.sallyport.testkit;

import io.sallyport.testkit.Attack.Sent;
import io.sallyport.testkit.Finding.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One run of attacks against one endpoint, and what has come of it so far. */
final class ProbeRun {
  private final Wire wire;
  private final Forge forge;
  private final Judge judge;
  private final IntConsumer progress;

  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final Map<Attack, Reply> toForged = new LinkedHashMap<>();
  private final List<Reply> references = new ArrayList<>();

  ProbeRun(Wire wire, Forge forge, Judge judge, IntConsumer progress) {
    this.wire = wire;
    this.forge = forge;
    this.judge = judge;
    this.progress = progress;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  List<Finding> findings() {
    return findings;
  }

  /** What could not be made of what there is. */
  List<String> leftOut() {
    return leftOut;
  }

  /**
   * Shows that the endpoint serves a good token and nobody else, and then that nobody else gets in
   * by another way.
   *
   * @param attacks all of them, or some
   * @param issuer whether there is one under the test's control
   * @throws IllegalStateException if a good token is refused
   */
  void against(List<Attack> attacks, boolean issuer) {
    greet();
    make(RequestAttacks.NO_TOKEN);
    if (!findings.isEmpty() && findings.get(0).severity() == Severity.GOT_THROUGH) return;
    RawRequest reference = reference();
    ask(reference);
    ask(reference);
    for (Attack attack : attacks) {
      if (attack.equals(RequestAttacks.NO_TOKEN)) continue;
      if (attack.issuerNeeded() && !issuer) leftOut.add(attack.id());
      else make(attack);
    }
    ask(reference);
    tellApart();
    takeLeave();
  }

  private void greet() {
    Reply reply;
    try {
      reply = wire.exchange(good());
    } catch (IOException e) {
      throw new IllegalStateException("the endpoint does not answer: " + e.getMessage(), e);
    }
    if (judge.isServed(good(), reply)) return;
    throw new IllegalStateException(
        "the good token is not served, so a refusal would prove nothing: status "
            + reply.status()
            + ", WWW-Authenticate "
            + reply.values("WWW-Authenticate")
            + (reply.isSuccess() ? ", and the marker is not in the body" : ""));
  }

  private RawRequest good() {
    return forge.request().bearer(forge.good());
  }

  private void make(Attack attack) {
    RawRequest request = attack.maker().make(forge);
    if (request == null) {
      leftOut.add(attack.id());
      return;
    }
    long fetches = forge.decoyFetches();
    try {
      note(attack, request, wire.exchange(request));
    } catch (IOException e) {
      attempts.add(attempt(attack, 0, false));
      judge.judgeSilence(attack, request, String.valueOf(e.getMessage())).ifPresent(findings::add);
    }
    if (forge.decoyFetches() > fetches) {
      findings.add(found(Severity.GOT_THROUGH, attack, "fetched what the token names"));
    }
    progress.accept(attempts.size());
  }

  private void note(Attack attack, RawRequest request, Reply reply) {
    attempts.add(attempt(attack, reply.status(), judge.isServed(request, reply)));
    judge.judge(attack, request, reply).ifPresent(findings::add);
    if (attack.sent() == Sent.FORGED) toForged.put(attack, reply);
  }

  private static Attempt attempt(Attack attack, int status, boolean served) {
    boolean open = attack.expected() == Attack.Expected.OPEN;
    return new Attempt(attack.id(), attack.title(), status, served, open);
  }

  private static Finding found(Severity severity, Attack attack, String detail) {
    return new Finding(severity, attack.id(), attack.title(), attack.about(), detail);
  }

  /** A forged token that has nothing wrong with it but its signature. */
  private @Nullable RawRequest reference() {
    for (Attack attack : SignatureAttacks.all()) {
      if (attack.id().equals(Likeness.REFERENCE)) return attack.maker().make(forge);
    }
    return null;
  }

  private void ask(@Nullable RawRequest reference) {
    if (reference == null) return;
    try {
      references.add(wire.exchange(reference));
    } catch (IOException e) {
      // the attack of the same name tells of it
    }
  }

  private void tellApart() {
    if (references.isEmpty()) return;
    Likeness likeness = new Likeness(references);
    toForged.forEach(
        (attack, reply) -> {
          if (likeness.tells(reply)) {
            findings.add(found(Severity.TELLS_APART, attack, "answered " + challenge(reply)));
          }
        });
  }

  private static String challenge(Reply reply) {
    return String.join(", ", reply.values("WWW-Authenticate"));
  }

  /** A gate that refuses everybody by now has proved less than it seems. */
  private void takeLeave() {
    String detail;
    try {
      Reply reply = wire.exchange(good());
      if (judge.isServed(good(), reply)) return;
      detail = "answered " + reply.status();
    } catch (IOException e) {
      detail = String.valueOf(e.getMessage());
    }
    findings.add(
        new Finding(
            Severity.BROKE,
            "request-good-token-afterwards",
            "the good token once more, after all the others",
            "a gate that refuses everybody proves nothing",
            detail));
  }
}
