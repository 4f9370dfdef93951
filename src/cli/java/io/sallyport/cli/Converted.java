package io.sallyport.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration of something else as ours.
 *
 * @param settings our settings by name, in the order of the documentation
 * @param openQuestions what has to be filled in, by the name that stands in {@code ${...}}
 * @param remarks what became of the rest, a line for each of its keys
 */
record Converted(
    Map<String, String> settings, Map<String, String> openQuestions, List<Remark> remarks) {
  Converted {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    openQuestions = Collections.unmodifiableMap(new LinkedHashMap<>(openQuestions));
    remarks = List.copyOf(remarks);
  }

  /**
   * What became of a key that is no setting of ours.
   *
   * @param key the key
   * @param isLost whether something that it did is done no more
   * @param text what takes its place, or why nothing has to
   */
  record Remark(String key, boolean isLost, String text) {
    @Override
    public String toString() {
      return key + ": " + text;
    }
  }

  List<Remark> lost() {
    return remarks.stream().filter(Remark::isLost).toList();
  }

  List<Remark> needless() {
    return remarks.stream().filter(remark -> !remark.isLost()).toList();
  }
}
