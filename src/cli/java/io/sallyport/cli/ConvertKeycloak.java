package io.sallyport.cli;

import io.sallyport.cli.Converted.Remark;
import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Prints the settings of Keycloak's retired adapter as ours. */
@Command(
    name = "convert-keycloak",
    description = {
      "Prints the settings of Keycloak's retired Java adapter as a web.xml of ours, or as properties,"
          + " with what has no counterpart, key by key. Values that nobody but you can know stand as"
          + " ${NAME}: write them in, or give them by the environment.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeOnInvalidInput = 2,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Everything has a counterpart, or needs none.",
      "1:Something has none; it is named in what is printed.",
      "2:There is nothing to convert: a wrong word, a file that is no keycloak.json."
    },
    footer = {
      "",
      "Examples:",
      "  sallyport convert-keycloak WEB-INF/keycloak.json > web.xml",
      "  sallyport convert-keycloak --properties --skip-pattern '/health' keycloak.json"
    })
final class ConvertKeycloak implements Callable<Integer> {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final String EXAMPLE =
      "{\"realm\": \"acme\", \"resource\": \"orders\", \"auth-server-url\": \"https://id.example.com\"}";

  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "The adapter's keycloak.json.")
  private Path file = Path.of("keycloak.json");

  @Option(names = "--properties", description = "Prints a properties file instead of a web.xml.")
  private boolean properties;

  @Option(
      names = "--skip-pattern",
      paramLabel = "REGEX",
      description =
          "The init-param keycloak.config.skipPattern of the adapter's filter, which no"
              + " keycloak.json has.")
  private @Nullable String skipPattern;

  @Option(names = "--json", description = "Prints JSON instead of a configuration.")
  private boolean json;

  ConvertKeycloak(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Converted converted = KeycloakAdapter.convert(adapter(), skipPattern);
    String printed =
        json ? json(converted) : properties ? properties(converted) : webXml(converted);
    surroundings.out().println(printed.stripTrailing());
    return converted.lost().isEmpty() ? 0 : 1;
  }

  private Map<String, @Nullable Object> adapter() {
    byte[] document;
    try {
      if (Files.size(file) > MAX_BYTES)
        throw new Fault(file + " has more than " + MAX_BYTES + " bytes");
      document = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw Fault.of("There is no file " + file, "a keycloak.json", "WEB-INF/keycloak.json");
    } catch (IOException e) {
      throw new Fault(file + " cannot be read: " + e.getClass().getSimpleName());
    }
    Map<String, @Nullable Object> adapter = new StrictJson(MAX_BYTES).object(document);
    if (adapter == null) {
      String where = place(document);
      throw Fault.of(
          file + " is not one well-formed JSON object" + where, "what the adapter read", EXAMPLE);
    }
    if (adapter.containsKey("realm") || adapter.containsKey("auth-server-url")) return adapter;
    throw Fault.of(
        file + " has neither realm nor auth-server-url", "the adapter's keycloak.json", EXAMPLE);
  }

  /** Where the first fault is, without anything of what stands there: it may be a secret. */
  private static String place(byte[] document) {
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), document)) {
      while (parser.nextToken() != null) parser.skipChildren();
      return "";
    } catch (JacksonException e) {
      return e.getLocation() == null
          ? ""
          : " (line %d, column %d)"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }
  }

  /** What a reader has to know, a line each. */
  private List<String> notes(Converted converted) {
    List<String> notes = new ArrayList<>();
    notes.add("Made by: sallyport convert-keycloak " + file.getFileName());
    section(notes, "To be filled in:");
    converted.openQuestions().forEach((name, what) -> notes.add("  ${" + name + "}: " + what));
    if (!converted.lost().isEmpty()) section(notes, "Without a counterpart:");
    for (Remark remark : converted.lost()) notes.add("  " + remark);
    if (!converted.needless().isEmpty()) section(notes, "Otherwise now:");
    for (Remark remark : converted.needless()) notes.add("  " + remark);
    notes.replaceAll(Printable::line); // keys are somebody else's text
    return notes;
  }

  private static void section(List<String> notes, String heading) {
    notes.add("");
    notes.add(heading);
  }

  private String properties(Converted converted) {
    StringBuilder text = new StringBuilder();
    for (String note : notes(converted)) text.append(("# " + note).strip()).append('\n');
    text.append('\n');
    converted
        .settings()
        .forEach(
            (name, value) ->
                text.append(name).append('=').append(value.replace("\\", "\\\\")).append('\n'));
    return text.toString();
  }

  private String webXml(Converted converted) {
    StringBuilder text =
        new StringBuilder(
            "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\">\n");
    text.append("  <!--\n");
    for (String note : notes(converted)) {
      // Two hyphens end a comment, or make it ill-formed.
      text.append(("    " + note.replaceAll("-(?=-)", "- ")).stripTrailing()).append('\n');
    }
    text.append("  -->\n");
    text.append(
        """
          <filter>
            <filter-name>sallyport</filter-name>
            <filter-class>io.sallyport.SallyportFilter</filter-class>
            <async-supported>true</async-supported>
        """);
    converted.settings().forEach((name, value) -> text.append(initParam(name, value)));
    text.append(
        """
          </filter>
          <filter-mapping>
            <filter-name>sallyport</filter-name>
            <url-pattern>/*</url-pattern>
            <dispatcher>REQUEST</dispatcher>
            <dispatcher>ASYNC</dispatcher>
            <dispatcher>FORWARD</dispatcher>
            <dispatcher>INCLUDE</dispatcher>
            <dispatcher>ERROR</dispatcher>
          </filter-mapping>
        </web-app>
        """);
    return text.toString();
  }

  private static String initParam(String name, String value) {
    return """
        <init-param>
          <param-name>%s</param-name>
          <param-value>%s</param-value>
        </init-param>
    """
        .formatted(name, value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  private static String json(Converted converted) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("settings", converted.settings());
    members.put("toBeFilledIn", converted.openQuestions());
    members.put("withoutCounterpart", texts(converted.lost()));
    members.put("otherwiseNow", texts(converted.needless()));
    return Json.text(members);
  }

  private static List<String> texts(List<Remark> remarks) {
    return remarks.stream().map(Remark::toString).toList();
  }
}
