package io.sallyport.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where settings come from, the same for every command that takes any. */
final class ConfigOptions {
  /** What settings of the command line alone are called. */
  static final String COMMAND_LINE = "the command line";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings from a properties file in UTF-8, a name and a value in each line. Names with"
              + " sallyport. before them count as context-params do.")
  private @Nullable Path config;

  @Option(
      names = "--web-xml",
      paramLabel = "FILE",
      description =
          "Settings from the Sallyport filters of a web.xml, with the context-params behind their"
              + " init-params. Nothing outside of the file is read.")
  private @Nullable Path webXml;

  @Option(
      names = "--filter",
      paramLabel = "NAME",
      description = "Which filter of the web.xml, where there are several.")
  private @Nullable String filter;

  @Option(
      names = {"-s", "--setting"},
      paramLabel = "NAME=VALUE",
      description =
          "A setting, by the name that it has as an init-param. It stands in for the same one of"
              + " --config or --web-xml. May be given again and again.")
  private List<String> settings = List.of();

  /** Settings by name, as {@code -s} gave them. */
  private Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw Fault.of(
            "-s takes a name and a value with = between them, and was given '" + setting + "'",
            "NAME=VALUE",
            "-s issuer=https://id.example.com/realms/acme");
      }
      String name = setting.substring(0, equals).strip();
      if (given.put(name, setting.substring(equals + 1)) == null) continue;
      throw Fault.of("-s sets " + name + " twice", "each name once", "-s clockSkewSeconds=30");
    }
    return given;
  }

  /**
   * Every configuration that is meant: several where a web.xml has several filters.
   *
   * @return empty where no option says anything
   * @throws Fault if the options contradict each other or a file cannot be read
   */
  List<Configuration> all() {
    return all(null);
  }

  /**
   * The same, with a file that was named without an option.
   *
   * @param file its name says by its end whether it is a web.xml; or null
   */
  List<Configuration> all(@Nullable Path file) {
    checkOnePlace(file);
    Map<String, String> given = given();
    if (file != null && file.toString().endsWith(".xml")) return ofWebXml(file, given);
    if (webXml != null) return ofWebXml(webXml, given);
    Path properties = file != null ? file : config;
    if (properties != null) return List.of(PropertiesFile.read(properties).with(given));
    if (given.isEmpty()) return List.of();
    return List.of(new Configuration(COMMAND_LINE, given, Map.of(), List.of()));
  }

  private void checkOnePlace(@Nullable Path file) {
    long places =
        List.of(Optional.ofNullable(file), Optional.ofNullable(config), Optional.ofNullable(webXml))
            .stream()
            .filter(Optional::isPresent)
            .count();
    if (places > 1) {
      throw Fault.of(
          "Settings are to come from more than one file",
          "one of FILE, --config and --web-xml, with -s for single settings beside it",
          "--config orders.properties -s clockSkewSeconds=60");
    }
    boolean isWebXml = webXml != null || (file != null && file.toString().endsWith(".xml"));
    if (filter != null && !isWebXml) {
      throw Fault.of(
          "--filter is given without a web.xml",
          "--filter beside --web-xml",
          "--web-xml WEB-INF/web.xml --filter sallyport");
    }
  }

  private List<Configuration> ofWebXml(Path file, Map<String, String> given) {
    List<Configuration> filters = WebXml.read(file);
    List<Configuration> meant =
        filters.stream()
            .filter(
                each -> filter == null || each.name().equals("filter " + filter + " of " + file))
            .map(each -> each.with(given))
            .toList();
    if (!meant.isEmpty()) return meant;
    throw Fault.of(
        "%s has no Sallyport filter of the name '%s'".formatted(file, filter),
        filters.stream().map(Configuration::name).collect(Collectors.joining(", ")),
        "--filter sallyport");
  }

  /**
   * The one configuration that is meant, or nothing where no option says anything.
   *
   * @throws Fault if there are several
   */
  Optional<Configuration> one() {
    List<Configuration> all = all();
    if (all.size() < 2) return all.stream().findFirst();
    throw Fault.of(
        "There are several Sallyport filters, and this command takes one",
        "--filter with one of their names: "
            + all.stream().map(Configuration::name).collect(Collectors.joining(", ")),
        "--filter sallyport");
  }
}
