/**
 * Where verification keys come from and how they are kept: fixed, fetched, discovered, rotated.
 *
 * <p>Public are {@link io.sallyport.keys.KeySource}, what the gate asks, {@link
 * io.sallyport.keys.KeySources}, which makes the usual ones, {@link io.sallyport.keys.Rotation},
 * how they are kept fresh, {@link io.sallyport.keys.KeyHealth}, how they stand, and {@link
 * io.sallyport.keys.PublicJwk}, a key that comes with what it signed. The package knows nothing of
 * refusals: it answers in its own terms (found, unknown, unavailable). Top down:
 *
 * <ol>
 *   <li>{@code KeySources}: which kind of source a configuration means
 *   <li>{@code RotatingKeys}: one thread that fetches, and requests that never wait for it without
 *       need
 *   <li>{@code IssuerMetadata}, {@code JsonEndpoint}: discovery, and one bounded GET
 *   <li>{@code FixedKeys}, {@code SharedSecret}: keys that do not change
 *   <li>{@code KeySetReader}, {@code KeySet}: a JWK set made ready key by key, and the look-up in
 *       it
 *   <li>{@code PublicJwk}: one key, read strictly
 *   <li>{@code PreparedSignature}, {@code PreparedMac}: a signature checked by the JDK's own
 *       provider
 *   <li>{@code KeySource}, {@code KeyHealth}: the vocabulary
 * </ol>
 */
@NullMarked
package io.sallyport.keys;

import org.jspecify.annotations.NullMarked;
