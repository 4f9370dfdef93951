package io.sallyport;

/**
 * A setting as it counts, be it given or a default.
 *
 * @param name the setting; where there are several issuers, with the issuer's name and a dot before
 *     what is the issuer's
 * @param value its text, with every reference put in: a secret, if somebody keeps one in a file
 * @param shown the same as a message may show it: where a file was read, the reference to it
 * @param isGiven whether somebody gave it
 * @since 0.1.0
 */
public record EffectiveSetting(String name, String value, String shown, boolean isGiven) {
  /** Fit for a log: what came out of a file is not in it. */
  @Override
  public String toString() {
    return name + " = " + shown;
  }
}
