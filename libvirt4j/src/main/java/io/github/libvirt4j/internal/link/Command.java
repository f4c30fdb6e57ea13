package io.github.libvirt4j.internal.link;

import java.util.UUID;

/// An order of a [Reconciler] to its driver. The driver returns it with the answer; the reconciler ignores
/// an answer to an order that it no longer waits for, and a second answer to the same.
public sealed interface Command {
    /// The generation that the command belongs to.
    int generation();

    /// Open a connection and register all kinds of events, as a whole or not at all. Events may be passed on
    /// as soon as the first registration can deliver them.
    record Open(int generation) implements Command {}

    /// Close the connection of a generation, in the background. There is no answer, and the next command
    /// does not wait for it.
    record Close(int generation) implements Command {}

    /// Read the state of all domains, then wait until events that were received before the reply are
    /// delivered. A list that is not complete is a failure.
    ///
    /// @param number the number of the order
    /// @param begun the time of the order, the `asOf` of each view
    record ListDomains(int generation, long number, Moment begun) implements Command {}

    /// Look a domain up and read its state.
    ///
    /// @param number the number of the order
    /// @param begun the time of the order, the `asOf` of the view
    record Look(int generation, long number, UUID domain, Moment begun) implements Command {}
}
