package io.github.libvirt4j.error;

/// Thrown when a connection may not perform an operation, because it is
/// [read-only][io.github.libvirt4j.Opening#readOnly] or because the daemon's access control refuses. Another
/// connection, or another user, can succeed.
public final class AccessDeniedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public AccessDeniedException(String function, LibvirtError error) {
        super(function, error);
    }
}
