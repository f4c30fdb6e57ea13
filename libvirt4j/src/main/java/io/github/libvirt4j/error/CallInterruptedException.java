package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorNumber;

/// The thread that waited for a call was interrupted; it still is ([Thread#isInterrupted]). Only calls with
/// a time limit can be: see [Opening#callTimeout][io.github.libvirt4j.Opening#callTimeout].
public final class CallInterruptedException extends CallAbandonedException {
    private static final long serialVersionUID = 1;

    /// An exception for a call of a C function.
    ///
    /// @param function the C function
    /// @param begun whether it was called
    public CallInterruptedException(String function, boolean begun) {
        super(function, ErrorNumber.OPERATION_ABORTED, begun, function + ": the waiting thread was interrupted");
    }
}
