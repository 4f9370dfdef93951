package io.sallyport.cli;

import io.sallyport.keys.KeySources;
import io.sallyport.text.Printable;
import io.sallyport.text.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks an issuer over: its metadata, its keys, its clock, its certificate, and last whether the
 * library gets keys out of it.
 */
final class IssuerCheckup {
  /** Half a deadline: what takes longer on a quiet day fails on another. */
  private static final Duration SLOW = Lookup.PATIENCE.dividedBy(2);

  private static final Duration CERTIFICATE_ENDS_SOON = Duration.ofDays(14);

  /** A Date has whole seconds, and an answer takes its time. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  private final IssuerSettings settings;
  private final Clock clock;
  private final Report report;
  private final Lookup lookup;
  private final String about;

  IssuerCheckup(IssuerSettings settings, Clock clock, Report report) {
    this.settings = settings;
    this.clock = clock;
    this.report = report;
    this.lookup = new Lookup(clock);
    this.about = "issuer " + settings.issuer();
  }

  /** Adds a line for each thing that was looked at; gives the same report back. */
  Report run() {
    if (settings.areKeysFetched()) {
      URI jwksUri = settings.find("jwksUri").map(URI::create).orElseGet(this::discovered);
      if (jwksUri != null) lookAtKeys(jwksUri);
      lookAtWhatTheLibraryGets();
    } else {
      settings
          .find("jwks")
          .ifPresentOrElse(
              this::lookAtFile,
              () -> report.ok(about, "keys", "a shared secret out of a file; nothing is fetched"));
    }
    return report;
  }

  private void lookAtFile(String place) {
    if (place.startsWith("classpath:")) {
      report.ok(
          about, "keys", "in " + Printable.quoted(place) + ", which only the application can read");
      return;
    }
    try {
      Map<String, @Nullable Object> document =
          new StrictJson(Lookup.MAX_BYTES).object(Files.readAllBytes(Path.of(place)));
      if (document != null) checkKeys(document);
      else report.fail(about, "keys", place + " is not one JSON object", "make it a JWK set");
    } catch (IOException | InvalidPathException e) {
      report.fail(about, "keys", place + " cannot be read", "make it readable for the application");
    }
  }

  /** Where the metadata says the keys are, or null. */
  private @Nullable URI discovered() {
    List<String> answers = new ArrayList<>();
    for (URI address : KeySources.metadataAddresses(settings.issuer())) {
      Lookup.Reply reply;
      try {
        reply = lookup.get(address);
      } catch (Lookup.NoReply e) {
        report.fail(about, "metadata", address + ": " + e.getMessage(), remedy(e));
        return null;
      }
      if (reply.status() == 200 && reply.document() != null) {
        return checkedMetadata(reply, reply.document());
      }
      answers.add(address + " answered " + reply.described());
    }
    report.fail(
        about,
        "metadata",
        String.join(", ", answers),
        "compare issuer with the iss of a token (sallyport explain shows it); for an issuer without"
            + " metadata set jwksUri");
    return null;
  }

  private static String remedy(Lookup.NoReply e) {
    return e.isOfTls()
        ? "have the issuer show a certificate for that host that is in force; where its authority is"
            + " your own, put it into the JVM's trust store (-Djavax.net.ssl.trustStore=...)"
        : "look at name resolution, network policy and proxy between here and there; a proxy is set by"
            + " -Dhttps.proxyHost=...";
  }

  private @Nullable URI checkedMetadata(
      Lookup.Reply reply, Map<String, @Nullable Object> document) {
    report.ok(about, "metadata", "%s in %s".formatted(reply.address(), spent(reply.took())));
    Object named = document.get("issuer");
    if (settings.issuer().equals(named)) {
      report.ok(about, "issuer", "the metadata names the same, letter for letter");
    } else {
      report.fail(
          about,
          "issuer",
          "the metadata names " + Printable.quoted(named) + ", which is not the same",
          "set issuer to what it names, with or without the slash at its end, if that is what the"
              + " tokens' iss says");
    }
    Object text = document.get("jwks_uri");
    try {
      URI jwksUri = URI.create(String.valueOf(text));
      if (text != null && settings.isTrusted(jwksUri)) return jwksUri;
    } catch (IllegalArgumentException e) {
      // told of below
    }
    report.fail(
        about,
        "jwks_uri",
        "the metadata names " + Printable.quoted(text) + ", which is no https URL",
        "have the issuer name an https URL, or set jwksUri");
    return null;
  }

  private void lookAtKeys(URI jwksUri) {
    Lookup.Reply reply;
    try {
      reply = lookup.get(jwksUri);
    } catch (Lookup.NoReply e) {
      report.fail(about, "key set", jwksUri + ": " + e.getMessage(), remedy(e));
      return;
    }
    if (reply.status() != 200 || reply.document() == null) {
      report.fail(
          about,
          "key set",
          jwksUri + " answered " + reply.described(),
          reply.status() / 100 == 3
              ? "redirects are not followed: set jwksUri to where it leads"
              : "set jwksUri to where the issuer's JWK set is");
      return;
    }
    checkSpeed(reply);
    checkKeys(reply.document());
    checkCaching(reply);
    checkClock(reply);
    reply.certificate().ifPresent(this::checkCertificate);
  }

  private void checkKeys(Map<String, @Nullable Object> document) {
    new KeyCheckup(about, settings.algorithms(), clock, report).of(document);
  }

  private void checkSpeed(Lookup.Reply reply) {
    String found =
        "%s in %s, %d bytes of %d"
            .formatted(reply.address(), spent(reply.took()), reply.length(), Lookup.MAX_BYTES);
    if (reply.took().compareTo(SLOW) < 0) {
      report.ok(about, "key set", found);
      return;
    }
    report.warn(
        about,
        "key set",
        found,
        "a fetch has " + Lookup.PATIENCE.toSeconds() + " s in all; find out what makes it slow");
  }

  private void checkCaching(Lookup.Reply reply) {
    report.ok(
        about,
        "caching",
        "fetched anew every %d s, kept for %d s in an outage; the issuer says %s"
            .formatted(
                settings.seconds("keyRefreshSeconds").toSeconds(),
                settings.seconds("maxKeyAgeSeconds").toSeconds(),
                reply.caching().isEmpty() ? "nothing of caching" : reply.caching()));
  }

  /** Against the middle of the exchange; what is left of an error is within a second or two. */
  private void checkClock(Lookup.Reply reply) {
    Optional<Instant> date = reply.date();
    if (date.isEmpty()) {
      report.warn(
          about,
          "clock",
          "the answer has no Date, so the clocks cannot be compared",
          "see that both are set by NTP");
      return;
    }
    Duration offset = Duration.between(reply.at().minus(reply.took().dividedBy(2)), date.get());
    Duration skew = settings.seconds("clockSkewSeconds");
    String found =
        "the issuer's says %s, ours %s: %d s apart, where clockSkewSeconds allows %d s"
            .formatted(date.get(), reply.at(), offset.abs().toSeconds(), skew.toSeconds());
    String remedy =
        "set both clocks by NTP; "
            + (offset.isNegative() ? "ours is fast" : "the issuer's is fast");
    if (offset.abs().compareTo(skew.plus(CLOCK_TOLERANCE)) > 0) {
      report.fail(about, "clock", found, remedy);
    } else if (offset.abs().compareTo(skew.dividedBy(2).plus(CLOCK_TOLERANCE)) > 0) {
      report.warn(about, "clock", found, remedy);
    } else {
      report.ok(about, "clock", found);
    }
  }

  private void checkCertificate(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    Duration left = Duration.between(clock.instant(), end);
    String found = "in force until %s, for %d days".formatted(end, left.toDays());
    if (left.compareTo(CERTIFICATE_ENDS_SOON) > 0) {
      report.ok(about, "certificate", found);
      return;
    }
    report.warn(
        about,
        "certificate",
        found,
        "have the issuer renew it: once it has ended, no keys are had and requests are answered 503");
  }

  private void lookAtWhatTheLibraryGets() {
    Optional<String> trouble = settings.trouble(clock);
    if (trouble.isEmpty()) {
      report.ok(about, "library", "gets keys from it");
      return;
    }
    report.fail(
        about,
        "library",
        "gets no keys from it: " + Printable.line(trouble.get()),
        "as long as it is so, requests are answered 503 (SP-501)");
  }

  private static String spent(Duration took) {
    return took.toMillis() + " ms";
  }
}
