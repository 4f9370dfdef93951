package io.sallyport.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The command line stands above the library, which knows nothing of it. */
final class CommandLineShapeTest {
  private static final JavaClasses LIBRARY =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  /** Tests run them out of the folder that they are in themselves. */
  private static final JavaClasses COMMANDS =
      new ClassFileImporter()
          .importPath(Path.of("target", "test-classes", "io", "sallyport", "cli"))
          .that(DescribedPredicate.describe("no tests", CommandLineShapeTest::isOfTheProgram));

  private static boolean isOfTheProgram(JavaClass type) {
    String file = type.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java";
    return Files.exists(Path.of("src", "cli", "java").resolve(file));
  }

  @Test
  void the_library_knows_nothing_of_it_and_not_of_its_parser() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sallyport.cli..", "picocli..")
        .check(LIBRARY);
  }

  @Test
  void it_asks_no_servlet_and_starts_no_program() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta..", "java.lang.reflect..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class, Runtime.class)
        .check(COMMANDS);
    assertThat(COMMANDS).hasSizeGreaterThan(20);
  }

  @Test
  void no_two_files_of_it_need_each_other() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().equals("io.sallyport.cli")
                    ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
                    : SliceIdentifier.ignore();
              }

              @Override
              public String getDescription() {
                return "source files";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(COMMANDS);
  }
}
