package io.sallyport;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.ref.Cleaner;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;

/** The shape of the house. */
@AnalyzeClasses(packages = "io.sallyport", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule no_two_files_need_each_other =
      slices().assignedFrom(new SourceFiles()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule keys_know_nothing_of_the_core =
      noClasses()
          .that()
          .resideInAPackage("io.sallyport.keys..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sallyport");

  @ArchTest
  static final ArchRule text_knows_nothing_of_tokens_or_keys =
      noClasses()
          .that()
          .resideInAPackage("io.sallyport.text..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sallyport", "io.sallyport.keys..", "com.nimbusds..");

  @ArchTest
  @Tag("T89")
  static void nothing_is_deserialised_looked_up_or_reflected(JavaClasses classes) {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.naming..", "java.lang.reflect..", "jakarta.el..")
        .check(classes);
  }

  @ArchTest
  @Tag("T59")
  static void nothing_rests_in_a_thread(JavaClasses classes) {
    noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class).check(classes);
  }

  @ArchTest
  @Tag("T59")
  static void one_file_alone_makes_a_thread(JavaClasses classes) {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.sallyport.keys.RotatingKeys")
        .should()
        .callConstructorWhere(target(owner(assignableTo(Thread.class))))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executor.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Executors.class, Timer.class, Cleaner.class)
        .check(classes);
  }

  @ArchTest
  @Tag("T59")
  static void nothing_is_left_with_the_JVM(JavaClasses classes) {
    noClasses()
        .should()
        .callMethod(Runtime.class, "addShutdownHook", Thread.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.management..", "java.lang.management..", "java.beans..")
        .check(classes);
  }

  @ArchTest
  static final ArchRule servlets_stay_at_the_edge =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("Token")
          .or()
          .haveSimpleName("Gate")
          .or()
          .haveSimpleName("Scopes")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.servlet..");

  @ArchTest
  static final ArchRule classes_are_final_sealed_or_meant_to_be_extended =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and()
          .doNotHaveSimpleName("PolicyBuilder")
          .should()
          .haveModifier(JavaModifier.FINAL);

  /** A slice is a source file: what needs each other by nature shares one. */
  private static final class SourceFiles implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      JavaClass top = type;
      while (top.getEnclosingClass().isPresent()) top = top.getEnclosingClass().get();
      return top.getPackageName().startsWith("io.sallyport")
          ? SliceIdentifier.of(top.getName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "source files";
    }
  }
}
