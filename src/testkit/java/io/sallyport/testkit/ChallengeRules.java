package io.sallyport.testkit;

import io.sallyport.testkit.Attack.Sent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What RFC 6750 section 3 has of a refusal's status and {@code WWW-Authenticate}. */
final class ChallengeRules {
  /** RFC 6750 section 3.1, and RFC 9470 section 3. */
  private static final Map<String, Integer> STATUS_OF_ERROR =
      Map.of(
          "invalid_request", 400,
          "invalid_token", 401,
          "insufficient_scope", 403,
          "insufficient_user_authentication", 401);

  private ChallengeRules() {}

  /**
   * Judges a refusal.
   *
   * @param sent what the request had for credentials
   * @return what is wrong with it, if anything
   */
  static Optional<String> complaint(Sent sent, Reply reply) {
    List<String> fields = reply.values("WWW-Authenticate");
    if (fields.isEmpty()) {
      return isDue(sent, reply.status())
          ? Optional.of("status " + reply.status() + " without WWW-Authenticate")
          : Optional.empty();
    }
    try {
      return Optional.ofNullable(of(sent, reply.status(), AuthChallenge.of(fields)));
    } catch (IllegalArgumentException e) {
      return Optional.of("WWW-Authenticate is malformed: " + e.getMessage());
    }
  }

  /** A container may answer 400 or 403 by itself; 401 takes a challenge from everybody. */
  private static boolean isDue(Sent sent, int status) {
    return status == 401 || (status == 403 && sent == Sent.SIGNED);
  }

  private static @Nullable String of(Sent sent, int status, List<AuthChallenge> challenges) {
    List<AuthChallenge> bearer = challenges.stream().filter(c -> c.isOf("Bearer")).toList();
    if (bearer.isEmpty()) return isDue(sent, status) ? "no challenge of the scheme Bearer" : null;
    if (bearer.size() > 1) return "more than one challenge of the scheme Bearer";
    Map<String, String> parameters = bearer.get(0).parameters();
    if (parameters.isEmpty()) return "a Bearer challenge without a parameter";
    String unfit = unfit(parameters);
    return unfit != null ? unfit : wrongError(sent, status, parameters.get("error"));
  }

  private static @Nullable String unfit(Map<String, String> parameters) {
    for (String name : List.of("error", "error_description", "scope")) {
      String value = parameters.getOrDefault(name, "");
      if (!value.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\')) {
        return name + " holds a character that RFC 6750 does not allow";
      }
    }
    return null;
  }

  private static @Nullable String wrongError(Sent sent, int status, @Nullable String error) {
    boolean token = sent == Sent.FORGED || sent == Sent.SIGNED;
    if (error == null) return token ? "no error code, although a token was sent" : null;
    Integer due = STATUS_OF_ERROR.get(error);
    if (due == null) return "an error code that RFC 6750 does not have";
    if (due != status) return "error " + error + " with status " + status;
    if (sent == Sent.NOTHING && status == 401) return "an error code, although no token was sent";
    return null;
  }
}
