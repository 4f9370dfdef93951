package io.sallyport.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a {@link KeyServer} sends back to one request: an HTTP message, or something less.
 *
 * @since 0.1.0
 */
public interface Answer {
  /**
   * Sends it.
   *
   * @param line the way back to the client
   * @throws IOException if the client has gone, or the connection is to end here
   */
  void to(Line line) throws IOException;

  /**
   * The way back to one client.
   *
   * @since 0.1.0
   */
  interface Line {
    /**
     * Sends octets at once.
     *
     * @param bytes what is sent
     * @throws IOException if the client has gone
     */
    void send(byte[] bytes) throws IOException;

    /**
     * Waits.
     *
     * @param time how long
     * @throws IOException if the server is closed meanwhile
     */
    void pause(Duration time) throws IOException;
  }

  /**
   * 200 and JSON.
   *
   * @param body the text, JSON or not
   * @param fields further header fields, such as {@code "Date: …"}
   * @return the message
   */
  static Message json(String body, String... fields) {
    return of(200, "application/json", body.getBytes(StandardCharsets.UTF_8), fields);
  }

  /**
   * A status with no body.
   *
   * @param status the status
   * @param fields header fields
   * @return the message
   */
  static Message status(int status, String... fields) {
    return of(status, "text/plain", new byte[0], fields);
  }

  /**
   * A message with the length of its body.
   *
   * @param status the status
   * @param type the {@code Content-Type}
   * @param body the body
   * @param fields further header fields
   * @return the message
   */
  static Message of(int status, String type, byte[] body, String... fields) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
    for (String field : fields) head.append(field).append("\r\n");
    head.append("Content-Type: ").append(type).append("\r\n");
    return message(head + "Content-Length: " + body.length + "\r\n\r\n", body);
  }

  /**
   * A message of any form, such as one whose length is not the body's.
   *
   * @param head status line and fields with every line end, the empty line too
   * @param body the body
   * @return the message
   */
  static Message message(String head, byte[] body) {
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return new Message(all, start.length);
  }

  /**
   * A beginning that is followed by the same piece again and again.
   *
   * @param head the beginning
   * @param piece what follows
   * @return the answer, which never ends
   */
  static Answer endless(String head, String piece) {
    byte[] more = piece.repeat(8192 / piece.length()).getBytes(StandardCharsets.ISO_8859_1);
    return line -> {
      line.send(head.getBytes(StandardCharsets.ISO_8859_1));
      while (true) line.send(more);
    };
  }

  /**
   * A whole message, and ways of not getting it across.
   *
   * @since 0.1.0
   */
  final class Message implements Answer {
    private final byte[] bytes;
    private final int bodyAt;

    private Message(byte[] bytes, int bodyAt) {
      this.bytes = bytes;
      this.bodyAt = bodyAt;
    }

    @Override
    public void to(Line line) throws IOException {
      line.send(bytes);
    }

    /**
     * The body.
     *
     * @return its text, taken as UTF-8
     */
    public String body() {
      return new String(bytes, bodyAt, bytes.length - bodyAt, StandardCharsets.UTF_8);
    }

    /**
     * Stops before anything has come.
     *
     * @return the answer
     */
    public Answer stalledBeforeHeader() {
      return stalledAt(0);
    }

    /**
     * Stops in the middle of the header.
     *
     * @return the answer
     */
    public Answer stalledInHeader() {
      return stalledAt(bodyAt / 2);
    }

    /**
     * Stops between header and body.
     *
     * @return the answer
     */
    public Answer stalledBeforeBody() {
      return stalledAt(bodyAt);
    }

    /**
     * Stops in the middle of the body.
     *
     * @return the answer
     */
    public Answer stalledInBody() {
      return stalledAt((bodyAt + bytes.length) / 2);
    }

    private Answer stalledAt(int end) {
      return line -> {
        line.send(Arrays.copyOf(bytes, end));
        line.pause(Duration.ofHours(1));
      };
    }

    /**
     * Ends the connection.
     *
     * @param offset how much of the body comes before that; less than the whole header if negative
     * @return the answer
     */
    public Answer cutAt(int offset) {
      return line -> {
        line.send(Arrays.copyOf(bytes, bodyAt + offset));
        throw new IOException("cut on purpose");
      };
    }

    /**
     * Sends a byte at a time.
     *
     * @param offset where that begins, from the start of the body; within the header if negative
     * @param pause how long before each byte
     * @return the answer
     */
    public Answer drippingFrom(int offset, Duration pause) {
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
