package io.sallyport.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The WAR that the build has made, or what was in it. */
final class Archive {
  private final Path folder;

  private Archive(Path folder) {
    this.folder = folder;
  }

  /** The WAR itself. */
  static Path file() {
    return Path.of(System.getProperty("war"));
  }

  /** Unpacks it into an empty folder, where a test may change it. */
  static Archive in(Path folder) throws IOException {
    try (FileSystem war = FileSystems.newFileSystem(file())) {
      Path root = war.getPath("/");
      try (Stream<Path> entries = Files.walk(root)) {
        for (Path entry : (Iterable<Path>) entries::iterator) {
          Path copy = folder.resolve(root.relativize(entry).toString());
          if (Files.isDirectory(entry)) Files.createDirectories(copy);
          else Files.copy(entry, copy);
        }
      }
    }
    return new Archive(folder);
  }

  Path folder() {
    return folder;
  }

  Path lib() {
    return folder.resolve("WEB-INF/lib");
  }

  /** Puts something else in the place of what web.xml has. */
  Archive replace(String part, String other) throws IOException {
    Path file = folder.resolve("WEB-INF/web.xml");
    String webXml = Files.readString(file);
    assertThat(webXml).contains(part);
    Files.writeString(file, webXml.replace(part, other));
    return this;
  }

  /** The jars, by name. */
  List<Path> jars() throws IOException {
    try (Stream<Path> jars = Files.list(lib())) {
      return jars.sorted().toList();
    }
  }
}
