/**
 * Sallyport at work: an application behind the filter, an issuer for development, and a page to try
 * tokens on.
 *
 * <p>In the order in which to read it: {@link io.sallyport.examples.quickstart.Quickstart} puts
 * everything together, {@code OrdersServlet} is the application, the test kit's issuer signs,
 * {@code Attack} lists what the page can try, {@code DevServlet} serves the page's wishes.
 */
@NullMarked
package io.sallyport.examples.quickstart;

import org.jspecify.annotations.NullMarked;
