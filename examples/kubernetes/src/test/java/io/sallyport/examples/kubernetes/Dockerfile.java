package io.sallyport.examples.kubernetes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The instructions of a Dockerfile, without comments, a line each. */
record Dockerfile(List<Instruction> instructions) {
  record Instruction(String name, String arguments) {}

  static Dockerfile parse(String text) {
    List<Instruction> instructions = new ArrayList<>();
    String joined =
        String.join("\n", text.lines().filter(line -> !line.strip().startsWith("#")).toList())
            .replaceAll("\\\\\n", " ");
    for (String line : joined.lines().filter(line -> !line.isBlank()).toList()) {
      String[] parts = line.strip().split("\\s+", 2);
      instructions.add(
          new Instruction(parts[0].toUpperCase(Locale.ROOT), parts.length > 1 ? parts[1] : ""));
    }
    return new Dockerfile(instructions);
  }

  /** What is wrong with it, a line each. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (!all("FROM").allMatch(from -> Image.isPinned(from.split("\\s+")[0]))) {
      faults.add("FROM without a tag, or with latest");
    }
    if (!last("USER").matches("[1-9][0-9]*:[1-9][0-9]*")) {
      faults.add("USER is not last a number that is not 0, and a group");
    }
    if (!Stream.of("ENTRYPOINT", "CMD").flatMap(this::all).allMatch(list -> list.startsWith("["))) {
      faults.add("ENTRYPOINT or CMD by a shell");
    }
    if (all("ADD").findAny().isPresent()) faults.add("ADD, which fetches and unpacks");
    if (all("COPY").anyMatch(copy -> copy.startsWith("--chown") || copy.startsWith(". "))) {
      faults.add("COPY of everything, or to the user that runs it");
    }
    if (Stream.of("ENV", "ARG").flatMap(this::all).findAny().isPresent()) {
      faults.add("ENV or ARG, where secrets come to lie");
    }
    return faults;
  }

  Stream<String> all(String name) {
    return instructions.stream()
        .filter(instruction -> instruction.name().equals(name))
        .map(Instruction::arguments);
  }

  /** The arguments of the last instruction of that name, which is the one that counts. */
  String last(String name) {
    return all(name).reduce("", (earlier, later) -> later);
  }

  /** The words of an instruction that is a JSON list. */
  List<String> words(String name) {
    String list = last(name);
    return Arrays.stream(list.substring(2, list.length() - 2).split("\",\\s*\"")).toList();
  }
}
