package io.sallyport.cli;

import io.sallyport.Decision;
import io.sallyport.Explanation;
import io.sallyport.Reason;
import io.sallyport.Refusal;
import io.sallyport.VerifiedToken;
import io.sallyport.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a token, in words and in JSON.
 *
 * @param explanation the walk through the gate, or null where there was none
 * @param unverified header and claims, for which nothing vouches
 * @param assumed settings that nobody gave, so that what they say is not judged
 * @param whyNoKeys what kept the issuer's keys away, or null
 * @param notes what else has to be known
 */
record Account(
    @Nullable Explanation explanation,
    UnverifiedToken unverified,
    List<String> assumed,
    @Nullable String whyNoKeys,
    List<String> notes) {
  private static final String DOCUMENT = "docs/refusals.md#";

  private static final String UNVERIFIED =
      "UNVERIFIED: header and claims as they stand in the token. Nobody has vouched for them.";

  /** A token of which nothing is known. */
  static Account undecided(String token, List<String> notes) {
    return new Account(null, UnverifiedToken.of(token), List.of(), null, notes);
  }

  static Account of(
      Explanation explanation,
      String token,
      List<String> assumed,
      @Nullable String whyNoKeys,
      List<String> notes) {
    return new Account(explanation, UnverifiedToken.of(token), assumed, whyNoKeys, notes);
  }

  private List<String> challenges() {
    return explanation == null ? List.of() : explanation.challenges();
  }

  /** 0 for admitted, 1 for refused, 2 where it could not be decided. */
  int exitCode() {
    if (isUndecided()) return 2;
    return refusal() == null ? 0 : 1;
  }

  private @Nullable Refusal refusal() {
    return explanation != null && explanation.decision() instanceof Decision.Refused refused
        ? refused.refusal()
        : null;
  }

  /** Without all of the settings only a refusal that does not hang on them is a decision. */
  private boolean isUndecided() {
    Refusal refusal = refusal();
    if (explanation == null) return true;
    if (refusal == null) return !assumed.isEmpty();
    Reason reason = refusal.reason();
    return reason.kind() == Reason.Kind.UNAVAILABLE
        || reason.kind() == Reason.Kind.DEFECT
        || hangsOnAssumed(reason);
  }

  /** Whether the token was refused before its signature was verified: their codes are SP-2xx. */
  private boolean isOfNobody() {
    Refusal refusal = refusal();
    return refusal != null && refusal.reason().code().startsWith("SP-2");
  }

  private boolean hangsOnAssumed(Reason reason) {
    return (assumed.contains("audience") && reason == Reason.AUDIENCE_NOT_ACCEPTED)
        || (assumed.contains("allowedScopes") && reason == Reason.SCOPE_MISSING);
  }

  private String verdict() {
    if (isUndecided()) return "undecided";
    return refusal() == null ? "admitted" : "refused";
  }

  /** Which setting a check would need, where it could not be judged. */
  private @Nullable String missingFor(Explanation.Check check) {
    if (check.verdict() == Explanation.Verdict.NOT_REACHED) return null;
    if (assumed.contains("audience") && check.name().equals("audience")) return "audience";
    if (assumed.contains("allowedScopes") && check.name().equals("route")) {
      return "allowedScopes";
    }
    return null;
  }

  /** The account as a person reads it. */
  String text(Paint paint) {
    StringBuilder text = new StringBuilder();
    if (explanation != null) {
      List<Explanation.Check> checks = explanation.checks();
      int width = checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
      for (Explanation.Check check : checks) text.append(line(check, width, paint));
      text.append('\n');
    }
    if (explanation == null) text.append(unverified(unverified, paint));
    text.append(conclusion(paint));
    for (String note : notes) text.append(paint.faint("note: " + note)).append('\n');
    return text.toString();
  }

  private String line(Explanation.Check check, int width, Paint paint) {
    String name = check.name() + " ".repeat(width - check.name().length());
    String missing = missingFor(check);
    if (missing != null) {
      boolean hasFailed = check.verdict() == Explanation.Verdict.FAILED;
      String found = hasFailed ? "" : line(check.found()) + ", ";
      return row(paint.doubtful("?   "), name, found + "not judged: nobody gave " + missing);
    }
    return switch (check.verdict()) {
      case PASSED -> row(paint.good("ok  "), name, paint.faint(line(check.found())));
      case FAILED ->
          row(paint.bad("FAIL"), paint.strong(check.name()), "")
              + detail("expected", check.expected())
              + detail("found", check.found())
              + (isOfNobody() ? detail("it says", unverified.summary() + " (UNVERIFIED)") : "");
      case NOT_REACHED -> row(paint.faint("-   "), paint.faint(name), paint.faint("not reached"));
    };
  }

  private static String row(String mark, String name, String found) {
    return "  " + mark + "  " + (found.isEmpty() ? name : name + "  " + found) + "\n";
  }

  private static String detail(String what, String text) {
    return "          %-10s %s\n".formatted(what, line(text));
  }

  private static String line(String text) {
    return Printable.line(text);
  }

  private static String unverified(UnverifiedToken token, Paint paint) {
    StringBuilder text = new StringBuilder(paint.doubtful(UNVERIFIED)).append("\n\n");
    text.append(members("header", token.header()));
    text.append(members("claims", token.claims()));
    return text.append('\n').toString();
  }

  private static String members(String name, @Nullable Map<String, @Nullable Object> members) {
    if (members == null) return "  " + name + ": not one JSON object in base64url\n";
    StringBuilder text = new StringBuilder("  " + name + "\n");
    members.forEach(
        (member, value) ->
            text.append("    %-12s %s\n".formatted(line(member), line(Json.text(value)))));
    return text.toString();
  }

  private String conclusion(Paint paint) {
    Refusal refusal = refusal();
    if (explanation == null) {
      return paint.doubtful("undecided")
          + ": no configuration was given. Name at least the issuer, as in\n"
          + "  sallyport explain -s issuer=https://id.example.com/realms/acme < token.txt\n";
    }
    if (refusal == null && assumed.isEmpty()) return admitted(explanation.decision(), paint);
    if (refusal == null || hangsOnAssumed(refusal.reason())) {
      return paint.doubtful("undecided")
          + ": nothing else is wrong with it, but nobody gave "
          + String.join(" and ", assumed)
          + ".\n";
    }
    return refused(refusal, paint);
  }

  private static String admitted(Decision decision, Paint paint) {
    if (!(decision instanceof Decision.Admitted admitted)) return "";
    VerifiedToken token = admitted.token();
    return "%s: subject %s, scopes %s, until %s\n"
        .formatted(
            paint.good("admitted"),
            Printable.quoted(token.subject()),
            line(String.join(" ", token.scopes())),
            token.expiresAt());
  }

  private String refused(Refusal refusal, Paint paint) {
    Reason reason = refusal.reason();
    StringBuilder text = new StringBuilder();
    String word = isUndecided() ? paint.doubtful("undecided") : paint.bad("refused");
    text.append(word + ": " + paint.strong(reason.code() + " " + reason.title()) + "\n");
    text.append("  " + reason.cause() + "\n");
    if (whyNoKeys != null) text.append("  Why: " + line(whyNoKeys) + "\n");
    text.append("  What helps: " + reason.remedy() + "\n");
    text.append("  The client was told: " + reason.kind().status() + "\n");
    for (String challenge : challenges()) text.append("    WWW-Authenticate: " + challenge + "\n");
    return text.append("  See " + document(reason) + "\n").toString();
  }

  private static String document(Reason reason) {
    return DOCUMENT + reason.code().toLowerCase(Locale.ROOT);
  }

  String json() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("verdict", verdict());
    Refusal refusal = refusal();
    if (refusal != null && !hangsOnAssumed(refusal.reason())) {
      members.put("reason", reason(refusal));
      members.put("status", refusal.reason().kind().status());
      members.put("challenges", challenges());
      if (whyNoKeys != null) members.put("whyNoKeys", whyNoKeys);
    }
    if (explanation != null) members.put("checks", checks(explanation));
    if (explanation == null || isOfNobody()) {
      Map<String, @Nullable Object> parts = new LinkedHashMap<>();
      parts.put("header", unverified.header());
      parts.put("claims", unverified.claims());
      members.put("UNVERIFIED", parts);
    }
    members.put("assumed", assumed);
    members.put("notes", notes);
    return Json.text(members);
  }

  private static Map<String, @Nullable Object> reason(Refusal refusal) {
    Reason reason = refusal.reason();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("code", reason.code());
    members.put("name", reason.name());
    members.put("title", reason.title());
    members.put("cause", reason.cause());
    members.put("remedy", reason.remedy());
    members.put("detail", refusal.detail());
    members.put("document", document(reason));
    return members;
  }

  private List<Map<String, Object>> checks(Explanation explanation) {
    List<Map<String, Object>> checks = new ArrayList<>();
    for (Explanation.Check check : explanation.checks()) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("name", check.name());
      String verdict = check.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      members.put("verdict", missingFor(check) == null ? verdict : "not judged");
      members.put("expected", check.expected());
      members.put("found", check.found());
      checks.add(members);
    }
    return checks;
  }
}
