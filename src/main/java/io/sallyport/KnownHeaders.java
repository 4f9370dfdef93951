package io.sallyport;

import com.nimbusds.jose.JWSHeader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Headers of tokens whose signature held, by the segment as it came: an issuer uses few of them,
 * and finding one costs less than reading it. Only a good signature brings one in, so that nobody
 * else can push the issuer's own out.
 */
final class KnownHeaders {
  private static final int MOST = 16;

  /** Replaced as a whole; of two threads that add one at once the loser's comes with its next. */
  private volatile List<Known> known = List.of();

  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Known(byte[] segment, JWSHeader header) {}

  /** The header of this token, if it is known. */
  @Nullable JWSHeader find(CompactJws token) {
    List<Known> all = known;
    for (int i = 0; i < all.size(); i++) {
      if (token.isUnder(all.get(i).segment())) return all.get(i).header();
    }
    return null;
  }

  /** Remembers a header; the one that came first gives way to the seventeenth. */
  void add(CompactJws token, JWSHeader header) {
    List<Known> before = known;
    int kept = Math.min(before.size(), MOST - 1);
    List<Known> after = new ArrayList<>(before.subList(before.size() - kept, before.size()));
    after.add(new Known(token.encodedHeader(), header));
    known = List.copyOf(after);
  }
}
