package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The fenced blocks of a document, and whether the Java in them compiles. */
final class Fences {
  private static final Pattern FENCE =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private Fences() {}

  /** What stands in the blocks of that language, in order. */
  static List<String> of(String document, String language) {
    List<String> found = new ArrayList<>();
    Matcher fence = FENCE.matcher(document);
    while (fence.find()) {
      if (fence.group(1).equals(language)) found.add(fence.group(2));
    }
    return found;
  }

  /** Compiles a source against the class path of the tests. */
  static void compile(String source, Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of("-d", folder.toString(), "-proc:none"),
                null,
                List.of(
                    new SimpleJavaFileObject(
                        URI.create("string:///Snippets.java"), SimpleJavaFileObject.Kind.SOURCE) {
                      @Override
                      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                      }
                    }))
            .call();
    assertThat(compiled).as(messages + "\n" + source).isTrue();
  }
}
