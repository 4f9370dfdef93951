package io.sallyport.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a server answered, as it came.
 *
 * @param status the status
 * @param fields the lines of the header
 * @param body the body, taken as UTF-8
 */
record Reply(int status, List<String> fields, String body) {
  private static final int MOST = 1 << 20;

  Reply {
    fields = List.copyOf(fields);
  }

  /**
   * Reads an answer, and skips interim ones.
   *
   * @param method what it answers: HEAD has no body
   * @throws IOException if it ends too early or is no HTTP
   */
  static Reply read(InputStream in, String method) throws IOException {
    Reply head = head(in);
    while (head.status / 100 == 1) head = head(in);
    boolean bare = method.equals("HEAD") || head.status == 204 || head.status == 304;
    return bare ? head : new Reply(head.status, head.fields, body(in, head));
  }

  private static Reply head(InputStream in) throws IOException {
    int status = status(line(in));
    List<String> fields = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) fields.add(line);
    return new Reply(status, fields, "");
  }

  private static int status(String line) throws IOException {
    String[] words = line.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-9][0-9]{2}")) {
      throw new IOException("the answer begins with what is no status line");
    }
    return Integer.parseInt(words[1]);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new IOException("the connection ended without an answer");
      if (line.size() == MOST) throw new IOException("the answer has a line without an end");
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static String body(InputStream in, Reply head) throws IOException {
    boolean chunked =
        head.values("Transfer-Encoding").stream().anyMatch(v -> v.equalsIgnoreCase("chunked"));
    byte[] body = chunked ? chunks(in) : in.readNBytes(length(head));
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Without a length the body ends with the connection. */
  private static int length(Reply head) throws IOException {
    List<String> lengths = head.values("Content-Length");
    if (lengths.isEmpty()) return MOST;
    try {
      return Math.min(MOST, Math.max(0, Integer.parseInt(lengths.get(0))));
    } catch (NumberFormatException e) {
      throw new IOException("the answer's length is no number", e);
    }
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      if (size > MOST - body.size()) throw new IOException("the answer has no end");
      body.write(in.readNBytes(size));
      line(in);
    }
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    try {
      return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("a chunk of the answer has no size", e);
    }
  }

  /** The values of a field, in order. */
  List<String> values(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return fields.stream()
        .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(field -> field.substring(prefix.length()).strip())
        .toList();
  }

  boolean isSuccess() {
    return status / 100 == 2;
  }
}
