package io.sallyport;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is alive in this JVM at one moment, read from a dump in HotSpot's format (HPROF 1.0.2):
 * which arrays hold a text, and whose they are.
 */
final class HeapDump {
  private static final int HEADER = "JAVA PROFILE 1.0.2".length() + 1 + 4 + 8;

  /** Kinds of values. */
  private static final int OBJECT = 2;

  private final ByteBuffer dump;
  private final Map<Long, String> texts = new HashMap<>();
  private final Map<Long, String> classNames = new HashMap<>();
  private final Map<Long, Type> types = new HashMap<>();

  /** Where the contents of each instance and of each array stand, and what it is. */
  private final Map<Long, Thing> things = new HashMap<>();

  private final Map<Long, List<Long>> holders = new HashMap<>();

  /**
   * A class: its superclass, what its static fields hold, the kinds of an instance's own fields.
   */
  private record Type(long parent, List<Long> statics, List<Integer> fields) {}

  /** An instance, an array of references (of a class), or one of values (of none). */
  private record Thing(long type, boolean isArray, int start, int bytes) {}

  private HeapDump(ByteBuffer dump) {
    this.dump = dump;
    dump.position(HEADER);
    while (dump.hasRemaining()) readRecord();
    types.forEach((id, type) -> type.statics().forEach(held -> hold(id, held)));
    things.forEach(this::readReferences);
  }

  /** Collects garbage, and takes down what is left. */
  static HeapDump ofWhatIsAlive() throws IOException {
    Path folder = Files.createTempDirectory("sallyport");
    Path file = folder.resolve("heap.hprof");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(file.toString(), true);
      try (FileChannel channel = FileChannel.open(file)) {
        return new HeapDump(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      }
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private void readRecord() {
    int tag = dump.get();
    skip(4);
    int length = dump.getInt();
    int end = dump.position() + length;
    switch (tag) {
      case 0x01 -> texts.put(dump.getLong(), text(end - dump.position()));
      case 0x02 -> {
        skip(4);
        long type = dump.getLong();
        skip(4);
        classNames.put(type, texts.get(dump.getLong()).replace('/', '.'));
      }
      case 0x0c, 0x1c -> {
        while (dump.position() < end) readPartOfHeap();
      }
      default -> {} // stacks and the like
    }
    dump.position(end);
  }

  private String text(int length) {
    byte[] utf8 = new byte[length];
    dump.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private void readPartOfHeap() {
    int tag = dump.get() & 0xff;
    long id = dump.getLong();
    switch (tag) { // up to 0x08 and 0xff: what keeps an object alive
      case 0xff, 0x05, 0x07 -> {}
      case 0x04, 0x06 -> skip(4);
      case 0x01, 0x02, 0x03, 0x08 -> skip(8);
      case 0x20 -> types.put(id, readType());
      case 0x21 -> {
        skip(4);
        things.put(id, thing(dump.getLong(), false, dump.getInt()));
      }
      case 0x22 -> {
        skip(4);
        int bytes = dump.getInt() * size(OBJECT);
        things.put(id, thing(dump.getLong(), true, bytes));
      }
      case 0x23 -> {
        skip(4);
        int length = dump.getInt();
        things.put(id, thing(0, true, length * size(dump.get())));
      }
      default -> throw new IllegalStateException("no part of a heap: " + tag);
    }
  }

  private Thing thing(long type, boolean isArray, int bytes) {
    int start = dump.position();
    skip(bytes);
    return new Thing(type, isArray, start, bytes);
  }

  private Type readType() {
    skip(4);
    long parent = dump.getLong();
    skip(5 * 8 + 4);
    for (int n = dump.getShort(); n > 0; n--) {
      skip(2);
      skip(size(dump.get()));
    }
    List<Long> statics = new ArrayList<>();
    for (int n = dump.getShort() & 0xffff; n > 0; n--) {
      skip(8);
      int kind = dump.get();
      if (kind == OBJECT) statics.add(dump.getLong());
      else skip(size(kind));
    }
    List<Integer> fields = new ArrayList<>();
    for (int n = dump.getShort() & 0xffff; n > 0; n--) {
      skip(8);
      fields.add((int) dump.get());
    }
    return new Type(parent, statics, fields);
  }

  private void skip(int bytes) {
    dump.position(dump.position() + bytes);
  }

  private static int size(int kind) {
    return switch (kind) {
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      case OBJECT, 7, 11 -> 8;
      default -> throw new IllegalStateException("no kind of value: " + kind);
    };
  }

  private void readReferences(long id, Thing thing) {
    if (thing.type() == 0) return;
    int at = thing.start();
    if (thing.isArray()) {
      for (; at < thing.start() + thing.bytes(); at += 8) hold(id, dump.getLong(at));
      return;
    }
    for (Type type = types.get(thing.type()); type != null; type = types.get(type.parent())) {
      for (int kind : type.fields()) {
        if (kind == OBJECT) hold(id, dump.getLong(at));
        at += size(kind);
      }
    }
  }

  private void hold(long holder, long held) {
    holders.computeIfAbsent(held, id -> new ArrayList<>(1)).add(holder);
  }

  /** The arrays with one of these pieces in them, be a character a byte there or two. */
  List<Long> arraysWith(Set<String> pieces) {
    int length = pieces.iterator().next().length();
    return things.entrySet().stream()
        .filter(entry -> entry.getValue().type() == 0)
        .filter(entry -> has(characters(entry.getValue()), pieces, length))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean has(String text, Set<String> pieces, int length) {
    for (int i = 0; i + length <= text.length(); i++) {
      if (pieces.contains(text.substring(i, i + length))) return true;
    }
    return false;
  }

  /** Without zeros: those of ASCII in two bytes, in either order. */
  private String characters(Thing array) {
    StringBuilder characters = new StringBuilder();
    for (int i = 0; i < array.bytes(); i++) {
      byte b = dump.get(array.start() + i);
      if (b != 0) characters.append((char) (b & 0xff));
    }
    return characters.toString();
  }

  /** The nearest classes that are not the JDK's, and the threads, that hold this on any way. */
  Set<String> ownersOf(long array) {
    Set<String> owners = new HashSet<>();
    Set<Long> seen = new HashSet<>();
    Deque<Long> open = new ArrayDeque<>(List.of(array));
    while (!open.isEmpty()) {
      for (long holder : holders.getOrDefault(open.remove(), List.of())) {
        String name = nameOf(holder);
        if (!isOfJdk(name)) owners.add(name);
        else if (seen.add(holder)) open.add(holder);
      }
    }
    return owners;
  }

  private String nameOf(long id) {
    Thing thing = things.get(id);
    return thing == null ? "class " + classNames.get(id) : classNames.get(thing.type());
  }

  private static boolean isOfJdk(String name) {
    return !name.equals("java.lang.Thread")
        && List.of("java.", "jdk.", "sun.", "[").stream().anyMatch(name::startsWith);
  }
}
