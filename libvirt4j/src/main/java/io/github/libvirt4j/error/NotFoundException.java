package io.github.libvirt4j.error;

/// Thrown when a domain, network, pool, … does not exist, or no longer exists.
public final class NotFoundException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public NotFoundException(String function, LibvirtError error) {
        super(function, error);
    }
}
