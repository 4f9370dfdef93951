package io.sallyport;

/** What of a defect may be logged: where it happened. A parser's message may quote a token. */
final class Defect {
  private Defect() {}

  /** An exception of the same trace that names the kind of the other, and not what it said. */
  static Throwable withoutMessage(Throwable e) {
    Throwable bare = new Throwable(e.getClass().getName());
    bare.setStackTrace(e.getStackTrace());
    return bare;
  }
}
