package io.sallyport.examples.kubernetes;

import io.sallyport.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Settings as a mounted ConfigMap has them: a file for each, named as the setting is. */
final class SettingsFolder {
  /** Kubernetes keeps the files themselves in folders of such names, and links to them. */
  private static final String HIDDEN = "..";

  private SettingsFolder() {}

  /**
   * Reads and checks the settings.
   *
   * @throws IOException if the folder or a file in it cannot be read
   * @throws IllegalArgumentException if a setting is unknown, missing or makes no sense
   */
  static Policy policy(Path folder) throws IOException {
    Map<String, String> settings = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith(HIDDEN)) settings.put(name, Files.readString(file).strip());
      }
    }
    return Policy.of(settings);
  }
}
