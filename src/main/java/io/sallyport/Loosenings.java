package io.sallyport;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The one table of what is looser than the defaults, and what each of these costs. */
final class Loosenings {
  /** What is set for all issuers is told of once. */
  private final Set<String> lines = new LinkedHashSet<>();

  private Loosenings() {}

  /** A line for each setting that loosens something, to be warned of once at the start. */
  static List<String> of(
      GivenSettings settings, List<IssuerPolicy> issuers, List<PathPattern> publicPaths) {
    Loosenings table = new Loosenings();
    table.ofFilter(settings);
    for (IssuerPolicy issuer : issuers) table.ofIssuer(issuer.settings, issuer.forbidden);
    table.add(
        publicPaths.stream().anyMatch(PathPattern::isEverything),
        "publicPaths: /* lets every request without a token through");
    return List.copyOf(table.lines);
  }

  private void ofFilter(GivenSettings settings) {
    add(settings.get(Settings.ALLOW_HTTP), "allowHttp: keys may come over plain http");
    add(
        settings.get(Settings.HOST_EXPOSURE).equals("off"),
        "hostExposure: nobody is told what stands open between the process and its host");
    add(
        settings.get(Settings.DIAGNOSTICS).equals("verbose"),
        "diagnostics: answers say why a token is refused; for development alone");
    add(
        settings.get(Settings.PUBLIC_PATH_TOKENS).equals("ignore"),
        "publicPathTokens: a bad token passes on public paths, hidden from handlers");
    add(
        settings.get(Settings.CORS_PREFLIGHT).equals("pass"),
        "corsPreflight: what looks like a preflight needs no token");
    addAbove(settings, Settings.MAX_TOKEN_LENGTH, "senders may make us read more");
    addAbove(settings, Settings.DPOP_MAX_AGE_SECONDS, "a stolen proof serves longer elsewhere");
  }

  private void ofIssuer(GivenSettings own, ForbiddenScopes forbidden) {
    int skew = own.get(Settings.CLOCK_SKEW_SECONDS);
    String audienceClaim = own.get(Settings.AUDIENCE_CLAIM);
    Set<String> required = own.get(Settings.REQUIRED_CLAIMS);
    boolean profile = own.get(Settings.TOKEN_TYPE).equals("at+jwt");
    add(
        !audienceClaim.equals("aud"),
        own.nameOf(Settings.AUDIENCE_CLAIM)
            + ": the audience is read from "
            + audienceClaim
            + ", not from aud");
    add(
        skew > 30,
        own.nameOf(Settings.CLOCK_SKEW_SECONDS) + ": a token serves " + skew + " s past its exp");
    add(
        !required.contains("sub") && !profile,
        own.nameOf(Settings.REQUIRED_CLAIMS) + ": a token without sub passes, and has no subject");
    addAbove(own, Settings.KEY_REFRESH_SECONDS, "a withdrawn key serves longer");
    addAbove(own, Settings.MAX_KEY_AGE_SECONDS, "in an outage, old keys serve longer");
    for (String scope : own.get(Settings.ALLOWED_SCOPES)) {
      add(
          forbidden.contains(scope),
          own.nameOf(Settings.ALLOWED_SCOPES)
              + ": "
              + scope
              + " reaches for the host, and passes since it is named here");
    }
    add(
        !forbidden.coversHost(),
        own.nameOf(Settings.FORBIDDEN_SCOPES) + ": host-level scopes do not refuse a token");
  }

  private void addAbove(GivenSettings settings, Setting<Integer> setting, String cost) {
    int standard = setting.read(String.valueOf(setting.standard()));
    add(
        settings.get(setting) > standard,
        settings.nameOf(setting) + ": above " + standard + ", so " + cost);
  }

  private void add(boolean loosened, String line) {
    if (loosened) lines.add(line);
  }
}
