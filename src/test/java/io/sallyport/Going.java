package io.sallyport;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** A handler that goes on in one of the ways in which a request can go on. */
final class Going extends HttpServlet {
  static final List<String> WAYS =
      List.of("forward", "include", "async", "asyncBoth", "asyncSight");

  private static final long serialVersionUID = 1L;

  private final String way;
  private final String target;

  Going(String way) {
    this(way, "/orders");
  }

  Going(String way, String target) {
    this.way = way;
    this.target = target;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    switch (way) {
      case "forward" -> request.getRequestDispatcher(target).forward(request, response);
      case "include" -> request.getRequestDispatcher(target).include(request, response);
      case "async" -> request.startAsync().dispatch(target);
      case "asyncBoth" -> request.startAsync(request, response).dispatch(target);
      case "asyncSight" -> {
        AsyncContext async = request.startAsync();
        async.start(() -> answer(async));
      }
      default -> throw new IllegalStateException("a handler that fails");
    }
  }

  private static void answer(AsyncContext async) {
    try {
      String context = "context=" + Sight.credentials(async.getRequest()) + "\n";
      HttpServletRequest request = (HttpServletRequest) async.getRequest();
      async.getResponse().getWriter().print(context + Sight.of(request));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      async.complete();
    }
  }
}
