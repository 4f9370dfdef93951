package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.Filter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** The library's own jar, as a module and as an OSGi bundle, beside nothing but what it needs. */
@Tag("packaged")
final class LibraryJarTest {
  private static final Path JAR = Path.of(System.getProperty("library.jar", "there is none"));
  private static final String ISSUER = "https://id.example.com";
  private static final String AUDIENCE = "https://api.example.com";

  /** Whoever depends on the library; it names the filter's type without asking for its module. */
  private static final String CONSUMER =
      """
      package guarded;

      import io.sallyport.Decision;
      import io.sallyport.SallyportFilter;
      import io.sallyport.TokenVerifier;
      import jakarta.servlet.Filter;

      public final class Guarded {
        public static void main(String[] words) {
          for (int i = 3; i < words.length; i++) {
            System.out.println(decide(words[0], words[1], words[2], words[i]));
          }
        }

        public static String decide(String issuer, String audience, String keys, String token) {
          Filter filter = new SallyportFilter();
          TokenVerifier.Builder settings =
              TokenVerifier.builder()
                  .issuer(issuer).audience(audience).allowedScopes("a").jwks(keys);
          try (TokenVerifier verifier = settings.build()) {
            return filter.getClass().getSimpleName() + ": "
                + (verifier.verify(token) instanceof Decision.Refused refused
                    ? refused.refusal().reason().name()
                    : "admitted");
          }
        }
      }
      """;

  /** Whoever reaches for what is nobody's business. */
  private static final String PRYING =
      """
      package guarded;

      final class Prying {
        Object inside = new io.sallyport.text.StrictJson(1);
      }
      """;

  @TempDir static Path folder;

  private static Path consumer;
  private static String keys;
  private static String good;
  private static String expired;

  @BeforeAll
  static void aConsumerAndSomeTokensForIt() throws IOException {
    TestKey key = TestKey.generate("key-1", "RS256");
    TestToken token = Tokens.good(ISSUER, AUDIENCE, "a", Instant.now());
    good = token.mintedBy(key);
    expired = token.claim("exp", 1).mintedBy(key);
    keys = Files.writeString(folder.resolve("keys.json"), KeyServer.jwks(key.jwk())).toString();
    consumer = folder.resolve("guarded");
    assertThat(compile(consumer, "Guarded", CONSUMER)).isEmpty();
  }

  /** The jars, the library's first. */
  private static List<Path> jars() {
    Stream<Class<?>> needed = Stream.concat(Stream.of(Filter.class), BareJvm.BROUGHT.stream());
    return Stream.concat(Stream.of(JAR), needed.map(BareJvm::source)).toList();
  }

  private static String modulePath() {
    return jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * A class in a module that requires the library; what the compiler has against it, or nothing.
   */
  private static String compile(Path to, String name, String source) throws IOException {
    Path from = Files.createDirectories(folder.resolve("source-of-" + name));
    String module = "module guarded { requires io.sallyport; }";
    List<Path> files =
        List.of(
            Files.writeString(from.resolve("module-info.java"), module),
            Files.writeString(from.resolve(name + ".java"), source));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "--release",
            "17",
            "-d",
            to.toString(),
            "--module-path",
            modulePath(),
            "--class-path", // or it is that of the tests
            from.toString());
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      compiler
          .getTask(said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
          .call();
    }
    return said.toString();
  }

  @Test
  void it_is_a_module_that_exports_what_is_promised_and_asks_for_no_more_than_it_needs() {
    ModuleDescriptor module = ModuleFinder.of(JAR).find("io.sallyport").orElseThrow().descriptor();
    assertThat(module.isAutomatic()).isFalse();
    assertThat(module.isOpen()).isFalse();
    assertThat(module.opens()).isEmpty();
    assertThat(module.exports())
        .extracting(ModuleDescriptor.Exports::toString)
        .containsExactlyInAnyOrder("io.sallyport", "io.sallyport.keys");
    assertThat(module.requires())
        .filteredOn(
            required -> required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .extracting(ModuleDescriptor.Requires::name)
        .containsExactlyInAnyOrder("jdk.jfr", "micrometer.core", "org.jspecify");
  }

  @Test
  void on_the_module_path_a_good_token_is_admitted_and_an_expired_one_is_not() throws Exception {
    String said =
        BareJvm.java(
            List.of(
                "-XX:TieredStopAtLevel=1",
                "--module-path",
                modulePath() + File.pathSeparator + consumer,
                "--module",
                "guarded/guarded.Guarded",
                ISSUER,
                AUDIENCE,
                keys,
                good,
                expired));
    assertThat(said.lines())
        .containsSubsequence("SallyportFilter: admitted", "SallyportFilter: EXPIRED");
  }

  @Test
  void on_the_module_path_what_is_internal_is_not_to_be_had() throws IOException {
    assertThat(compile(folder.resolve("prying"), "Prying", PRYING))
        .contains("package io.sallyport.text is not visible", "does not export it");
  }

  @Test
  void as_a_bundle_it_takes_what_it_was_tried_with_and_every_servlet_API_that_it_runs_on()
      throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue(Constants.BUNDLE_SYMBOLICNAME)).isEqualTo("io.sallyport");
      assertThat(manifest.getValue(Constants.EXPORT_PACKAGE))
          .contains("io.sallyport;version=", "io.sallyport.keys;version=")
          .doesNotContain("io.sallyport.text", "io.sallyport.testkit");
      assertThat(manifest.getValue(Constants.IMPORT_PACKAGE))
          .doesNotContain("jspecify", "picocli", "com.sun.")
          .contains(
              "jakarta.servlet;version=\"[5.0,7)\"",
              "jakarta.servlet.http;version=\"[5.0,7)\"",
              "com.nimbusds.jose;version=\"[10.10,11)\"",
              "org.slf4j;version=\"[2.0,3)\"",
              "io.micrometer.core.instrument;version=\"[1.17,2)\";resolution:=optional",
              "jdk.jfr;resolution:=optional");
      assertThat(manifest.keySet().stream().map(Object::toString))
          .as("what differs from one build to the next")
          .doesNotContain("Bnd-LastModified", "Created-By", "Build-Jdk-Spec", "Tool");
    }
  }

  @Test
  void in_an_OSGi_framework_it_resolves_and_verifies() throws Exception {
    Framework framework = framework();
    try {
      BundleContext context = framework.getBundleContext();
      for (Path jar : jars()) {
        try (InputStream contents = Files.newInputStream(jar)) {
          context.installBundle(jar.getFileName().toString(), contents);
        }
      }
      Bundle guarded = bundle(context, "guarded", "io.sallyport,jakarta.servlet");
      guarded.start();
      assertThat(decide(guarded, good)).isEqualTo("SallyportFilter: admitted");
      assertThat(decide(guarded, expired)).isEqualTo("SallyportFilter: EXPIRED");
      Class<?> filter = guarded.loadClass("io.sallyport.SallyportFilter");
      assertThat(filter.getClassLoader()).isNotSameAs(SallyportFilter.class.getClassLoader());
      Bundle prying = bundle(context, "prying", "io.sallyport.text");
      assertThatExceptionOfType(BundleException.class)
          .isThrownBy(prying::start)
          .withMessageContaining("osgi.wiring.package=io.sallyport.text");
    } finally {
      framework.stop();
      framework.waitForStop(0);
    }
  }

  private static Framework framework() throws BundleException {
    Framework framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    folder.resolve("bundles").toString(),
                    // What SPI Fly offers: SLF4J asks for it, so that it finds its provider.
                    Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA,
                    "osgi.extender;osgi.extender=osgi.serviceloader.processor;version:Version=1.0,"
                        + "osgi.serviceloader;osgi.serviceloader=org.slf4j.spi.SLF4JServiceProvider",
                    "felix.service.urlhandlers",
                    "false",
                    "felix.bootdelegation.implicit",
                    "false"));
    framework.start();
    return framework;
  }

  private static Bundle bundle(BundleContext context, String name, String imported)
      throws IOException, BundleException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    headers.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
    headers.putValue(Constants.IMPORT_PACKAGE, imported);
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(jar, manifest)) {
      out.putNextEntry(new JarEntry("guarded/Guarded.class"));
      out.write(Files.readAllBytes(consumer.resolve("guarded").resolve("Guarded.class")));
    }
    return context.installBundle(name, new ByteArrayInputStream(jar.toByteArray()));
  }

  private static String decide(Bundle guarded, String presented)
      throws ReflectiveOperationException {
    return (String)
        guarded
            .loadClass("guarded.Guarded")
            .getMethod("decide", String.class, String.class, String.class, String.class)
            .invoke(null, ISSUER, AUDIENCE, keys, presented);
  }
}
