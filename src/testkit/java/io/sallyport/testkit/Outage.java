package io.sallyport.testkit;

import io.sallyport.testkit.Answer.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Ways in which an issuer can fail those who want its keys.
 *
 * @since 0.1.0
 */
public enum Outage {
  /** Connections are refused. */
  REFUSED,
  /** The connection opens, and nothing comes. */
  STALLED_BEFORE_HEADER,
  /** The answer stops within its header. */
  STALLED_IN_HEADER,
  /** The answer stops between header and body. */
  STALLED_BEFORE_BODY,
  /** The answer stops within its body. */
  STALLED_IN_BODY,
  /** The answer comes whole, a byte in 300 ms. */
  DRIPPING,
  /** The connection ends within the body. */
  CUT,
  /** The body never ends. */
  ENDLESS,
  /** 200 and a web page, as a proxy's log-in page. */
  HTML,
  /** 200 and nothing. */
  EMPTY,
  /** 200 and the first half of the JSON, with its length. */
  TRUNCATED,
  /** 200 and JSON that is nested too deeply to be read. */
  DEEP_JSON,
  /** 200 and a set of no keys. */
  NO_KEYS,
  /** 200 and JSON's null. */
  NULL,
  /** 200 and an array. */
  ARRAY,
  /** 302 to the same address, again and again. */
  REDIRECT_LOOP,
  /** 302 to another host. */
  REDIRECT_ELSEWHERE,
  /** 404. */
  NOT_FOUND,
  /** 429 with {@code Retry-After}. */
  TOO_MANY_REQUESTS,
  /** 500. */
  SERVER_ERROR;

  /** What comes in place of a good answer to a path. */
  Answer instead(String path, Message good) {
    return switch (this) {
      case REFUSED -> throw new IllegalStateException("nothing answers then");
      case STALLED_BEFORE_HEADER -> good.stalledBeforeHeader();
      case STALLED_IN_HEADER -> good.stalledInHeader();
      case STALLED_BEFORE_BODY -> good.stalledBeforeBody();
      case STALLED_IN_BODY -> good.stalledInBody();
      case DRIPPING -> good.drippingFrom(0, Duration.ofMillis(300));
      case CUT -> good.cutAt(good.body().length() / 2);
      case ENDLESS -> Answer.endless("HTTP/1.1 200 Said\r\n\r\n{\"keys\":[", "{},");
      case HTML -> Answer.of(200, "text/html", utf8("<!DOCTYPE html><title>Log in</title>"));
      case EMPTY -> Answer.json("");
      case TRUNCATED -> Answer.json(good.body().substring(0, good.body().length() / 2));
      case DEEP_JSON -> Answer.json("{\"keys\":" + "[".repeat(10_000));
      case NO_KEYS -> Answer.json("{\"keys\":[]}");
      case NULL -> Answer.json("null");
      case ARRAY -> Answer.json("[]");
      case REDIRECT_LOOP -> Answer.status(302, "Location: " + path);
      case REDIRECT_ELSEWHERE -> Answer.status(302, "Location: https://keys.example.net" + path);
      case NOT_FOUND -> Answer.status(404);
      case TOO_MANY_REQUESTS -> Answer.status(429, "Retry-After: 60");
      case SERVER_ERROR -> Answer.status(500);
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
