package io.sallyport.examples.mcp;

import io.sallyport.SallyportFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers 403 to a call of a tool that the token's scopes do not open, with the scopes that do, so
 * that a client can get a better token and call again (RFC 6750 section 3.1). A tool cannot: when
 * it runs, the answer has begun as a stream, with status 200.
 *
 * <p>Which tool is called stands in the body alone, so this reads it, a megabyte at most, once the
 * token has been verified. What it has read is what the servlet behind it reads: a body that could
 * be read in two ways, by a member that is there twice or octets that are no UTF-8, is answered
 * 400.
 */
final class ToolScopes implements Filter {
  private static final int LONGEST_BODY = 1024 * 1024;

  private final Map<String, Filter> demands;
  private final JsonMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Makes the filter.
   *
   * @param gate stands in front of it, and words the refusal
   * @param tools each with its scopes
   */
  ToolScopes(SallyportFilter gate, List<Tool> tools) {
    this.demands =
        tools.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Tool::name, tool -> gate.requiring(tool.scopes().toArray(String[]::new))));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest call = (HttpServletRequest) request;
    if (!call.getMethod().equals("POST")) {
      chain.doFilter(request, response);
      return;
    }
    HttpServletResponse answer = (HttpServletResponse) response;
    byte[] body = call.getInputStream().readNBytes(LONGEST_BODY + 1);
    if (body.length > LONGEST_BODY) {
      answer.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
      return;
    }
    String text;
    Filter demand;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      demand = demandOf(json.readTree(text));
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      answer.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      return;
    }
    HttpServletRequest judged = new JudgedRequest(call, text);
    if (demand == null) {
      chain.doFilter(judged, response);
    } else {
      demand.doFilter(judged, response, chain);
    }
  }

  /** What the message takes beyond what every request does, or null. */
  private @Nullable Filter demandOf(JsonNode message) {
    if (!message.isObject()) throw new IllegalArgumentException("not a JSON-RPC message");
    if (!message.path("method").asString("").equals("tools/call")) return null;
    return demands.get(message.path("params").path("name").asString(""));
  }
}
