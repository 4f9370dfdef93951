package io.sallyport.jmh;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** Keeps the status, and takes whatever else an answer is made of. */
final class Response extends HttpServletResponseWrapper {
  private static final HttpServletResponse REST = Unanswered.of(HttpServletResponse.class);

  private int status = SC_OK;

  Response() {
    super(REST);
  }

  @Override
  public int getStatus() {
    return status;
  }

  @Override
  public void setStatus(int status) {
    this.status = status;
  }

  @Override
  public void sendError(int status) {
    this.status = status;
  }

  @Override
  public void setHeader(String name, String value) {}

  @Override
  public void addHeader(String name, String value) {}

  @Override
  public void setContentType(String type) {}

  @Override
  public void setContentLength(int length) {}

  @Override
  public boolean isCommitted() {
    return false;
  }

  @Override
  public void resetBuffer() {}

  @Override
  public ServletOutputStream getOutputStream() {
    return new Discarding();
  }

  private static final class Discarding extends ServletOutputStream {
    @Override
    public void write(int octet) {}

    @Override
    public void write(byte[] octets, int offset, int length) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
