package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorNumber;

/// Thrown when a call does not return within the connection's time limit
/// ([Opening#callTimeout][io.github.libvirt4j.Opening#callTimeout],
/// [Opening#openTimeout][io.github.libvirt4j.Opening#openTimeout]).
///
/// The other side is busy, hangs, or has disappeared silently. If [#isBegun] is false, the call can be
/// repeated. If it is true, the program should check first whether the operation took effect.
public final class CallTimeoutException extends CallAbandonedException {
    private static final long serialVersionUID = 1;

    /// An exception for a call of a C function.
    ///
    /// @param function the C function
    /// @param begun whether the C function was called
    /// @param message the call and the time that its caller waited
    public CallTimeoutException(String function, boolean begun, String message) {
        super(function, ErrorNumber.OPERATION_TIMEOUT, begun, message);
    }
}
