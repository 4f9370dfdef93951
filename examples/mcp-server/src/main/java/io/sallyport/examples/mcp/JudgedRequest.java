package io.sallyport.examples.mcp;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

/** A request whose body has been read, and is read by others as it was read here. */
final class JudgedRequest extends HttpServletRequestWrapper {
  private final String body;

  /**
   * Wraps a request.
   *
   * @param body its body, decoded; no charset that the request names can make another text of it
   */
  JudgedRequest(HttpServletRequest request, String body) {
    super(request);
    this.body = body;
  }

  @Override
  public String getCharacterEncoding() {
    return StandardCharsets.UTF_8.name();
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new StringReader(body));
  }

  @Override
  public ServletInputStream getInputStream() {
    return new Octets(body.getBytes(StandardCharsets.UTF_8));
  }

  private static final class Octets extends ServletInputStream {
    private final ByteArrayInputStream octets;

    Octets(byte[] octets) {
      this.octets = new ByteArrayInputStream(octets);
    }

    @Override
    public int read() {
      return octets.read();
    }

    @Override
    public boolean isFinished() {
      return octets.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("the body is here already: read it");
    }
  }
}
