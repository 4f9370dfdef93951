package io.sallyport;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What this resource says of itself (RFC 9728), and where. All of it comes from the settings, and
 * nothing from a request but whether clients see the application's context path.
 *
 * <p>The document is at the well-known path with the path of {@code resource} behind it, below the
 * context path: the one place of that form that an application with a context path can answer.
 * Where there is none, it is the place of RFC 9728 section 3.1.
 */
final class ResourceMetadata {
  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";
  private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS");
  private static final String SECONDS_TO_KEEP = "3600";

  private final String origin;
  private final String resourcePath;
  private final String path;
  private final byte[] document;

  /**
   * Makes a document.
   *
   * @param resource the identifier of the resource
   * @param publicOrigin the origin that clients see, or null where it is that of the resource
   * @param members what else is said (RFC 9728 section 2): text, a truth value, or several texts;
   *     what is empty is left out
   */
  ResourceMetadata(URI resource, @Nullable URI publicOrigin, Map<String, Object> members) {
    URI seen = publicOrigin == null ? resource : publicOrigin;
    this.origin = seen.getScheme() + "://" + seen.getRawAuthority();
    String rawPath = resource.getRawPath();
    this.resourcePath = rawPath.equals("/") ? "" : rawPath;
    this.path = WELL_KNOWN + resourcePath;
    this.document = document(resource, members);
  }

  private static byte[] document(URI resource, Map<String, Object> members) {
    ByteArrayOutputStream document = new ByteArrayOutputStream(512);
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(ObjectWriteContext.empty(), document, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringProperty("resource", resource.toString());
      members.forEach((name, value) -> write(json, name, value));
      json.writeEndObject();
    }
    return document.toByteArray();
  }

  private static void write(JsonGenerator json, String name, Object value) {
    if (value instanceof Boolean flag) {
      json.writeBooleanProperty(name, flag);
    } else if (!(value instanceof Collection<?> texts)) {
      json.writeStringProperty(name, value.toString());
    } else if (!texts.isEmpty()) {
      json.writeArrayPropertyStart(name);
      for (Object text : texts) json.writeString(String.valueOf(text));
      json.writeEndArray();
    }
  }

  /** Whether the request is for the document: by its method, and by its path letter for letter. */
  boolean isAskedFor(HttpServletRequest request) {
    String raw = request.getRequestURI();
    if (raw == null || !raw.endsWith(path) || !METHODS.contains(request.getMethod())) return false;
    String context = Objects.requireNonNullElse(request.getContextPath(), "");
    return raw.equals(encoded(context) + path) && !RequestPath.isAmbiguous(raw);
  }

  /** Answers with the document, or tells a browser that any page may ask for it. */
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (response.isCommitted()) return;
    response.resetBuffer();
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (request.getMethod().equals("OPTIONS")) {
      String methods = String.join(", ", METHODS);
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      response.setHeader("Allow", methods);
      response.setHeader("Access-Control-Allow-Methods", methods);
      response.setHeader("Access-Control-Allow-Headers", "*");
      response.setHeader("Access-Control-Max-Age", SECONDS_TO_KEEP);
      return;
    }
    response.setStatus(HttpServletResponse.SC_OK);
    response.setHeader("Cache-Control", "public, max-age=" + SECONDS_TO_KEEP);
    response.setContentType("application/json");
    response.setContentLength(document.length);
    if (request.getMethod().equals("GET")) Challenge.write(response, document);
  }

  /**
   * The address that clients find the document at.
   *
   * @param context the application's context path: part of the address unless the path of the
   *     resource goes another way, as it does behind a proxy that hides the context path
   */
  String address(String context) {
    String encoded = encoded(context);
    boolean isSeen = isWithin(resourcePath, encoded) || isWithin(encoded, resourcePath);
    return origin + (isSeen ? encoded : "") + path;
  }

  /** As it stands in a URI: some containers give a context path so, and some do not. */
  private static String encoded(String context) {
    if (context.isEmpty() || !RequestPath.isAmbiguous(context)) return context;
    try {
      return new URI(null, null, context, null).toASCIIString();
    } catch (URISyntaxException e) {
      return "";
    }
  }

  private static boolean isWithin(String inner, String outer) {
    return inner.equals(outer) || inner.startsWith(outer + "/");
  }
}
