package io.sallyport.examples.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.sallyport.SallyportFilter;
import io.sallyport.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A tool: who may call it, and what it does for them.
 *
 * @param name its name
 * @param description what a model is told of it
 * @param schema its arguments
 * @param scopes without all of these it is never called
 * @param work what it does
 */
record Tool(
    String name, String description, Map<String, Object> schema, List<String> scopes, Work work) {
  private static final String TOKEN = VerifiedToken.class.getName();

  /** What a tool does for a caller. */
  interface Work {
    CallToolResult call(VerifiedToken caller, Map<String, Object> arguments);
  }

  Tool {
    scopes = List.copyOf(scopes);
  }

  /**
   * The SDK's context extractor: what a tool will know of the request that called it. A tool runs
   * on another thread, perhaps when the request is over, so it gets the verified token and not the
   * request.
   */
  static McpTransportContext context(HttpServletRequest request) {
    return McpTransportContext.create(
        Map.of(TOKEN, Objects.requireNonNull(SallyportFilter.token(request))));
  }

  private static VerifiedToken caller(McpSyncServerExchange exchange) {
    return (VerifiedToken) Objects.requireNonNull(exchange.transportContext().get(TOKEN));
  }

  /** The tool as the SDK takes it. */
  SyncToolSpecification specification() {
    return SyncToolSpecification.builder()
        .tool(McpSchema.Tool.builder(name, schema).description(description).build())
        .callHandler(
            (exchange, call) ->
                call(caller(exchange), Objects.requireNonNullElse(call.arguments(), Map.of())))
        .build();
  }

  /** {@link ToolScopes} has refused such a caller before; but here is where the tool is opened. */
  CallToolResult call(VerifiedToken caller, Map<String, Object> arguments) {
    return caller.scopes().containsAll(scopes)
        ? work.call(caller, arguments)
        : refused(String.join(" ", scopes));
  }

  /** Tells a caller which scopes it would take. */
  static CallToolResult refused(String scopes) {
    return CallToolResult.builder().addTextContent("This takes " + scopes).isError(true).build();
  }

  static CallToolResult answer(List<String> lines) {
    return CallToolResult.builder().textContent(lines).isError(false).build();
  }
}
