package io.sallyport.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;

/** Reads an instant: ISO 8601 with a zone, or seconds since 1970 as in a token. */
final class Instants implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String text) {
    try {
      if (text.matches("[0-9]{1,11}")) return Instant.ofEpochSecond(Long.parseLong(text));
      return OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw Fault.of(
          "--at takes an instant, and was given '" + text + "'",
          "ISO 8601 with a zone, or seconds since 1970 as in exp",
          "--at 2026-11-27T10:00:00Z");
    }
  }
}
