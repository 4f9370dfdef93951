package io.sallyport;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every table of hostile tokens, each as one test. For PIT alone: it runs a row by itself, and so
 * makes the whole table anew for each of its rows and each mutant.
 */
@Tag("at-once")
final class TablesAtOnceTest {
  private static final List<Class<?>> CLASSES =
      List.of(
          HostileTokenTest.class,
          HostileTokenKeysTest.class,
          HostileTokenClaimsTest.class,
          HostileTokenScopesTest.class,
          SignatureFaultTest.class);

  /** A test that takes a row, and the table that has it. */
  record Table(Method test, String source) {
    void check() throws Exception {
      var instance = test.getDeclaringClass().getDeclaredConstructor();
      instance.setAccessible(true);
      for (Object row : rows().toList()) test.invoke(instance.newInstance(), row);
    }

    private Stream<?> rows() throws ReflectiveOperationException {
      Method rows = test.getDeclaringClass().getDeclaredMethod(source);
      rows.setAccessible(true);
      return (Stream<?>) rows.invoke(null);
    }

    @Override
    public String toString() {
      return test.getName() + " of " + source;
    }
  }

  static Stream<Table> tables() {
    return CLASSES.stream()
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .sorted(Comparator.comparing(Method::getName)) // PIT asks for them by number
        .filter(test -> test.isAnnotationPresent(MethodSource.class) && !isSlow(test))
        .flatMap(TablesAtOnceTest::tables);
  }

  private static boolean isSlow(Method test) {
    return Arrays.stream(test.getAnnotationsByType(Tag.class))
        .anyMatch(tag -> tag.value().equals("slow"));
  }

  private static Stream<Table> tables(Method test) {
    test.setAccessible(true);
    return Arrays.stream(test.getAnnotation(MethodSource.class).value())
        .map(source -> new Table(test, source));
  }

  @BeforeAll
  static void lend(@TempDir Path folder) {
    HostileTokenKeysTest.folder = folder;
  }

  @ParameterizedTest
  @MethodSource("tables")
  void every_row_of_a_table_holds(Table table) throws Exception {
    table.check();
  }
}
