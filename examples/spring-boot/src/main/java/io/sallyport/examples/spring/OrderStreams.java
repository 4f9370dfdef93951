package io.sallyport.examples.spring;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Who listens for whose orders. */
@Component
class OrderStreams {
  /** None: {@link StreamExpiry} ends a stream, or its client does. */
  private static final long NO_TIMEOUT = 0L;

  private final Map<String, Set<SseEmitter>> open = new ConcurrentHashMap<>();

  /** Begins a stream, and forgets it when it is over. */
  SseEmitter open(String subject) {
    SseEmitter stream = new SseEmitter(NO_TIMEOUT);
    Set<SseEmitter> mine = open.computeIfAbsent(subject, s -> ConcurrentHashMap.newKeySet());
    stream.onCompletion(() -> mine.remove(stream));
    mine.add(stream);
    send(stream, "ready");
    return stream;
  }

  void tell(String subject, String order) {
    open.getOrDefault(subject, Set.of()).forEach(stream -> send(stream, order));
  }

  private static void send(SseEmitter stream, String event) {
    try {
      stream.send(event);
    } catch (IOException | IllegalStateException e) {
      // It has just ended, and is being forgotten.
    }
  }

  int size() {
    return open.values().stream().mapToInt(Set::size).sum();
  }
}
