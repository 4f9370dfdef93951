package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.jwk.Curve;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.slf4j.Logger;

/** What is static is shared by every filter in the JVM, so nothing that it leads to may change. */
@AnalyzeClasses(
    packages = "io.sallyport",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.TheLibraryAlone.class})
final class StaticStateTest {
  /** Could change by their type, and do not. */
  private static final Set<String> EXCEPTIONS =
      Set.of(
          "Challenge.JSON", // writes alone: keeps empty buffers between two answers
          "BearerToken.OUTSIDE", // a table, written when its class is loaded
          "CompactJws.SEXTET", // the same
          "PublicJwk.ED25519_PREFIX"); // read alone

  private static final List<Class<?>> IMMUTABLE =
      List.of(
          String.class,
          Integer.class,
          Long.class,
          Duration.class,
          Algorithm.class,
          Curve.class,
          Logger.class); // the logging system's own

  @ArchTest
  @Tag("T57")
  static void nothing_that_is_static_can_change(JavaClasses classes) throws Exception {
    List<String> changeable = new ArrayList<>();
    int looked = 0;
    for (JavaClass type : classes) {
      for (Field field : type.reflect().getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) continue;
        looked++;
        String name = type.getSimpleName() + "." + field.getName();
        if (!isFrozen(field, null) && !EXCEPTIONS.contains(name)) changeable.add(name);
      }
    }
    assertThat(changeable).isEmpty();
    assertThat(looked).isGreaterThan(100);
  }

  private static boolean isFrozen(Field field, Object owner) throws ReflectiveOperationException {
    if (!Modifier.isFinal(field.getModifiers())) return false;
    field.setAccessible(true);
    return isFrozen(field.get(owner));
  }

  private static boolean isFrozen(Object value) throws ReflectiveOperationException {
    if (value == null || IMMUTABLE.stream().anyMatch(type -> type.isInstance(value))) return true;
    Class<?> type = value.getClass();
    if (type.getName().startsWith("java.util.ImmutableCollections$")) {
      return areFrozen(members(value));
    }
    boolean isLambda = type.isHidden();
    if (!type.getName().startsWith("io.sallyport.") && !isLambda) return false;
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !isFrozen(field, value)) return false;
    }
    return true;
  }

  private static Collection<?> members(Object collection) {
    return collection instanceof Map<?, ?> map
        ? Stream.concat(map.keySet().stream(), map.values().stream()).toList()
        : (Collection<?>) collection;
  }

  private static boolean areFrozen(Collection<?> members) throws ReflectiveOperationException {
    for (Object member : members) {
      if (!isFrozen(member)) return false;
    }
    return true;
  }
}
