package io.sallyport;

import static java.util.stream.Collectors.joining;

import io.sallyport.Explanation.Check;
import io.sallyport.Explanation.Verdict;
import io.sallyport.keys.KeySource;
import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells of one token what each check of the gate expects and finds. The verdicts are the gate's
 * own; only what a check has found is read anew, for the operator to see.
 */
final class Explainer {
  /** The claims have been judged by the gate; here nobody asks for their key. */
  private static final KeySource.Key NO_KEY = new KeySource.Key(null, Map.of(), null);

  private final Policy policy;
  private final Gate gate;
  private final StrictJson json;

  Explainer(Policy policy, Gate gate) {
    this.policy = policy;
    this.gate = gate;
    this.json = new StrictJson(policy.maxTokenLength);
  }

  /** Judges a token on its own, by what a route takes. */
  Explanation explain(@Nullable String token, Demand demand) {
    Trace trace = new Trace();
    Outcome<VerifiedToken> outcome =
        gate.traced(trace)
            .decide(BearerToken.fromText(token, policy.maxTokenLength), demand, Presented.NOTHING);
    Content content = content(token == null ? "" : token);
    if (outcome instanceof Outcome.Passed<VerifiedToken> passed) {
      Decision admitted = new Decision.Admitted(passed.value());
      return new Explanation(checks(content, demand, null, null), admitted, List.of());
    }
    Refusal refusal = ((Outcome.Stopped<VerifiedToken>) outcome).refusal();
    Stage end = trace.reached().of(refusal.reason());
    return new Explanation(
        checks(content, demand, end, refusal),
        new Decision.Refused(refusal),
        challenges(refusal, demand.on(refusal.issuer())));
  }

  private List<String> challenges(Refusal refusal, Demand demand) {
    String metadata = policy.metadata == null ? null : policy.metadata.address("");
    return new Challenge(policy.realm, policy.verbose)
        .challenges(refusal.reason(), demand, metadata, gate.challenge(refusal.reason(), false));
  }

  /** What a token seems to hold, whether it is verified or not; members are null if unreadable. */
  private record Content(
      String text,
      @Nullable Map<String, @Nullable Object> header,
      @Nullable Map<String, @Nullable Object> claims) {
    @Nullable Object header(String name) {
      return header == null ? null : header.get(name);
    }

    @Nullable Object claim(String name) {
      return claims == null ? null : claims.get(name);
    }
  }

  private Content content(String text) {
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (second < 0 || text.length() > policy.maxTokenLength) return new Content(text, null, null);
    return new Content(
        text, members(text.substring(0, first)), members(text.substring(first + 1, second)));
  }

  private @Nullable Map<String, @Nullable Object> members(String segment) {
    try {
      return json.object(Base64.getUrlDecoder().decode(segment));
    } catch (RuntimeException e) { // not base64url: the gate has said so
      return null;
    }
  }

  private List<Check> checks(
      Content content, Demand demand, @Nullable Stage end, @Nullable Refusal refusal) {
    List<Check> checks = new ArrayList<>();
    IssuerPolicy rules = rules(content);
    for (Stage stage : Stage.values()) {
      if (!isMade(stage)) continue;
      String expected = rules == null ? "" : expected(stage, rules, demand);
      int order = end == null ? -1 : stage.compareTo(end);
      if (order < 0 || refusal == null) {
        String found = rules == null ? "" : found(stage, rules, content);
        checks.add(new Check(stage.title(), Verdict.PASSED, expected, found));
      } else if (order == 0) {
        String found = Printable.line(refusal.detail());
        checks.add(new Check(stage.title(), Verdict.FAILED, expected, found));
      } else {
        checks.add(new Check(stage.title(), Verdict.NOT_REACHED, expected, ""));
      }
    }
    return checks;
  }

  private boolean isMade(Stage stage) {
    return switch (stage) {
      case TRUSTED_ISSUER -> policy.issuers.size() > 1;
      case APPLICATION -> policy.asksApplication;
      default -> true;
    };
  }

  /** Of the issuer that the token names; null where that is none of ours. */
  private @Nullable IssuerPolicy rules(Content content) {
    if (policy.issuers.size() == 1) return policy.issuers.get(0);
    return policy.issuers.stream()
        .filter(issuer -> issuer.issuer.identifier().equals(content.claim("iss")))
        .findFirst()
        .orElse(null);
  }

  private String expected(Stage stage, IssuerPolicy rules, Demand demand) {
    long skew = rules.period.skew().toSeconds();
    return switch (stage) {
      case FORM ->
          "three base64url segments, " + policy.maxTokenLength + " characters at most (RFC 7515)";
      case TRUSTED_ISSUER -> "iss is one of " + identifiers();
      case HEADER -> "one JSON object without " + String.join(", ", TokenSignature.UNSUPPORTED);
      case ALGORITHM -> "alg is one of " + names(rules);
      case KEY -> "one key of the issuer has the token's kid and is for its alg";
      case SIGNATURE -> "it verifies under that key";
      case CLAIMS -> "one well-formed JSON object";
      case BINDING -> "cnf is absent, or fits how the token came";
      case TYPE -> "typ is " + rules.type.accepted();
      case ISSUER -> "iss is " + rules.issuer.identifier();
      case AUDIENCE -> rules.audience.claim() + " holds one of " + rules.audience.accepted();
      case PERIOD ->
          "now is before exp and not before nbf and iat, each give or take " + skew + " s";
      case REQUIRED_CLAIMS ->
          "there are, of their registered types, " + rules.requiredClaims.names();
      case POSSESSION -> "a proof, if the token is bound";
      case SCOPES ->
          "one scope at least, none of them with a * or forbidden; visible are "
              + rules.allowedScopes;
      case ROUTE -> takes(demand.on(rules.issuer.identifier()));
      case APPLICATION -> "the application's own check admits it";
    };
  }

  private List<String> identifiers() {
    return policy.issuers.stream().map(issuer -> issuer.issuer.identifier()).toList();
  }

  private static List<String> names(IssuerPolicy rules) {
    return rules.algorithms.stream().map(algorithm -> algorithm.getName()).toList();
  }

  private static String takes(Demand demand) {
    if (demand.refusal() != null) return "nothing passes: " + demand.refusal().detail();
    String scopes =
        demand.takes().isEmpty()
            ? "any good token"
            : (demand.required().isEmpty() ? "one of " : "all of ") + demand.takes();
    StepUp stepUp = demand.stepUp();
    if (stepUp == null) return scopes;
    String acr = stepUp.acrValues().isEmpty() ? "" : ", acr one of " + stepUp.acrValues();
    Duration age = stepUp.maxAge();
    return scopes + acr + (age == null ? "" : ", auth_time " + age.toSeconds() + " s ago at most");
  }

  private String found(Stage stage, IssuerPolicy rules, Content content) {
    return switch (stage) {
      case FORM -> "a token of " + content.text().length() + " characters";
      case TRUSTED_ISSUER, ISSUER -> shown(content.claim("iss"));
      case HEADER -> content.header() == null ? "" : shown(content.header().keySet());
      case ALGORITHM -> shown(content.header("alg"));
      case KEY -> content.header("kid") == null ? "no kid" : "kid " + shown(content.header("kid"));
      case SIGNATURE -> "it does";
      case CLAIMS -> content.claims() == null ? "" : shown(content.claims().keySet());
      case BINDING, POSSESSION -> "the token is not bound";
      case TYPE -> content.header("typ") == null ? "absent" : shown(content.header("typ"));
      case AUDIENCE -> shown(content.claim(rules.audience.claim()));
      case PERIOD -> times(content, rules.period.clock().instant());
      case REQUIRED_CLAIMS -> "they are";
      case SCOPES -> scopes(rules, content);
      case ROUTE, APPLICATION -> "it does";
    };
  }

  private static String scopes(IssuerPolicy rules, Content content) {
    if (content.claims() == null) return "";
    SignedClaims claims = new SignedClaims(content.claims(), null, NO_KEY);
    return rules.scopes.held(claims).then(held -> Outcome.passed(shown(held)))
            instanceof Outcome.Passed<String> passed
        ? passed.value()
        : "";
  }

  private static String times(Content content, Instant now) {
    return List.of("exp", "nbf", "iat").stream()
            .filter(name -> content.claim(name) != null)
            .map(name -> time(name, SignedClaims.date(content.claim(name)), now))
            .collect(joining("; "))
        + "; now is "
        + now;
  }

  private static String time(String name, @Nullable Instant time, Instant now) {
    if (time == null) return name + " is no time";
    long seconds = Duration.between(now, time).toSeconds();
    String distance = seconds < 0 ? -seconds + " s ago" : "in " + seconds + " s";
    return name + " is " + time + ", " + distance;
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "absent" : Printable.plain(value.toString());
  }
}
