package io.sallyport.examples.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.Attempt;
import io.sallyport.testkit.Finding;
import io.sallyport.testkit.Finding.Severity;
import io.sallyport.testkit.GateProbe;
import io.sallyport.testkit.TestIssuer;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.security.core.SpringSecurityCoreVersion;

/** The tables of {@code docs/probing.md} say what the probe finds here and now. */
@TestInstance(Lifecycle.PER_CLASS)
final class ProbingDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "probing.md");
  private static final String START = "<!-- found -->\n";
  private static final String END = "<!-- end of found -->\n";
  private static final String SCOPE = "orders:read";

  /** How the kinds of attacks are called; their names begin so. */
  private static final Map<String, String> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("request", "no token, or more than one");
    KINDS.put("scheme", "other schemes");
    KINDS.put("bearer", "what stands behind `Bearer`");
    KINDS.put("field", "the form of the field");
    KINDS.put("elsewhere", "tokens where none may come: query, form, cookie, other fields");
    KINDS.put("identity", "fields that claim an identity");
    KINDS.put("override", "fields that change path or method");
    KINDS.put("message", "the form of the request");
    KINDS.put("size", "too large a token");
    KINDS.put("form", "segments, alphabet, other kinds of token");
    KINDS.put("alg", "`none`, other algorithms, a public key taken for a secret");
    KINDS.put("header", "keys that the token brings along, `kid`, `crit`, `typ`");
    KINDS.put("signature", "signatures that are not the issuer's, or none");
    KINDS.put("json", "JSON and its encoding");
    KINDS.put("claim", "`iss`, `aud`, `exp`, `nbf`, `iat`, `sub`, `cnf`");
    KINDS.put("scope", "scopes");
    KINDS.put("path", "other spellings of the path");
    KINDS.put("method", "other methods");
  }

  private final TestIssuer issuer = TestIssuer.start();
  private GateProbe.Report naive;
  private GateProbe.Report spring;

  @BeforeAll
  void probe() throws Exception {
    naive = probe(new NaiveFilter(issuer.issuer(), TestIssuer.AUDIENCE, SCOPE));
    try (SpringSecurityGate gate =
        new SpringSecurityGate(issuer.issuer(), TestIssuer.AUDIENCE, SCOPE)) {
      spring = probe(gate.filter());
    }
  }

  /** The same good token for both: Spring Security takes {@code typ} JWT and RS256 by default. */
  private GateProbe.Report probe(Filter gate) throws Exception {
    try (OrdersServer server = OrdersServer.behind(gate)) {
      return GateProbe.of(server.orders())
          .issuer(issuer)
          .token(token -> token.scope(SCOPE).header("typ", "JWT").algorithm("RS256"))
          .run();
    }
  }

  @AfterAll
  void stop() {
    issuer.close();
  }

  @Test
  void the_tables_are_what_the_probe_finds() throws IOException {
    String page = Files.readString(DOCUMENT);
    int start = page.indexOf(START) + START.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(DOCUMENT, page.substring(0, start) + tables() + page.substring(end));
    } else {
      assertThat(page.substring(start, end)).isEqualTo(tables());
    }
  }

  private String tables() {
    return numbers() + kinds() + "\nAt Spring Security:\n\n" + findings(spring);
  }

  private String numbers() {
    StringBuilder table = new StringBuilder();
    row(table, "", "naive filter", "Spring Security " + SpringSecurityCoreVersion.getVersion());
    row(table, "---", "---", "---");
    row(table, "hostile requests", r -> String.valueOf(r.attempts().size()));
    row(table, "got through", r -> count(r, Severity.GOT_THROUGH));
    row(table, "broke the server", r -> count(r, Severity.BROKE));
    row(table, "made it leak", r -> count(r, Severity.LEAKED));
    row(table, "were refused in a wrong way", r -> count(r, Severity.WRONG_CHALLENGE));
    row(table, "are told from another forged token", r -> count(r, Severity.TELLS_APART));
    row(table, "let in, as the RFCs leave open", r -> letIn(r));
    return table + "\nBoth in Jetty " + Server.getVersion() + ".\n\n";
  }

  private void row(StringBuilder table, String name, Function<GateProbe.Report, String> number) {
    row(table, name, number.apply(naive), number.apply(spring));
  }

  private static void row(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String count(GateProbe.Report report, Severity severity) {
    return count(report.findings(), finding -> finding.severity() == severity);
  }

  private static String letIn(GateProbe.Report report) {
    return count(report.attempts(), attempt -> attempt.open() && attempt.served());
  }

  private static <T> String count(List<T> all, Predicate<T> wanted) {
    return String.valueOf(all.stream().filter(wanted).count());
  }

  private String kinds() {
    StringBuilder table = new StringBuilder();
    row(table, "what is hostile", "names", "requests", "naive: got through", "Spring: got through");
    row(table, "---", "---", "---", "---", "---");
    KINDS.forEach(
        (kind, name) ->
            row(
                table,
                name,
                "`" + kind + "-…`",
                count(naive.attempts(), attempt -> isOf(kind, attempt.id())),
                gotThrough(naive, kind),
                gotThrough(spring, kind)));
    return table.toString();
  }

  private static String gotThrough(GateProbe.Report report, String kind) {
    return count(
        report.findings(),
        finding -> finding.severity() == Severity.GOT_THROUGH && isOf(kind, finding.id()));
  }

  private static boolean isOf(String kind, String id) {
    return id.startsWith(kind + "-");
  }

  private static String findings(GateProbe.Report report) {
    StringBuilder table = new StringBuilder();
    row(table, "name", "what is hostile", "what came of it");
    row(table, "---", "---", "---");
    for (Finding finding : report.findings()) {
      if (finding.severity() == Severity.TELLS_APART) continue;
      row(
          table,
          "`" + finding.id() + "`",
          (finding.title() + " (" + finding.about() + ")").replace("|", "\\|"),
          finding.severity() + ": " + finding.detail());
    }
    return table.toString();
  }

  @Test
  void every_attack_is_of_one_kind() {
    for (GateProbe.Report report : List.of(naive, spring)) {
      List<String> ids =
          Stream.concat(report.attempts().stream().map(Attempt::id), report.leftOut().stream())
              .toList();
      assertThat(ids)
          .allSatisfy(
              id -> assertThat(KINDS.keySet().stream().filter(kind -> isOf(kind, id))).hasSize(1));
    }
  }

  @Test
  void the_naive_filter_is_found_out_and_the_defaults_of_Spring_Security_verify_signatures() {
    assertThat(ids(naive, Severity.GOT_THROUGH))
        .contains("alg-none", "form-signature-cut-off", "signature-over-other-subject");
    assertThat(naive.holds()).isFalse();
    assertThat(ids(spring, Severity.GOT_THROUGH))
        .noneMatch(id -> id.startsWith("alg-") || id.startsWith("signature-"));
  }

  private static List<String> ids(GateProbe.Report report, Severity severity) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::id)
        .collect(Collectors.toList());
  }
}
