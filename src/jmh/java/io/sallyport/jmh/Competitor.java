package io.sallyport.jmh;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;

/**
 * A filter that passes a request on if its bearer token is good (signature, {@code iss}, {@code
 * aud}, {@code exp}, {@code nbf}, scope), with the claims in it, and else answers 401 or 403. Made
 * once, with its keys, and used by many threads.
 */
interface Competitor extends Filter {
  /** Reads {@code sub} out of a request that was passed on, as a handler would. */
  String subject(ServletRequest request);
}
