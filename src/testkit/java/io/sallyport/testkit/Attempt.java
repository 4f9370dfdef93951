package io.sallyport.testkit;

/**
 * One request of a {@link GateProbe} and what came of it.
 *
 * @param id the name of the attack
 * @param title what is hostile in it
 * @param status the status of the answer, or 0 where none came
 * @param served whether the handler was reached
 * @param open whether the RFCs leave it to the server to serve it
 * @since 0.1.0
 */
public record Attempt(String id, String title, int status, boolean served, boolean open) {}
