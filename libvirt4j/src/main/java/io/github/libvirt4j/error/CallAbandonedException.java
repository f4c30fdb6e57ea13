package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorNumber;

/// Thrown when a caller stops waiting for a call. A call in C cannot be cancelled: a call that has begun
/// continues in the background, the objects it uses stay in use until it returns, and the objects it creates
/// are closed then.
///
/// [Opening#callTimeout][io.github.libvirt4j.Opening#callTimeout] and
/// [Opening#openTimeout][io.github.libvirt4j.Opening#openTimeout] set the time that a caller waits.
public abstract sealed class CallAbandonedException extends LibvirtException
        permits CallInterruptedException, CallTimeoutException {
    private static final long serialVersionUID = 1;

    private final boolean begun;

    CallAbandonedException(String function, ErrorNumber code, boolean begun, String message) {
        super(
                function,
                LibvirtError.of(code, message),
                message + (begun ? "; whether it happens is not known" : "; it was not begun"),
                null);
        this.begun = begun;
    }

    /// Whether the C function was called. If so, the operation may have happened or may still happen; if not,
    /// it will not happen.
    public final boolean isBegun() {
        return begun;
    }
}
