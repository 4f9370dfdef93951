package io.sallyport;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map as it was, but for the value of one key. A copy would be as large as all of a
 * token's claims, for each token that is kept.
 */
final class NarrowedMap<K> extends AbstractMap<K, @Nullable Object> {
  private final Map<K, ? extends @Nullable Object> whole;
  private final Object key;
  private final @Nullable Object value;

  private NarrowedMap(
      Map<K, ? extends @Nullable Object> whole, Object key, @Nullable Object value) {
    this.whole = whole;
    this.key = key;
    this.value = value;
  }

  /**
   * Narrows a map.
   *
   * @param whole an immutable map, which has that key
   * @param value stands in for the key's value
   */
  static <K> Map<K, @Nullable Object> of(
      Map<K, ? extends @Nullable Object> whole, Object key, @Nullable Object value) {
    return Collections.unmodifiableMap(new NarrowedMap<>(whole, key, value));
  }

  @Override
  public @Nullable Object get(@Nullable Object name) {
    return key.equals(name) ? value : whole.get(name);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return whole.containsKey(name);
  }

  @Override
  public Set<Entry<K, @Nullable Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return whole.size();
      }

      @Override
      public Iterator<Entry<K, @Nullable Object>> iterator() {
        Iterator<K> names = whole.keySet().iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return names.hasNext();
          }

          @Override
          public Entry<K, @Nullable Object> next() {
            K name = names.next();
            return new SimpleImmutableEntry<>(name, get(name));
          }
        };
      }
    };
  }
}
