/**
 * A servlet filter that lets no request past with an unverified bearer token or a broad scope.
 *
 * <p>The files in the order in which a request meets them; each mentions only files further down.
 *
 * <ol>
 *   <li>{@code SallyportFilter}, {@code TokenVerifier}: a request, or a token alone, comes in
 *   <li>{@code Passage}, {@code PresentedRequest}: on to the handler with a guarded request, or
 *       back with a challenge
 *   <li>{@code PolicyBuilder}, {@code IssuerBuilder}, {@code TokenSettings}, {@code
 *       FilterParameters}, {@code Start}: settings in code and in web.xml, and what happens once
 *   <li>{@code Explainer}: what each check expects and finds, for the operator
 *   <li>{@code Gate}: the order of the checks
 *   <li>{@code TrustedIssuers}, {@code TrustedIssuer}: by whose keys and rules a token is judged
 *       (RFC 8725 section 3.8)
 *   <li>{@code Possession}, {@code DpopProof}, {@code RecentProofs}, {@code ServerNonces}: whether
 *       a bound token is the sender's own (RFC 9449, RFC 8705)
 *   <li>{@code Policy}, {@code IssuerPolicy}, {@code IssuerSettings}, {@code Sender}, {@code
 *       KeySettings}, {@code Loosenings}, {@code Doubts}, {@code GivenSettings}, {@code Settings}
 *       and what these are built of ({@code Setting}, {@code SettingSyntax}, {@code NearestName},
 *       {@code Substitution}, {@code EffectiveSetting}): the settings, made into the stages below
 *   <li>{@code Routes}, {@code RequestPath}, {@code PathPattern}: what this request has to bring
 *   <li>{@code VerifiedTokens}: tokens that were verified before (RFC 7519 section 4.1.4)
 *   <li>{@code BearerToken}, {@code CompactJws}: exactly one token, in its one spelling (RFC 6750
 *       section 2.1, RFC 7515 section 7.1)
 *   <li>{@code TokenSignature}, {@code KnownHeaders}: algorithm, key, signature (RFC 7515, RFC
 *       8725)
 *   <li>{@code SignedClaims}: claims that were signed, read strictly
 *   <li>{@code TokenType}, {@code Issuer}, {@code Audience}, {@code ValidityPeriod}, {@code
 *       RequiredClaims}, {@code Confirmation}: one rule each (RFC 7519, RFC 9068, RFC 7800)
 *   <li>{@code Presented}, {@code TargetUri}, {@code TrustedProxies}, {@code ReplayGuard}: what
 *       comes beside a token, and with whose help it is judged (RFC 3986, RFC 9440)
 *   <li>{@code Scopes}, {@code ScopeClaim}, {@code NarrowedMap}, {@code ForbiddenScopes}: the
 *       allowlist, and what handlers may see (RFC 6749)
 *   <li>{@code Demand}, {@code StepUp}, {@code TokenCheck}: what the route takes of the token and
 *       of its user's authentication (RFC 9470), and what the application says
 *   <li>{@code GuardedRequest}, {@code Expiries}: what handlers get, and how long it lasts
 *   <li>{@code ResourceMetadata}: what the resource says of itself (RFC 9728)
 *   <li>{@code Challenge}, {@code DpopChallenge}: what the client is told (RFC 6750 section 3, RFC
 *       9449 section 7.1)
 *   <li>{@code SallyportMetrics}, {@code Listeners}, {@code FlightEvents}, {@code
 *       SallyportListener}, {@code RefusalLog}, {@code Defect}: what the operator is told
 *   <li>{@code VerifiedToken}, {@code Explanation}, {@code Decision}, {@code Outcome}, {@code
 *       Refusal}, {@code Trace}, {@code Stage}, {@code Reason}: the vocabulary
 * </ol>
 *
 * <p>Nothing is thrown for what a client can cause: a stage that stops a token returns a {@link
 * io.sallyport.Refusal}.
 */
@NullMarked
package io.sallyport;

import org.jspecify.annotations.NullMarked;
