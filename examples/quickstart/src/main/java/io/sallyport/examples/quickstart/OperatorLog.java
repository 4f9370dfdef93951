package io.sallyport.examples.quickstart;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operator of the application sees: warnings go to the console, and the line of each
 * refusal, which Sallyport writes at DEBUG, is kept to be found again by its correlation.
 */
final class OperatorLog extends Handler {
  private static final int KEPT = 500;
  private static final Pattern REFUSAL =
      Pattern.compile(
          "refused (?<code>SP-\\d{3}) (?<reason>\\w+) .*correlation=(?<correlation>[0-9a-f]{16}):"
              + " (?<detail>.*)");

  /** Held here because java.util.logging itself forgets a logger that nobody holds. */
  private final Logger sallyport = Logger.getLogger("io.sallyport");

  private final Logger jetty = Logger.getLogger("org.eclipse.jetty");
  private final Map<String, Line> refusals = new LinkedHashMap<>();

  /** A refusal as it was logged. */
  record Line(String text, String code, String reason, String detail) {}

  private OperatorLog() {}

  /** Takes over the log of Sallyport, and quiets the one of Jetty. */
  static OperatorLog install() {
    OperatorLog log = new OperatorLog();
    log.sallyport.setLevel(Level.FINE); // DEBUG, as SLF4J calls it
    log.sallyport.setUseParentHandlers(false);
    log.sallyport.addHandler(log);
    log.jetty.setLevel(Level.WARNING);
    return log;
  }

  /** The refusal with this correlation, if it is among the last {@value #KEPT}. */
  synchronized Optional<Line> find(String correlation) {
    return Optional.ofNullable(refusals.get(correlation));
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      System.err.println(entry.getLevel() + " " + entry.getMessage());
    }
    Matcher refusal = REFUSAL.matcher(String.valueOf(entry.getMessage()));
    if (refusal.matches()) {
      keep(
          refusal.group("correlation"),
          new Line(
              refusal.group(),
              refusal.group("code"),
              refusal.group("reason"),
              refusal.group("detail")));
    }
  }

  private void keep(String correlation, Line line) {
    refusals.put(correlation, line);
    if (refusals.size() > KEPT) refusals.remove(refusals.keySet().iterator().next());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    sallyport.removeHandler(this);
  }
}
