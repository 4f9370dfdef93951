package io.sallyport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** What a key server sends back to one request: an HTTP message, or something less. */
interface Answer {
  void to(Line line) throws IOException;

  /** The way back to one client. */
  interface Line {
    void send(byte[] bytes) throws IOException;

    /**
     * Waits.
     *
     * @throws IOException if the server is closed meanwhile
     */
    void pause(Duration time) throws IOException;
  }

  static Message json(String body) {
    return of(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  static Message status(int status, String... fields) {
    return of(status, "text/plain", new byte[0], fields);
  }

  static Message of(int status, String type, byte[] body, String... fields) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
    for (String field : fields) head.append(field).append("\r\n");
    head.append("Content-Type: ").append(type).append("\r\n");
    return message(head + "Content-Length: " + body.length + "\r\n\r\n", body);
  }

  /** A message of any form, such as a length that is not the body's. */
  static Message message(String head, byte[] body) {
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return new Message(all, start.length);
  }

  /** A beginning that is followed by the same piece again and again. */
  static Answer endless(String head, String piece) {
    byte[] more = piece.repeat(8192 / piece.length()).getBytes(StandardCharsets.ISO_8859_1);
    return line -> {
      line.send(head.getBytes(StandardCharsets.ISO_8859_1));
      while (true) line.send(more);
    };
  }

  /** A whole message, and ways of not getting it across. */
  record Message(byte[] bytes, int bodyAt) implements Answer {
    @Override
    public void to(Line line) throws IOException {
      line.send(bytes);
    }

    Answer stalledBeforeHeader() {
      return stalledAt(0);
    }

    Answer stalledInHeader() {
      return stalledAt(bodyAt / 2);
    }

    Answer stalledBeforeBody() {
      return stalledAt(bodyAt);
    }

    Answer stalledInBody() {
      return stalledAt((bodyAt + bytes.length) / 2);
    }

    private Answer stalledAt(int end) {
      return line -> {
        line.send(Arrays.copyOf(bytes, end));
        line.pause(Duration.ofHours(1));
      };
    }

    /** The connection ends after the header and this much of the body, or before if negative. */
    Answer cutAt(int offset) {
      return line -> {
        line.send(Arrays.copyOf(bytes, bodyAt + offset));
        throw new IOException("cut on purpose");
      };
    }

    /** The beginning up to an offset from the body's start, then a byte at a time. */
    Answer drippingFrom(int offset, Duration pause) {
      return line -> {
        int at = Math.max(0, bodyAt + offset);
        line.send(Arrays.copyOf(bytes, at));
        for (; at < bytes.length; at++) {
          line.pause(pause);
          line.send(new byte[] {bytes[at]});
        }
      };
    }
  }
}
