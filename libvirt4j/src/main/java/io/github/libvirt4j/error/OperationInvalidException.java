package io.github.libvirt4j.error;

/// Thrown when the state of an object does not permit an operation, such as suspending a domain that is not
/// running.
public final class OperationInvalidException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public OperationInvalidException(String function, LibvirtError error) {
        super(function, error);
    }
}
