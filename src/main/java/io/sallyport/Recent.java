package io.sallyport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last sixteen of what was added: of things that come again and again, such as an issuer's
 * headers, and are found faster than worked out anew.
 *
 * @param <T> what is remembered; immutable
 */
final class Recent<T> {
  private static final int MOST = 16;

  /** Replaced as a whole; of two threads that add one at once the loser's comes with its next. */
  private volatile List<T> all = List.of();

  /** The first that is the wanted one, or null. */
  @Nullable T find(Predicate<? super T> wanted) {
    List<T> now = all;
    for (int i = 0; i < now.size(); i++) {
      if (wanted.test(now.get(i))) return now.get(i);
    }
    return null;
  }

  /** Remembers one; the one that came first gives way to the seventeenth. */
  void add(T one) {
    List<T> before = all;
    int kept = Math.min(before.size(), MOST - 1);
    List<T> after = new ArrayList<>(before.subList(before.size() - kept, before.size()));
    after.add(one);
    all = List.copyOf(after);
  }
}
