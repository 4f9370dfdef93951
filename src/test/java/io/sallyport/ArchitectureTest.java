package io.sallyport;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.ref.Cleaner;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;

/** The shape of the house; that of the test kit beside it is {@link TestKitArchitectureTest}'s. */
@AnalyzeClasses(
    packages = "io.sallyport",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.TheLibraryAlone.class})
final class ArchitectureTest {
  /** What is packed into the library's own jar. */
  static final class TheLibraryAlone implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/testkit/");
    }
  }

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
  static void nothing_is_deserialised_looked_up_evaluated_or_reflected(JavaClasses classes) {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.ServiceLoader")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "javax.naming..",
            "java.beans..",
            "java.rmi..",
            "javax.script..",
            "jakarta.el..",
            "java.lang.reflect..")
        .orShould()
        .callMethodWhere(calls(Class.class, "forName", "newInstance", "getMethod", "getField"))
        .orShould()
        .callMethodWhere(calls(ClassLoader.class, "loadClass"))
        .check(classes);
  }

  @ArchTest
  @Tag("T84")
  static void nothing_is_shown_to_a_management_console(JavaClasses classes) {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javax.management..")
        .check(classes);
  }

  /** Each of these reads a setting, at the start; what a request brings is read by hand. */
  @ArchTest
  @Tag("T81")
  static void regular_expressions_read_settings_and_nothing_else(JavaClasses classes) {
    Predicate<JavaAccess<?>> regular =
        calls(String.class, "matches", "split", "replaceAll", "replaceFirst")
            .or(access -> access.getTargetOwner().getPackageName().equals("java.util.regex"));
    assertThat(classes)
        .flatMap(JavaClass::getAccessesFromSelf)
        .filteredOn(regular)
        .extracting(access -> access.getOrigin().getFullName().replaceFirst("\\(.*", ""))
        .extracting(origin -> origin.substring("io.sallyport.".length()))
        .containsOnly(
            "KeySettings.isLoopback",
            "KeySettings.open",
            "NearestName.fold",
            "Routes$Rule.methods",
            "Routes$Rule.of",
            "ScopeClaim.steps",
            "Setting.number",
            "Setting.words",
            "SettingSyntax.claimOrPointer",
            "SettingSyntax.implication",
            "SettingSyntax.issuerName",
            "Substitution.value");
  }

  @ArchTest
  @Tag("T82")
  static void the_wall_clock_is_read_through_the_one_that_was_given(JavaClasses classes) {
    noClasses()
        .should()
        .callMethodWhere(calls(System.class, "currentTimeMillis", "nanoTime"))
        .orShould()
        .callMethodWhere(calls(Instant.class, "now"))
        .orShould()
        .callMethodWhere(calls(Clock.class, "millis"))
        .check(classes);
  }

  @ArchTest
  @Tag("T83")
  static void two_places_start_a_thread_and_nothing_waits_in_a_queue(JavaClasses classes) {
    noClasses()
        .that()
        .doNotHaveSimpleName("RotatingKeys")
        .and()
        .doNotHaveSimpleName("Expiries")
        .should()
        .callConstructorWhere(target(owner(assignableTo(Thread.class))))
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent.locks")
        .check(classes);
    noClasses()
        .should()
        .dependOnClassesThat(
            assignableTo(Executor.class)
                .or(assignableTo(Timer.class))
                .or(assignableTo(BlockingQueue.class))
                .or(assignableTo(ConcurrentLinkedQueue.class)))
        .check(classes);
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + List.of(names),
        access ->
            access.getTargetOwner().isEquivalentTo(owner)
                && List.of(names).contains(access.getTarget().getName()));
  }

  @ArchTest
  @Tag("T59")
  static void nothing_rests_in_a_thread(JavaClasses classes) {
    noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class).check(classes);
  }

  @ArchTest
  @Tag("T59")
  static void two_files_alone_make_a_thread(JavaClasses classes) {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.sallyport.keys.RotatingKeys")
        .and()
        .doNotHaveFullyQualifiedName("io.sallyport.Expiries")
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
          .and()
          .doNotHaveSimpleName("TokenSettings")
          .should()
          .haveModifier(JavaModifier.FINAL);

  /** A slice is a source file: what needs each other by nature shares one. */
  static final class SourceFiles implements SliceAssignment {
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
