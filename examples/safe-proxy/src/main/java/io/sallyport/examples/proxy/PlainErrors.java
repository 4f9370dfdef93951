package io.sallyport.examples.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers with the status and its name. Jetty's own page would repeat the request's address and the
 * text of an exception, which has the upstream's address in it.
 */
final class PlainErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String text = status + " " + HttpStatus.getMessage(status) + "\n";
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=us-ascii");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap(text.getBytes(US_ASCII)), callback);
    return true;
  }
}
