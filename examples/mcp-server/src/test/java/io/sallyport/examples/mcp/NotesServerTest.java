package io.sallyport.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server as the MCP Java SDK's own client finds it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class NotesServerTest {
  private static final Pattern METADATA = Pattern.compile("resource_metadata=\"([^\"]+)\"");
  private static NotesServer server;

  private final AtomicReference<String> token = new AtomicReference<>("");
  private final McpSyncClient client = client(token);

  @BeforeAll
  static void start() throws Exception {
    server = NotesServer.start(0);
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void a_tool_knows_its_caller_by_the_verified_token() {
    token.set(token("ann", NoteTools.READ, "profile"));
    client.initialize();

    assertThat(client.listTools().tools())
        .extracting(McpSchema.Tool::name)
        .containsExactlyInAnyOrder("whoami", "list_notes", "add_note");
    assertThat(call("whoami", Map.of()))
        .startsWith("subject ann", "client ann", "scopes notes:read");
  }

  @Test
  void a_note_is_kept_for_whoever_wrote_it() {
    token.set(token("bea", NoteTools.READ, NoteTools.WRITE));
    client.initialize();

    assertThat(call("add_note", Map.of("text", "Buy rope"))).containsExactly("You have 1 note");
    assertThat(call("list_notes", Map.of())).containsExactly("Buy rope");

    AtomicReference<String> other = new AtomicReference<>(token("cyd", NoteTools.READ));
    try (McpSyncClient cyd = client(other)) {
      assertThat(cyd.callTool(CallToolRequest.builder("list_notes").build()).content()).isEmpty();
    }
  }

  @Test
  void without_a_token_the_answer_says_where_the_metadata_is() throws Exception {
    McpHttpClientTransportAuthorizationException refused = refusal(client::initialize);

    assertThat(refused.getResponseInfo().statusCode()).isEqualTo(401);
    String challenge = challenge(refused.getResponseInfo());
    assertThat(challenge).startsWith("Bearer ").contains("scope=\"notes:read\"");
    Matcher address = METADATA.matcher(challenge);
    assertThat(address.find()).as(challenge).isTrue();
    HttpResponse<String> metadata =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address.group(1))).build(),
                BodyHandlers.ofString());
    assertThat(JSONObjectUtils.parse(metadata.body()))
        .containsEntry("resource", server.resource())
        .containsEntry("authorization_servers", List.of(server.issuer().name()));
  }

  @Test
  void a_tool_whose_scope_is_missing_is_answered_403_with_all_that_it_takes() {
    token.set(token("ann", NoteTools.READ));
    client.initialize();

    McpHttpClientTransportAuthorizationException refused =
        refusal(() -> call("add_note", Map.of("text", "Buy a lantern")));

    assertThat(refused.getResponseInfo().statusCode()).isEqualTo(403);
    assertThat(challenge(refused.getResponseInfo()))
        .contains("error=\"insufficient_scope\"")
        .contains("scope=\"notes:read notes:write\"")
        .containsPattern(METADATA);
    assertThat(call("list_notes", Map.of())).isEmpty();
  }

  @Test
  void what_only_the_arguments_tell_is_refused_by_the_tool() {
    token.set(token("dot", NoteTools.READ, NoteTools.WRITE));
    client.initialize();
    call("add_note", Map.of("text", "Ask for more"));

    token.set(token("dot", NoteTools.READ));
    assertThat(call("list_notes", Map.of("subject", "dot"))).containsExactly("Ask for more");
    CallToolResult refused = result("list_notes", Map.of("subject", "eve"));
    assertThat(refused.isError()).isTrue();
    assertThat(texts(refused)).containsExactly("This takes notes:audit");

    token.set(token("dot", NoteTools.READ, NoteTools.AUDIT));
    assertThat(call("list_notes", Map.of("subject", "eve"))).isEmpty();
  }

  @Test
  void a_refreshed_token_goes_on_with_its_session_and_its_own_scopes() {
    token.set(token("ann", NoteTools.READ));
    client.initialize();
    call("whoami", Map.of());
    McpSchema.InitializeResult begun = client.getCurrentInitializationResult();

    token.set(token("ann", NoteTools.READ, NoteTools.AUDIT));

    assertThat(call("whoami", Map.of())).contains("scopes notes:audit notes:read");
    assertThat(client.getCurrentInitializationResult()).isSameAs(begun);
  }

  @Test
  void with_another_users_token_the_client_has_to_begin_a_session_of_its_own() {
    token.set(token("ann", NoteTools.READ));
    client.initialize();
    call("whoami", Map.of());
    McpSchema.InitializeResult begun = client.getCurrentInitializationResult();

    token.set(token("mallory", NoteTools.READ));

    assertThatThrownBy(() -> call("whoami", Map.of())).hasMessageContaining("session");
    assertThat(call("whoami", Map.of())).startsWith("subject mallory");
    assertThat(client.getCurrentInitializationResult()).isNotSameAs(begun);
  }

  @Test
  void a_page_of_another_origin_is_no_client() throws Exception {
    Wire wire = new Wire(server);
    HttpRequest.Builder request =
        wire.request(token("ann", NoteTools.READ), null)
            .header("Content-Type", "application/json")
            .header("Origin", "https://evil.example")
            .POST(BodyPublishers.ofString(Wire.INITIALIZE));

    assertThat(wire.send(request).statusCode()).isEqualTo(403);
  }

  private static McpSyncClient client(AtomicReference<String> token) {
    String origin = server.resource().substring(0, server.resource().indexOf("/mcp"));
    HttpClientStreamableHttpTransport transport =
        HttpClientStreamableHttpTransport.builder(origin)
            .addHttpRequestCustomizer(
                (request, method, address, body, context) -> {
                  String now = token.get();
                  if (!now.isEmpty()) request.setHeader("Authorization", "Bearer " + now);
                })
            .build();
    return McpClient.sync(transport).requestTimeout(Duration.ofSeconds(30)).build();
  }

  private static String token(String subject, String... scopes) {
    return server.issuer().token(subject, scopes);
  }

  private CallToolResult result(String tool, Map<String, Object> arguments) {
    return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
  }

  private List<String> call(String tool, Map<String, Object> arguments) {
    CallToolResult result = result(tool, arguments);
    assertThat(result.isError()).as(result.toString()).isFalse();
    return texts(result);
  }

  private static List<String> texts(CallToolResult result) {
    return result.content().stream().map(content -> ((TextContent) content).text()).toList();
  }

  private static McpHttpClientTransportAuthorizationException refusal(Runnable call) {
    Throwable thrown = catchThrowable(call::run);
    assertThat(thrown).isNotNull();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof McpHttpClientTransportAuthorizationException refused) return refused;
    }
    throw new AssertionError("refused in another way", thrown);
  }

  private static String challenge(ResponseInfo answer) {
    return answer.headers().firstValue("WWW-Authenticate").orElseThrow();
  }
}
