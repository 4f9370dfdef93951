package io.sallyport;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that shows {@link Trial#NOW} and as many seconds more as it is told. */
final class Ticking extends Clock {
  private final AtomicLong seconds;

  private Ticking(AtomicLong seconds) {
    this.seconds = seconds;
  }

  static Clock by(AtomicLong seconds) {
    return new Ticking(seconds);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Trial.NOW.plusSeconds(seconds.get());
  }
}
