package io.sallyport.examples.spring;

import io.sallyport.SallyportFilter;
import io.sallyport.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Three ways to whoever sent the request; by the time that a method runs, the token is good. */
@RestController
class OrdersController {
  private final OrderStreams streams;

  OrdersController(OrderStreams streams) {
    this.streams = streams;
  }

  /** By the servlet API alone. */
  @GetMapping("/orders")
  Map<String, Object> list(Principal caller, HttpServletRequest request) {
    return Map.of("of", caller.getName(), "mayAdd", request.isUserInRole("orders:write"));
  }

  /** By the claims. */
  @PostMapping("/orders")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, Object> add(
      @RequestAttribute(SallyportFilter.TOKEN_ATTRIBUTE) VerifiedToken token,
      @RequestBody String order) {
    streams.tell(token.subject(), order);
    return Map.of("of", token.subject(), "by", token.clientId().orElse("an unnamed client"));
  }

  /** A token is a {@link Principal} too, so Spring knows what to put in here. */
  @GetMapping(path = "/orders/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter stream(VerifiedToken token) {
    return streams.open(token.subject());
  }
}
