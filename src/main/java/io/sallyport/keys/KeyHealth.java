package io.sallyport.keys;

import io.sallyport.text.Printable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the keys of one issuer stand, for a health endpoint.
 *
 * @param state whether they serve
 * @param count how many of them tokens can be verified with now, or null where their source does
 *     not tell
 * @param age how long ago the fetch began that brought them, by the monotonic clock; null where
 *     none has brought any, and for keys that do not age, such as those of a file
 * @param trouble what is wrong, in one line, or null where nothing is. For the operator alone: it
 *     may name addresses that are nobody else's business
 * @since 0.1.0
 */
public record KeyHealth(
    State state, @Nullable Integer count, @Nullable Duration age, @Nullable String trouble) {
  /**
   * Whether tokens can be verified.
   *
   * @since 0.1.0
   */
  public enum State {
    /** Yes, and the last fetch brought keys. */
    FRESH,
    /** Yes, by the last good keys, since the last fetch failed. */
    STALE,
    /** No: there are no keys, or the last good ones are too old, so requests are answered 503. */
    UNAVAILABLE
  }

  /**
   * Makes the trouble fit for a line.
   *
   * @param state whether there are keys
   * @param count how many
   * @param age how old they are
   * @param trouble why there are none, or none newer
   */
  public KeyHealth {
    if (trouble != null) trouble = Printable.line(trouble);
  }

  /**
   * Whether tokens can be verified now.
   *
   * @return true for fresh keys and for stale ones
   */
  public boolean isServing() {
    return state != State.UNAVAILABLE;
  }
}
