/**
 * Text from outside, read and shown with care: strict JSON in, harmless log text out. Internal to
 * Sallyport: nothing here is part of its contract.
 */
@NullMarked
package io.sallyport.text;

import org.jspecify.annotations.NullMarked;
