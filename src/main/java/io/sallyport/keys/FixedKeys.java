package io.sallyport.keys;

import com.nimbusds.jose.JWSHeader;
import java.time.Clock;

/** A key set that does not change while the application runs. */
final class FixedKeys implements KeySource {
  private final KeySet keys;
  private final Clock clock;

  FixedKeys(KeySet keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Answer find(JWSHeader header) {
    return keys.find(header, clock.instant());
  }

  @Override
  public boolean holds(Key key) {
    return keys.holds(key, clock.instant());
  }

  @Override
  public KeyHealth health() {
    return new KeyHealth(KeyHealth.State.FRESH, keys.count(clock.instant()), null, null);
  }
}
