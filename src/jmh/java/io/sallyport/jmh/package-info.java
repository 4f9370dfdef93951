/**
 * Sallyport beside its peers, measured by JMH. In the order in which a run meets them:
 *
 * <ul>
 *   <li>{@code Main}: checks the contenders, measures them, has the report written;
 *   <li>{@code Check}: a contender that admits a bad token is not measured;
 *   <li>{@code Accepted}, {@code Refused}: the benchmarks, {@code Requests}: what they share;
 *   <li>{@code Exchange}, {@code Request}, {@code Response}: one request through one filter;
 *   <li>{@code Contender}: who is measured, each by a {@code Competitor} of its own file;
 *   <li>{@code Issuer}, {@code Attempt}, {@code Algorithm}, {@code SigningKey}: tokens, good and
 *       bad;
 *   <li>{@code Report}, {@code Bounds}, {@code Chart}, {@code Results}: from JMH's JSON to a page.
 * </ul>
 */
@NullMarked
package io.sallyport.jmh;

import org.jspecify.annotations.NullMarked;
