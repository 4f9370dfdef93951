package io.sallyport;

import com.sun.source.util.JavacTask;
import io.sallyport.Page.Fence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Java out of the documentation, before the compiler. A snippet is a source file, statements,
 * members of a class, an expression, or calls of a builder: it is taken as the first of these that
 * it can be read as. It sees what {@link Given} has and the packages that a reader would import.
 */
final class Snippets {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
  private static final Pattern IMPORT = Pattern.compile("(?m)^(import|package) [^;]+;$");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("(?m)^public (?:[a-z]+ )*?(?:class|interface|record|enum) (\\w+)");

  private static final String USUAL_IMPORTS =
      Stream.of(
              "io.sallyport.*",
              "io.sallyport.keys.*",
              "io.sallyport.testkit.*",
              "jakarta.servlet.*",
              "jakarta.servlet.http.*",
              "java.io.IOException",
              "java.net.URI",
              "java.time.*",
              "java.util.*",
              "org.eclipse.jetty.ee10.servlet.*",
              "org.eclipse.jetty.server.*",
              "org.junit.jupiter.api.*",
              "static org.assertj.core.api.Assertions.*")
          .map(name -> "import " + name + ";")
          .collect(Collectors.joining());

  /** What stands around a snippet; {@code %s} is where it goes, all before that on one line. */
  private static final List<String> FORMS =
      List.of(
          "%s",
          "abstract class Snippet extends Given { Object run() throws Exception { if (true) { %s\n} return null; } }",
          "abstract class Snippet extends Given { %s\n}",
          "abstract class Snippet extends Given { Object run() throws Exception { return %s\n; } }",
          "abstract class Snippet extends Given { Object run() throws Exception { return SallyportFilter.builder() %s\n; } }");

  private Snippets() {}

  /** A snippet as a source file, with its lines where they were in the snippet. */
  private static final class Source extends SimpleJavaFileObject {
    private final Fence fence;
    private final String code;

    Source(Fence fence, String form, int number) {
      super(uri(fence, number), Kind.SOURCE);
      this.fence = fence;
      String imports =
          IMPORT
              .matcher(fence.code())
              .results()
              .map(MatchResult::group)
              .filter(line -> line.startsWith("import"))
              .collect(Collectors.joining());
      String body = IMPORT.matcher(fence.code()).replaceAll("");
      String given = fence.given().isEmpty() ? "" : fence.given() + "; ";
      this.code =
          "package snippet%d; %s %s %s"
              .formatted(
                  number,
                  USUAL_IMPORTS,
                  imports,
                  form.replace("extends Given {", "extends Given { " + given).replace("%s", body));
    }

    private static URI uri(Fence fence, int number) {
      String name =
          PUBLIC_TYPE
              .matcher(fence.code())
              .results()
              .map(found -> found.group(1))
              .findFirst()
              .orElse("Snippet");
      return URI.create("string:///snippet" + number + "/" + name + ".java");
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }

    /** In the snippet, be it that the compiler complains of what stands behind it. */
    private long line(Diagnostic<?> diagnostic) {
      return Math.min(diagnostic.getLineNumber(), fence.code().lines().count());
    }

    /** What keeps it from being read as this. */
    List<String> misreadings() {
      DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
      try {
        task(said, List.of(this), "-source").parse(); // does without the API of a release
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return faults(said);
    }
  }

  private static JavacTask task(
      DiagnosticCollector<JavaFileObject> said,
      List<? extends JavaFileObject> sources,
      String option) {
    List<String> options = List.of(option, "17", "-proc:none", "-implicit:none");
    return (JavacTask) COMPILER.getTask(null, null, said, options, null, sources);
  }

  private static List<String> faults(DiagnosticCollector<JavaFileObject> said) {
    return said.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(Snippets::fault)
        .toList();
  }

  /** What the compiler has against these snippets, a line each with page and line. */
  static List<String> faults(List<Fence> fences) {
    List<String> faults = new ArrayList<>();
    List<Source> sources = new ArrayList<>();
    for (Fence fence : fences) {
      int number = sources.size();
      FORMS.stream()
          .map(form -> new Source(fence, form, number))
          .filter(source -> source.misreadings().isEmpty())
          .findFirst()
          .ifPresentOrElse(
              sources::add,
              () -> faults.addAll(new Source(fence, FORMS.get(1), number).misreadings()));
    }
    if (!sources.isEmpty()) faults.addAll(compile(sources));
    return faults;
  }

  private static List<String> compile(List<Source> sources) {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    try {
      task(said, sources, "--release").analyze();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return faults(said);
  }

  private static String fault(Diagnostic<? extends JavaFileObject> diagnostic) {
    String message = diagnostic.getMessage(Locale.ROOT).replaceAll("\\s*\n\\s*", ", ");
    return diagnostic.getSource() instanceof Source source
        ? source.fence.at(source.line(diagnostic)) + ": " + message
        : message;
  }

  /** Whether one of these files holds the snippet line by line, however far it is indented. */
  static boolean isQuoted(Fence fence, List<List<String>> files) {
    List<String> wanted = fence.code().stripTrailing().lines().toList();
    return files.stream().anyMatch(lines -> holds(lines, wanted));
  }

  private static boolean holds(List<String> lines, List<String> wanted) {
    for (int start = 0; start + wanted.size() <= lines.size(); start++) {
      if (!lines.get(start).strip().equals(wanted.get(0).strip())) continue;
      String part = String.join("\n", lines.subList(start, start + wanted.size()));
      if (part.stripIndent().equals(String.join("\n", wanted))) return true;
    }
    return false;
  }
}
