package io.sallyport.examples.quickstart;

import io.sallyport.SallyportFilter;
import io.sallyport.VerifiedToken;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The application. It checks nothing, because nothing reaches it unchecked; beside the orders it
 * answers what it could see of the request.
 */
@SuppressWarnings("serial") // servlets are serializable by inheritance alone
final class OrdersServlet extends HttpServlet {
  private static final List<Map<String, Object>> ORDERS =
      List.of(order(1001, "Lantern", 2), order(1002, "Rope, 20 m", 1));

  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicInteger lastNumber = new AtomicInteger(1002);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Json.write(response, 200, answer("orders", ORDERS, request));
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Map<String, Object> placed = order(lastNumber.incrementAndGet(), "Lantern", 1);
    Json.write(response, 201, answer("placed", placed, request));
  }

  private static Map<String, Object> order(int number, String item, int quantity) {
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("number", number);
    order.put("item", item);
    order.put("quantity", quantity);
    return order;
  }

  private Map<String, Object> answer(String name, Object value, HttpServletRequest request) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(name, value);
    answer.put("handler", seen(request));
    return answer;
  }

  private Map<String, Object> seen(HttpServletRequest request) {
    VerifiedToken token = Objects.requireNonNull(SallyportFilter.token(request));
    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("runs", runs.incrementAndGet());
    seen.put("subject", token.subject());
    seen.put("scopes", token.scopes().stream().sorted().toList());
    seen.put("expiresAt", token.expiresAt().toString());
    seen.put("claims", token.claims());
    seen.put("remoteUser", request.getRemoteUser());
    seen.put("mayWrite", request.isUserInRole("orders:write"));
    seen.put("authorization", request.getHeader("Authorization"));
    seen.put("headerNames", Collections.list(request.getHeaderNames()));
    return seen;
  }
}
