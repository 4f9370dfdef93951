package io.sallyport.examples.mcp;

import static io.sallyport.examples.mcp.Tool.answer;
import static io.sallyport.examples.mcp.Tool.refused;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.sallyport.VerifiedToken;
import java.util.List;
import java.util.Map;

/** The tools of the example. They know their caller by the verified token, and by nothing else. */
final class NoteTools {
  static final String READ = "notes:read";
  static final String WRITE = "notes:write";
  static final String AUDIT = "notes:audit";

  private final Notes notes = new Notes();

  /**
   * All of them. Each names every scope that a call takes, those that any request takes too: a
   * client asks for what the challenge names, and its next token has no more than that.
   */
  List<Tool> all() {
    return List.of(
        new Tool(
            "whoami",
            "Says who you are to this server.",
            arguments(Map.of()),
            List.of(READ),
            NoteTools::whoami),
        new Tool(
            "list_notes",
            "Lists your notes, or those of another subject.",
            arguments(Map.of("subject", Map.of("type", "string"))),
            List.of(READ),
            this::list),
        new Tool(
            "add_note",
            "Adds a note to yours.",
            arguments(Map.of("text", Map.of("type", "string", "maxLength", 1000)), "text"),
            List.of(READ, WRITE),
            this::add));
  }

  private static Map<String, Object> arguments(Map<String, Object> each, String... required) {
    return Map.of("type", "object", "properties", each, "required", List.of(required));
  }

  private static CallToolResult whoami(VerifiedToken caller, Map<String, Object> arguments) {
    return answer(
        List.of(
            "subject " + caller.subject(),
            "client " + caller.clientId().orElse("unknown"),
            "scopes " + String.join(" ", caller.scopes().stream().sorted().toList()),
            "until " + caller.expiresAt()));
  }

  /** Whose notes are asked for stands in the arguments, so this is for the tool to decide. */
  private CallToolResult list(VerifiedToken caller, Map<String, Object> arguments) {
    Owner self = Owner.of(caller);
    Owner owner =
        arguments.get("subject") instanceof String subject
            ? new Owner(caller.issuer(), subject)
            : self;
    if (!owner.equals(self) && !caller.scopes().contains(AUDIT)) return refused(AUDIT);
    return answer(notes.of(owner));
  }

  private CallToolResult add(VerifiedToken caller, Map<String, Object> arguments) {
    int count = notes.add(Owner.of(caller), String.valueOf(arguments.get("text")));
    return answer(List.of("You have " + count + (count == 1 ? " note" : " notes")));
  }
}
