package io.sallyport.cli;

/** What kept a command from an answer: its message is for the user, and the exit code is 2. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Fault(String message) {
    super(message);
  }

  /**
   * The one form of message for what a user can do better.
   *
   * @param wrong what was wrong, without a full stop
   * @param allowed what is allowed, as the end of a sentence
   * @param example what works
   */
  static Fault of(String wrong, String allowed, String example) {
    return new Fault("%s. Allowed: %s. Example: %s".formatted(wrong, allowed, example));
  }
}
