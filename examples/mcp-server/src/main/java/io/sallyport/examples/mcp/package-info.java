/**
 * An MCP server behind Sallyport: the servlet transport of the MCP Java SDK, which knows nothing of
 * authorization, and what it takes beside the filter.
 *
 * <p>In the order in which to read it: {@link io.sallyport.examples.mcp.NotesServer} puts
 * everything together, {@code StreamExpiry}, {@code SessionBinding} and {@code ToolScopes} are the
 * filters between Sallyport's and the SDK's servlet, in the order in which a request meets them;
 * {@code Tool} and {@code NoteTools} are the tools, {@code DevelopmentIssuer} signs.
 */
@NullMarked
package io.sallyport.examples.mcp;

import org.jspecify.annotations.NullMarked;
