package io.sallyport.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The Sallyport filters of a web.xml: the init-params of each, and behind them the context-params.
 * Nothing outside of the file is read, whatever the file refers to.
 */
final class WebXml {
  private static final String FILTER = "io.sallyport.SallyportFilter";
  private static final String EXAMPLE =
      "<filter><filter-name>sallyport</filter-name><filter-class>" + FILTER + "</filter-class>...";
  private static final Set<String> DISPATCHERS =
      new TreeSet<>(List.of("REQUEST", "ASYNC", "FORWARD", "INCLUDE", "ERROR"));

  private final Path file;
  private final Element root;

  private WebXml(Path file, Element root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads every filter of ours.
   *
   * @return one at least
   * @throws Fault if the file cannot be read or has none
   */
  static List<Configuration> read(Path file) {
    List<Configuration> filters = new WebXml(file, parsed(file).getDocumentElement()).filters();
    if (!filters.isEmpty()) return filters;
    throw Fault.of(file + " has no filter of the class " + FILTER, "one or more of them", EXAMPLE);
  }

  private static Document parsed(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return builder().parse(in);
    } catch (NoSuchFileException e) {
      throw Fault.of("There is no file " + file, "a web.xml", "src/main/webapp/WEB-INF/web.xml");
    } catch (SAXParseException e) {
      throw Fault.of(
          "%s cannot be read, line %d, column %d: %s"
              .formatted(file, e.getLineNumber(), e.getColumnNumber(), e.getMessage()),
          "well-formed XML that refers to nothing outside of itself",
          "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\">...");
    } catch (IOException | SAXException e) {
      throw new Fault(file + " cannot be read: " + e.getClass().getSimpleName());
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("this JDK's XML parser cannot be made safe", e);
    }
  }

  /** One that stops at every reference to something outside (CWE-611) and at too many inside. */
  private static DocumentBuilder builder() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    // The DTD that a web.xml of old names says nothing that counts here.
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setXIncludeAware(false);
    DocumentBuilder builder = factory.newDocumentBuilder();
    builder.setErrorHandler(new Stopping());
    return builder;
  }

  private List<Configuration> filters() {
    Map<String, String> contextParams = params(root, "context-param", "the application");
    List<Configuration> filters = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Element filter : children(root, "filter")) {
      if (!text(filter, "filter-class").equals(FILTER)) continue;
      String name = text(filter, "filter-name");
      if (!names.add(name)) {
        throw Fault.of(
            file + " has two filters of the name " + name, "a name of its own for each", EXAMPLE);
      }
      filters.add(
          new Configuration(
              "filter " + name + " of " + file,
              params(filter, "init-param", "the filter " + name),
              contextParams,
              doubts(name)));
    }
    return filters;
  }

  private Map<String, String> params(Element parent, String element, String owner) {
    Map<String, String> params = new LinkedHashMap<>();
    for (Element param : children(parent, element)) {
      String name = text(param, "param-name");
      if (params.put(name, text(param, "param-value")) == null) continue;
      throw Fault.of(
          "%s has the %s %s twice in %s, of which one is lost"
              .formatted(file, element, name, owner),
          "each name once",
          "<" + element + "><param-name>issuer</param-name><param-value>...");
    }
    return params;
  }

  private List<String> doubts(String filter) {
    List<Element> mappings =
        children(root, "filter-mapping").stream()
            .filter(mapping -> text(mapping, "filter-name").equals(filter))
            .toList();
    if (mappings.isEmpty()) {
      return List.of("the filter has no filter-mapping, so it guards nothing");
    }
    List<String> doubts = new ArrayList<>();
    if (texts(mappings, "url-pattern").noneMatch("/*"::equals)) {
      doubts.add(
          "no filter-mapping has the url-pattern /*, so what none of them matches is not guarded");
    }
    Set<String> missing = new TreeSet<>(DISPATCHERS);
    texts(mappings, "dispatcher").forEach(missing::remove);
    if (missing.equals(DISPATCHERS)) missing.remove("REQUEST"); // where nothing is said
    if (!missing.isEmpty()) {
      doubts.add(
          "no filter-mapping has the dispatcher "
              + String.join(", ", missing)
              + ", so what is dispatched so gets the request with its credentials");
    }
    return doubts;
  }

  private static Stream<String> texts(List<Element> parents, String name) {
    return parents.stream()
        .flatMap(parent -> children(parent, name).stream())
        .map(element -> element.getTextContent().strip());
  }

  private static String text(Element parent, String name) {
    List<Element> children = children(parent, name);
    return children.isEmpty() ? "" : children.get(0).getTextContent().strip();
  }

  /** By the local name: the namespace has changed with every other version of the servlet API. */
  private static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && name.equals(element.getLocalName())) {
        children.add(element);
      }
    }
    return children;
  }

  /** Stops at every error, and prints none. */
  private static final class Stopping implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) {}

    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}
