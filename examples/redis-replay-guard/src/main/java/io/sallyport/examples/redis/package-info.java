/** A replay guard for several nodes, in Redis. */
@NullMarked
package io.sallyport.examples.redis;

import org.jspecify.annotations.NullMarked;
