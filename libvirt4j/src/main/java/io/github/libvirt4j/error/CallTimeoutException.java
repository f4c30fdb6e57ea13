package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorNumber;

/// A call did not return in the time the connection gives it
/// ([Opening#callTimeout][io.github.libvirt4j.Opening#callTimeout],
/// [Opening#openTimeout][io.github.libvirt4j.Opening#openTimeout]). The other side is busy,
/// or hangs, or is gone without a word: if [#isBegun] says that nothing was asked yet, it can be asked again;
/// else look first what has become of it.
public final class CallTimeoutException extends CallAbandonedException {
    private static final long serialVersionUID = 1;

    /// An exception for a call of a C function.
    ///
    /// @param function the C function
    /// @param begun whether it was called
    /// @param message says how long was waited for what
    public CallTimeoutException(String function, boolean begun, String message) {
        super(function, ErrorNumber.OPERATION_TIMEOUT, begun, message);
    }
}
