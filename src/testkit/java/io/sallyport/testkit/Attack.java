package io.sallyport.testkit;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One hostile request: what it is, how it is made, and what a sound server may answer.
 *
 * @param id its name, in reports and to leave it out
 * @param title what is hostile in it
 * @param about where it is written that a server must not fall for it
 * @param sent what it has for credentials
 * @param expected what may be answered
 * @param issuerNeeded whether it takes an issuer under the test's control
 * @param maker makes it
 */
record Attack(
    String id,
    String title,
    String about,
    Sent sent,
    Expected expected,
    boolean issuerNeeded,
    Maker maker) {

  /** Makes a request out of what there is; null where it cannot be made of that. */
  interface Maker {
    @Nullable RawRequest make(Forge forge);
  }

  /** Makes a token out of what there is; null where it cannot be made of that. */
  interface TokenMaker extends Function<Forge, @Nullable String> {}

  /** What a request has for credentials, by which its challenge is judged. */
  enum Sent {
    /** None that a bearer token may come in. */
    NOTHING,
    /** Something that is not one bearer token. */
    MALFORMED,
    /** A token that nobody who is trusted has signed: all of them deserve the same answer. */
    FORGED,
    /** A token that the issuer has signed. */
    SIGNED
  }

  /** What may be answered. */
  enum Expected {
    /** The token is not good. */
    UNAUTHORIZED("401"),
    /** The credentials are not one token, or are none. */
    MALFORMED("400 or 401"),
    /** The token is good for less than this. */
    FORBIDDEN("403 or 401"),
    /** Whatever is no success. */
    REFUSED("a refusal"),
    /** The RFCs leave it open: a server must stay sound, whether it takes the token or not. */
    OPEN("anything but a failure");

    /** As a report calls it. */
    final String text;

    Expected(String text) {
      this.text = text;
    }

    /** Whether a status that is no success is one of those that may be answered. */
    boolean includes(int status) {
      return switch (this) {
        case UNAUTHORIZED -> status == 401;
        case MALFORMED -> status == 400 || status == 401;
        case FORBIDDEN -> status == 403 || status == 401;
        case REFUSED, OPEN -> status / 100 == 3 || status / 100 == 4 || isOfHttp(status);
      };
    }

    /** A method or a version that the server does not know. */
    private static boolean isOfHttp(int status) {
      return status == 501 || status == 505;
    }
  }

  /** A token that nobody who is trusted has signed. */
  static Attack forged(String id, String title, String about, TokenMaker token) {
    return new Attack(id, title, about, Sent.FORGED, Expected.UNAUTHORIZED, false, bearer(token));
  }

  /** A token with a good signature of the issuer over what is wrong with it. */
  static Attack signed(String id, String title, String about, TokenMaker token) {
    return new Attack(id, title, about, Sent.SIGNED, Expected.UNAUTHORIZED, true, bearer(token));
  }

  /** Credentials that are not one token. */
  static Attack malformed(String id, String title, String about, Maker maker) {
    return new Attack(id, title, about, Sent.MALFORMED, Expected.MALFORMED, false, maker);
  }

  /** No credentials where a bearer token may come, whatever else there is. */
  static Attack bare(String id, String title, String about, Maker maker) {
    return new Attack(id, title, about, Sent.NOTHING, Expected.MALFORMED, false, maker);
  }

  private static Maker bearer(TokenMaker maker) {
    return forge -> {
      String token = maker.apply(forge);
      return token == null ? null : forge.request().bearer(token);
    };
  }

  Attack expecting(Expected other) {
    return new Attack(id, title, about, sent, other, issuerNeeded, maker);
  }

  /** The same where there is an issuer, and not at all where there is none. */
  Attack byIssuer() {
    return new Attack(id, title, about, sent, expected, true, maker);
  }
}
