package io.sallyport;

import io.sallyport.text.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings as they count for each issuer: for the one that needs no name, or for several that
 * have one each. What is given without a name counts for every issuer that has nothing of its own,
 * but for what makes an issuer the one that it is: its identifier and its keys.
 */
final class IssuerSettings {
  private static final List<Setting<?>> NEVER_COMMON =
      List.of(Settings.ISSUER, Settings.JWKS_URI, Settings.JWKS, Settings.HMAC_SECRET_FILE);

  private IssuerSettings() {}

  /**
   * The settings of each issuer, in the order in which they are named.
   *
   * @throws IllegalArgumentException if a setting belongs to no issuer, or two issuers are one
   */
  static List<GivenSettings> of(GivenSettings settings) {
    Set<String> names = settings.issuers();
    checkEverythingBelongsToSomebody(settings, names);
    if (names.isEmpty()) return List.of(settings);
    checkNothingIsCommonThatMayNotBe(settings);
    List<GivenSettings> each = names.stream().map(settings::of).toList();
    checkIdentifiersDiffer(each);
    return each;
  }

  private static void checkEverythingBelongsToSomebody(GivenSettings settings, Set<String> names) {
    boolean isShown = settings.isShown(Settings.ISSUERS);
    for (String setting : settings.names()) {
      int dot = setting.indexOf('.');
      if (dot < 0 || names.contains(setting.substring(0, dot))) continue;
      if (isShown) throw noSuchIssuer(setting.substring(0, dot), setting, names);
      throw settings.refused(
          Settings.ISSUERS, "it does not name the issuer of " + Printable.quoted(setting));
    }
    for (String name : names) {
      // What a file holds is not quoted, unless the name of some setting says the same.
      if (isShown || settings.names().contains(name + "." + Settings.ISSUER.name())) continue;
      throw settings.refused(Settings.ISSUERS, "it names one that has no issuer set");
    }
  }

  private static IllegalArgumentException noSuchIssuer(
      String issuer, String setting, Set<String> names) {
    String hint =
        NearestName.of(issuer, names).map(near -> " Did you mean '" + near + "'?").orElse("");
    String allowed = names.isEmpty() ? "what issuers names, and it is not set" : "" + names;
    return new IllegalArgumentException(
        "Sallyport cannot start: there is no issuer %s for the setting %s.%s Allowed: %s."
                .formatted(Printable.quoted(issuer), Printable.quoted(setting), hint, allowed)
            + " Example: issuers = %s, and then corp.%s = %s"
                .formatted(
                    Settings.ISSUERS.example(), Settings.ISSUER.name(), Settings.ISSUER.example()));
  }

  private static void checkNothingIsCommonThatMayNotBe(GivenSettings settings) {
    String first = settings.issuers().iterator().next();
    for (Setting<?> setting : NEVER_COMMON) {
      if (!settings.isGiven(setting)) continue;
      String own = first + "." + setting.name();
      throw settings.refused(
          setting,
          "there are several issuers, and each has its own: " + own,
          setting.example() + ", without issuers");
    }
    if (settings.keySource() == null) return;
    throw new IllegalArgumentException(
        "Sallyport cannot start: keySource is set for several issuers, and each has its own keys."
            + " Allowed: keySource(source) within issuer(name, …)."
            + " Example: issuer(\"%s\", own -> own.keySource(source))".formatted(first));
  }

  private static void checkIdentifiersDiffer(List<GivenSettings> each) {
    Map<String, GivenSettings> byIdentifier = new HashMap<>();
    for (GivenSettings own : each) {
      GivenSettings other = byIdentifier.putIfAbsent(own.get(Settings.ISSUER), own);
      if (other == null) continue;
      String why = "it is " + other.nameOf(Settings.ISSUER) + " too, and the iss has to tell them";
      throw own.refused(Settings.ISSUER, why);
    }
  }
}
