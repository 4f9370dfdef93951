package io.sallyport.cli;

import io.sallyport.EffectiveSetting;
import io.sallyport.HostExposure;
import io.sallyport.Policy;
import io.sallyport.cli.Report.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks over what a gate depends on: its issuers, and the container around it. */
@Command(
    name = "doctor",
    description = {
      "Looks over what a gate depends on: whether its issuer can be reached, names itself as the"
          + " configuration does, has keys that are of use, a clock that agrees with this machine's"
          + " and a certificate that lasts; and what stands open between this process and its host.",
      "",
      "Run it where the application runs: in the same container, with the same user.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeOnInvalidInput = 2,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Everything is in order, but perhaps for warnings.",
      "1:Something has failed.",
      "2:It could not be looked at: a wrong word, a wrong configuration."
    },
    footer = {
      "",
      "Examples:",
      "  sallyport doctor --config orders.properties",
      "  sallyport doctor -s issuer=https://id.example.com/realms/acme",
      "  kubectl exec orders-0 -- java -jar sallyport-cli.jar doctor --web-xml WEB-INF/web.xml"
    })
final class Doctor implements Callable<Integer> {
  private static final String HOST = "host";

  private final Surroundings surroundings;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(names = "--json", description = "Prints JSON instead of text.")
  private boolean json;

  Doctor(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Optional<Configuration> given = config.one();
    Report report = new Report();
    boolean refuses = false;
    if (given.isPresent()) {
      Policy policy = policy(given.get());
      for (IssuerSettings issuer : IssuerSettings.of(policy)) {
        IssuerCheckup checkup = new IssuerCheckup(issuer, surroundings.clock(), report);
        Progress.during(surroundings, "asking " + issuer.issuer(), checkup::run);
      }
      refuses =
          policy.effective().stream()
              .filter(setting -> setting.name().equals("hostExposure"))
              .map(EffectiveSetting::value)
              .anyMatch("refuse"::equals);
    }
    lookAtHost(report, refuses);
    surroundings.out().print(json ? json(report) + "\n" : text(report, given.isPresent()));
    return report.hasFailed() ? 1 : 0;
  }

  /** An issuer is enough: nothing that is looked at here depends on audience and scopes. */
  private Policy policy(Configuration given) {
    Map<String, String> filled = new LinkedHashMap<>();
    if (given.name().equals(ConfigOptions.COMMAND_LINE)) {
      for (String setting : List.of("audience", "allowedScopes")) {
        if (!given.has(setting)) filled.put(setting, "not-looked-at");
      }
    }
    try {
      return given.with(filled).policy(surroundings.clock());
    } catch (IllegalArgumentException e) {
      throw new Fault(given.name() + ": " + e.getMessage());
    }
  }

  private void lookAtHost(Report report, boolean refuses) {
    List<HostExposure.Finding> findings = surroundings.host().get();
    for (HostExposure.Finding finding : findings) {
      String found = finding.what() + ": " + finding.gain();
      if (refuses) report.fail(HOST, "exposure", found, finding.manifest());
      else report.warn(HOST, "exposure", found, finding.manifest());
    }
    if (findings.isEmpty()) {
      report.ok(HOST, "exposure", "nothing was found open between this process and its host");
    }
  }

  private String text(Report report, boolean hasIssuer) {
    String end =
        "%d ok, %d warnings, %d failures"
            .formatted(report.count(State.OK), report.count(State.WARN), report.count(State.FAIL));
    String note =
        hasIssuer
            ? ""
            : "No issuer was looked at: name one, as in doctor -s issuer=https://id.example.com\n";
    return report.text(surroundings.paint()) + "\n" + note + end + "\n";
  }

  private static String json(Report report) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("good", !report.hasFailed());
    members.put("lines", report.lines().stream().map(Report.Line::members).toList());
    return Json.text(members);
  }
}
