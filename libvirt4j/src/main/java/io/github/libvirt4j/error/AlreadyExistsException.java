package io.github.libvirt4j.error;

/// Thrown when an object to create exists already.
///
/// libvirt reports volumes, the ports of networks and the build of a pool in this way. A second domain,
/// network or pool of the same name or UUID is a [LibvirtException] with the code `OPERATION_FAILED`, or an
/// [OperationInvalidException].
public final class AlreadyExistsException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public AlreadyExistsException(String function, LibvirtError error) {
        super(function, error);
    }
}
