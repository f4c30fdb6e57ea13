package io.github.libvirt4j.error;

/// Thrown when something else uses a resource exclusively: another guest holds the lock of a disk, or a copy
/// of the disk is in progress. The operation can be repeated when that has ended.
public final class ResourceBusyException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public ResourceBusyException(String function, LibvirtError error) {
        super(function, error);
    }
}
