/**
 * A web application behind three Sallyport filters, which {@code WEB-INF/web.xml} sets up.
 *
 * <p>In the order in which to read it: {@code web.xml}, then {@link
 * io.sallyport.examples.webapp.Api} and its resources, then the servlets of the reports, of the
 * administration and of errors. None of them looks at a token's text; all they know of the caller
 * is what the filters have verified.
 */
@NullMarked
package io.sallyport.examples.webapp;

import org.jspecify.annotations.NullMarked;
