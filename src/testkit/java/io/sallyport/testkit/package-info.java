/**
 * What an application's own tests need of an identity provider, with no account anywhere.
 *
 * <p>{@link io.sallyport.testkit.TestIssuer} is an issuer in the test's JVM: discovery, keys,
 * tokens, rotation and outages. {@link io.sallyport.testkit.TestToken} is a token in the making,
 * well-formed or not, and {@link io.sallyport.testkit.TestKey} a key that signs it. {@link
 * io.sallyport.testkit.KeyServer} is the server behind the issuer, which misbehaves as told.
 *
 * <p>{@link io.sallyport.testkit.GateProbe} sends hostile requests to an endpoint, whatever guards
 * it, and says what got through.
 *
 * <p>For tests alone: its keys are made when it starts, and it gives everybody what they ask for.
 */
@NullMarked
package io.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
