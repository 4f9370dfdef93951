package io.sallyport;

import io.sallyport.Reason.Kind;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A refusal as status, {@code WWW-Authenticate} (RFC 6750 section 3, RFC 9470 section 3, RFC 9728
 * section 5.1) and a problem document (RFC 9457). Everything in it comes from the configuration or
 * from a fixed list; it says nothing of the token unless {@code diagnostics} is {@code verbose}.
 */
final class Challenge {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String RETRY_AFTER_SECONDS = "5";

  private final String realm;
  private final boolean verbose;
  private final Map<Reason, Prepared> prepared = new EnumMap<>(Reason.class);

  /**
   * What does not depend on the request, made once.
   *
   * @param challenge the beginning of {@code WWW-Authenticate}, or null for an answer without it
   * @param document the problem document but for its correlation
   * @param correlationAt where that goes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Prepared(@Nullable String challenge, byte[] document, int correlationAt) {
    byte[] with(String correlation) {
      byte[] copy = document.clone();
      byte[] ascii = correlation.getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(ascii, 0, copy, correlationAt, ascii.length);
      return copy;
    }
  }

  Challenge(String realm, boolean verbose) {
    this.realm = realm;
    this.verbose = verbose;
    for (Reason reason : Reason.values()) prepared.put(reason, prepare(reason));
  }

  private Prepared prepare(Reason reason) {
    String placeholder = RefusalLog.NO_CORRELATION;
    byte[] document = problem(reason, placeholder, null);
    int at = new String(document, StandardCharsets.ISO_8859_1).indexOf(placeholder);
    return new Prepared(challenge(reason), document, at);
  }

  private @Nullable String challenge(Reason reason) {
    Kind kind = reason.kind();
    if (kind == Kind.UNAVAILABLE || kind == Kind.DEFECT) return null;
    StringBuilder challenge = new StringBuilder("Bearer realm=").append(quoted(realm));
    if (kind.error() != null) challenge.append(", error=").append(quoted(kind.error()));
    String description = reason.description();
    if (description != null) {
      challenge.append(", error_description=").append(quoted(description));
    }
    return challenge.toString();
  }

  private Prepared prepared(Reason reason) {
    return Objects.requireNonNull(prepared.get(reason));
  }

  /**
   * Answers a request.
   *
   * @param demand what its route takes
   * @param metadata the address of the resource's metadata, or null
   * @param dpop what is told beside it of DPoP, or null
   * @param correlation stands in the body and in the log, and nowhere else
   */
  void answer(
      HttpServletResponse response,
      Refusal refusal,
      Demand demand,
      @Nullable String metadata,
      @Nullable DpopChallenge dpop,
      String correlation)
      throws IOException {
    if (response.isCommitted()) return; // somebody has answered; the handler is not reached anyway
    Kind kind = refusal.reason().kind();
    byte[] body = body(refusal, correlation);
    response.resetBuffer();
    response.setStatus(kind.status());
    response.setHeader("Cache-Control", "no-store");
    List<String> challenges = challenges(refusal.reason(), demand, metadata, dpop);
    for (int i = 0; i < challenges.size(); i++) {
      if (i == 0) response.setHeader("WWW-Authenticate", challenges.get(i));
      else response.addHeader("WWW-Authenticate", challenges.get(i));
    }
    if (dpop != null && !challenges.isEmpty()) dpop.addNonceTo(response);
    if (kind == Kind.UNAVAILABLE) response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
    response.setContentType("application/problem+json");
    response.setContentLength(body.length);
    write(response, body);
  }

  static void write(HttpServletResponse response, byte[] body) throws IOException {
    // By its own type: as an OutputStream it would be looked up when this class is loaded, which a
    // TokenVerifier does where there is no servlet API at all.
    ServletOutputStream out;
    try {
      out = response.getOutputStream();
    } catch (IllegalStateException e) { // a filter in front has taken the writer
      response.getWriter().write(new String(body, StandardCharsets.UTF_8));
      return;
    }
    out.write(body);
  }

  /** The values of {@code WWW-Authenticate}, Bearer first; empty for an answer that has none. */
  List<String> challenges(
      Reason reason, Demand demand, @Nullable String metadata, @Nullable DpopChallenge dpop) {
    String challenge = authenticate(reason, demand, metadata);
    if (challenge == null) return List.of();
    // Where the error is one of DPoP alone, Bearer is named as if nothing had come.
    String bearer =
        reason.kind().isOfDpop()
            ? String.valueOf(authenticate(Reason.TOKEN_MISSING, demand, metadata))
            : challenge;
    return dpop == null ? List.of(bearer) : List.of(bearer, dpop.beside(challenge));
  }

  /** The challenge of Bearer, or null for an answer that has none. */
  @Nullable String authenticate(Reason reason, Demand demand, @Nullable String metadata) {
    Kind kind = reason.kind();
    String ready = prepared(reason).challenge();
    boolean tellsOfDemand = kind == Kind.NO_CREDENTIALS || reason.signatureHolds();
    if (ready == null || (metadata == null && !tellsOfDemand)) return ready;
    StringBuilder challenge = new StringBuilder(ready);
    if (tellsOfDemand) addList(challenge, "scope", demand.scope());
    if (kind == Kind.INSUFFICIENT_USER_AUTHENTICATION) addStepUp(challenge, demand.stepUp());
    if (metadata != null) challenge.append(", resource_metadata=").append(quoted(metadata));
    return challenge.toString();
  }

  private static void addStepUp(StringBuilder challenge, @Nullable StepUp stepUp) {
    if (stepUp == null) return;
    addList(challenge, "acr_values", stepUp.acrValues());
    Duration maxAge = stepUp.maxAge();
    if (maxAge != null) challenge.append(", max_age=\"").append(maxAge.toSeconds()).append('"');
  }

  private static void addList(StringBuilder challenge, String name, Set<String> values) {
    if (values.isEmpty()) return;
    challenge.append(", ").append(name).append('=').append(quoted(String.join(" ", values)));
  }

  /** A quoted-string of the characters that RFC 6750 section 3 allows in a value. */
  private static String quoted(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        throw new IllegalStateException("not fit for a challenge: character " + i);
      }
    }
    return '"' + value + '"';
  }

  private byte[] body(Refusal refusal, String correlation) {
    Reason reason = refusal.reason();
    if (verbose && reason.signatureHolds()) return problem(reason, correlation, refusal.detail());
    return prepared(reason).with(correlation);
  }

  private static byte[] problem(Reason reason, String correlation, @Nullable String diagnosis) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(256);
    try (JsonGenerator json =
        JSON.createGenerator(ObjectWriteContext.empty(), body, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringProperty("title", reason.kind().title());
      json.writeNumberProperty("status", reason.kind().status());
      if (reason.kind().error() != null) json.writeStringProperty("error", reason.kind().error());
      if (reason.description() != null) json.writeStringProperty("detail", reason.description());
      json.writeStringProperty("correlation", correlation);
      if (diagnosis != null) {
        json.writeStringProperty("reason", reason.code());
        json.writeStringProperty("diagnosis", diagnosis);
      }
      json.writeEndObject();
    }
    return body.toByteArray();
  }
}
