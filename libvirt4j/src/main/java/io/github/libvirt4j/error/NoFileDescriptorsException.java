package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;

/// Thrown when the process has too few free file descriptors for a call. libvirt was not called, because it
/// would have ended the process: GLib aborts when it cannot create an `eventfd`.
///
/// To recover, close files or connections, or raise the limit (`ulimit -n`), and repeat the call.
public final class NoFileDescriptorsException extends LibvirtException {
    private static final long serialVersionUID = 1;

    private static final int EMFILE = 24;

    private final int needed;

    /// An exception for a call that was not made.
    ///
    /// @param function the C function that would have been called
    /// @param what a description of the event
    /// @param needed the number of file descriptors that must be free
    public NoFileDescriptorsException(String function, String what, int needed) {
        this(
                function,
                what + ". It needs " + needed + " free file descriptors: close files or connections, or raise the "
                        + "process's limit (ulimit -n)",
                needed,
                what);
    }

    private NoFileDescriptorsException(String function, String message, int needed, String what) {
        super(
                function,
                new LibvirtError(
                        ErrorNumber.SYSTEM_ERROR.value(),
                        ErrorDomain.NONE.value(),
                        ErrorLevel.ERROR.value(),
                        what,
                        null,
                        null,
                        null,
                        EMFILE,
                        0),
                message,
                null);
        this.needed = needed;
    }

    /// The number of file descriptors that must be free for the call.
    public int needed() {
        return needed;
    }
}
