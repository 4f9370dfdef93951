package io.sallyport.examples.quickstart;

import io.sallyport.Reason;
import io.sallyport.testkit.TestIssuer;
import io.sallyport.testkit.TestToken;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the page asks for: a token, a request sent with it, the operator's line about it. */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
final class DevServlet extends HttpServlet {
  private static final int LONGEST_TOKEN = 32 * 1024;
  private static final int LONGEST_WHOLE = 72;

  private final TestIssuer issuer;
  private final OperatorLog log;
  private final int port;

  DevServlet(TestIssuer issuer, OperatorLog log, int port) {
    this.issuer = issuer;
    this.log = log;
    this.port = port;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (String.valueOf(request.getPathInfo())) {
      case "/setup" -> Json.write(response, 200, setup());
      case "/log" -> logged(String.valueOf(request.getParameter("correlation")), response);
      default -> refuse(response, 404, "nothing is here");
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    // A page of another site cannot send this type without asking first, and nobody answers it.
    if (!String.valueOf(request.getContentType()).startsWith("application/json")) {
      refuse(response, 415, "the body has to be application/json");
      return;
    }
    try {
      Map<String, Object> json = Json.read(request);
      switch (String.valueOf(request.getPathInfo())) {
        case "/mint" -> Json.write(response, 200, Map.of("token", mint(json)));
        case "/send" -> Json.write(response, 200, send(json));
        default -> refuse(response, 404, "nothing is here");
      }
    } catch (ParseException e) {
      refuse(response, 400, String.valueOf(e.getMessage()));
    }
  }

  private static void refuse(HttpServletResponse response, int status, String why)
      throws IOException {
    Json.write(response, status, Map.of("error", why));
  }

  private Map<String, Object> setup() {
    return Map.of(
        "issuer",
        issuer.issuer(),
        "audience",
        Quickstart.AUDIENCE,
        "algorithms",
        Wish.ALGORITHMS,
        "attacks",
        Stream.of(Attack.values()).map(DevServlet::described).toList());
  }

  private static Map<String, Object> described(Attack attack) {
    return Map.of(
        "id", attack.id(),
        "title", attack.title(),
        "story", attack.story(),
        "status", attack.reason().kind().status(),
        "code", attack.reason().code(),
        "reason", attack.reason().title());
  }

  private String mint(Map<String, Object> json) throws ParseException {
    Wish wish = Wish.from(json);
    TestToken token = wish.of(issuer);
    return attack(json)
        .map(attack -> attack.forge(token, issuer.key(wish.algorithm())))
        .orElseGet(token::mint);
  }

  private Map<String, Object> send(Map<String, Object> json) throws ParseException, IOException {
    String method = Json.text(json, "method", 4);
    if (!List.of("GET", "POST").contains(method)) throw new ParseException("GET or POST", 0);
    String token = Json.text(json, "token", LONGEST_TOKEN);
    if (!token.matches("[\\w.-]*")) throw new ParseException("this is no token", 0);

    Exchange exchange =
        Exchange.over(
            port,
            attack(json)
                .map(attack -> attack.request(method, token))
                .orElseGet(() -> Exchange.request(method, token)));
    return Map.of(
        "request", exchange.request().replace(token, elided(token)),
        "response", exchange.response(),
        "status", exchange.status(),
        "challenge", exchange.field("WWW-Authenticate").orElse(""),
        "body", exchange.body());
  }

  private static Optional<Attack> attack(Map<String, Object> json) throws ParseException {
    String id = Json.text(json, "attack", 40);
    if (id.isEmpty()) return Optional.empty();
    Optional<Attack> attack = Attack.named(id);
    if (attack.isEmpty()) throw new ParseException("there is no such attack", 0);
    return attack;
  }

  private static String elided(String token) {
    if (token.length() <= LONGEST_WHOLE) return token;
    return token.substring(0, 24) + "…" + token.substring(token.length() - 12);
  }

  private void logged(String correlation, HttpServletResponse response) throws IOException {
    Optional<OperatorLog.Line> found = log.find(correlation);
    if (found.isEmpty()) {
      refuse(response, 404, "no refusal with this correlation");
      return;
    }
    OperatorLog.Line line = found.get();
    Reason reason = Reason.valueOf(line.reason());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("line", line.text());
    answer.put("code", line.code());
    answer.put("title", reason.title());
    answer.put("detail", line.detail());
    answer.put("remedy", reason.remedy());
    Json.write(response, 200, answer);
  }
}
