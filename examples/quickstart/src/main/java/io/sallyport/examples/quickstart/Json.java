package io.sallyport.examples.quickstart;

import com.nimbusds.jose.util.JSONObjectUtils;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;

/** JSON objects in and out of the servlets. */
final class Json {
  private static final int LONGEST_BODY = 64 * 1024;

  private Json() {}

  /**
   * Reads the body of a request.
   *
   * @throws ParseException if it is not one JSON object
   */
  static Map<String, Object> read(HttpServletRequest request) throws IOException, ParseException {
    byte[] body = request.getInputStream().readNBytes(LONGEST_BODY);
    return JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8));
  }

  /**
   * A member that has to be text.
   *
   * @throws ParseException if it is not, or is longer than {@code longest}
   */
  static String text(Map<String, Object> json, String name, int longest) throws ParseException {
    String text = JSONObjectUtils.getString(json, name);
    if (text != null && text.length() <= longest) return text;
    throw new ParseException(name + " has to be a text of " + longest + " characters at most", 0);
  }

  /** Answers with an object, which no cache may keep. */
  static void write(HttpServletResponse response, int status, Map<String, ?> json)
      throws IOException {
    byte[] body = (JSONObjectUtils.toJSONString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
