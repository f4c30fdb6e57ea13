package io.github.libvirt4j.error;

/// Thrown when the daemon waited in vain, usually for another call on the same domain: that call holds the
/// domain's lock, and QEMU's driver waits 30 seconds for it. The operation has not begun in this case, and
/// can be repeated.
///
/// A call that outlasts the connection's own time limit throws a [CallTimeoutException] instead.
public final class OperationTimeoutException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public OperationTimeoutException(String function, LibvirtError error) {
        super(function, error);
    }
}
