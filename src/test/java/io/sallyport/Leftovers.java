package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What is left in the JVM of applications that have come and gone since this was made. */
final class Leftovers {
  /** Some 4 s are enough, and 10 allowed; a machine that is busy with others needs its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final boolean CLIENTS_CAN_BE_CLOSED = Runtime.version().feature() >= 21;

  private final Set<Thread> before = Thread.getAllStackTraces().keySet();
  private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
  private final Set<Reference<?>> loaders = new HashSet<>();

  /** Looks for threads that an application should have ended when it went. */
  void checkThreads() throws InterruptedException {
    assertThat(threads("sallyport")).isEmpty();
    if (!CLIENTS_CAN_BE_CLOSED) return;
    // A client that was closed has told its workers to end; it does not wait until they have.
    for (Thread worker : threads("HttpClient").toList()) worker.join(PATIENCE.toMillis());
    assertThat(threads("HttpClient")).isEmpty();
  }

  private Stream<Thread> threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name) && !before.contains(thread));
  }

  /** Remembers the class loader of an application that is gone. */
  void watch(ClassLoader loader) {
    loaders.add(new WeakReference<>(loader, collected));
  }

  /** Collects garbage, and looks for class loaders that stay, and threads of an HTTP client. */
  void checkCollected() throws InterruptedException {
    long start = System.nanoTime();
    collect(start, loaders::isEmpty);
    assertThat(loaders).as("class loaders that are still there").isEmpty();
    // Java 17 cannot close a client of java.net.http: it goes some time after its collection.
    collect(start, () -> threads("HttpClient").findAny().isEmpty());
    assertThat(threads("HttpClient")).isEmpty();
  }

  private void collect(long start, BooleanSupplier done) throws InterruptedException {
    while (!done.getAsBoolean() && System.nanoTime() - start < PATIENCE.toNanos()) {
      System.gc();
      Reference<?> next = collected.remove(250);
      for (; next != null; next = collected.poll()) loaders.remove(next);
    }
  }
}
