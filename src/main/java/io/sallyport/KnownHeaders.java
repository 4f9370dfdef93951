package io.sallyport;

import com.nimbusds.jose.JWSHeader;
import org.jspecify.annotations.Nullable;

/**
 * Headers of tokens whose signature held, by the segment as it came: an issuer uses few of them,
 * and finding one costs less than reading it. Only a good signature brings one in, so that nobody
 * else can push the issuer's own out.
 */
final class KnownHeaders {
  private final Recent<Known> known = new Recent<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Known(byte[] segment, JWSHeader header) {}

  /** The header of this token, if it is known. */
  @Nullable JWSHeader find(CompactJws token) {
    Known found = known.find(header -> token.isUnder(header.segment()));
    return found == null ? null : found.header();
  }

  /** Remembers the header of a token whose signature has held. */
  void add(CompactJws token, JWSHeader header) {
    known.add(new Known(token.encodedHeader(), header));
  }
}
