package io.sallyport.cli;

import io.sallyport.Decision;
import io.sallyport.Explanation;
import io.sallyport.Policy;
import io.sallyport.Reason;
import io.sallyport.Refusal;
import io.sallyport.TokenVerifier;
import io.sallyport.text.Printable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why a token is refused, by walking the gate with it. */
@Command(
    name = "explain",
    description = {
      "Walks the gate with a token from standard input and says of each check what it expects and"
          + " what it found; then the verdict, its cause and remedy, and what the client was told.",
      "",
      "The checks are those of the filter itself, by the same code and the same settings. What hangs"
          + " on a request and not on its token is left out: proofs of possession, an application's own"
          + " tokenCheck and, without --request, publicPaths and rules.",
      "",
      "Without a configuration it shows header and claims as they stand, and decides nothing.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeOnInvalidInput = 2,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The token is admitted.",
      "1:The token is refused.",
      "2:It could not be decided: a wrong word, a wrong configuration or half of one, keys that"
          + " cannot be had."
    },
    footer = {
      "",
      "Examples:",
      "  printf %%s \"$TOKEN\" | sallyport explain --web-xml WEB-INF/web.xml",
      "  sallyport explain --config orders.properties --request 'GET /orders/1' < token.txt",
      "  sallyport explain --config orders.properties --at 2026-11-27T10:00:00Z < token.txt",
      "  sallyport explain -s issuer=https://id.example.com/realms/acme < token.txt",
      "  sallyport explain < token.txt"
    })
final class Explain implements Callable<Integer> {
  private static final List<String> KEY_PLACES = List.of("jwksUri", "jwks", "hmacSecretFile");

  /** What the token's own audience may look like to stand in for one that nobody gave. */
  private static final String PLAIN = "[A-Za-z0-9:/._~@?&=+,;!()'-]{1,200}";

  /** An audience or a scope that no token has. */
  private static final String NOT_GIVEN = "none-given";

  private final Surroundings surroundings;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      converter = Instants.class,
      description =
          "Judges as at that instant instead of now: 2026-11-27T10:00:00Z, or seconds since 1970.")
  private @Nullable Instant at;

  @Option(
      names = "--jwks",
      paramLabel = "FILE",
      description = "Takes the issuer's keys from this JWK set instead of asking for them.")
  private @Nullable Path jwks;

  @Option(
      names = "--scheme",
      description =
          "Demands that a scheme stands before the token, as in an Authorization field. Without this"
              + " option one may stand there.")
  private boolean scheme;

  @Option(
      names = "--request",
      paramLabel = "'METHOD PATH'",
      description =
          "Judges as for that request, by publicPaths and rules: 'GET /orders/1', the path as it is"
              + " within the application.")
  private @Nullable String request;

  @Option(names = "--json", description = "Prints JSON instead of text.")
  private boolean json;

  /** Where somebody would put a token, to be told why not. */
  @Parameters(arity = "0..*", hidden = true)
  private List<String> words = List.of();

  Explain(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (!words.isEmpty()) throw TokenInput.onCommandLine("explain --config orders.properties");
    Optional<Configuration> given = config.one();
    TokenInput input = TokenInput.read(surroundings.in(), scheme, "explain");
    Account account =
        given.isPresent()
            ? explained(given.get(), input)
            : Account.undecided(input.token(), notes(input));
    Paint paint = surroundings.paint();
    surroundings.out().print(json ? account.json() + "\n" : account.text(paint));
    return account.exitCode();
  }

  private List<String> notes(TokenInput input) {
    List<String> notes = new ArrayList<>();
    if (at != null) notes.add("Judged as at " + at + ", not as of now.");
    if (input.scheme() != null) notes.add("The scheme before the token has been taken off.");
    if ("dpop".equalsIgnoreCase(input.scheme())) {
      notes.add(
          "The proof that goes with the scheme DPoP belongs to a request; there is none here.");
    }
    return notes;
  }

  private Account explained(Configuration given, TokenInput input) {
    Clock clock = at == null ? surroundings.clock() : Clock.fixed(at, ZoneOffset.UTC);
    List<String> notes = notes(input);
    List<String> assumed = new ArrayList<>();
    Configuration whole = filled(given, input, assumed);
    policy(whole, clock); // the whole of it, as the application would start with it
    Policy policy = policy(forOneToken(whole), clock);
    if (request == null) addNotesOn(policy, notes);
    return Progress.during(
        surroundings,
        "asking for the issuer's keys",
        () -> {
          Explanation explanation = walked(policy, input.token());
          String whyNoKeys = whyNoKeys(policy, explanation.decision(), clock);
          return Account.of(explanation, input.token(), assumed, whyNoKeys, notes);
        });
  }

  private Explanation walked(Policy policy, String token) {
    try (TokenVerifier verifier = TokenVerifier.of(policy)) {
      if (request == null) return verifier.explain(token);
      String[] parts = request.strip().split("\\s+", -1);
      if (parts.length == 2 && parts[1].startsWith("/")) {
        return verifier.explain(token, parts[0], parts[1]);
      }
      throw Fault.of(
          "--request takes a method and a path, and was given '" + request + "'",
          "a method, a blank and a path that begins with a slash",
          "--request 'GET /orders/1'");
    }
  }

  /**
   * Puts in what half a configuration lacks, where it comes from the command line alone. Only what
   * is plain text is taken out of the token: whatever is put into a setting may refer to files.
   *
   * @param assumed takes the names of the settings that were put in
   */
  private static Configuration filled(Configuration given, TokenInput input, List<String> assumed) {
    boolean isHalf = given.name().equals(ConfigOptions.COMMAND_LINE) && !given.has("issuers");
    if (!isHalf) return given;
    Map<String, String> missing = new LinkedHashMap<>();
    if (!given.has("audience") && !given.has("resource")) {
      String own =
          UnverifiedToken.of(input.token()).audiences().stream()
              .filter(audience -> audience.matches(PLAIN))
              .findFirst()
              .orElse(NOT_GIVEN);
      missing.put("audience", own);
    }
    if (!given.has("allowedScopes")) missing.put("allowedScopes", NOT_GIVEN);
    assumed.addAll(missing.keySet());
    return given.with(missing);
  }

  /** Here nothing is guarded, so nothing has to stop a start; and keys may come from a file. */
  private Configuration forOneToken(Configuration given) {
    Map<String, String> others = new LinkedHashMap<>();
    others.put("failOnUnreachableKeys", "false");
    others.put("hostExposure", "off");
    if (jwks == null) return given.with(others);
    if (given.has("issuers")) {
      throw Fault.of(
          "--jwks is given and there are several issuers",
          "the key set of one issuer, by a setting with its name",
          "-s corp.jwks=keys.json");
    }
    others.put("jwks", jwks.toString());
    return given.without(KEY_PLACES).with(others);
  }

  private static Policy policy(Configuration given, Clock clock) {
    try {
      return given.policy(clock);
    } catch (IllegalArgumentException e) {
      throw new Fault(given.name() + ": " + e.getMessage());
    }
  }

  private static void addNotesOn(Policy policy, List<String> notes) {
    policy.effective().stream()
        .filter(setting -> setting.name().equals("rules") || setting.name().equals("publicPaths"))
        .forEach(
            setting ->
                notes.add(
                    "The configuration has "
                        + setting.name()
                        + ", which are judged with --request 'METHOD PATH'."));
  }

  /** The decision says that there are none, which helps nobody. */
  private static @Nullable String whyNoKeys(Policy policy, Decision decision, Clock clock) {
    if (!(decision instanceof Decision.Refused refused)) return null;
    Refusal refusal = refused.refusal();
    if (refusal.reason() != Reason.KEYS_UNAVAILABLE) return null;
    return IssuerSettings.of(policy).stream()
        .filter(issuer -> issuer.issuer().equals(refusal.issuer()) && issuer.areKeysFetched())
        .findFirst()
        .flatMap(issuer -> issuer.trouble(clock))
        .map(Printable::line)
        .orElse(null);
  }
}
