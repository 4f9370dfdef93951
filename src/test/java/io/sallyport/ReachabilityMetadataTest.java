package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Event;
import org.junit.jupiter.api.Test;

/**
 * What GraalVM's native image is told of classes that are reached by their names. There is no
 * native image here: that one can be made of it, no test shows.
 */
final class ReachabilityMetadataTest {
  private static final Path FILE =
      Path.of(
          "src/main/resources/META-INF/native-image/io.sallyport/sallyport",
          "reachability-metadata.json");

  private static final String CACHE = "com.github.benmanes.caffeine.cache.";
  private static final Pattern LOADED =
      Pattern.compile("^\\[[^]]*]\\[info]\\[class,load] (\\S+) source: ", Pattern.MULTILINE);

  /** Of one configuration alone, named after it, and found by that name. */
  private static final Pattern GENERATED = Pattern.compile("[FPSW][A-Z]+");

  private final List<Map<String, Object>> entries;

  ReachabilityMetadataTest() throws IOException {
    byte[] file = Files.readAllBytes(FILE);
    Map<String, ?> metadata = new StrictJson(file.length).object(file);
    assertThat(metadata)
        .as("it is JSON, with nothing twice")
        .isNotNull()
        .containsOnlyKeys("reflection");
    entries = objects(metadata.get("reflection"));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> objects(Object list) {
    return list == null ? List.of() : (List<Map<String, Object>>) list;
  }

  private static String type(Map<String, Object> entry) {
    return (String) entry.get("type");
  }

  private static Stream<String> members(Map<String, Object> entry, String kind) {
    return objects(entry.get(kind)).stream().map(member -> (String) member.get("name"));
  }

  @Test
  void every_type_constructor_and_field_in_it_is_there() throws Exception {
    assertThat(entries).extracting(ReachabilityMetadataTest::type).doesNotHaveDuplicates();
    for (Map<String, Object> entry : entries) {
      assertThat(entry.keySet())
          .isSubsetOf("condition", "type", "methods", "fields", "allDeclaredFields");
      Class<?> type = named(type(entry));
      if (entry.get("condition") instanceof Map<?, ?> condition) {
        named((String) condition.get("typeReached"));
      }
      for (String field : members(entry, "fields").toList()) type.getDeclaredField(field);
      for (Map<String, Object> method : objects(entry.get("methods"))) {
        assertThat(method).isEqualTo(Map.of("name", "<init>", "parameterTypes", List.of()));
        type.getDeclaredConstructor();
      }
    }
  }

  private static Class<?> named(String name) throws ClassNotFoundException {
    return Class.forName(name, false, ReachabilityMetadataTest.class.getClassLoader());
  }

  @Test
  void a_container_can_make_the_filter_and_a_recording_can_read_the_events() {
    assertThat(entries)
        .filteredOn(entry -> members(entry, "methods").anyMatch("<init>"::equals))
        .extracting(ReachabilityMetadataTest::type)
        .contains(SallyportFilter.class.getName());
    assertThat(entries)
        .filteredOn(entry -> Boolean.TRUE.equals(entry.get("allDeclaredFields")))
        .extracting(ReachabilityMetadataTest::type)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FlightEvents.class.getDeclaredClasses())
                .filter(Event.class::isAssignableFrom)
                .map(Class::getName)
                .toList());
  }

  /**
   * Out of a JVM that verifies and remembers a token, since the names are Caffeine's own affair.
   */
  @Test
  void whatever_the_cache_finds_by_a_name_is_in_it() throws Exception {
    String said = BareJvm.run(BareJvmTest.Verifying.class, "-verbose:class");
    Set<Class<?>> loaded = loaded(said);
    Set<Class<?>> parents = loaded.stream().map(Class::getSuperclass).collect(Collectors.toSet());
    List<String> made =
        loaded.stream()
            .filter(type -> GENERATED.matcher(type.getSimpleName()).matches())
            .filter(type -> !parents.contains(type))
            .map(Class::getName)
            .toList();
    assertThat(made).as("a cache and its entries").hasSize(2);
    assertThat(entries)
        .filteredOn(
            entry ->
                members(entry, "fields").anyMatch("FACTORY"::equals)
                    || members(entry, "methods").anyMatch("<init>"::equals))
        .extracting(ReachabilityMetadataTest::type)
        .containsAll(made);
    assertThat(entries)
        .flatExtracting(
            entry -> members(entry, "fields").map(name -> type(entry) + "." + name).toList())
        .containsAll(loaded.stream().flatMap(ReachabilityMetadataTest::handled).toList());
  }

  /** The fields of a type that it has handles for, which are named alike. */
  private static Stream<String> handled(Class<?> type) {
    Set<String> fields =
        Arrays.stream(type.getDeclaredFields()).map(Field::getName).collect(Collectors.toSet());
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> field.getType() == VarHandle.class)
        .map(field -> camelCase(field.getName()))
        .filter(fields::contains)
        .map(name -> type.getName() + "." + name);
  }

  private static String camelCase(String constant) {
    return Pattern.compile("_(.)")
        .matcher(constant.toLowerCase(Locale.ROOT))
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  private static Set<Class<?>> loaded(String said) throws ClassNotFoundException {
    Set<Class<?>> types = new LinkedHashSet<>();
    for (MatchResult line : LOADED.matcher(said).results().toList()) {
      String name = line.group(1);
      if (name.startsWith(CACHE) && !name.contains("/")) types.add(named(name));
    }
    return types;
  }
}
