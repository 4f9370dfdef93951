package io.sallyport.testkit;

import io.sallyport.testkit.Attack.Expected;
import io.sallyport.testkit.Finding.Severity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer is worth. Of the several faults that it may have the worst counts.
 *
 * @param marker a text that only the handler writes, or null where a success says that it was
 *     reached
 * @param canary a text that stood in the token
 */
record Judge(@Nullable String marker, String canary) {
  /** The least that servers take for a header before they may give up. */
  private static final int LONG = 8_000;

  /** Whether the handler was reached. */
  boolean isServed(RawRequest request, Reply reply) {
    if (marker == null || request.method().equals("HEAD")) return reply.isSuccess();
    return reply.body().contains(marker);
  }

  Optional<Finding> judge(Attack attack, RawRequest request, Reply reply) {
    if (isServed(request, reply)) {
      return attack.expected() == Expected.OPEN
          ? Optional.empty()
          : found(Severity.GOT_THROUGH, attack, "answered " + reply.status());
    }
    boolean tooLong = isLong(request) && isTooLong(reply.status());
    boolean expected = tooLong || attack.expected().includes(reply.status());
    if (reply.status() >= 500 && !expected) {
      return found(Severity.BROKE, attack, "answered " + reply.status());
    }
    Optional<String> leak = Leaks.in(reply, request.secret(), canary);
    if (leak.isPresent()) return found(Severity.LEAKED, attack, leak.get());
    if (!expected && !isOpen(attack, reply)) {
      return found(
          Severity.WRONG_CHALLENGE,
          attack,
          "answered " + reply.status() + ", where " + attack.expected().text + " is due");
    }
    return ChallengeRules.complaint(attack.sent(), reply)
        .flatMap(complaint -> found(Severity.WRONG_CHALLENGE, attack, complaint));
  }

  /** A success that the handler had no part in, where any would do. */
  private static boolean isOpen(Attack attack, Reply reply) {
    return reply.isSuccess()
        && (attack.expected() == Expected.OPEN || attack.expected() == Expected.REFUSED);
  }

  /** No answer came. */
  Optional<Finding> judgeSilence(Attack attack, RawRequest request, String why) {
    return isLong(request) ? Optional.empty() : found(Severity.BROKE, attack, why);
  }

  private static boolean isLong(RawRequest request) {
    return request.bytes().length > LONG;
  }

  private static boolean isTooLong(int status) {
    return status == 400 || status == 413 || status == 414 || status == 431;
  }

  private static Optional<Finding> found(Severity severity, Attack attack, String detail) {
    return Optional.of(new Finding(severity, attack.id(), attack.title(), attack.about(), detail));
  }
}
