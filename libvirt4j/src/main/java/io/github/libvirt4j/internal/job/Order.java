package io.github.libvirt4j.internal.job;

/// An order of a [JobMachine] to its driver. The driver returns it with the answer; the machine ignores an
/// answer to an order that it no longer waits for.
public sealed interface Order {
    /// The number of the order.
    long number();

    /// Read the state of the job.
    record Look(long number) implements Order {}

    /// Ask libvirt for what the program wishes.
    record Ask(long number, Wish wish) implements Order {}

    /// Look for the connection that follows the one that was lost.
    record Reconnect(long number) implements Order {}
}
