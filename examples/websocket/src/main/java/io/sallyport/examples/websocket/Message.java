package io.sallyport.examples.websocket;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a client may say, by the first word of its message. None is without a scope. */
enum Message {
  /** {@code list} */
  LIST(Message.READ),

  /** {@code add} and the order */
  ADD(Message.WRITE);

  static final String READ = "orders:read";
  static final String WRITE = "orders:write";

  private final String scope;

  Message(String scope) {
    this.scope = scope;
  }

  static Optional<Message> of(String text) {
    String word = text.split(" ", 2)[0];
    return Stream.of(values())
        .filter(message -> message.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst();
  }

  /** What the token has to hold. */
  String scope() {
    return scope;
  }
}
