/** One endpoint behind three gates, for the probe to be compared at. */
@NullMarked
package io.sallyport.examples.probe;

import org.jspecify.annotations.NullMarked;
