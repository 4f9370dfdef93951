package io.sallyport.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Settings out of a properties file in UTF-8: a name and a value in each line. Names that begin
 * with {@code sallyport.} count as context-params do: where there is none without it.
 */
final class PropertiesFile {
  private static final String EXAMPLE = "issuer=https://id.example.com/realms/acme";

  private PropertiesFile() {}

  /**
   * Reads one.
   *
   * @throws Fault if it cannot be read, or gives a name twice
   */
  static Configuration read(Path file) {
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, String> contextParams = new LinkedHashMap<>();
    load(file)
        .forEach(
            (name, value) -> {
              (name.startsWith(Configuration.CONTEXT_PREFIX) ? contextParams : settings)
                  .put(name, value);
            });
    return new Configuration(file.toString(), settings, contextParams, List.of());
  }

  private static Map<String, String> load(Path file) {
    InOrder properties = new InOrder(file);
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
      return properties.values;
    } catch (NoSuchFileException e) {
      throw Fault.of("There is no file " + file, "a properties file", EXAMPLE);
    } catch (CharacterCodingException e) {
      throw Fault.of(file + " is not in UTF-8", "a properties file in UTF-8", EXAMPLE);
    } catch (IOException e) {
      throw new Fault(file + " cannot be read: " + e.getClass().getSimpleName());
    } catch (IllegalArgumentException e) { // a \\u that is none
      throw Fault.of(
          file + " is no properties file (" + e.getMessage() + ")", "a name and a value", EXAMPLE);
    }
  }

  /** Keeps what it loads in order, and takes nothing twice: of two values one would be lost. */
  private static final class InOrder extends Properties {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> values = new LinkedHashMap<>();
    private final transient Path file;

    InOrder(Path file) {
      this.file = file;
    }

    @Override
    public synchronized Object put(Object name, Object value) {
      String before = values.put((String) name, (String) value);
      if (before == null) return "";
      throw Fault.of("%s sets %s twice".formatted(file, name), "each name once", EXAMPLE);
    }
  }
}
