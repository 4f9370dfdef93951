package io.sallyport;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.sallyport.Page.Fence;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * A snippet of XML out of the documentation. Where it holds init-params of the filter, they are
 * read as the filter reads them, with what a part of a web.xml leaves out put in: the three
 * settings without which nothing starts, and what files and variables would hold.
 */
final class WebXml {
  private static final String FILTER_CLASS = SallyportFilter.class.getName();

  private final Path folder;

  /**
   * Makes a reader.
   *
   * @param folder where files may be put that settings name
   */
  WebXml(Path folder) {
    this.folder = folder;
  }

  /** What is wrong with a snippet, a line each with page and line. */
  List<String> faults(Fence fence) {
    Element root;
    try {
      root = parsed(fence.code());
    } catch (SAXParseException e) {
      return List.of(fence.at(e.getLineNumber()) + ": " + e.getMessage());
    } catch (SAXException e) {
      return List.of(fence.at(1) + ": " + e.getMessage());
    }
    List<String> faults = new ArrayList<>();
    Map<String, String> context = parameters(root, "context-param");
    context.keySet().removeIf(name -> !name.startsWith("sallyport."));
    for (Map<String, String> init : filters(root, context)) {
      try {
        FilterParameters.policy(config(init, context));
      } catch (IllegalArgumentException e) {
        faults.add(fence.at(1) + ": " + e.getMessage());
      }
    }
    return faults;
  }

  private static Element parsed(String xml) throws SAXException {
    boolean isWhole = xml.startsWith("<?xml") || xml.startsWith("<!DOCTYPE");
    String document = isWhole ? xml : "<part>" + xml + "</part>";
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new InputSource(new StringReader(document))).getDocumentElement();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The init-params of each filter of ours; those without a filter around them are one's too. */
  private static List<Map<String, String>> filters(Element root, Map<String, String> context) {
    List<Map<String, String>> filters = new ArrayList<>();
    for (Element filter : elements(root, "filter")) {
      if (text(filter, "filter-class").equals(FILTER_CLASS)) {
        filters.add(parameters(filter, "init-param"));
      }
    }
    Map<String, String> bare = parameters(root, "init-param");
    if (!bare.isEmpty() || (filters.isEmpty() && !context.isEmpty())) filters.add(bare);
    return filters;
  }

  private static List<Element> elements(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  /** Those that stand in this very element, or in a web-app that it holds. */
  private static Map<String, String> parameters(Element parent, String name) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Element parameter : elements(parent, name)) {
      Element holder = (Element) parameter.getParentNode();
      if (holder != parent && !holder.getTagName().equals("web-app")) continue;
      parameters.put(text(parameter, "param-name"), text(parameter, "param-value"));
    }
    return parameters;
  }

  private static String text(Element parent, String name) {
    List<Element> found = elements(parent, name);
    return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
  }

  private FilterConfig config(Map<String, String> init, Map<String, String> common) {
    Map<String, String> context = new LinkedHashMap<>();
    common.forEach((name, value) -> context.put(name, value(name.substring(10), value)));
    Map<String, String> whole = new LinkedHashMap<>();
    init.forEach((name, value) -> whole.put(name, value(name, value)));
    for (Setting<?> setting :
        List.of(Settings.ISSUER, Settings.AUDIENCE, Settings.ALLOWED_SCOPES)) {
      if (isMissing(setting, whole, context)) whole.put(setting.name(), setting.example());
    }
    ServletContext application = mock();
    when(application.getInitParameterNames()).thenReturn(Collections.enumeration(context.keySet()));
    when(application.getInitParameter(org.mockito.ArgumentMatchers.anyString()))
        .thenAnswer(call -> context.get(call.getArgument(0, String.class)));
    FilterConfig config = mock();
    when(config.getServletContext()).thenReturn(application);
    when(config.getInitParameterNames()).thenReturn(Collections.enumeration(whole.keySet()));
    when(config.getInitParameter(org.mockito.ArgumentMatchers.anyString()))
        .thenAnswer(call -> whole.get(call.getArgument(0, String.class)));
    return config;
  }

  private static boolean isMissing(
      Setting<?> setting, Map<String, String> init, Map<String, String> context) {
    List<String> names = new ArrayList<>(init.keySet());
    context.keySet().forEach(name -> names.add(name.substring("sallyport.".length())));
    if (names.contains("resource") && setting == Settings.AUDIENCE) return false;
    return names.stream()
        .noneMatch(name -> name.equals(setting.name()) || name.endsWith("." + setting.name()));
  }

  /** What a value comes to where it is deployed. */
  private String value(String name, String value) {
    String setting = name.substring(name.indexOf('.') + 1);
    if (setting.equals("jwks")) {
      TestKey key = TestKey.generate("key-1", "ES256");
      return file("keys.json", KeyServer.jwks(key.jwk()).getBytes());
    }
    if (setting.equals("hmacSecretFile")) return file("secret", new byte[64]);
    return value.matches("\\$\\{(file:[^}]+|[^:}]+)\\}") ? Settings.of(name).example() : value;
  }

  private String file(String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
