package io.sallyport.examples.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The proxy's own bearer token for the upstream, in a file such as a mounted secret. It is read for
 * each request, so a new one counts at once.
 *
 * @param file has the token and nothing else, but for white space around it
 */
record ServiceCredential(Path file) {
  /**
   * The value of the field {@code Authorization}.
   *
   * @throws IOException if the file cannot be read, or holds no bearer token (RFC 6750 section 2.1)
   */
  String authorization() throws IOException {
    String token = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (!token.matches("[A-Za-z0-9._~+/-]+=*")) {
      throw new IOException(file + " holds no bearer token");
    }
    return "Bearer " + token;
  }
}
