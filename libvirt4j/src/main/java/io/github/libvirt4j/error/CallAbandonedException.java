package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;

/// Who asked for a call stopped waiting for it. A call in C cannot be ended: one that was begun goes on in
/// the background, what it uses stays in use until it returns, and what it makes is closed then.
///
/// [Opening#callTimeout][io.github.libvirt4j.Opening#callTimeout] and
/// [Opening#openTimeout][io.github.libvirt4j.Opening#openTimeout] say how long is waited.
public abstract sealed class CallAbandonedException extends LibvirtException
        permits CallInterruptedException, CallTimeoutException {
    private static final long serialVersionUID = 1;

    private final boolean begun;

    CallAbandonedException(String function, ErrorNumber code, boolean begun, String message) {
        super(
                function,
                new LibvirtError(code.value(), 0, ErrorLevel.ERROR.value(), message, null, null, null, 0, 0),
                message + (begun ? "; whether it happens is not known" : "; it was not begun"),
                null);
        this.begun = begun;
    }

    /// Whether the call was begun. What was asked for may happen then, or have happened; if not, it will
    /// not.
    public final boolean isBegun() {
        return begun;
    }
}
