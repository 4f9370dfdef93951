package io.sallyport.cli;

import io.sallyport.testkit.GateProbe;
import io.sallyport.text.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends hostile tokens to an endpoint of the user's own and says what got through. */
@Command(
    name = "probe",
    description = {
      "Takes a good token from standard input, makes hostile ones of it, sends them to an endpoint of"
          + " your own and says what got through.",
      "",
      "It sends requests that look like an attack, since they are one. A host that is not this machine"
          + " has to be named twice, in the URL and by --i-may-probe.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeOnInvalidInput = 2,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The endpoint holds.",
      "1:Something got through.",
      "2:It could not be probed: a wrong word, no answer, a good token that is refused."
    },
    footer = {
      "",
      "Examples:",
      "  printf %%s \"$TOKEN\" | sallyport probe http://localhost:8080/orders",
      "  sallyport probe --i-may-probe api.example.com https://api.example.com/orders < token.txt"
    })
final class Probe implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(
      paramLabel = "URL",
      description = "The endpoint, such as http://localhost:8080/orders.")
  private String url = "";

  @Option(
      names = "--i-may-probe",
      paramLabel = "HOST",
      description = "Says that this host is yours to attack, as it stands in the URL.")
  private @Nullable String mine;

  @Option(
      names = "--marker",
      paramLabel = "TEXT",
      description =
          "What stands in the handler's body and in no other, where 2xx alone does not tell that it"
              + " was reached.")
  private @Nullable String marker;

  @Option(
      names = "--without",
      paramLabel = "ATTACK",
      description = "Leaves an attack out, by its name, such as one whose finding is accepted.")
  private List<String> without = List.of();

  @Option(names = "--json", description = "Prints JSON instead of text.")
  private boolean json;

  Probe(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    URI endpoint = endpoint();
    checkOwned(endpoint.getHost());
    TokenInput input =
        TokenInput.read(surroundings.in(), false, "probe http://localhost:8080/orders");
    GateProbe.Report report =
        Progress.during(surroundings, "probing " + endpoint, () -> report(endpoint, input));
    surroundings.out().println(json ? report.toJson() : report.toString().stripTrailing());
    return report.holds() ? 0 : 1;
  }

  private URI endpoint() {
    try {
      URI endpoint = new URI(url);
      boolean isHttp = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
      if (isHttp && endpoint.getHost() != null && endpoint.getRawUserInfo() == null)
        return endpoint;
    } catch (URISyntaxException e) {
      // told of below
    }
    throw Fault.of(
        "The endpoint is '" + url + "', which is no address of HTTP",
        "an http or https URL with a host and without user information",
        "sallyport probe http://localhost:8080/orders");
  }

  private void checkOwned(String host) {
    if (host.matches("localhost|\\[::1]|127(\\.[0-9]{1,3}){3}") || host.equals(mine)) return;
    throw Fault.of(
        "The host "
            + host
            + " is not this machine"
            + (mine == null ? "" : ", and --i-may-probe names another one, " + mine),
        "a loopback host; or one that is yours, named by --i-may-probe too",
        "sallyport probe --i-may-probe " + host + " " + url);
  }

  private GateProbe.Report report(URI endpoint, TokenInput input) {
    try {
      GateProbe probe = GateProbe.of(endpoint).goodToken(input::token).without(accepted());
      return (marker == null ? probe : probe.marker(marker)).run();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw Fault.of(
          "The endpoint cannot be probed: " + Printable.line(String.valueOf(e.getMessage())),
          "an endpoint that answers, and a token that it serves by GET",
          "printf %s \"$TOKEN\" | sallyport probe http://localhost:8080/orders");
    }
  }

  private String[] accepted() {
    return without.toArray(String[]::new);
  }
}
