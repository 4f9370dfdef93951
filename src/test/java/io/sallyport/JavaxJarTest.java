package io.sallyport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The jar for Servlet 4.0 beside the one that it was made of. */
@Tag("packaged")
final class JavaxJarTest {
  private static final String JAVAX = System.getProperty("javax.jar", "there is none");
  private static final String MAIN = JAVAX.replace("-javax.jar", ".jar");

  private static JarFile open(String jar) throws IOException {
    return new JarFile(Path.of(jar).toFile());
  }

  private static List<String> classes(JarFile jar) {
    return jar.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
        .sorted()
        .toList();
  }

  private static String text(JarFile jar, String name) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void it_holds_the_same_classes() throws IOException {
    try (JarFile javax = open(JAVAX);
        JarFile main = open(MAIN)) {
      assertThat(classes(javax)).isNotEmpty().isEqualTo(classes(main));
      assertThat(javax.stream().map(ZipEntry::getName)).contains("META-INF/LICENSE");
    }
  }

  @Test
  void no_class_needs_the_servlet_API_under_its_new_name() throws IOException {
    try (JarFile javax = open(JAVAX)) {
      JavaClasses classes = new ClassFileImporter().importJar(javax);
      noClasses().should().dependOnClassesThat().resideInAPackage("jakarta..").check(classes);
      assertThat(classes.get(SallyportFilter.class).isAssignableTo("javax.servlet.Filter"))
          .isTrue();
    }
  }

  /** A certificate that is looked for under another name is one that nobody has sent. */
  @Test
  void the_certificate_is_looked_for_where_Servlet_4_puts_it() throws IOException {
    try (JarFile javax = open(JAVAX)) {
      assertThat(text(javax, "io/sallyport/PresentedRequest.class"))
          .contains("javax.servlet.request.X509Certificate")
          .doesNotContain("jakarta.servlet.request.");
    }
  }

  @Test
  void manifest_and_descriptor_speak_of_Servlet_4() throws IOException {
    try (JarFile javax = open(JAVAX);
        JarFile main = open(MAIN)) {
      Attributes manifest = javax.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Automatic-Module-Name")).isEqualTo("io.sallyport");
      assertThat(manifest.keySet()).isEqualTo(main.getManifest().getMainAttributes().keySet());
      assertThat(manifest.values())
          .noneMatch(value -> value.toString().contains("jakarta.servlet"));
      assertThat(javax.getEntry("module-info.class")).isNull();
      assertThat(text(javax, "META-INF/web-fragment.xml"))
          .contains(
              "http://xmlns.jcp.org/xml/ns/javaee", "version=\"4.0\"", "<name>sallyport</name>")
          .doesNotContain("jakarta", "5.0", "5_0");
    }
  }
}
