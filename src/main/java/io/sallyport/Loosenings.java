package io.sallyport;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The one table of what is looser than the defaults, and what each of these costs. */
final class Loosenings {
  private final List<String> lines = new ArrayList<>();

  private Loosenings() {}

  /** A line for each setting that loosens something, to be warned of once at the start. */
  static List<String> of(
      Settings settings, ForbiddenScopes forbidden, List<PathPattern> publicPaths) {
    Loosenings table = new Loosenings();
    table.of(settings);
    for (String scope : settings.get(Settings.ALLOWED_SCOPES)) {
      table.add(
          forbidden.contains(scope),
          "allowedScopes: " + scope + " reaches for the host, and passes since it is named here");
    }
    table.add(!forbidden.coversHost(), "forbiddenScopes: host-level scopes do not refuse a token");
    table.add(
        publicPaths.stream().anyMatch(PathPattern::isEverything),
        "publicPaths: /* lets every request without a token through");
    return List.copyOf(table.lines);
  }

  private void of(Settings settings) {
    int skew = settings.get(Settings.CLOCK_SKEW_SECONDS);
    String audienceClaim = settings.get(Settings.AUDIENCE_CLAIM);
    Set<String> required = settings.get(Settings.REQUIRED_CLAIMS);
    boolean profile = settings.get(Settings.TOKEN_TYPE).equals("at+jwt");
    add(settings.get(Settings.ALLOW_HTTP), "allowHttp: keys may come over plain http");
    add(
        settings.get(Settings.DIAGNOSTICS).equals("verbose"),
        "diagnostics: answers say why a token is refused; for development alone");
    add(
        settings.get(Settings.PUBLIC_PATH_TOKENS).equals("ignore"),
        "publicPathTokens: a bad token passes on public paths, hidden from handlers");
    add(
        settings.get(Settings.CORS_PREFLIGHT).equals("pass"),
        "corsPreflight: what looks like a preflight needs no token");
    add(
        !audienceClaim.equals("aud"),
        "audienceClaim: the audience is read from " + audienceClaim + ", not from aud");
    add(skew > 30, "clockSkewSeconds: a token serves " + skew + " s past its exp");
    add(
        !required.contains("sub") && !profile,
        "requiredClaims: a token without sub passes, and has no subject");
    addAbove(settings, Settings.MAX_TOKEN_LENGTH, "senders may make us read more");
    addAbove(settings, Settings.DPOP_MAX_AGE_SECONDS, "a stolen proof serves longer elsewhere");
    addAbove(settings, Settings.KEY_REFRESH_SECONDS, "a withdrawn key serves longer");
    addAbove(settings, Settings.MAX_KEY_AGE_SECONDS, "in an outage, old keys serve longer");
  }

  private void addAbove(Settings settings, Setting<Integer> setting, String cost) {
    int standard = setting.read(String.valueOf(setting.standard()));
    add(settings.get(setting) > standard, setting.name() + ": above " + standard + ", so " + cost);
  }

  private void add(boolean loosened, String line) {
    if (loosened) lines.add(line);
  }
}
