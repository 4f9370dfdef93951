/** A reverse proxy that hands verified requests on to one server, and nothing else to anybody. */
@NullMarked
package io.sallyport.examples.proxy;

import org.jspecify.annotations.NullMarked;
