package io.sallyport.examples.mcp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Everybody's notes, the newest ones only, as long as the process lives. */
final class Notes {
  private static final int MOST_FOR_EACH = 100;

  private final Map<Owner, List<String>> notes = new ConcurrentHashMap<>();

  List<String> of(Owner owner) {
    return notes.getOrDefault(owner, List.of());
  }

  /** Adds a note, and returns how many there are. */
  int add(Owner owner, String text) {
    return notes.merge(owner, List.of(text), Notes::newest).size();
  }

  private static List<String> newest(List<String> before, List<String> added) {
    Deque<String> all = new ArrayDeque<>(before);
    all.addAll(added);
    while (all.size() > MOST_FOR_EACH) all.removeFirst();
    return List.copyOf(all);
  }
}
