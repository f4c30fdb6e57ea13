package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorNumber;

/// Thrown when a thread is interrupted while it waits for a call. The interrupt status stays set
/// ([Thread#isInterrupted]). Only calls with a time limit can be interrupted: see
/// [Opening#callTimeout][io.github.libvirt4j.Opening#callTimeout].
public final class CallInterruptedException extends CallAbandonedException {
    private static final long serialVersionUID = 1;

    /// An exception for a call of a C function.
    ///
    /// @param function the C function
    /// @param begun whether the C function was called
    public CallInterruptedException(String function, boolean begun) {
        super(function, ErrorNumber.OPERATION_ABORTED, begun, function + ": the waiting thread was interrupted");
    }
}
