/**
 * The command line: explains a decision, looks over a configuration, an issuer and the host.
 *
 * <p>It stands above everything else of Sallyport and decides nothing by itself: {@code explain}
 * walks the gate, {@code check-config} makes a policy, {@code doctor} reads keys, all by the code
 * that an application runs. Top down:
 *
 * <ol>
 *   <li>{@code Main}: the commands, and what becomes of a wrong word on the command line
 *   <li>{@code Explain}, {@code Doctor}, {@code CheckConfig}, {@code Probe}, {@code
 *       ConvertKeycloak}: one command each
 *   <li>{@code Account}: a decision in words or in JSON
 *   <li>{@code IssuerCheckup}, {@code KeyCheckup}, {@code Lookup}, {@code IssuerSettings}: what
 *       {@code doctor} looks at
 *   <li>{@code KeycloakAdapter}, {@code SkipPattern}, {@code Converted}: the retired adapter's
 *       settings as ours
 *   <li>{@code ConfigOptions}, {@code WebXml}, {@code PropertiesFile}, {@code Configuration}: where
 *       settings come from
 *   <li>{@code TokenInput}, {@code UnverifiedToken}: a token from standard input
 *   <li>{@code Report}, {@code Paint}, {@code Progress}, {@code Json}, {@code Surroundings}, {@code
 *       Version}, {@code Instants}, {@code Fault}: what a user sees and writes
 * </ol>
 *
 * <p>Exit codes are 0 for a good answer, 1 for a bad one and 2 for none.
 */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
