package io.sallyport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;

/**
 * HTTP/2 over a bare socket (RFC 9113): what is sent is what the test wrote. One request, and of
 * its answer the body alone, for the fields are compressed.
 */
final class Http2 {
  private static final int TIMEOUT_MILLIS = 20_000;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;

  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private Http2() {}

  /** The body of what a GET is answered; empty where it has none. */
  static String get(int port, String path, String... fieldLines) {
    return exchange(port, path, List.of(fieldLines), List.of());
  }

  /** The same for a GET that has a body with trailers, unless there are none of these. */
  static String exchange(int port, String path, List<String> fieldLines, List<String> trailers) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    frame(request, SETTINGS, 0, 0, new byte[0]);
    if (trailers.isEmpty()) {
      frame(request, HEADERS, END_HEADERS | END_STREAM, 1, head(path, fieldLines));
    } else {
      frame(request, HEADERS, END_HEADERS, 1, head(path, fieldLines));
      frame(request, DATA, 0, 1, new byte[] {'x'});
      frame(request, HEADERS, END_HEADERS | END_STREAM, 1, fields(trailers));
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      request.writeTo(out);
      out.flush();
      return body(new DataInputStream(new BufferedInputStream(socket.getInputStream())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    out.write(payload.length >> 16);
    out.write(payload.length >> 8);
    out.write(payload.length);
    out.write(type);
    out.write(flags);
    out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
    out.writeBytes(payload);
  }

  /** The pseudo-fields by their numbers in the static table, since Tomcat takes no others. */
  private static byte[] head(String path, List<String> fieldLines) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x82); // :method GET
    block.write(0x86); // :scheme http
    block.write(1); // :authority
    string(block, "localhost");
    block.write(4); // :path
    string(block, path);
    block.writeBytes(fields(fieldLines));
    return block.toByteArray();
  }

  /** Literals outside of every table (RFC 7541 section 6.2.2). */
  private static byte[] fields(List<String> lines) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (String line : lines) {
      String[] field = line.split(": ", 2);
      block.write(0);
      string(block, field[0]);
      string(block, field[1]);
    }
    return block.toByteArray();
  }

  private static void string(ByteArrayOutputStream block, String text) {
    int length = text.length();
    block.write(Math.min(length, 127));
    int rest = length - 127;
    for (; rest >= 128; rest >>= 7) block.write(rest & 127 | 128);
    if (rest >= 0) block.write(rest);
    block.writeBytes(text.getBytes(ISO_8859_1));
  }

  private static String body(DataInputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      boolean last = false;
      while (!last) {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == DATA) body.writeBytes(payload);
        last = isLast(type, flags);
      }
    } catch (EOFException | SocketException e) {
      // Undertow ends the connection where it cannot read the path.
    }
    return body.toString(UTF_8);
  }

  private static boolean isLast(int type, int flags) {
    return switch (type) {
      case DATA, HEADERS -> (flags & END_STREAM) != 0;
      case RST_STREAM, GOAWAY -> true;
      default -> false;
    };
  }
}
