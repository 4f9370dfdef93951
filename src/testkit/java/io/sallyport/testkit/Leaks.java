package io.sallyport.testkit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a refusal must not tell: of the token, and of what is inside the server. */
final class Leaks {
  /** So many letters of a token are no coincidence. */
  private static final int PIECE = 16;

  /** What nobody but a programmer writes. */
  private static final List<String> INTERNALS =
      List.of(
          "java.lang.",
          "java.util.",
          "java.io.",
          "java.net.",
          "java.time.",
          "java.security.",
          "javax.",
          "jakarta.",
          "com.auth0",
          "com.fasterxml",
          "com.google.gson",
          "com.nimbusds",
          "io.jsonwebtoken",
          "io.netty",
          "io.quarkus",
          "io.sallyport",
          "io.smallrye",
          "io.undertow",
          "org.apache.",
          "org.eclipse.jetty",
          "org.jose4j",
          "org.keycloak",
          "org.springframework",
          "tools.jackson",
          ".java:",
          "Caused by:",
          "Exception",
          "StackOverflow",
          "OutOfMemory",
          "Traceback (most recent call last)",
          "goroutine ",
          "node_modules/",
          "System.Security",
          "Microsoft.IdentityModel",
          "SQLSTATE",
          "BEGIN PUBLIC KEY");

  private Leaks() {}

  /**
   * Looks through an answer.
   *
   * @param secret what was sent as credentials
   * @param canary a text that stood in the token
   * @return what is there that must not be, without saying the secret
   */
  static Optional<String> in(Reply reply, String secret, String canary) {
    return Stream.concat(
            Stream.of(of(reply.body(), secret, canary)).map(told -> at(told, "the body")),
            reply.fields().stream().map(field -> at(of(field, secret, canary), name(field))))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> at(@Nullable String told, String place) {
    return Optional.ofNullable(told).map(what -> place + " tells " + what);
  }

  private static String name(String field) {
    int end = field.indexOf(':');
    return "the field " + (end < 0 ? field : field.substring(0, end));
  }

  private static @Nullable String of(String text, String secret, String canary) {
    if (text.contains(canary)) return "a claim or a member of the token's header";
    if (hasPiece(text, secret)) return "a piece of the token";
    for (String internal : INTERNALS) {
      if (text.contains(internal)) return "what is inside: '" + internal + "'";
    }
    return null;
  }

  private static boolean hasPiece(String text, String secret) {
    for (int i = 0; i + PIECE <= text.length(); i++) {
      if (secret.contains(text.substring(i, i + PIECE))) return true;
    }
    return false;
  }
}
