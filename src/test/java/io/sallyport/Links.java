package io.sallyport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether the links of a page lead to a file that is there, and to a heading of it. */
final class Links {
  private Links() {}

  /** What leads nowhere, a line each with page and line. */
  static List<String> faults(Page page) {
    List<String> faults = new ArrayList<>();
    for (Page.Link link : page.links()) {
      if (link.target().matches("(https?|mailto):.*")) continue;
      String fault = fault(page, link.target());
      if (fault != null) faults.add(page.at(link.line()) + ": " + fault);
    }
    return faults;
  }

  private static String fault(Page page, String target) {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path folder = page.file().toAbsolutePath().getParent();
    Path file = path.isEmpty() ? page.file() : folder.resolve(path).normalize();
    if (!path.isEmpty() && !Files.exists(file)) return "there is no " + target;
    return hash < 0 ? null : faultOfAnchor(page, path, file, target.substring(hash + 1));
  }

  private static String faultOfAnchor(Page page, String path, Path file, String anchor) {
    if (path.isEmpty() || file.toString().endsWith(".md")) {
      Page there = path.isEmpty() ? page : Page.of(file.toString());
      return there.anchors().contains(anchor)
          ? null
          : "there is no #" + anchor + " in " + file(there);
    }
    boolean isLine =
        anchor.matches("L[0-9]+") && lines(file) >= Integer.parseInt(anchor.substring(1));
    return isLine ? null : "there is no line #" + anchor + " in " + path;
  }

  private static Path file(Page page) {
    return page.file().getFileName();
  }

  private static int lines(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
