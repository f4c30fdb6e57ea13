package io.github.libvirt4j.error;

/// Thrown when an operation was aborted by another call, as a migration is by the abort of its job.
public final class OperationAbortedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public OperationAbortedException(String function, LibvirtError error) {
        super(function, error);
    }
}
