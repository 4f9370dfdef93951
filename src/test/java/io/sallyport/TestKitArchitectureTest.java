package io.sallyport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The test kit stands beside the library: neither needs the other. */
@AnalyzeClasses(packages = "io.sallyport", importOptions = DoNotIncludeTests.class)
final class TestKitArchitectureTest {
  @ArchTest
  static final ArchRule the_library_knows_nothing_of_the_test_kit =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sallyport.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sallyport.testkit..");

  /** So that its keys and tokens owe nothing to the code that they test. */
  @ArchTest
  static final ArchRule the_test_kit_knows_nothing_of_the_library =
      noClasses()
          .that()
          .resideInAPackage("io.sallyport.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sallyport", "io.sallyport.keys..", "io.sallyport.text..");

  @ArchTest
  static final ArchRule no_two_files_of_the_test_kit_need_each_other =
      slices().assignedFrom(new ArchitectureTest.SourceFiles()).should().beFreeOfCycles();
}
