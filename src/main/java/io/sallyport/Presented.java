package io.sallyport;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request brings beside its token, by which it shows that the token is its own. Looked at
 * when it is needed, and not before; none of it has been checked.
 */
interface Presented {
  /** A token alone, with nothing to show for it. */
  Presented NOTHING =
      new Presented() {
        @Override
        public boolean isDpop() {
          return false;
        }

        @Override
        public List<String> proofs() {
          return List.of();
        }

        @Override
        public String method() {
          return "";
        }

        @Override
        public @Nullable TargetUri target() {
          return null;
        }

        @Override
        public byte @Nullable [] certificate() {
          return null;
        }
      };

  /** Whether the token came under the scheme DPoP (RFC 9449 section 7.1). */
  boolean isDpop();

  /** Every value of the field DPoP, in order. */
  List<String> proofs();

  /** The method as it came. */
  String method();

  /** Where the request went, as its sender sees it; null where that cannot be known. */
  @Nullable TargetUri target();

  /** The certificate of the sender in DER, as whoever ended its TLS connection saw it, or null. */
  byte @Nullable [] certificate();
}
