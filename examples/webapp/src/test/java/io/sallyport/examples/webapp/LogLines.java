package io.sallyport.examples.webapp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the filters tell the operator, by the binding that is in the WAR. */
final class LogLines implements AutoCloseable {
  /** Held, since java.util.logging keeps its loggers weakly. */
  private final Logger logger = Logger.getLogger("io.sallyport");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler = new Collecting();

  LogLines() {
    logger.addHandler(handler);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }

  private final class Collecting extends Handler {
    Collecting() {
      setFormatter(new SimpleFormatter());
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(getFormatter().formatMessage(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
