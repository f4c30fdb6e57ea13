package io.github.libvirt4j.internal.job;

/// A request of the program to end a job.
public enum Wish {
    /// Switch the guest to the other image.
    PIVOT,
    /// End what continues until it is told to end, as a success.
    FINISH,
    /// End without the effect.
    CANCEL
}
