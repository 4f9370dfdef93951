package io.sallyport.examples.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A client that speaks the protocol by hand (RFC 6455): it never answers a close, and has next to
 * no room for what it does not read.
 */
final class RudeClient implements AutoCloseable {
  static final int TEXT = 0x1;
  static final int CLOSE = 0x8;

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int ROOM = 4096;

  /** What came: its opcode, and the payload. */
  record Frame(int opcode, byte[] payload) {
    int code() {
      return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** Opens a session. */
  RudeClient(int port, String path, String token) throws IOException {
    this.socket = new Socket();
    socket.setReceiveBufferSize(ROOM);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    String key = Base64.getEncoder().encodeToString(new byte[16]);
    write(
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                .formatted(path)
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n".formatted(key)
            + "Authorization: Bearer %s\r\n\r\n".formatted(token));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) head.append((char) in.readUnsignedByte());
    if (!head.toString().startsWith("HTTP/1.1 101 ")) throw new IOException(head.toString());
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** Says something short, under a mask of zeros, which changes nothing. */
  void say(String text) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(FIN | TEXT);
    frame.write(MASKED | text.length());
    frame.write(new byte[4]);
    frame.write(text.getBytes(StandardCharsets.US_ASCII));
    frame.writeTo(out);
    out.flush();
  }

  Frame hear() throws IOException {
    int opcode = in.readUnsignedByte() & 0xf;
    return new Frame(opcode, in.readNBytes(in.readUnsignedByte()));
  }

  /** Waits until the connection has been ended; true if nothing came before that. */
  boolean isCutOff() throws IOException {
    try {
      return in.read() < 0;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
